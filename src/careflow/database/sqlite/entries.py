"""What the index holds about one document: numbered, normalised, and packed beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec

from careflow.database.documents import Entries, Term
from careflow.database.matching import indexed, span_of
from careflow.database.sqlite.hashes import Hashes
from careflow.database.sqlite.names import Names
from careflow.database.sqlite.sets import Sets, term_sets

FieldText = tuple[int, str]
FieldRange = tuple[int, float, float | None, int]
"""(field, low, high or ``None`` where it equals low, number of the set of qualifiers)."""
HashedSeries = tuple[bytes, float]


class Indexed(msgspec.Struct, array_like=True, frozen=True):
    """A document's index rows, as packed into its ``entries`` column.

    ``targets`` are the sets of terms it is posted under; ``fields`` are the numbers of all
    parameters it carries.
    """

    targets: tuple[int, ...] = ()
    fields: tuple[int, ...] = ()
    texts: tuple[FieldText, ...] = ()
    ranges: tuple[FieldRange, ...] = ()
    series: tuple[HashedSeries, ...] = ()


NOTHING = Indexed()
pack = msgspec.msgpack.Encoder().encode
unpack = msgspec.msgpack.Decoder(Indexed).decode


COMBINATIONS_KEPT = 2_048
"""Whole lists of terms remembered: a patient's results of one analyte carry the same ones."""


class Indexing:
    """Turns entries into index rows, for the connection that writes."""

    def __init__(self, names: Names, hashes: Hashes, sets: Sets) -> None:
        self._names = names
        self._hashes = hashes
        self._sets = sets
        self._known: dict[tuple[int, tuple[Term, ...]], _Terms] = {}

    def forget(self) -> None:
        """Forget what was seen, because some of it was undone."""
        self._known.clear()

    def index(self, entries: Entries, collection: int) -> Indexed:
        """Return a document's index rows; what is new among them gets its number."""
        key = (collection, tuple(entries.terms))
        terms = self._known.get(key) or self._look_up(key)
        parameters = {entry[0] for entry in entries.ranges}
        texts: tuple[FieldText, ...] = ()
        if entries.texts:
            parameters.update([entry[0] for entry in entries.texts])
        fields = self._names.fields_for(collection, parameters)
        if entries.texts:
            given = {(fields[parameter], indexed(value)) for parameter, value in entries.texts}
            texts = tuple(sorted(given))
        series = {
            self._hashes.series(collection, key): float(order) for key, order in entries.series
        }
        return Indexed(
            targets=terms.targets,
            fields=tuple(sorted(terms.fields.union(fields.values()))),
            texts=texts,
            ranges=self._ranges(entries, fields) if entries.ranges else (),
            series=tuple(sorted(series.items())),
        )

    def _look_up(self, key: tuple[int, tuple[Term, ...]]) -> _Terms:
        collection, terms = key
        of_terms = self._sets.of_terms
        targets = {of_terms(collection, each) for each in term_sets(terms)}
        fields = self._names.fields_for(collection, {term[0] for term in terms})
        if len(self._known) >= COMBINATIONS_KEPT:
            self._known.clear()
        known = self._known[key] = _Terms(tuple(sorted(targets)), frozenset(fields.values()))
        return known

    def _ranges(self, entries: Entries, fields: dict[str, int]) -> tuple[FieldRange, ...]:
        """Return one row an interval, whatever the number of ways to name its unit."""
        qualified: dict[tuple[int, float, float | None], dict[str, None]] = {}
        for parameter, low, high, qualifier in entries.ranges:
            key = (fields[parameter], float(low), None if low == high else float(high))
            qualified.setdefault(key, {})[qualifier] = None
        of_qualifiers = self._sets.of_qualifiers
        return tuple(
            [
                (*key, of_qualifiers(key[0], tuple(qualifiers)))
                for key, qualifiers in qualified.items()
            ]
        )


@dataclass(frozen=True, slots=True)
class _Terms:
    """What a list of terms comes to: the sets it is posted under and the parameters it names."""

    targets: tuple[int, ...]
    fields: frozenset[int]


def range_row(interval: FieldRange, number: int) -> tuple[Any, ...]:
    """Return the row of the ``ranges`` table for one interval of a document."""
    field, low, high, qualifiers = interval
    high = low if high is None else high
    return field, span_of(low, high), low, high, qualifiers, number


@dataclass(frozen=True, slots=True)
class Difference:
    """Index rows to remove and to add when a document changes."""

    gone: Indexed
    new: Indexed


def difference(old: Indexed, new: Indexed) -> Difference:
    """Return what has to change in the index; rows that stay are not touched."""
    return Difference(gone=_without(old, new), new=_without(new, old))


def _without(some: Indexed, others: Indexed) -> Indexed:
    return Indexed(
        targets=tuple(set(some.targets) - set(others.targets)),
        texts=tuple(set(some.texts) - set(others.texts)),
        ranges=tuple(set(some.ranges) - set(others.ranges)),
        series=tuple(set(some.series) - set(others.series)),
    )

"""What the index holds about one document: hashed, normalised, and packed beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b

import msgspec

from careflow.database.documents import Entries
from careflow.database.matching import indexed, span_of
from careflow.database.sqlite.names import Names

HASH_BYTES = 12
PLACE_BYTES = 4
HASHES_KEPT = 16_384

FieldText = tuple[int, str]
FieldRange = tuple[int, int, float, float, str]
"""(field, span, low, high, qualifier)."""
HashedSeries = tuple[bytes, float]


class Hashes:
    """Keyed 96-bit hashes of terms and series keys; the common ones are kept.

    The first bytes of a term's hash come from the end of its value alone ("Patient/7" and "7",
    "loinc|718-7" and "718-7"), so that what is written together lies on the same page of the index:
    a third fewer pages are encrypted and written for a bundle of one patient.
    """

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self.term: Callable[[int, str, str], bytes] = lru_cache(HASHES_KEPT)(self._term)
        # What a scope asks for with every read, wide as it may be.
        self.terms: Callable[[int, str, tuple[str, ...]], tuple[bytes, ...]] = lru_cache(256)(
            self._terms
        )
        self.series: Callable[[int, str], bytes] = lru_cache(HASHES_KEPT)(self._series)
        self._place: Callable[[str], bytes] = lru_cache(HASHES_KEPT)(
            lambda tail: self._hash(tail, PLACE_BYTES, b"place")
        )

    def everything(self, collection: int) -> bytes:
        """Return the hash that every document of a collection carries."""
        return self.term(collection, "", "")

    def _terms(self, collection: int, parameter: str, values: tuple[str, ...]) -> tuple[bytes, ...]:
        return tuple(self.term(collection, parameter, value) for value in dict.fromkeys(values))

    def _term(self, collection: int, parameter: str, value: str) -> bytes:
        # A length before the parameter keeps ("a", "b c") apart from ("a b", "c").
        text = f"{collection} {len(parameter)} {parameter} {value}"
        tail = value[max(value.rfind("/"), value.rfind("|")) + 1 :]
        return self._place(tail) + self._hash(text, HASH_BYTES - PLACE_BYTES)

    def _series(self, collection: int, key: str) -> bytes:
        return self._hash(f"{collection} {key}", HASH_BYTES, b"series")

    def _hash(self, text: str, size: int, person: bytes = b"term") -> bytes:
        return blake2b(text.encode(), digest_size=size, key=self._secret, person=person).digest()


class Indexed(msgspec.Struct, array_like=True, frozen=True):
    """A document's index rows, as packed into its ``entries`` column.

    ``terms`` are the hashes one after another, so that SQL's ``instr`` finds one in the packed
    bytes; ``fields`` are the numbers of all parameters the document carries.
    """

    terms: bytes = b""
    fields: tuple[int, ...] = ()
    texts: tuple[FieldText, ...] = ()
    ranges: tuple[FieldRange, ...] = ()
    series: tuple[HashedSeries, ...] = ()

    def hashes(self) -> set[bytes]:
        """Return the term hashes one by one."""
        return {self.terms[at : at + HASH_BYTES] for at in range(0, len(self.terms), HASH_BYTES)}


NOTHING = Indexed()
pack = msgspec.msgpack.Encoder().encode
unpack = msgspec.msgpack.Decoder(Indexed).decode


def index(entries: Entries, collection: int, *, names: Names, hashes: Hashes) -> Indexed:
    """Turn a document's entries into index rows; new parameters get their numbers."""
    parameters = {entry[0] for entry in (*entries.terms, *entries.texts)}
    parameters.update(entry[0] for entry in entries.ranges)
    fields = {parameter: names.field_for(collection, parameter) for parameter in parameters}
    term = hashes.term
    terms = {term(collection, parameter, value) for parameter, value in entries.terms}
    terms.add(hashes.everything(collection))
    texts = {(fields[parameter], indexed(value)) for parameter, value in entries.texts}
    ranges = {
        (fields[parameter], span_of(low, high), float(low), float(high), qualifier)
        for parameter, low, high, qualifier in entries.ranges
    }
    series = {hashes.series(collection, key): float(order) for key, order in entries.series}
    return Indexed(
        terms=b"".join(sorted(terms)),
        fields=tuple(sorted(fields.values())),
        texts=tuple(sorted(texts)),
        ranges=tuple(sorted(ranges)),
        series=tuple(sorted(series.items())),
    )


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
        terms=b"".join(sorted(some.hashes() - others.hashes())),
        texts=tuple(set(some.texts) - set(others.texts)),
        ranges=tuple(set(some.ranges) - set(others.ranges)),
        series=tuple(set(some.series) - set(others.series)),
    )

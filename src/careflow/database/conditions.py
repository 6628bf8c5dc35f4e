"""What a search asks of documents, and in what order: plain conditions that every adapter knows."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec


class TermIn(msgspec.Struct, frozen=True):
    """The document carries (parameter, one of values)."""

    parameter: str
    values: tuple[str, ...]


class TextMatches(msgspec.Struct, frozen=True):
    """One of the document's texts under the parameter matches one of the values.

    ``prefix`` and ``contains`` know neither case nor accents; ``exact`` knows both.
    """

    parameter: str
    values: tuple[str, ...]
    how: Literal["prefix", "exact", "contains"] = "prefix"


class RangeWithin(msgspec.Struct, frozen=True):
    """One of the document's intervals under the parameter lies within the bounds given.

    Bounds are inclusive and ``None`` is open: overlap with [a, b] is ``low_max=b, high_min=a``;
    containment in it is ``low_min=a, high_max=b``. ``qualifiers`` restricts to these, if given.
    """

    parameter: str
    low_min: float | None = None
    low_max: float | None = None
    high_min: float | None = None
    high_max: float | None = None
    qualifiers: tuple[str, ...] | None = None


class SeriesIn(msgspec.Struct, frozen=True):
    """The document stands in one of these series; see :class:`SortKey`."""

    keys: tuple[str, ...]


class IdIn(msgspec.Struct, frozen=True):
    """The document has one of these ids."""

    ids: tuple[str, ...]


class StoredBetween(msgspec.Struct, frozen=True):
    """The current version was stored within [after, before], both inclusive, ``None`` open."""

    after: datetime | None = None
    before: datetime | None = None


class Has(msgspec.Struct, frozen=True):
    """The document carries any entry (term, text or range) under the parameter."""

    parameter: str


class Not(msgspec.Struct, frozen=True):
    """The condition does not hold."""

    condition: Condition


class AnyOf(msgspec.Struct, frozen=True):
    """At least one condition holds."""

    conditions: tuple[Condition, ...]


class AllOf(msgspec.Struct, frozen=True):
    """Every condition holds."""

    conditions: tuple[Condition, ...]


Condition = (
    TermIn | TextMatches | RangeWithin | SeriesIn | IdIn | StoredBetween | Has | Not | AnyOf | AllOf
)


class SortKey(msgspec.Struct, frozen=True):
    """Order by a parameter's lowest range or text, by ``_lastUpdated``, ``_id`` or ``_series``.

    ``_series`` orders by the order given in the (single) :class:`SeriesIn` condition and is the
    cheap way to "newest of this analyte of this patient". Documents without the parameter come
    last in either direction. Ties, and queries without a sort, follow the order in which documents
    first appeared (backwards if the first key descends), which updates do not change: paging
    through changing data shows no id twice, and misses none that keeps its place.
    """

    parameter: str
    descending: bool = False

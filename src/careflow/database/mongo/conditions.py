"""Conditions of a query as MongoDB's filters.

Anchored patterns are ranges, which every server answers from an index.
"""

from __future__ import annotations

import re
from datetime import datetime
from math import inf
from typing import Any

from bson.regex import Regex

from careflow.database.conditions import (
    AllOf,
    AnyOf,
    Condition,
    Has,
    IdIn,
    Not,
    RangeWithin,
    SeriesIn,
    StoredBetween,
    TermIn,
    TextMatches,
)
from careflow.database.instants import milliseconds
from careflow.database.matching import AS_WRITTEN, SPANS, indexed, normalise
from careflow.database.mongo.entries import (
    Hashes,
    collection_of,
    key_of,
    text_bounds,
    text_of,
)

Filter = dict[str, Any]

NOTHING: Filter = {"_id": {"$in": []}}
ANYTHING: Filter = {}

_SPANS = list(range(len(SPANS)))


class Conditions:
    """Compiles the conditions of one organisation's kind."""

    def __init__(self, organisation: str, kind: str, hashes: Hashes) -> None:
        self._organisation = organisation
        self._kind = kind
        self._collection = collection_of(organisation, kind)
        self._hashes = hashes

    def filter(self, condition: Condition) -> Filter:  # noqa: C901 - one line a condition.
        """Return the filter that documents meet exactly when they meet the condition."""
        match condition:
            case TermIn():
                return _one_of("e", self.tokens(condition))
            case TextMatches():
                return _any([_text(condition, value) for value in condition.values])
            case RangeWithin():
                parameter = self._hashes.parameter(self._collection, condition.parameter)
                return _range(condition, parameter)
            case SeriesIn():
                return _one_of("z.k", self.series(condition))
            case IdIn():
                return _one_of("_id", [self._key(id) for id in condition.ids])
            case StoredBetween():
                return _stored(condition)
            case Has():
                return self._has(condition.parameter)
            case Not():
                return {"$nor": [self.filter(condition.condition)]}
            case AnyOf():
                return _any([self.filter(each) for each in condition.conditions])
            case AllOf():
                return every([self.filter(each) for each in condition.conditions])

    def tokens(self, condition: TermIn) -> list[bytes]:
        """Return the tokens of a term condition's values."""
        return [
            self._hashes.term(self._collection, condition.parameter, value)
            for value in dict.fromkeys(condition.values)
        ]

    def series(self, condition: SeriesIn) -> list[bytes]:
        """Return the hashes of a series condition's keys."""
        keys = dict.fromkeys(condition.keys)
        return [self._hashes.series(self._collection, key) for key in keys]

    def lowest(self, parameter: str) -> dict[str, Any]:
        """Return the expression for the start of the lowest interval, or else the first text."""
        own = self._hashes.parameter(self._collection, parameter)
        intervals = _chosen("r", {"$eq": ["$$this.p", own]})
        low, high = text_bounds(parameter)
        bounds = [["$gte", low], ["$lt", high]]
        within = {"$and": [{how: ["$$this", {"$literal": at}]} for how, at in bounds]}
        starts = {"$min": {"$map": {"input": intervals, "in": "$$this.l"}}}
        first = {"$split": [{"$min": _chosen("x", within)}, AS_WRITTEN]}
        return {"$ifNull": [starts, {"$arrayElemAt": [first, 0]}, None]}

    def place_in(self, condition: SeriesIn) -> dict[str, Any]:
        """Return the expression for the document's greatest order in a condition's series."""
        own = _chosen("z", {"$in": ["$$this.k", self.series(condition)]})
        return {"$max": {"$map": {"input": own, "in": "$$this.o"}}}

    def _key(self, id: str) -> str:
        return key_of(self._organisation, self._kind, id)

    def _has(self, parameter: str) -> Filter:
        least, greatest = self._hashes.bounds(self._collection, parameter)
        low, high = text_bounds(parameter)
        return _any(
            [
                {"e": {"$elemMatch": {"$gte": least, "$lte": greatest}}},
                {"x": {"$elemMatch": {"$gte": low, "$lt": high}}},
                {"r.p": self._hashes.parameter(self._collection, parameter)},
            ]
        )


def every(filters: list[Filter]) -> Filter:
    """Return the filter that all of these hold."""
    told = [each for each in filters if each]
    if len(told) == 1:
        return told[0]
    return {"$and": told} if told else ANYTHING


def _chosen(field: str, condition: dict[str, Any]) -> dict[str, Any]:
    """Return the expression for the members of an array that meet a condition."""
    return {"$filter": {"input": {"$ifNull": [f"${field}", []]}, "cond": condition}}


def since(instant: datetime) -> int:
    """Return the first whole millisecond, as stored instants are, that is not before it."""
    return milliseconds(instant) + (instant.microsecond % 1000 > 0)


def _any(filters: list[Filter]) -> Filter:
    if not filters:
        return NOTHING
    return filters[0] if len(filters) == 1 else {"$or": filters}


def _one_of(field: str, values: list[Any]) -> Filter:
    return {field: values[0]} if len(values) == 1 else {field: {"$in": values}}


def _text(condition: TextMatches, value: str) -> Filter:
    parameter = condition.parameter
    if condition.how == "exact":
        return {"x": text_of(parameter, indexed(value))}
    value = normalise(value)
    low, high = text_bounds(parameter, value if condition.how == "prefix" else "")
    matched: Filter = {"$gte": low, "$lt": high}
    if condition.how == "contains" and value:
        # The range bounds what is looked at; only then does the pattern judge.
        pattern = rf"^{_literally(text_of(parameter, ''))}[\s\S]*{_literally(value)}"
        matched["$regex"] = Regex(pattern)
    return {"x": {"$elemMatch": matched}}


def _literally(text: str) -> str:
    """Return a pattern that matches the text itself on any server."""
    return re.sub(r"[^0-9A-Za-z\u0080-\U0010ffff]", lambda each: f"\\x{ord(each[0]):02x}", text)


def _range(condition: RangeWithin, parameter: bytes) -> Filter:
    if condition.high_min is None:
        anywhere = {"p": parameter, "w": {"$in": _SPANS}}
        return _interval(condition, anywhere, condition.low_min)
    return _any([_of_span(condition, parameter, span) for span in _SPANS])


def _of_span(condition: RangeWithin, parameter: bytes, span: int) -> Filter:
    """Return the part that looks at one group of widths, where ``high`` bounds ``low`` as well."""
    lows = [condition.low_min]
    if condition.high_min is not None and SPANS[span] < inf:
        lows.append(condition.high_min - SPANS[span])
    least = max((low for low in lows if low is not None), default=None)
    return _interval(condition, {"p": parameter, "w": span}, least)


def _interval(condition: RangeWithin, within: Filter, low_min: float | None) -> Filter:
    low = {"$gte": low_min, "$lte": condition.low_max}
    high = {"$gte": condition.high_min, "$lte": condition.high_max}
    matched = dict(within)
    for field, bounds in (("l", low), ("h", high)):
        told = {name: value for name, value in bounds.items() if value is not None}
        if told:
            matched[field] = told
    if condition.qualifiers is not None:
        # An interval without a qualifier does not carry the field, which null finds.
        matched["q"] = {"$in": [qualifier or None for qualifier in condition.qualifiers]}
    return {"r": {"$elemMatch": matched}}


def _stored(condition: StoredBetween) -> Filter:
    bounds = {}
    if condition.after is not None:
        bounds["$gte"] = since(condition.after)
    if condition.before is not None:
        bounds["$lte"] = milliseconds(condition.before)
    return {"t": bounds} if bounds else ANYTHING

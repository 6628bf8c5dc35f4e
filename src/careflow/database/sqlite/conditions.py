"""Conditions of a query as SQL with bound values.

Each condition has two readings. As a *source* it names the documents that meet it, from an index.
As a *filter* it judges one candidate, either from the packed entries beside the document (cheap for
few candidates) or by an index lookup (cheap for many).
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from math import inf

import msgspec

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
from careflow.database.matching import AFTER_ANY_TEXT, SPANS, indexed, normalise
from careflow.database.sqlite.connection import Binding
from careflow.database.sqlite.functions import packed_numbers
from careflow.database.sqlite.hashes import Hashes
from careflow.database.sqlite.names import Names
from careflow.database.sqlite.sets import UNQUALIFIED, Targets


class Sql(msgspec.Struct, frozen=True, gc=False):
    """A piece of SQL and the values of its question marks."""

    text: str
    bindings: tuple[Binding, ...] = ()


FALSE = Sql("0")
TRUE = Sql("1")
NONE = Sql("SELECT 0 AS document WHERE 0")

FEW_TARGETS = 8
"""Up to so many, one look into the index for each is cheaper than a call into Python."""
MANY_TARGETS = 64
"""So many sets may be named one by one for a term; beyond, their index is joined."""

CANDIDATE = "c.document"
"""How filters name the candidate's number; its row is ``d``."""


class Conditions:
    """Compiles the conditions of one collection."""

    def __init__(self, collection: int, *, names: Names, hashes: Hashes, targets: Targets) -> None:
        self._collection = collection
        self._names = names
        self._hashes = hashes
        self._targets = targets

    # --- sources ---------------------------------------------------------------------------

    def everything(self) -> Sql:
        """Return the numbers of all documents of the collection, in order."""
        return Sql(
            "SELECT number AS document FROM documents INDEXED BY documents_standing"
            " WHERE collection = ? AND deleted = 0",
            (self._collection,),
        )

    def source(self, condition: Condition) -> Sql | None:
        """Return SQL that selects the numbers that meet a condition, each once, from an index.

        ``None`` if no index answers it. The answer of :class:`AllOf`, :class:`AnyOf` and
        :class:`StoredBetween` may hold too many.
        """
        match condition:
            case TermIn():
                return self._term_source(condition)
            case SeriesIn():
                hashes = self.series_hashes(condition)
                marks = _marks(hashes)
                return Sql(f"SELECT DISTINCT document FROM series WHERE hash IN ({marks})", hashes)
            case TextMatches():
                return self._text_source(condition)
            case RangeWithin():
                return self._range_source(condition)
            case IdIn():
                return Sql(
                    "SELECT number AS document FROM documents"
                    f" WHERE collection = ? AND id IN ({_marks(condition.ids)}) AND deleted = 0",
                    (self._collection, *condition.ids),
                )
            case StoredBetween() if condition.after is not None:
                return Sql(
                    "SELECT number AS document FROM documents INDEXED BY documents_stored"
                    " WHERE collection = ? AND stored_at >= ? AND deleted = 0",
                    (self._collection, _upwards(condition.after)),
                )
            case AnyOf():
                return _union([self.source(each) for each in condition.conditions])
            case AllOf():
                sources = (self.source(each) for each in condition.conditions)
                return next((source for source in sources if source is not None), None)
            case _:
                return None

    def series_hashes(self, condition: SeriesIn) -> tuple[bytes, ...]:
        """Return the hashes of a series condition's keys."""
        return tuple(
            self._hashes.series(self._collection, key) for key in dict.fromkeys(condition.keys)
        )

    def _term_source(self, condition: TermIn) -> Sql:
        hashes, targets = self._asked(condition)
        if targets is None:
            marks = _marks(hashes)
            joining = "aliases a CROSS JOIN postings p ON p.target = a.target"
            text = f"SELECT DISTINCT p.document FROM {joining} WHERE a.hash IN ({marks})"
            return Sql(text, hashes)
        if not targets:
            return NONE
        if len(targets) == 1:
            return Sql("SELECT document FROM postings WHERE target = ?", targets)
        marks = _marks(targets)
        return Sql(f"SELECT DISTINCT document FROM postings WHERE target IN ({marks})", targets)

    def _asked(self, condition: TermIn) -> tuple[tuple[bytes, ...], tuple[int, ...] | None]:
        """Return the hashes of a condition's terms and the sets that hold one, if not too many."""
        hashes = self._hashes.terms(self._collection, condition.parameter, condition.values)
        return hashes, self._targets.of(hashes, most=max(MANY_TARGETS, 4 * len(hashes)))

    def _text_source(self, condition: TextMatches) -> Sql:
        field = self.field(condition.parameter)
        if field is None or not condition.values:
            return NONE
        matched = text_matched(condition)
        return Sql(
            f"SELECT DISTINCT document FROM texts WHERE field = ? AND {matched.text}",
            (field, *matched.bindings),
        )

    def _range_source(self, condition: RangeWithin) -> Sql:
        field = self.field(condition.parameter)
        qualifiers = self._qualifiers(condition)
        if field is None or qualifiers == ():
            return NONE
        parts = [
            _span(condition, field, number, qualifiers)
            for number in range(len(SPANS))
            if _fits(condition, number)
        ]
        if not parts:
            return NONE
        return Sql(
            f"SELECT DISTINCT document FROM ({' UNION ALL '.join(part.text for part in parts)})",
            tuple(binding for part in parts for binding in part.bindings),
        )

    def _qualifiers(self, condition: RangeWithin) -> tuple[int, ...] | None:
        """Return the sets that hold one of a condition's qualifiers; ``None`` is any."""
        field = self.field(condition.parameter)
        if condition.qualifiers is None or field is None:
            return None
        asked = dict.fromkeys(condition.qualifiers)
        found = self._targets.of(tuple(self._hashes.qualifier(field, each) for each in asked)) or ()
        return (UNQUALIFIED, *found) if "" in asked else found

    def field(self, parameter: str) -> int | None:
        """Return the parameter's number, or ``None`` if no document ever carried it."""
        return self._names.field(self._collection, parameter)

    # --- filters ---------------------------------------------------------------------------

    def filter(self, condition: Condition, *, beside: bool) -> Sql:
        """Return SQL that is true when the candidate meets the condition.

        Args:
            condition: What to judge.
            beside: Judge from the entries beside the document rather than through an index.
        """
        match condition:
            case StoredBetween():
                return _stored(condition)
            case IdIn():
                return Sql(f"d.id IN ({_marks(condition.ids)})", condition.ids)
            case Has():
                field = self.field(condition.parameter)
                return FALSE if field is None else Sql("carries(d.entries, ?)", (field,))
            case Not():
                inner = self.filter(condition.condition, beside=beside)
                return Sql(f"NOT ({inner.text})", inner.bindings)
            case AnyOf():
                return self._all(" OR ", condition.conditions, beside=beside) or FALSE
            case AllOf():
                return self._all(" AND ", condition.conditions, beside=beside) or TRUE
            case TermIn():
                return self._term_filter(condition, beside=beside)
            case _ if beside:
                return self._beside(condition)
            case _:
                source = self.source(condition) or NONE
                return Sql(f"{CANDIDATE} IN ({source.text})", source.bindings)

    def _all(self, word: str, conditions: tuple[Condition, ...], *, beside: bool) -> Sql | None:
        filters = [self.filter(each, beside=beside) for each in conditions]
        return joined(word, filters) if filters else None

    def _term_filter(self, condition: TermIn, *, beside: bool) -> Sql:
        _, targets = self._asked(condition)
        if targets == ():
            return FALSE
        if targets is not None and len(targets) <= FEW_TARGETS:
            marks = _marks(targets)
            posted = f"SELECT 1 FROM postings WHERE target IN ({marks}) AND document = {CANDIDATE}"
            return Sql(f"EXISTS ({posted})", targets)
        if targets is not None and beside:
            return carrying(targets)
        source = self._term_source(condition)
        return Sql(f"{CANDIDATE} IN ({source.text})", source.bindings)

    def _beside(self, condition: SeriesIn | TextMatches | RangeWithin) -> Sql:
        match condition:
            case SeriesIn():
                hashes = self.series_hashes(condition)
                return Sql("in_series(d.entries, ?)", (b"".join(hashes),))
            case TextMatches():
                field = self.field(condition.parameter)
                values = asked_texts(condition)
                if field is None or not values:
                    return FALSE
                calls = [
                    Sql("has_text(d.entries, ?, ?, ?)", (field, condition.how, v)) for v in values
                ]
                return joined(" OR ", calls)
            case RangeWithin():
                return self._range_beside(condition)

    def _range_beside(self, condition: RangeWithin) -> Sql:
        field = self.field(condition.parameter)
        qualifiers = self._qualifiers(condition)
        if field is None or qualifiers == ():
            return FALSE
        named = None if qualifiers is None else packed_numbers(qualifiers)
        return Sql("has_range(d.entries, ?, ?, ?, ?, ?, ?)", (field, *bounds_of(condition), named))


def _union(sources: list[Sql | None]) -> Sql | None:
    known = [source for source in sources if source is not None]
    if len(known) < len(sources):
        return None
    if not known:
        return NONE
    # Each part in a subquery of its own: a part may itself be a compound.
    text = " UNION ".join(f"SELECT document FROM ({source.text})" for source in known)
    return Sql(text, tuple(binding for source in known for binding in source.bindings))


def asked_texts(condition: TextMatches) -> list[str]:
    """Return the values in the form that kept texts have."""
    form = indexed if condition.how == "exact" else normalise
    return [form(value) for value in condition.values]


def text_matched(condition: TextMatches) -> Sql:
    """Return the condition on a kept text that one of the values asked for matches it."""
    clauses = [_text_clause(condition.how, value) for value in asked_texts(condition)]
    return joined(" OR ", clauses)


def bounds_of(condition: RangeWithin) -> tuple[float, float, float, float]:
    """Return the bounds on an interval's start and end, infinite where open."""
    return (
        -inf if condition.low_min is None else condition.low_min,
        inf if condition.low_max is None else condition.low_max,
        -inf if condition.high_min is None else condition.high_min,
        inf if condition.high_max is None else condition.high_max,
    )


def _text_clause(how: str, value: str) -> Sql:
    if how == "exact":
        return Sql("value = ?", (value,))
    if how == "prefix":
        return Sql("(value >= ? AND value < ?)", (value, value + AFTER_ANY_TEXT))
    return Sql("instr(value, ?) > 0", (value,))


def _fits(condition: RangeWithin, number: int) -> bool:
    """Report whether an interval of a group of widths can lie within the bounds at all."""
    if condition.low_min is None or condition.high_max is None:
        return True
    room = condition.high_max - condition.low_min
    return room > SPANS[number - 1] if number else room >= 0


def _span(
    condition: RangeWithin, field: int, number: int, qualifiers: tuple[int, ...] | None
) -> Sql:
    """Return the part of a range search that reads one group of widths.

    The index is read along ``low``, so every bound on ``high`` is said of ``low`` too.
    """
    lows = [condition.low_min]
    if condition.high_min is not None and SPANS[number] < inf:
        lows.append(condition.high_min - SPANS[number])
    bounds = (
        max((low for low in lows if low is not None), default=None),
        min((b for b in (condition.low_max, condition.high_max) if b is not None), default=None),
        condition.high_min,
        condition.high_max,
    )
    asked = tuple(bound is not None for bound in bounds)
    values = (bound for bound in bounds if bound is not None)
    return Sql(
        _span_text(asked, None if qualifiers is None else len(qualifiers)),
        (field, number, *values, *(qualifiers or ())),
    )


@lru_cache(maxsize=256)
def _span_text(asked: tuple[bool, ...], qualifiers: int | None) -> str:
    bounds = zip(("low >= ?", "low <= ?", "high >= ?", "high <= ?"), asked, strict=True)
    clauses = ["field = ? AND span = ?", *(text for text, is_asked in bounds if is_asked)]
    if qualifiers is not None:
        clauses.append(f"qualifiers IN ({', '.join('?' * qualifiers)})")
    return "SELECT document FROM ranges WHERE " + " AND ".join(clauses)


def _stored(condition: StoredBetween) -> Sql:
    clauses = []
    if condition.after is not None:
        clauses.append(Sql("d.stored_at >= ?", (_upwards(condition.after),)))
    if condition.before is not None:
        clauses.append(Sql("d.stored_at <= ?", (milliseconds(condition.before),)))
    return joined(" AND ", clauses) if clauses else TRUE


def _upwards(instant: datetime) -> int:
    """Return the first whole millisecond, as stored instants are, that is not before it."""
    return milliseconds(instant) + (instant.microsecond % 1000 > 0)


def carrying(targets: tuple[int, ...]) -> Sql:
    """Return the filter that the entries beside a candidate, even a deleted one, name a set."""
    return Sql("carries_one(d.entries, ?)", (packed_numbers(targets),)) if targets else FALSE


def joined(word: str, parts: list[Sql]) -> Sql:
    """Return the parts joined by a word, in brackets."""
    text = word.join(f"({part.text})" for part in parts)
    return Sql(f"({text})", tuple(binding for part in parts for binding in part.bindings))


def _marks(values: tuple[object, ...]) -> str:
    return ", ".join("?" * len(values))

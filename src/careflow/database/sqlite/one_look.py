"""Questions that one statement answers: asked so often that even planning them shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import apsw

from careflow.database.conditions import Condition, RangeWithin, SeriesIn, SortKey, TextMatches
from careflow.database.documents import Query
from careflow.database.sqlite.conditions import asked_texts, bounds_of, text_matched
from careflow.database.sqlite.connection import Binding, rows
from careflow.database.sqlite.functions import has_range, has_text
from careflow.database.sqlite.hashes import Hashes
from careflow.database.sqlite.names import Names

Row = tuple[Any, ...]
Judge = Callable[[bytes], bool]
"""Says of the entries beside a document whether it meets a condition."""

NAMED_MAX = 16
"""More documents under a text than this, and the other indexes are worth asking."""

REMEMBERED = 1024
REMEMBERED_LETTERS = 100
"""How many questions are remembered as SQL; the same names are looked for again and again."""

_Asked = tuple[int, tuple[Condition, ...]]
_NEWEST_FIRST = (SortKey("_series", descending=True),)
_NEWEST = (
    "SELECT d.id, d.version, d.stored_at, d.sequence, d.body, s.position, d.number"
    " FROM series s CROSS JOIN documents d ON d.number = s.document"
    " WHERE s.hash = ? ORDER BY s.position DESC, s.document DESC LIMIT ?"
)
_NAMED = (
    "SELECT d.id, d.version, d.stored_at, d.sequence, d.body, d.number, d.entries"
    " FROM texts t CROSS JOIN documents d ON d.number = t.document"
    f" WHERE field = ? AND {{}} LIMIT {NAMED_MAX + 1}"
)


class _Question(NamedTuple):
    """One statement, and what its rows must pass besides."""

    statement: str
    bindings: tuple[Binding, ...]
    judges: list[Judge]


class OneLook:
    """Answers, on one connection, the first page of the newest of a series or of a narrow text."""

    def __init__(self, connection: apsw.Connection, *, names: Names, hashes: Hashes) -> None:
        self._connection = connection
        self._names = names
        self._hashes = hashes
        self._questions: dict[_Asked, _Question] = {}

    def rows(
        self, query: Query, collection: int, conditions: tuple[Condition, ...]
    ) -> list[Row] | None:
        """Return one row more than the page has, or ``None`` if the question is another."""
        if query.cursor is not None or query.total or query.count == 0 or not conditions:
            return None
        if query.sort == _NEWEST_FIRST:
            return self._newest(query, collection, conditions)
        return None if query.sort else self._named(query, collection, conditions)

    def _newest(
        self, query: Query, collection: int, conditions: tuple[Condition, ...]
    ) -> list[Row] | None:
        first = conditions[0]
        if len(conditions) != 1 or not isinstance(first, SeriesIn) or len(first.keys) != 1:
            return None
        series = self._hashes.series(collection, first.keys[0])
        return rows(self._connection, _NEWEST, (series, query.count + 1))

    def _named(
        self, query: Query, collection: int, conditions: tuple[Condition, ...]
    ) -> list[Row] | None:
        """Return what the first text names, as far as its own entries meet the rest."""
        lead = conditions[0]
        if not isinstance(lead, TextMatches) or lead.how == "contains" or not lead.values:
            return None
        question = self._questions.get((collection, conditions))
        if question is None:
            question = self._question(collection, lead, conditions[1:])
            if question is None:
                return None
            if len(lead.values) == 1 and len(lead.values[0]) <= REMEMBERED_LETTERS:
                self._remember((collection, conditions), question)
        found = rows(self._connection, question.statement, question.bindings)
        if len(found) > NAMED_MAX:
            return None
        # A document may be named by several of its texts; the order is that of numbers.
        judges = question.judges
        kept = {row[5]: row[:6] for row in found if all(judge(row[6]) for judge in judges)}
        return [kept[number] for number in sorted(kept)][: query.count + 1]

    def _question(
        self, collection: int, lead: TextMatches, rest: tuple[Condition, ...]
    ) -> _Question | None:
        """Return how a question is asked, or ``None`` if nothing can be said of it here yet."""
        field = self._names.field(collection, lead.parameter)
        judges = self._judges(collection, rest)
        if field is None or judges is None:
            return None
        matched = text_matched(lead)
        return _Question(_NAMED.format(matched.text), (field, *matched.bindings), judges)

    def _remember(self, asked: _Asked, question: _Question) -> None:
        if len(self._questions) >= REMEMBERED:
            self._questions.clear()
        self._questions[asked] = question

    def _judges(self, collection: int, conditions: tuple[Condition, ...]) -> list[Judge] | None:
        judges: list[Judge] = []
        for condition in conditions:
            if not isinstance(condition, (TextMatches, RangeWithin)):
                return None
            field = self._names.field(collection, condition.parameter)
            if field is None or (
                isinstance(condition, RangeWithin) and condition.qualifiers is not None
            ):
                return None
            judges.append(_judge(condition, field))
        return judges


def _judge(condition: TextMatches | RangeWithin, field: int) -> Judge:
    if isinstance(condition, RangeWithin):
        bounds = bounds_of(condition)
        return lambda entries: has_range(entries, field, *bounds, None)
    values = asked_texts(condition)
    return lambda entries: any(has_text(entries, field, condition.how, one) for one in values)

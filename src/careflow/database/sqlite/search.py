"""Finding documents: which index leads, how the answer is ordered, where the next page begins."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import apsw

from careflow.database.cursors import Cursors, Place
from careflow.database.documents import (
    AllOf,
    AnyOf,
    Condition,
    Document,
    IdIn,
    Page,
    Query,
    RangeWithin,
    SeriesIn,
    SortKey,
    StoredBetween,
    TextMatches,
)
from careflow.database.instants import instant
from careflow.database.narrowing import narrowed
from careflow.database.scope import AccessScope
from careflow.database.sqlite.bodies import Bodies
from careflow.database.sqlite.conditions import CANDIDATE, NONE, Conditions, Sql
from careflow.database.sqlite.connection import Binding, one_view, rows
from careflow.database.sqlite.hashes import Hashes
from careflow.database.sqlite.names import Names
from careflow.database.sqlite.sets import Targets

_WALKS = {
    "_id": "SELECT number AS document, id AS place FROM documents"
    " INDEXED BY sqlite_autoindex_documents_1 WHERE collection = ?",
    "_lastUpdated": "SELECT number AS document, stored_at AS place, sequence AS turn FROM documents"
    " INDEXED BY documents_stored WHERE collection = ?",
}
"""Sources that come in the order asked for, where no condition names fewer documents."""

_COLUMNS = {
    "_series": ("c.position",),
    "_id": ("d.id",),
    "_lastUpdated": ("d.stored_at", "d.sequence"),
}
_WALKED = {"_id": ("c.place",), "_lastUpdated": ("c.place", "c.turn")}
"""What every document is ordered by, where a source comes in that order and elsewhere."""

_WIDE = (AllOf, AnyOf, StoredBetween)
"""Conditions whose source may name too many documents, so that they filter as well."""

_NEWEST_FIRST = (SortKey("_series", descending=True),)
_NEWEST = (
    "SELECT d.id, d.version, d.stored_at, d.sequence, d.body, s.position, d.number"
    " FROM series s CROSS JOIN documents d ON d.number = s.document"
    " WHERE s.hash = ? ORDER BY s.position DESC, s.document DESC LIMIT ?"
)

FEW = 300
"""Up to so many candidates, entries beside the documents are cheaper to ask than an index."""
ROWS_OF_FEW = 2 * FEW
"""An index may name a document more than once."""
SO_FEW = 2
"""Up to so many candidates, no other index is worth asking."""


@dataclass(frozen=True, slots=True)
class _Order:
    """One sort key. What every document has needs no test for ``NULL``, which keeps its index."""

    value: Sql
    descending: bool
    always: bool

    def text(self, name: str) -> str:
        direction = " DESC" if self.descending else ""
        return f"{name}{direction}" if self.always else f"{name} IS NULL, {name}{direction}"


@dataclass(frozen=True, slots=True)
class _Plan:
    """How one query runs: the leading source, the filters on it, and the order."""

    source: Sql
    filters: tuple[Sql, ...]
    order: tuple[_Order, ...]
    last: _Order

    def where(self) -> Sql:
        if not self.filters:
            return Sql("")
        return Sql(
            " WHERE " + " AND ".join(f"({each.text})" for each in self.filters),
            tuple(binding for each in self.filters for binding in each.bindings),
        )


@dataclass(frozen=True, slots=True)
class _Lead:
    """What a query starts from.

    Attributes:
        met: Conditions that need no further look.
        source: The numbers that some condition names; ``None`` if no index answers any.
        few: Whether those are so few that entries beside the documents are cheap to ask.
    """

    met: tuple[Condition, ...] = ()
    source: Sql | None = None
    few: bool = False


class Search:
    """Answers queries on one connection."""

    def __init__(
        self,
        connection: apsw.Connection,
        *,
        names: Names,
        hashes: Hashes,
        bodies: Bodies,
        cursors: Cursors,
    ) -> None:
        self._connection = connection
        self._names = names
        self._hashes = hashes
        self._targets = Targets(connection)
        self._bodies = bodies
        self._cursors = cursors

    def find(self, query: Query, scope: AccessScope) -> Page:
        """Return the page of documents that match and are in scope."""
        counted = query.total or query.count == 0
        place = None
        if query.cursor is not None:
            place = self._cursors.open(query.cursor, _question(query))
        if not scope.allows_kind(query.kind):
            return Page([], total=0 if counted else None)
        collection = self._names.collection(scope.organisation, query.kind)
        if collection is None:
            return Page([], total=0 if counted else None)
        conditions = narrowed(query.conditions, scope, query.kind)
        newest = self._newest_of(query, collection, conditions)
        if newest is not None:
            return self._page(query, newest, None)
        if not counted and _is_one_look(conditions):
            return self._answer(query, collection, conditions, place)
        with one_view(self._connection):
            return self._answer(query, collection, conditions, place)

    def _answer(
        self,
        query: Query,
        collection: int,
        conditions: tuple[Condition, ...],
        place: Place | None,
    ) -> Page:
        counted = query.total or query.count == 0
        plan = self._plan(collection, conditions, query.sort)
        total = self._total(plan) if counted else None
        if query.count == 0:
            return Page(documents=[], total=total)
        return self._page(query, self._rows(plan, query.count, place), total)

    def _page(self, query: Query, found: list[tuple[Any, ...]], total: int | None) -> Page:
        documents = [self._document(query.kind, row) for row in found[: query.count]]
        if len(found) <= query.count:
            return Page(documents, total=total)
        last = list(found[query.count - 1][5:])
        return Page(documents, next=self._cursors.seal(last, _question(query)), total=total)

    def _newest_of(
        self, query: Query, collection: int, conditions: tuple[Condition, ...]
    ) -> list[tuple[Any, ...]] | None:
        """Return the first rows of one series, newest first; ``None`` if that is not the question.

        It is asked so often that even planning it shows.
        """
        if query.sort != _NEWEST_FIRST or query.cursor is not None or query.total:
            return None
        if len(conditions) != 1 or not isinstance(conditions[0], SeriesIn):
            return None
        if query.count == 0 or len(conditions[0].keys) != 1:
            return None
        series = self._hashes.series(collection, conditions[0].keys[0])
        return rows(self._connection, _NEWEST, (series, query.count + 1))

    # --- plan ------------------------------------------------------------------------------

    def _plan(
        self, collection: int, conditions: tuple[Condition, ...], sort: tuple[SortKey, ...]
    ) -> _Plan:
        compiler = Conditions(
            collection, names=self._names, hashes=self._hashes, targets=self._targets
        )
        lead = (
            _leading_series(conditions, compiler)
            if any(key.parameter == "_series" for key in sort)
            else self._leading(conditions, compiler)
        )
        walk = _WALKS.get(sort[0].parameter) if sort and lead.source is None else None
        source = lead.source or compiler.everything()
        if walk is not None:
            source = Sql(walk, (collection,))
        filters = [
            compiler.filter(condition, beside=lead.few)
            for condition in conditions
            if condition not in lead.met
        ]
        if walk is not None:
            filters.append(Sql("d.deleted = 0"))
        order = tuple(each for key in sort for each in _orders(key, compiler, walk))
        last = _Order(Sql(CANDIDATE), bool(sort) and sort[0].descending, always=True)
        return _Plan(source, tuple(filters), order, last)

    def _leading(self, conditions: tuple[Condition, ...], compiler: Conditions) -> _Lead:
        """Return what the narrow indexes name together, or else the first index there is."""
        met: tuple[Condition, ...] = ()
        few: set[int] | None = None
        first: _Lead | None = None
        for condition in sorted(conditions, key=_cost):
            source = compiler.source(condition)
            if source is None:
                continue
            first = first or _Lead(_exact(condition), source)
            if len(conditions) == 1:
                return first
            found = self._up_to_few(source)
            if len(found) > FEW:
                continue
            few = found if few is None else few & found
            met += _exact(condition)
            if len(few) <= SO_FEW:
                break
        if few is not None:
            return _Lead(met, _numbered(few), few=True)
        return first or _Lead()

    def _up_to_few(self, source: Sql) -> set[int]:
        """Return the numbers that a source names, or some that are more than few."""
        # A number that comes twice is one of the set; telling SQLite to look for it costs more.
        text = source.text.replace("SELECT DISTINCT", "SELECT", 1)
        found = rows(self._connection, f"{text} LIMIT {ROWS_OF_FEW}", source.bindings)
        return {row[0] for row in found}

    # --- run -------------------------------------------------------------------------------

    def _rows(self, plan: _Plan, count: int, place: Place | None) -> list[tuple[Any, ...]]:
        if place is not None:
            after = _after(plan, place)
            plan = replace(plan, filters=(*plan.filters, after))
        where = plan.where()
        keys = "".join(f", {each.value.text} AS s{n}" for n, each in enumerate(plan.order))
        orders = [each.text(f"s{n}") for n, each in enumerate(plan.order)]
        orders.append(plan.last.text(CANDIDATE))
        statement = (
            f"SELECT d.id, d.version, d.stored_at, d.sequence, d.body{keys}, {CANDIDATE}"
            f" FROM ({plan.source.text}) c CROSS JOIN documents d ON d.number = {CANDIDATE}"
            f"{where.text} ORDER BY {', '.join(orders)} LIMIT ?"
        )
        bindings: list[Binding] = []
        for each in plan.order:
            bindings.extend(each.value.bindings)
        bindings += [*plan.source.bindings, *where.bindings, count + 1]
        return rows(self._connection, statement, bindings)

    def _total(self, plan: _Plan) -> int:
        where = plan.where()
        join = f" CROSS JOIN documents d ON d.number = {CANDIDATE}" if "d." in where.text else ""
        statement = f"SELECT count(*) FROM ({plan.source.text}) c{join}{where.text}"
        bindings = (*plan.source.bindings, *where.bindings)
        return int(self._connection.execute(statement, bindings).get)

    def _document(self, kind: str, row: tuple[Any, ...]) -> Document:
        id, version, stored_at, sequence, body = row[:5]
        return Document(kind, id, version, instant(stored_at), self._bodies.unpack(body), sequence)


def _question(query: Query) -> str:
    """Return what a cursor is bound to: everything but where and how far to read."""
    return _spelled(query.kind, query.conditions, query.sort)


@lru_cache(maxsize=1024)
def _spelled(kind: str, conditions: tuple[Condition, ...], sort: tuple[SortKey, ...]) -> str:
    return f"{kind} {conditions!r} {sort!r}"


def _is_one_look(conditions: tuple[Condition, ...]) -> bool:
    """Report whether one statement answers all, which sees one moment by itself."""
    return len(conditions) == 1 and isinstance(conditions[0], (SeriesIn, TextMatches, IdIn))


def _cost(condition: Condition) -> int:
    """Return the place of a condition in the order of asking: what is cheap and narrow first."""
    return 1 if isinstance(condition, (RangeWithin, *_WIDE)) else 0


def _exact(condition: Condition) -> tuple[Condition, ...]:
    """Return the condition, if what its source names meets it."""
    return () if isinstance(condition, _WIDE) else (condition,)


def _numbered(numbers: set[int]) -> Sql:
    if not numbers:
        return NONE
    if len(numbers) == 1:
        return Sql("SELECT ? AS document", tuple(numbers))
    return Sql("SELECT value AS document FROM carray(?)", (apsw.carray(array("q", numbers)),))


def _leading_series(conditions: tuple[Condition, ...], compiler: Conditions) -> _Lead:
    found = [condition for condition in conditions if isinstance(condition, SeriesIn)]
    if len(found) != 1:
        msg = "Sorting by _series needs exactly one SeriesIn condition."
        raise ValueError(msg)
    hashes = compiler.series_hashes(found[0])
    text = "SELECT document, position FROM series WHERE hash = ?"
    if len(hashes) != 1:
        marks = ", ".join("?" * len(hashes))
        text = (
            "SELECT document, max(position) AS position FROM series"
            f" WHERE hash IN ({marks}) GROUP BY document"
        )
    return _Lead((found[0],), Sql(text, hashes), few=True)


def _orders(key: SortKey, compiler: Conditions, walk: str | None) -> list[_Order]:
    """Return the order that a sort key asks for; of one instant, commits go by sequence."""
    columns = _WALKED if walk is not None and walk == _WALKS.get(key.parameter) else _COLUMNS
    if key.parameter in columns:
        return [_Order(Sql(each), key.descending, always=True) for each in columns[key.parameter]]
    field = compiler.field(key.parameter)
    value = Sql("NULL") if field is None else Sql("lowest(d.entries, ?)", (field,))
    return [_Order(value, key.descending, always=False)]


def _after(plan: _Plan, place: Place) -> Sql:
    """Return the condition to come after a place in the plan's order.

    Lexicographic: for some key, all keys before it are equal and it is later; ``NULL`` is last.
    """
    equal: list[Sql] = []
    ways: list[Sql] = []
    for order, at in zip((*plan.order, plan.last), place, strict=True):
        if at is not None:
            ways.append(_and([*equal, _later(order, at)]))
        equal.append(Sql(f"{order.value.text} IS ?", (*order.value.bindings, at)))
    return Sql(
        " OR ".join(f"({way.text})" for way in ways),
        tuple(binding for way in ways for binding in way.bindings),
    )


def _later(order: _Order, at: Binding) -> Sql:
    value = order.value
    later = Sql(f"{value.text} {'<' if order.descending else '>'} ?", (*value.bindings, at))
    if order.always:
        return later
    return Sql(f"({later.text} OR {value.text} IS NULL)", (*later.bindings, *value.bindings))


def _and(parts: list[Sql]) -> Sql:
    return Sql(
        " AND ".join(part.text for part in parts),
        tuple(binding for part in parts for binding in part.bindings),
    )

"""Finding documents: one pipeline a page, ordered as asked, from the place of the last page."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from careflow.database.conditions import SeriesIn, SortKey
from careflow.database.cursors import Cursors, Place
from careflow.database.documents import Page, Query
from careflow.database.mongo.conditions import Conditions, Filter, every
from careflow.database.mongo.connection import Connection
from careflow.database.mongo.entries import Hashes
from careflow.database.mongo.rows import HEAD, document_of
from careflow.database.narrowing import narrowed
from careflow.database.scope import AccessScope

Stage = dict[str, Any]
Expression = str | dict[str, Any]
Value = str | int | float | None

_COLUMNS = {"_id": ("_id",), "_lastUpdated": ("t", "s")}
"""Fields that every document has; of one instant, commits go by sequence."""
_NUMBER = "n"


@dataclass(frozen=True, slots=True)
class _Order:
    """One sort key: a field that every document has, or one that the pipeline makes."""

    name: str
    descending: bool
    made: Expression | None = None

    @property
    def value(self) -> str:
        return f"${self.name}"

    def making(self) -> dict[str, Any]:
        """Return the fields to make: the value, and whether it is missing, which sorts last."""
        missing = {"$eq": [{"$ifNull": [self.made, None]}, None]}
        return {self.name: self.made, f"{self.name}m": missing}

    def sorting(self) -> dict[str, int]:
        direction = -1 if self.descending else 1
        if self.made is None:
            return {self.name: direction}
        return {f"{self.name}m": 1, self.name: direction}

    def later(self, at: Value) -> Expression:
        """Return the expression that a document comes after this value, which is not missing."""
        beyond = {"$lt" if self.descending else "$gt": [self.value, {"$literal": at}]}
        return {"$or": [self._missing(), beyond]} if self.made is not None else beyond

    def equal(self, at: Value) -> Expression:
        if at is None:
            return self._missing()
        return {"$eq": [self.value, {"$literal": at}]}

    def _missing(self) -> Expression:
        return f"${self.name}m"


class Search:
    """Answers queries."""

    def __init__(self, connection: Connection, *, hashes: Hashes, cursors: Cursors) -> None:
        self._documents = connection.at_one_instant("documents")
        self._bodies = connection.bodies
        self._hashes = hashes
        self._cursors = cursors

    async def find(self, query: Query, scope: AccessScope) -> Page:
        """Return the page of documents that match and are in scope."""
        counted = query.total or query.count == 0
        place = None
        if query.cursor is not None:
            place = self._cursors.open(query.cursor, _question(query))
        if not scope.allows_kind(query.kind):
            return Page([], total=0 if counted else None)
        compiler = Conditions(scope.organisation, query.kind, self._hashes)
        matched = self._matched(query, scope, compiler)
        if query.count == 0:
            return Page([], total=await self._total(matched))
        page = self._page(query, compiler, matched, place)
        if not counted:
            return await page
        answer, total = await asyncio.gather(page, self._total(matched))
        return Page(answer.documents, next=answer.next, total=total)

    def _matched(self, query: Query, scope: AccessScope, compiler: Conditions) -> Filter:
        conditions = narrowed(query.conditions, scope, query.kind)
        own = {"o": scope.organisation, "k": query.kind, "d": False}
        return every([own, *(compiler.filter(condition) for condition in conditions)])

    async def _page(
        self, query: Query, compiler: Conditions, matched: Filter, place: Place | None
    ) -> Page:
        orders = _orders(query, compiler)
        stages = _stages(orders, matched, place, query.count + 1)
        cursor = await self._documents.aggregate(
            stages, allowDiskUse=True, batchSize=query.count + 2
        )
        rows = await cursor.to_list()
        documents = [document_of(row, self._bodies) for row in rows[: query.count]]
        if len(rows) <= query.count:
            return Page(documents)
        last = rows[query.count - 1]
        at: Place = [_plain(last.get(order.name)) for order in orders]
        return Page(documents, next=self._cursors.seal(at, _question(query)))

    async def _total(self, matched: Filter) -> int:
        return await self._documents.count_documents(matched)


def _plain(value: Value) -> Value:
    """Return a value without the driver's own type of large integers."""
    return int(value) if isinstance(value, int) else value


def _question(query: Query) -> str:
    """Return what a cursor is bound to: everything but where and how far to read."""
    return f"{query.kind} {query.conditions!r} {query.sort!r}"


def _orders(query: Query, compiler: Conditions) -> list[_Order]:
    made: list[_Order] = []
    for number, key in enumerate(query.sort):
        if key.parameter in _COLUMNS:
            made += [_Order(name, key.descending) for name in _COLUMNS[key.parameter]]
        else:
            made.append(_order(number, key, query, compiler))
        if key.parameter == "_lastUpdated":
            return made  # no two documents share a sequence: what follows never counts
    return [*made, _Order(_NUMBER, bool(query.sort) and query.sort[0].descending)]


def _order(number: int, key: SortKey, query: Query, compiler: Conditions) -> _Order:
    if key.parameter == "_series":
        found = [each for each in query.conditions if isinstance(each, SeriesIn)]
        if len(found) != 1:
            msg = "Sorting by _series needs exactly one SeriesIn condition."
            raise ValueError(msg)
        return _Order(f"y{number}", key.descending, compiler.place_in(found[0]))
    return _Order(f"y{number}", key.descending, compiler.lowest(key.parameter))


def _stages(orders: list[_Order], matched: Filter, place: Place | None, count: int) -> list[Stage]:
    stages: list[Stage] = [{"$match": matched}]
    made: dict[str, Any] = {}
    sorting: dict[str, int] = {}
    shown: dict[str, Any] = {**HEAD, _NUMBER: 1}
    for order in orders:
        if order.made is not None:
            made.update(order.making())
            shown[order.name] = 1
        for name, direction in order.sorting().items():
            sorting.setdefault(name, direction)
    if made:
        stages.append({"$set": made})
    if place is not None:
        stages.append({"$match": _after(orders, place)})
    return [*stages, {"$sort": sorting}, {"$limit": count}, {"$project": shown}]


def _after(orders: list[_Order], place: Place) -> Filter:
    """Return the filter to come after a place in the order.

    Lexicographic: for some key, all keys before it are equal and it is later; missing is last.
    """
    if len(orders) == 1:  # the plain order needs no expression, and keeps its index
        order = orders[0]
        return {order.name: {"$lt" if order.descending else "$gt": place[0]}}
    equal: list[Expression] = []
    ways: list[Expression] = []
    for order, at in zip(orders, place, strict=True):
        if at is not None:
            ways.append({"$and": [*equal, order.later(at)]})
        equal.append(order.equal(at))
    return {"$expr": {"$or": ways}}

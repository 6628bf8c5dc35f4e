"""Finding documents: running a plan, and where the next page begins."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any

import apsw

from careflow.database.conditions import Condition, IdIn, SeriesIn, SortKey, TextMatches
from careflow.database.cursors import Cursors, Place
from careflow.database.documents import Document, Page, Query
from careflow.database.instants import instant
from careflow.database.narrowing import narrowed
from careflow.database.scope import AccessScope
from careflow.database.sqlite.bodies import Bodies
from careflow.database.sqlite.conditions import CANDIDATE, Sql
from careflow.database.sqlite.connection import Binding, one_view, rows
from careflow.database.sqlite.hashes import Hashes
from careflow.database.sqlite.names import Names
from careflow.database.sqlite.one_look import OneLook
from careflow.database.sqlite.plan import Order, Plan, Planner


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
        self._one_look = OneLook(connection, names=names, hashes=hashes)
        self._planner = Planner(connection, names=names, hashes=hashes)
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
        seen = self._one_look.rows(query, collection, conditions)
        if seen is not None:
            return self._page(query, seen, None)
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
        plan = self._planner.plan(collection, conditions, query.sort)
        total = self._total(plan) if counted else None
        if query.count == 0:
            return Page(documents=[], total=total)
        return self._page(query, self._rows(plan, query.count, place), total)

    def _page(self, query: Query, found: list[tuple[Any, ...]], total: int | None) -> Page:
        kind, shown = query.kind, found[: query.count]
        bodies = self._bodies.unpack_each([row[4] for row in shown])
        documents = [
            Document(kind, row[0], row[1], instant(row[2]), body, row[3])
            for row, body in zip(shown, bodies, strict=True)
        ]
        if len(found) <= query.count:
            return Page(documents, total=total)
        last = list(found[query.count - 1][5:])
        return Page(documents, next=self._cursors.seal(last, _question(query)), total=total)

    def _rows(self, plan: Plan, count: int, place: Place | None) -> list[tuple[Any, ...]]:
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

    def _total(self, plan: Plan) -> int:
        where = plan.where()
        join = f" CROSS JOIN documents d ON d.number = {CANDIDATE}" if "d." in where.text else ""
        statement = f"SELECT count(*) FROM ({plan.source.text}) c{join}{where.text}"
        bindings = (*plan.source.bindings, *where.bindings)
        return int(self._connection.execute(statement, bindings).get)


def _question(query: Query) -> str:
    """Return what a cursor is bound to: everything but where and how far to read."""
    return _spelled(query.kind, query.conditions, query.sort)


@lru_cache(maxsize=1024)
def _spelled(kind: str, conditions: tuple[Condition, ...], sort: tuple[SortKey, ...]) -> str:
    return f"{kind} {conditions!r} {sort!r}"


def _is_one_look(conditions: tuple[Condition, ...]) -> bool:
    """Report whether one statement answers all, which sees one moment by itself."""
    return len(conditions) == 1 and isinstance(conditions[0], (SeriesIn, TextMatches, IdIn))


def _after(plan: Plan, place: Place) -> Sql:
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


def _later(order: Order, at: Binding) -> Sql:
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

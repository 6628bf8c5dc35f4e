"""Planning a query: which index leads, which conditions filter, and in what order answers come."""

from __future__ import annotations

from array import array
from dataclasses import dataclass

import apsw

from careflow.database.conditions import (
    AllOf,
    AnyOf,
    Condition,
    RangeWithin,
    SeriesIn,
    SortKey,
    StoredBetween,
)
from careflow.database.sqlite.conditions import CANDIDATE, NONE, Conditions, Sql
from careflow.database.sqlite.connection import rows
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

FEW = 300
"""Up to so many candidates, entries beside the documents are cheaper to ask than an index."""
ROWS_OF_FEW = 2 * FEW
"""An index may name a document more than once."""
SO_FEW = 2
"""Up to so many candidates, no other index is worth asking."""


@dataclass(frozen=True, slots=True)
class Order:
    """One sort key. What every document has needs no test for ``NULL``, which keeps its index."""

    value: Sql
    descending: bool
    always: bool

    def text(self, name: str) -> str:
        """Return it as SQL, where the value is called by a name."""
        direction = " DESC" if self.descending else ""
        return f"{name}{direction}" if self.always else f"{name} IS NULL, {name}{direction}"


@dataclass(frozen=True, slots=True)
class Plan:
    """How one query runs: the leading source, the filters on it, and the order."""

    source: Sql
    filters: tuple[Sql, ...]
    order: tuple[Order, ...]
    last: Order

    def where(self) -> Sql:
        """Return the filters as SQL."""
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


class Planner:
    """Plans queries on one connection."""

    def __init__(self, connection: apsw.Connection, *, names: Names, hashes: Hashes) -> None:
        self._connection = connection
        self._names = names
        self._hashes = hashes
        self._targets = Targets(connection)

    def plan(
        self, collection: int, conditions: tuple[Condition, ...], sort: tuple[SortKey, ...]
    ) -> Plan:
        """Return how a query of a collection runs."""
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
        last = Order(Sql(CANDIDATE), bool(sort) and sort[0].descending, always=True)
        return Plan(source, tuple(filters), order, last)

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


def _orders(key: SortKey, compiler: Conditions, walk: str | None) -> list[Order]:
    """Return the order that a sort key asks for; of one instant, commits go by sequence."""
    columns = _WALKED if walk is not None and walk == _WALKS.get(key.parameter) else _COLUMNS
    if key.parameter in columns:
        return [Order(Sql(each), key.descending, always=True) for each in columns[key.parameter]]
    field = compiler.field(key.parameter)
    value = Sql("NULL") if field is None else Sql("lowest(d.entries, ?)", (field,))
    return [Order(value, key.descending, always=False)]

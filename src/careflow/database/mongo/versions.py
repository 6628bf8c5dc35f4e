"""Versions: one by number, histories newest first, and new ones in commit order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from careflow.database.cursors import Cursors
from careflow.database.documents import Document, Page
from careflow.database.mongo.conditions import ANYTHING, NOTHING, Filter, every
from careflow.database.mongo.conditions import since as first_since
from careflow.database.mongo.connection import Connection
from careflow.database.mongo.entries import Hashes, collection_of, key_of
from careflow.database.mongo.rows import HEAD, document_of
from careflow.database.mongo.schema import TIP
from careflow.database.scope import COMPARTMENT, AccessScope, Act, Ways

_OF_HISTORY = {**HEAD, "_id": "$c", "s": "$_id"}
_SEQUENCE = "sequence"


@dataclass(frozen=True, slots=True)
class Since:
    """What was committed since a sequence, and up to which one all of it was read."""

    documents: list[Document]
    upto: int


class Versions:
    """Answers questions about versions."""

    def __init__(self, connection: Connection, *, hashes: Hashes, cursors: Cursors) -> None:
        self._connection = connection
        self._bodies = connection.bodies
        self._hashes = hashes
        self._cursors = cursors

    async def read(
        self, kind: str, id: str, scope: AccessScope, version: int | None
    ) -> Document | None:
        """Return the current or named version if it exists for the scope."""
        if not scope.allows_kind(kind):
            return None
        key = key_of(scope.organisation, kind, id)
        asked: Filter = {"_id": key}
        ways = scope.ways(kind, "read")
        if ways is not None:
            asked.update(self._in_reach(scope.organisation, kind, ways))
        current = await self._connection["documents"].find_one(asked, HEAD)
        if current is None:
            return None
        if version in (None, current["v"]):
            return document_of(current, self._bodies)
        past = await self._connection["history"].find_one({"c": key, "v": version})
        return (
            None
            if past is None
            else document_of({**past, "_id": key, "s": past["_id"]}, self._bodies)
        )

    async def history(
        self,
        scope: AccessScope,
        *,
        kind: str | None,
        id: str | None,
        since: datetime | None,
        count: int,
        cursor: str | None,
    ) -> Page:
        """Return versions, newest first."""
        question = f"history {kind} {id} {since}"
        before = self._cursors.open(cursor, question)[0] if cursor is not None else None
        kinds = await self._kinds(scope, kind, id)
        act: Act = "find" if id is None else "read"
        matched: Filter = {"o": scope.organisation}
        if kinds is not None:
            matched["k"] = {"$in": kinds}
        if since is not None:
            matched["t"] = {"$gte": first_since(since)}
        visible = self._visible(scope, act)
        current, past = {**matched, **visible}, dict(matched)
        if id is not None:
            keys = {"$in": [key_of(scope.organisation, each, id) for each in kinds or ()]}
            current["_id"], past["c"] = keys, keys
        if before is not None:
            current["s"] = {"$lt": before}
            # The key is the sequence; "c" may name documents at the same time.
            past["_id"] = {"$lt": before}
        if scope.within.get(act):
            # Superseded versions carry their patients, but no terms: their document decides.
            stages = _both(current, past, count + 1, visible)
        else:
            stages = _both(current, {**past, **visible}, count + 1)
        found = [document_of(row, self._bodies) for row in await self._rows(stages, count + 1)]
        page = found[:count]
        more = len(found) > count and bool(page)
        following = self._cursors.seal([page[-1].sequence], question) if more else None
        return Page(page, next=following)

    async def standing(
        self, kind: str, scope: AccessScope, as_of: int, after: int, count: int
    ) -> list[Document]:
        """Return what was current as of a sequence, in order.

        That is what has not changed since, and of what has, the newest version before.
        """
        if not scope.allows_kind(kind):
            return []
        own: Filter = {"o": scope.organisation, "k": kind}
        unchanged = {**own, "s": {"$gt": after, "$lte": as_of}, "d": False}
        newest_before = [
            {"$match": {"$expr": {"$eq": ["$c", "$$key"]}, "_id": {"$lte": as_of}}},
            {"$sort": {"_id": -1}},
            {"$limit": 1},
        ]
        changed: list[Any] = [
            {"$match": {**own, "s": {"$gt": as_of}}},
            {"$project": {"_id": 1}},
            {
                "$lookup": {
                    "from": "history",
                    "let": {"key": "$_id"},
                    "pipeline": newest_before,
                    "as": "before",
                }
            },
            {"$unwind": "$before"},
            {"$replaceWith": "$before"},
            {"$match": {"d": False, "_id": {"$gt": after}}},
            {"$project": _OF_HISTORY},
        ]
        stages: list[Any] = [
            *_first(unchanged, "s", 1, count, HEAD),
            {"$unionWith": {"coll": "documents", "pipeline": changed}},
            {"$sort": {"s": 1}},
            {"$limit": count},
        ]
        return [document_of(row, self._bodies) for row in await self._rows(stages, count)]

    async def since(
        self, kinds: Iterable[str], organisation: str, sequence: int, count: int
    ) -> Since:
        """Return versions of these kinds after a sequence, in commit order.

        The sequence of the last commit is read before the versions, and current ones before those
        superseded: whatever the server shows between, nothing committed up to it is missing.
        """
        matched: Filter = {"o": organisation, "k": {"$in": sorted(kinds)}}
        current = _first({**matched, "s": {"$gt": sequence}}, "s", 1, count, HEAD)
        past = _first({**matched, "_id": {"$gt": sequence}}, "_id", 1, count, _OF_HISTORY)
        stages: list[Any] = [
            {"$match": {"_id": TIP}},
            {"$project": {_SEQUENCE: 1}},
            {"$unionWith": {"coll": "documents", "pipeline": current}},
            {"$unionWith": {"coll": "history", "pipeline": past}},
        ]
        tips = self._connection.at_one_instant("tips")
        cursor = await tips.aggregate(stages, batchSize=2 * count + 2)
        first, *rows = await cursor.to_list()
        tip = int(first[_SEQUENCE])
        found = {row["s"]: row for row in rows if row["s"] <= tip}
        documents = [document_of(found[each], self._bodies) for each in sorted(found)[:count]]
        return Since(documents, documents[-1].sequence if len(documents) == count else tip)

    async def tip(self) -> int:
        """Return the sequence of the last commit."""
        found = await self._connection["tips"].find_one({"_id": TIP})
        return int(found[_SEQUENCE]) if found is not None else 0

    async def _kinds(
        self, scope: AccessScope, kind: str | None, id: str | None
    ) -> list[str] | None:
        """Return the kinds that may be seen and are asked for, or ``None`` for all."""
        if kind is not None:
            return [kind] if scope.allows_kind(kind) else []
        if scope.kinds is not None:
            return sorted(scope.kinds)
        if id is None:
            return None
        return await self._connection["documents"].distinct("k", {"o": scope.organisation})

    def _visible(self, scope: AccessScope, act: Act) -> Filter:
        """Return the filter that a document, whatever its kind, is in reach of the scope."""
        terms = scope.within.get(act, {})
        organisation = scope.organisation
        others: Filter = {"k": {"$nin": sorted(terms)}} if terms else {}
        parts = [
            {"k": kind, **self._in_reach(organisation, kind, scope.ways(kind, act) or ())}
            for kind in sorted(terms)
        ]
        if scope.patients is None:
            parts.append(others)
        else:
            shared = sorted(scope.shared_kinds.difference(terms))
            own = self._hashes.patients(organisation, tuple(sorted(scope.patients)))
            parts += [{"k": {"$in": shared}}, {"p": {"$in": own}, **others}]
        return parts[0] if len(parts) == 1 else {"$or": parts}

    def _in_reach(self, organisation: str, kind: str, ways: Ways) -> Filter:
        """Return the filter that a document of the kind is in reach by one of the ways."""
        if not ways:
            return NOTHING
        parts = [every([self._held(organisation, kind, *held) for held in way]) for way in ways]
        return ANYTHING if ANYTHING in parts else {"$or": parts}

    def _held(
        self, organisation: str, kind: str, parameter: str, values: tuple[str, ...]
    ) -> Filter:
        if parameter == COMPARTMENT:
            return {"p": {"$in": self._hashes.patients(organisation, values)}}
        collection = collection_of(organisation, kind)
        return {"e": {"$in": [self._hashes.term(collection, parameter, each) for each in values]}}

    async def _rows(self, stages: list[Any], count: int) -> list[dict[str, Any]]:
        documents = self._connection.at_one_instant("documents")
        cursor = await documents.aggregate(stages, allowDiskUse=True, batchSize=count + 1)
        return await cursor.to_list()


def _both(current: Filter, past: Filter, count: int, visible: Filter | None = None) -> list[Any]:
    """Return the stages that merge current and superseded versions, newest first.

    ``visible`` is what a superseded version's document must meet, where that is to be looked up.
    """
    return [
        *_first(current, "s", -1, count, HEAD),
        {"$unionWith": {"coll": "history", "pipeline": _past(past, count, visible)}},
        {"$sort": {"s": -1}},
        {"$limit": count},
    ]


def _past(past: Filter, count: int, visible: Filter | None) -> list[Any]:
    stages = _first(past, "_id", -1, count, _OF_HISTORY)
    if visible is None:
        return stages
    document = {"$match": {"$expr": {"$eq": ["$_id", "$$key"]}, **visible}}
    looked_up = {
        "$lookup": {
            "from": "documents",
            "let": {"key": "$c"},
            "pipeline": [document, {"$project": {"_id": 1}}],
            "as": "document",
        }
    }
    matched, ordered, *rest = stages
    return [matched, ordered, looked_up, {"$match": {"document": {"$ne": []}}}, *rest]


def _first(
    matched: Filter, order: str, direction: int, count: int, shown: dict[str, Any]
) -> list[Any]:
    """Return the stages for the first of what matches in an order."""
    return [
        {"$match": matched},
        {"$sort": {order: direction}},
        {"$limit": count},
        {"$project": shown},
    ]

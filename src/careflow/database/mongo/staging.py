"""Applying commits to what was read, in memory: what comes of it is written in one message."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from pymongo import DeleteOne, InsertOne, ReplaceOne, UpdateMany, UpdateOne

from careflow.database.applying import body_of, check_restore, check_version
from careflow.database.documents import (
    Append,
    Change,
    Claim,
    ClaimTakenError,
    Delete,
    Document,
    Put,
    Reindex,
    Release,
    Restore,
)
from careflow.database.instants import instant, milliseconds
from careflow.database.mongo.bodies import Bodies
from careflow.database.mongo.connection import Connection
from careflow.database.mongo.entries import Hashes, collection_of, index, key_of, patients_of
from careflow.database.mongo.rows import Row, line_place, place_of
from careflow.database.mongo.schema import TIP

Operation = (
    InsertOne[dict[str, Any]] | ReplaceOne[dict[str, Any]] | DeleteOne | UpdateMany | UpdateOne
)


class Staging:
    """What a transaction has read, and what commits make of it, one after another.

    Args:
        rows: Current versions of the documents that the commits touch, by key.
        holders: Holders of the claims that they touch, by key.
        first: The first sequence that may be given.
        stored_at: The instant of all commits of this transaction.
        hashes: Of this database.
        bodies: Likewise.
    """

    def __init__(
        self,
        *,
        rows: dict[str, Row],
        holders: dict[str, str],
        first: int,
        stored_at: int,
        hashes: Hashes,
        bodies: Bodies,
    ) -> None:
        self._read, self._held = rows, holders
        self._rows: ChainMap[str, Row] = ChainMap({}, rows)
        self._holders: ChainMap[str, str | None] = ChainMap({}, dict[str, str | None](holders))
        self._past: list[Row] = []
        self._lines: list[dict[str, Any]] = []
        self._next = first
        self._stored_at = self._taken_at = stored_at
        self._hashes = hashes
        self._bodies = bodies

    def apply(self, changes: Sequence[Change]) -> list[Document]:
        """Apply one commit, all or nothing.

        Numbers that a failed commit used up stay unused: sequences rise, they need not be dense.
        """
        rows, holders = self._rows, self._holders
        past, lines, stored_at = len(self._past), len(self._lines), self._stored_at
        self._rows, self._holders = rows.new_child(), holders.new_child()
        try:
            stored = [document for change in changes if (document := self._apply(change))]
        except BaseException:
            self._rows, self._holders, self._stored_at = rows, holders, stored_at
            del self._past[past:], self._lines[lines:]
            raise
        rows.update(self._rows.maps[0])
        holders.update(self._holders.maps[0])
        self._rows, self._holders = rows, holders
        return stored

    def _apply(self, change: Change) -> Document | None:
        match change:
            case Put():
                return self._put(change)
            case Delete():
                return self._delete(change)
            case Restore():
                return self._restore(change)
            case Reindex():
                self._reindex(change)
            case Claim():
                self._claim(change)
            case Release():
                self._release(change)
            case Append():
                self._append(change)
        return None

    # --- documents -------------------------------------------------------------------------

    def _put(self, change: Put) -> Document:
        key = key_of(change.organisation, change.kind, change.id)
        current = self._rows.get(key)
        _check(change, current)
        version = current.version + 1 if current else 1
        body = body_of(change, version, instant(self._stored_at))
        sequence = self._take()
        if current is not None and change.keep_history:
            self._past.append(current)
        collection = collection_of(change.organisation, change.kind)
        self._rows[key] = Row(
            key=key,
            organisation=change.organisation,
            kind=change.kind,
            number=current.number if current else sequence,
            version=version,
            stored_at=self._stored_at,
            sequence=sequence,
            deleted=False,
            patients=patients_of(change.entries, change.organisation, self._hashes),
            body=self._bodies.pack(body, place_of(key, sequence)),
            index=index(change.entries, collection, self._hashes),
        )
        return Document(change.kind, change.id, version, instant(self._stored_at), body, sequence)

    def _delete(self, change: Delete) -> Document:
        key = key_of(change.organisation, change.kind, change.id)
        current = self._rows.get(key)
        _check(change, current)
        if current is None:
            return _marker(change, 0, self._stored_at, 0)
        if current.deleted:
            return _marker(change, current.version, current.stored_at, current.sequence)
        self._past.append(current)
        deletion = replace(
            current,
            version=current.version + 1,
            stored_at=self._stored_at,
            sequence=self._take(),
            deleted=True,
            body=b"",
            index=None if current.index is None else _tokens(current.index),
        )
        self._rows[key] = deletion
        self._free(key)
        return _marker(change, deletion.version, self._stored_at, deletion.sequence)

    def _restore(self, change: Restore) -> Document:
        key = key_of(change.organisation, change.kind, change.id)
        current = self._rows.get(key)
        standing = None if current is None else self._standing(change, current)
        check_restore(change, standing)
        if standing is not None:
            return standing
        sequence = self._take()
        at = milliseconds(change.stored_at)
        self._stored_at = max(self._stored_at, at)
        self._rows[key] = Row(
            key=key,
            organisation=change.organisation,
            kind=change.kind,
            number=sequence,
            version=change.version,
            stored_at=at,
            sequence=sequence,
            deleted=False,
            patients=patients_of(change.entries, change.organisation, self._hashes),
            body=self._bodies.pack(change.body, place_of(key, sequence)),
            index=index(
                change.entries, collection_of(change.organisation, change.kind), self._hashes
            ),
        )
        return Document(
            *(change.kind, change.id, change.version, change.stored_at, change.body, sequence)
        )

    def _standing(self, change: Restore, row: Row) -> Document:
        body = self._bodies.unpack(row.body, place_of(row.key, row.sequence))
        return Document(
            *(change.kind, change.id, row.version, instant(row.stored_at)),
            *(body, row.sequence, row.deleted),
        )

    def _reindex(self, change: Reindex) -> None:
        key = key_of(change.organisation, change.kind, change.id)
        current = self._rows.get(key)
        if current is None or current.deleted or current.version != change.version:
            return
        collection = collection_of(change.organisation, change.kind)
        self._rows[key] = replace(
            current,
            patients=patients_of(change.entries, change.organisation, self._hashes),
            index=index(change.entries, collection, self._hashes),
        )

    # --- claims and streams ----------------------------------------------------------------

    def _claim(self, change: Claim) -> None:
        key = key_of(change.organisation, change.key)
        holder = holder_of(change.organisation, change.holder)
        held = self._holders.get(key)
        if held not in (None, holder):
            raise ClaimTakenError(change.key)
        self._holders[key] = holder

    def _release(self, change: Release) -> None:
        key = key_of(change.organisation, change.key)
        if self._holders.get(key) == holder_of(change.organisation, change.holder):
            self._holders[key] = None

    def _free(self, holder: str) -> None:
        for key in [key for key, held in self._holders.items() if held == holder]:
            self._holders[key] = None

    def _append(self, change: Append) -> None:
        position = self._take()
        line = {"_id": position, "o": change.organisation, "n": change.stream}
        kept = self._bodies.pack(change.body, line_place(position))
        self._lines.append({**line, "t": self._stored_at, "b": kept})

    def _take(self) -> int:
        self._next += 1
        return self._next - 1

    # --- what is to be written -------------------------------------------------------------

    def operations(self, connection: Connection) -> list[Operation]:
        """Return the writes, in an order in which later ones may count on earlier ones.

        A document is replaced only at the version that was read: at any other, the ``upsert`` meets
        the key that is there, and the transaction fails.
        """
        rows = self._rows.maps[0]
        documents = connection.namespace("documents")
        history = connection.namespace("history")
        streams = connection.namespace("streams")
        made: list[Operation] = []
        for key, row in rows.items():
            known = self._read.get(key)
            if known is None:
                made.append(InsertOne(row.stored(), namespace=documents))
                continue
            at = {"_id": key, "v": known.version}
            if row.index is None:
                made.append(UpdateOne(at, row.deletion(), upsert=True, namespace=documents))
            else:
                made.append(ReplaceOne(at, row.stored(), upsert=True, namespace=documents))
            if known.patients != row.patients:
                told = {"$set": {"p": list(row.patients)}}
                made.append(UpdateMany({"c": key}, told, namespace=history))
        made += [
            InsertOne(past.superseded(rows[past.key].patients), namespace=history)
            for past in self._past
        ]
        made += [InsertOne(line, namespace=streams) for line in self._lines]
        if self._stored_at > self._taken_at:  # later commits are stored no earlier
            at = {"$max": {"stored_at": self._stored_at}}
            made.append(UpdateOne({"_id": TIP}, at, namespace=connection.namespace("tips")))
        return [*made, *self._claims(connection.namespace("claims"))]

    def _claims(self, namespace: str) -> list[Operation]:
        made: list[Operation] = []
        for key, holder in self._holders.maps[0].items():
            known = self._held.get(key)
            if holder == known:
                continue
            if holder is None:
                made.append(DeleteOne({"_id": key, "h": known}, namespace=namespace))
            elif known is None:
                made.append(InsertOne({"_id": key, "h": holder}, namespace=namespace))
            else:
                at = {"_id": key, "h": known}
                taken = {"_id": key, "h": holder}
                made.append(ReplaceOne(at, taken, upsert=True, namespace=namespace))
        return made


def holder_of(organisation: str, holder: str) -> str:
    """Return a claim's holder as kept: the key of the document ``kind/id``."""
    return key_of(organisation, *holder.split("/", 1))


def _tokens(index: dict[str, Any]) -> dict[str, Any]:
    """Return what of a document's index stays when it is deleted."""
    return {name: value for name, value in index.items() if name == "e"}


def _check(change: Put | Delete, current: Row | None) -> None:
    check_version(
        change,
        version=current.version if current else 0,
        deleted=current is not None and current.deleted,
    )


def _marker(change: Delete, version: int, stored_at: int, sequence: int) -> Document:
    return Document(
        change.kind, change.id, version, instant(stored_at), b"", sequence, deleted=True
    )

"""Applying changes inside a write transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import apsw

from careflow.clock import Clock
from careflow.database.applying import body_of, check_restore, check_version
from careflow.database.documents import (
    Append,
    Change,
    Claim,
    Delete,
    Document,
    Put,
    Reindex,
    Release,
    Restore,
)
from careflow.database.instants import instant, milliseconds
from careflow.database.sqlite.bodies import DOCUMENTS, STREAM, STREAMS, Bodies, Packing
from careflow.database.sqlite.claims import Claims
from careflow.database.sqlite.entries import Indexed, Indexing, difference, pack, unpack
from careflow.database.sqlite.hashes import Hashes
from careflow.database.sqlite.names import Names
from careflow.database.sqlite.rows import IndexRows
from careflow.database.sqlite.sets import Sets


@dataclass(frozen=True, slots=True)
class _Current:
    """The row of a document that changes."""

    number: int
    version: int
    deleted: bool
    entries: bytes
    stored_at: int
    sequence: int


class Changes:
    """Applies the changes of commits, one commit at a time, in the writer's thread."""

    def __init__(self, connection: apsw.Connection, *, clock: Clock, hashes: Hashes) -> None:
        self._connection = connection
        self._clock = clock
        self._names = Names(connection)
        self._sets = Sets(connection, hashes)
        self._indexing = Indexing(self._names, hashes, self._sets)
        self._rows = IndexRows(connection)
        self._claims = Claims(connection)
        self._bodies = Bodies(connection)
        self._packing = Packing(connection, self._bodies, DOCUMENTS)
        self._entries = Packing(connection, self._bodies, STREAMS)
        self._sequence = 0
        self._stored_at = 0

    def begin(self) -> None:
        """Take up the counters where the last transaction of any process left them."""
        self._sequence, self._stored_at, self._sets.last = self._connection.execute(
            "SELECT sequence, stored_at, sets FROM tip"
        ).get

    def settle(self) -> None:
        """Write index rows that wait for the end of the transaction."""
        self._rows.write()

    def finish(self) -> None:
        """Write what waits, and leave the counters for the next transaction."""
        self._rows.write()
        self._packing.learn()
        self._entries.learn()
        self._connection.execute(
            "UPDATE tip SET sequence = ?, stored_at = ?, sets = ?",
            (self._sequence, self._stored_at, self._sets.last),
        )

    def committed(self) -> None:
        """Keep what the transaction made up: it is durable."""
        self._names.keep()
        self._sets.keep()
        self._packing.keep()
        self._entries.keep()

    def undone(self) -> None:
        """Forget what the transaction made up: it was rolled back."""
        self._rows.drop()
        self._indexing.forget()
        self._names.forget_since()
        self._sets.forget_since()
        self._packing.forget()
        self._entries.forget()

    def apply(self, changes: Sequence[Change]) -> list[Document]:
        """Apply one commit; after an error its savepoint must be rolled back.

        Numbers that a failed commit used up stay unused: sequences rise, they need not be dense.
        """
        mark = self._names.mark()
        sets, before = self._sets.mark(), self._stored_at
        self._stored_at = max(before, milliseconds(self._clock()))
        try:
            return [document for change in changes if (document := self._apply(change))]
        except BaseException:
            self._stored_at = before
            self._rows.drop()
            self._indexing.forget()
            self._names.forget_since(mark)
            self._sets.forget_since(sets)
            raise

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
                self._claims.take(change)
            case Release():
                self._claims.release(change)
            case Append():
                self._append(change)
        return None

    # --- documents -------------------------------------------------------------------------

    def _put(self, change: Put) -> Document:
        collection = self._names.collection_for(change.organisation, change.kind)
        # What must be new is tried as new: the insert itself finds out.
        current = None if change.expected == 0 else self._current(collection, change.id)
        if current is None:
            _check_version(change, None)
            placed = self._first(change, collection)
            if placed is not None:
                return placed
            current = cast("_Current", self._current(collection, change.id))
        return self._again(change, collection, current)

    def _first(self, change: Put, collection: int) -> Document | None:
        """Store the first version of a document; ``None`` if there is one already."""
        at = instant(self._stored_at)
        body = body_of(change, 1, at)
        indexed = self._indexing.index(change.entries, collection)
        place = (1, self._stored_at, self._sequence + 1)
        if not self._insert((collection, change.id), place, indexed, body):
            return None
        return Document(change.kind, change.id, 1, at, body, self._next())

    def _again(self, change: Put, collection: int, current: _Current) -> Document:
        """Store the next version of a document."""
        _check_version(change, current)
        at = instant(self._stored_at)
        body = body_of(change, current.version + 1, at)
        indexed = self._indexing.index(change.entries, collection)
        sequence = self._next()
        if change.keep_history:
            self._supersede(current.number)
        self._replace(current, sequence, indexed, self._packing.pack(collection, body))
        return Document(change.kind, change.id, current.version + 1, at, body, sequence)

    def _insert(
        self,
        key: tuple[int, str],
        place: tuple[int, int, int],
        indexed: Indexed,
        body: bytes,
    ) -> bool:
        """Insert a document of (collection, id), at (version, instant, sequence), if it is new."""
        self._connection.execute(
            "INSERT INTO documents"
            " (collection, id, version, stored_at, sequence, deleted, entries, body)"
            " VALUES (?, ?, ?, ?, ?, 0, ?, ?) ON CONFLICT (collection, id) DO NOTHING",
            (*key, *place, pack(indexed), self._packing.pack(key[0], body)),
        )
        if self._connection.changes() == 0:
            return False
        self._rows.add(self._connection.last_insert_rowid(), indexed)
        return True

    def _restore(self, change: Restore) -> Document:
        collection = self._names.collection_for(change.organisation, change.kind)
        row = self._connection.execute(
            "SELECT version, stored_at, body, sequence, deleted FROM documents"
            " WHERE collection = ? AND id = ?",
            (collection, change.id),
        ).get
        standing = None
        if row is not None:
            version, at, body, sequence, deleted = row
            standing = Document(
                change.kind,
                change.id,
                version,
                instant(at),
                self._bodies.unpack(body),
                sequence,
                bool(deleted),
            )
        check_restore(change, standing)
        if standing is not None:
            return standing
        at = milliseconds(change.stored_at)
        self._stored_at = max(self._stored_at, at)
        place = (change.version, at, self._next())
        indexed = self._indexing.index(change.entries, collection)
        self._insert((collection, change.id), place, indexed, change.body)
        self._connection.execute(
            "INSERT INTO meta VALUES ('restored', ?)"
            " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (self._sequence,),
        )
        return Document(
            *(change.kind, change.id, change.version, change.stored_at, change.body, self._sequence)
        )

    def _reindex(self, change: Reindex) -> None:
        collection = self._names.collection_for(change.organisation, change.kind)
        current = self._current(collection, change.id)
        if current is None or current.deleted or current.version != change.version:
            return
        indexed = self._indexing.index(change.entries, collection)
        packed = pack(indexed)
        if packed != current.entries:
            self._connection.execute(
                "UPDATE documents SET entries = ? WHERE number = ?", (packed, current.number)
            )
            self._exchange(current, indexed)

    def _replace(self, current: _Current, sequence: int, indexed: Indexed, kept: bytes) -> None:
        packed = pack(indexed)
        self._connection.execute(
            "UPDATE documents SET version = ?, stored_at = ?, sequence = ?, deleted = 0,"
            " entries = ?, body = ? WHERE number = ?",
            (current.version + 1, self._stored_at, sequence, packed, kept, current.number),
        )
        if current.deleted:
            self._rows.add(current.number, indexed)
        elif packed != current.entries:
            self._exchange(current, indexed)

    def _exchange(self, current: _Current, indexed: Indexed) -> None:
        change = difference(unpack(current.entries), indexed)
        self._rows.remove(current.number, change.gone)
        self._rows.add(current.number, change.new)

    def _delete(self, change: Delete) -> Document:
        collection = self._names.collection_for(change.organisation, change.kind)
        current = self._current(collection, change.id)
        _check_version(change, current)
        if current is None:
            return _marker(change, 0, self._stored_at, 0)
        if current.deleted:
            return _marker(change, current.version, current.stored_at, current.sequence)
        self._supersede(current.number)
        sequence = self._next()
        self._connection.execute(
            "UPDATE documents SET version = ?, stored_at = ?, sequence = ?, deleted = 1,"
            " body = x'' WHERE number = ?",
            (current.version + 1, self._stored_at, sequence, current.number),
        )
        self._rows.remove(current.number, unpack(current.entries))
        self._claims.free(change)
        return _marker(change, current.version + 1, self._stored_at, sequence)

    def _current(self, collection: int, id: str) -> _Current | None:
        row = self._connection.execute(
            "SELECT number, version, deleted, entries, stored_at, sequence FROM documents"
            " WHERE collection = ? AND id = ?",
            (collection, id),
        ).get
        return None if row is None else _Current(*row)

    def _supersede(self, number: int) -> None:
        self._connection.execute(
            "INSERT INTO history (sequence, document, collection, version, stored_at, deleted,"
            " body) SELECT sequence, number, collection, version, stored_at, deleted, body"
            " FROM documents WHERE number = ?",
            (number,),
        )

    # --- streams -----------------------------------------------------------------------------

    def _append(self, change: Append) -> None:
        collection = self._names.collection_for(change.organisation, STREAM + change.stream)
        body = self._entries.pack(collection, change.body)
        self._connection.execute(
            "INSERT INTO streams VALUES (?, ?, ?, ?, ?)",
            (change.organisation, change.stream, self._next(), self._stored_at, body),
        )

    def _next(self) -> int:
        self._sequence += 1
        return self._sequence


def _check_version(change: Put | Delete, current: _Current | None) -> None:
    check_version(
        change,
        version=current.version if current else 0,
        deleted=current is not None and current.deleted,
    )


def _marker(change: Delete, version: int, stored_at: int, sequence: int) -> Document:
    return Document(
        change.kind, change.id, version, instant(stored_at), b"", sequence, deleted=True
    )

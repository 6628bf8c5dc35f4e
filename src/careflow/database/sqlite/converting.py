"""From schema 2 to 3: sets of terms in place of terms, bodies compressed.

Nothing here knows FHIR: each hashed term of an older file becomes a set of its own, which answers
the same searches. Documents written later, or indexed anew, share sets.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from careflow.database.sqlite.bodies import (
    DOCUMENTS,
    LEARN_AT,
    SAMPLES,
    STREAM,
    STREAMS,
    Bodies,
    Packing,
)
from careflow.database.sqlite.connection import rows
from careflow.database.sqlite.entries import Indexed, pack, range_row
from careflow.database.sqlite.hashes import HASH_BYTES, Hashes

if TYPE_CHECKING:
    import apsw

TABLES = """
ALTER TABLE tip ADD COLUMN sets INTEGER NOT NULL DEFAULT 0;
CREATE TABLE dictionaries (
    number INTEGER PRIMARY KEY, collection INTEGER NOT NULL, learnt_at INTEGER NOT NULL,
    content BLOB NOT NULL
) STRICT;
CREATE INDEX dictionaries_learnt ON dictionaries (collection);
CREATE TABLE aliases (
    hash BLOB NOT NULL, target INTEGER NOT NULL, whole INTEGER NOT NULL,
    PRIMARY KEY (hash, target)
) STRICT, WITHOUT ROWID;
CREATE INDEX aliases_of ON aliases (target);
CREATE TABLE postings (
    target INTEGER NOT NULL, document INTEGER NOT NULL, PRIMARY KEY (target, document)
) STRICT, WITHOUT ROWID;
CREATE INDEX documents_standing ON documents (collection) WHERE deleted = 0;
ALTER TABLE ranges RENAME TO ranges_before;
CREATE TABLE ranges (
    field INTEGER NOT NULL, span INTEGER NOT NULL, low REAL NOT NULL, high REAL NOT NULL,
    qualifiers INTEGER NOT NULL, document INTEGER NOT NULL,
    PRIMARY KEY (field, span, low, high, qualifiers, document)
) STRICT, WITHOUT ROWID;
"""
TOGETHER = 1000
"""Documents read at a time."""


class _Before(msgspec.Struct, array_like=True):
    """Packed entries of schema 2."""

    terms: bytes = b""
    fields: tuple[int, ...] = ()
    texts: tuple[tuple[int, str], ...] = ()
    ranges: tuple[tuple[int, int, float, float, str], ...] = ()
    series: tuple[tuple[bytes, float], ...] = ()


_unpack = msgspec.msgpack.Decoder(_Before).decode


def convert(connection: apsw.Connection) -> None:
    """Turn the tables and rows of schema 2 into those of 3, inside the caller's transaction."""
    connection.execute(TABLES)
    secret = connection.execute("SELECT value FROM meta WHERE name = 'secret'").get
    if secret is not None:  # a file that was ever opened has one
        _Converting(connection, Hashes(secret)).run()
    connection.execute("DROP TABLE terms; DROP TABLE ranges_before")


class _Converting:
    """One run of the conversion."""

    def __init__(self, connection: apsw.Connection, hashes: Hashes) -> None:
        self._connection = connection
        self._hashes = hashes
        self._targets: dict[bytes, int] = {}
        bodies = Bodies(connection)
        self._packing = Packing(connection, bodies, DOCUMENTS)
        self._entries = Packing(connection, bodies, STREAMS)

    def run(self) -> None:
        """Convert every document, its index rows and its history."""
        everything = self._everything()
        self._learn()
        last = 0
        while found := rows(
            self._connection,
            "SELECT number, collection, deleted, entries, body FROM documents"
            " WHERE number > ? ORDER BY number LIMIT ?",
            (last, TOGETHER),
        ):
            last = found[-1][0]
            self._documents(found, everything)
        self._history()
        self._streams()
        self._connection.execute("UPDATE tip SET sets = ?", (len(self._targets),))

    def _everything(self) -> set[bytes]:
        """Return the hashes that stood for whole collections; an index of documents does now."""
        collections = rows(self._connection, "SELECT id FROM collections")
        return {self._hashes.term(row[0], "", "") for row in collections}

    def _learn(self) -> None:
        """Make the dictionaries first: their samples are not converted yet."""
        for (collection,) in rows(self._connection, "SELECT id FROM collections"):
            standing = "FROM documents WHERE collection = ? AND deleted = 0"
            count = rows(self._connection, f"SELECT count(*) {standing}", (collection,))[0][0]
            if count >= LEARN_AT[0]:
                newest = rows(
                    self._connection,
                    f"SELECT body {standing} ORDER BY number DESC LIMIT ?",
                    (collection, SAMPLES),
                )
                self._packing.learn_from(collection, [row[0] for row in newest], count)

    def _documents(self, found: list[tuple[Any, ...]], everything: set[bytes]) -> None:
        kept, postings, ranges = [], [], []
        for number, collection, deleted, entries, body in found:
            indexed = self._indexed(_unpack(entries), everything)
            packed = self._packing.pack(collection, body) if body else body
            kept.append((pack(indexed), packed, number))
            if not deleted:
                postings += [(target, number) for target in indexed.targets]
                ranges += [range_row(each, number) for each in indexed.ranges]
        self._connection.executemany(
            "UPDATE documents SET entries = ?, body = ? WHERE number = ?", kept
        )
        self._connection.executemany("INSERT INTO postings VALUES (?, ?)", sorted(postings))
        self._connection.executemany("INSERT INTO ranges VALUES (?, ?, ?, ?, ?, ?)", sorted(ranges))

    def _indexed(self, before: _Before, everything: set[bytes]) -> Indexed:
        ends = range(0, len(before.terms), HASH_BYTES)
        terms = {before.terms[at : at + HASH_BYTES] for at in ends} - everything
        ranges = [
            (field, low, None if low == high else high, self._qualifier(field, qualifier))
            for field, _, low, high, qualifier in before.ranges
        ]
        return Indexed(
            targets=tuple(sorted(self._target(term) for term in terms)),
            fields=before.fields,
            texts=before.texts,
            ranges=tuple(ranges),
            series=before.series,
        )

    def _qualifier(self, field: int, qualifier: str) -> int:
        return self._target(self._hashes.qualifier(field, qualifier)) if qualifier else 0

    def _target(self, member: bytes) -> int:
        known = self._targets.get(member)
        if known is None:
            known = self._targets[member] = len(self._targets) + 1
            self._connection.execute("INSERT INTO aliases VALUES (?, ?, 1)", (member, known))
        return known

    def _history(self) -> None:
        last = 0
        while found := rows(
            self._connection,
            "SELECT sequence, collection, body FROM history WHERE sequence > ?"
            " ORDER BY sequence LIMIT ?",
            (last, TOGETHER),
        ):
            last = found[-1][0]
            kept = [
                (self._packing.pack(collection, body), sequence)
                for sequence, collection, body in found
                if body
            ]
            self._connection.executemany("UPDATE history SET body = ? WHERE sequence = ?", kept)

    def _streams(self) -> None:
        streams = rows(self._connection, "SELECT DISTINCT organisation, stream FROM streams")
        for organisation, stream in streams:
            collection = self._connection.execute(
                "INSERT INTO collections (organisation, kind) VALUES (?, ?) RETURNING id",
                (organisation, STREAM + stream),
            ).get
            self._stream(organisation, stream, int(collection))

    def _stream(self, organisation: str, stream: str, collection: int) -> None:
        """Convert a stream's entries; the newest, still as they were, are learnt from first."""
        whose = "FROM streams WHERE organisation = ? AND stream = ?"
        key = (organisation, stream)
        count = rows(self._connection, f"SELECT count(*) {whose}", key)[0][0]
        if count >= LEARN_AT[0]:
            newest = f"SELECT body {whose} ORDER BY position DESC LIMIT ?"
            samples = rows(self._connection, newest, (*key, SAMPLES))
            self._entries.learn_from(collection, [row[0] for row in samples], count)
        last = 0
        while found := rows(
            self._connection,
            f"SELECT position, body {whose} AND position > ? ORDER BY position LIMIT ?",
            (*key, last, TOGETHER),
        ):
            last = found[-1][0]
            kept = [
                (self._entries.pack(collection, body), *key, position) for position, body in found
            ]
            self._connection.executemany(
                "UPDATE streams SET body = ?"
                " WHERE organisation = ? AND stream = ? AND position = ?",
                kept,
            )

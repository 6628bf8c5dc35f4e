"""The audit file: entries of reads, durable before an answer leaves, in a file of their own.

It has its own writer, so that a long bundle in the document store never delays a read's entry.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from careflow.clock import Clock
from careflow.database.documents import StreamEntry
from careflow.database.failures import ClosedError
from careflow.database.instants import instant, milliseconds
from careflow.database.sqlite.connection import Cipher, connect, rows
from careflow.database.sqlite.lines import LineWriter
from careflow.database.sqlite.schema import migrate

if TYPE_CHECKING:
    import apsw

LINES = """
CREATE TABLE lines (
    position INTEGER PRIMARY KEY, stored_at INTEGER NOT NULL, body BLOB NOT NULL
) STRICT;
"""
CACHE_MB = 4
LINES_A_STATEMENT = 200


class SqliteAuditFile:
    """Lines in commit order in one encrypted file; made by :func:`open_audit_file`."""

    def __init__(
        self, write_connection: apsw.Connection, read_connection: apsw.Connection, *, clock: Clock
    ) -> None:
        read_connection.pragma("query_only", "ON")
        self._write_connection = write_connection
        self._read_connection = read_connection
        self._clock = clock
        self._closed = False
        self.writer = LineWriter(self._keep, name="audit-writer")

    def append(self, bodies: Sequence[bytes]) -> Awaitable[None]:
        """Append lines in order; done once they are durable."""
        return self.writer.append(bodies) if bodies else asyncio.sleep(0)

    async def read(self, *, after: int = 0, count: int = 1000) -> list[StreamEntry]:
        """Return durable lines after a position, in order."""
        if self._closed:
            raise ClosedError
        found = rows(
            self._read_connection,
            "SELECT position, stored_at, body FROM lines"
            " WHERE position > ? ORDER BY position LIMIT ?",
            (after, count),
        )
        return [StreamEntry(position, instant(at), body) for position, at, body in found]

    async def last(self) -> int:
        """Return the position of the newest durable line, 0 if there is none."""
        if self._closed:
            raise ClosedError
        return int(rows(self._read_connection, _LAST)[0][0])

    async def close(self) -> None:
        """Finish what was accepted and release the file."""
        if self._closed:
            return
        self._closed = True
        self.writer.stop_taking()
        await asyncio.get_running_loop().run_in_executor(None, self._finish)

    def _keep(self, lines: Sequence[bytes]) -> None:
        """Store lines: in one statement, which is a transaction of its own, as a rule."""
        now = milliseconds(self._clock())
        if len(lines) <= LINES_A_STATEMENT:
            self._insert(now, lines)
            return
        with self._write_connection:
            for at in range(0, len(lines), LINES_A_STATEMENT):
                self._insert(now, lines[at : at + LINES_A_STATEMENT])

    def _insert(self, now: int, lines: Sequence[bytes]) -> None:
        # Each call into SQLite gives up and takes back the interpreter's lock: one call a batch.
        statement = _INSERT + _LINE * (len(lines) - 1) + ")"
        self._write_connection.execute(statement, (now, *lines))

    def _finish(self) -> None:
        self.writer.close()
        self._read_connection.close()
        self._write_connection.close()


_LAST = "SELECT ifnull(max(position), 0) FROM lines"
# Positions go on from the last one, and instants never step back, whichever process wrote before.
_INSERT = (
    "INSERT INTO lines (stored_at, body) SELECT"
    " max(?, ifnull((SELECT stored_at FROM lines ORDER BY position DESC LIMIT 1), 0)), column1"
    " FROM (VALUES (?)"
)
_LINE = ", (?)"


async def open_audit_file(
    path: Path, *, key: bytes, clock: Clock, cipher: Cipher = "aegis"
) -> SqliteAuditFile:
    """Open the file, creating it if it is new; raises as ``open_documents`` does."""

    def opened() -> SqliteAuditFile:
        write_connection = connect(path, key=key, cipher=cipher, cache_mb=CACHE_MB)
        migrate(write_connection, (LINES,))
        read_connection = connect(path, key=key, cipher=cipher, cache_mb=CACHE_MB)
        return SqliteAuditFile(write_connection, read_connection, clock=clock)

    return await asyncio.to_thread(opened)

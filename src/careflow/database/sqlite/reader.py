"""A connection that only reads, with everything that answers questions on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from careflow.database.cursors import Cursors
from careflow.database.documents import Document, StreamEntry
from careflow.database.instants import instant
from careflow.database.scope import AccessScope
from careflow.database.sqlite.bodies import Bodies
from careflow.database.sqlite.connection import rows
from careflow.database.sqlite.functions import Budget, install
from careflow.database.sqlite.hashes import Hashes
from careflow.database.sqlite.names import Names
from careflow.database.sqlite.search import Search
from careflow.database.sqlite.versions import Versions

if TYPE_CHECKING:
    import apsw


class Reader:
    """Answers questions on one connection; not for two threads at once.

    Args:
        connection: Opened and migrated; used by this reader alone.
        hashes: Shared by all connections of one file.
        cursors: Shared likewise.
        ticks: Thousands of steps that one question may take, or ``None`` for no end.
    """

    def __init__(
        self, connection: apsw.Connection, *, hashes: Hashes, cursors: Cursors, ticks: int | None
    ) -> None:
        self._budget = Budget(ticks)
        install(connection, self._budget)
        connection.pragma("query_only", "ON")
        names = Names(connection)
        self._connection = connection
        bodies = Bodies(connection)
        self._unpack = bodies.unpack_or_leave
        self.search = Search(connection, names=names, hashes=hashes, bodies=bodies, cursors=cursors)
        self.versions = Versions(
            connection, names=names, hashes=hashes, bodies=bodies, cursors=cursors
        )

    def begin(self) -> Reader:
        """Begin a question, with the whole budget before it."""
        self._budget.restart()
        return self

    def read(self, kind: str, id: str, scope: AccessScope, version: int | None) -> Document | None:
        """Return one version of one document; never longer than a few steps."""
        self._budget.restart()
        return self.versions.read(kind, id, scope, version)

    def tip(self) -> int:
        """Return the sequence of the last commit; likewise."""
        self._budget.restart()
        return self.versions.tip()

    def stream(self, stream: str, organisation: str, after: int, count: int) -> list[StreamEntry]:
        """Return entries of a stream after a position, in order."""
        found = rows(
            self._connection,
            "SELECT position, stored_at, body FROM streams"
            " WHERE organisation = ? AND stream = ? AND position > ? ORDER BY position LIMIT ?",
            (organisation, stream, after, count),
        )
        return [
            StreamEntry(position, instant(at), self._unpack(body)) for position, at, body in found
        ]

    def close(self) -> None:
        """Release the connection."""
        self._connection.close()

"""The documents port on MongoDB."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import datetime

from pymongo.errors import PyMongoError

from careflow.clock import Clock
from careflow.database.cursors import Cursors
from careflow.database.documents import Append, Change, Document, Page, Put, Query, StreamEntry
from careflow.database.failures import ClosedError
from careflow.database.instants import instant
from careflow.database.mongo.addresses import address_of
from careflow.database.mongo.commits import Commit, Commits
from careflow.database.mongo.connection import Connection, Listeners, connect
from careflow.database.mongo.entries import Hashes
from careflow.database.mongo.failures import explained, failure_of
from careflow.database.mongo.gathering import Gathering
from careflow.database.mongo.rows import line_place
from careflow.database.mongo.schema import prepare
from careflow.database.mongo.search import Search
from careflow.database.mongo.versions import Versions
from careflow.database.mongo.watching import Watching
from careflow.database.mongo.writer import Writer
from careflow.database.narrowing import shown, shown_page
from careflow.database.scope import AccessScope

BYTES_TOGETHER = 8 * 1024 * 1024
"""What shares one transaction, about: it should last milliseconds, not seconds."""
BYTES_A_CHANGE = 16 * 1024
"""What a change counts for at least: its index keys are work too."""


class MongoDocuments:
    """Documents in one MongoDB database; any number of processes may share it.

    Made by :func:`open_documents`.
    """

    def __init__(self, connection: Connection, *, writer: Writer, key: bytes, clock: Clock) -> None:
        hashes, cursors = Hashes(key), Cursors(key)
        self._connection = connection
        self._writer = writer
        self._search = Search(connection, hashes=hashes, cursors=cursors)
        self._versions = Versions(connection, hashes=hashes, cursors=cursors)
        self._watching = Watching(connection, self._versions)
        self.commits = Commits(
            connection,
            writer=writer,
            clock=clock,
            hashes=hashes,
            before=self._watching.settled,
            after=self._watching.wake,
        )
        self._gathering: Gathering[Commit, list[Document]] = Gathering(
            self.commits.perform, weight_together=BYTES_TOGETHER
        )
        self._closed = False

    async def read(
        self, kind: str, id: str, scope: AccessScope, *, version: int | None = None
    ) -> Document | None:
        """See :meth:`careflow.database.documents.Documents.read`."""
        self._check_open()
        with explained():
            found = await self._versions.read(kind, id, scope, version)
        return shown(found, scope) if found is not None and scope.fields else found

    async def find(self, query: Query, scope: AccessScope) -> Page:
        """See :meth:`careflow.database.documents.Documents.find`."""
        self._check_open()
        with explained():
            page = await self._search.find(query, scope)
        return shown_page(page, scope) if scope.fields else page

    async def history(
        self,
        scope: AccessScope,
        *,
        kind: str | None = None,
        id: str | None = None,
        since: datetime | None = None,
        count: int = 50,
        cursor: str | None = None,
    ) -> Page:
        """See :meth:`careflow.database.documents.Documents.history`."""
        self._check_open()
        with explained():
            page = await self._versions.history(
                scope, kind=kind, id=id, since=since, count=count, cursor=cursor
            )
        return shown_page(page, scope) if scope.fields else page

    async def stream(
        self, stream: str, organisation: str, *, after: int = 0, count: int = 1000
    ) -> list[StreamEntry]:
        """See :meth:`careflow.database.documents.Documents.stream`."""
        self._check_open()
        asked = {"o": organisation, "n": stream, "_id": {"$gt": after}}
        lines = self._connection.at_one_instant("streams")
        with explained():
            found = await lines.find(asked).sort("_id").limit(count).to_list()
        unpack = self._connection.bodies.unpack_or_leave
        return [
            StreamEntry(each["_id"], instant(each["t"]), unpack(each["b"], line_place(each["_id"])))
            for each in found
        ]

    async def standing(
        self, kind: str, scope: AccessScope, *, as_of: int, after: int = 0, count: int = 500
    ) -> list[Document]:
        """See :meth:`careflow.database.documents.Documents.standing`."""
        self._check_open()
        with explained():
            return await self._versions.standing(kind, scope, as_of, after, count)

    async def commit(self, changes: Sequence[Change]) -> list[Document]:
        """See :meth:`careflow.database.documents.Documents.commit`."""
        accepted = tuple(changes)
        if not accepted:
            self._check_open()
            return []
        return await self._gathering.run(accepted, sum(_weight(change) for change in accepted))

    def watch(
        self, kinds: frozenset[str], organisation: str, *, after: int | None = None
    ) -> AsyncIterator[Document]:
        """See :meth:`careflow.database.documents.Documents.watch`."""
        self._check_open()
        return self._watching.watch(kinds, organisation, after)

    async def close(self) -> None:
        """See :meth:`careflow.database.documents.Documents.close`."""
        if self._closed:
            return
        self._closed = True
        await self._gathering.close()
        await self._watching.close()
        await self._writer.leave()
        await self._connection.close()

    def _check_open(self) -> None:
        if self._closed:
            raise ClosedError


def _weight(change: Change) -> int:
    body = change.body if isinstance(change, Put | Append) else b""
    return BYTES_A_CHANGE + (len(body) if isinstance(body, bytes) else 0)


async def open_documents(
    url: str, *, key: bytes, clock: Clock, listeners: Listeners = ()
) -> MongoDocuments:
    """Open the database, creating its collections and indexes if it is new.

    Args:
        url: ``mongodb://`` or ``mongodb+srv://``; its path names the database.
        key: 32 random bytes that hashes and cursors are made with; the same on every machine.
        clock: Where ``stored_at`` comes from; it never steps back even if the clock does.
        listeners: Told of every command sent.

    Raises:
        BadAddressError: The address is not MongoDB's, or would go over a network unprotected.
        UnsuitableServerError: A standalone server, one too old, or another index of our name.
        WrongKeyError: The database was begun with another key.
        NewerDatabaseError: A later release wrote the database.
        careflow.errors.UnavailableError: The server does not answer, or refuses us.
    """
    connection = await connect(address_of(url), key, listeners)
    try:
        await prepare(connection, key)
        writer = Writer(connection, clock)
        await writer.enter()
    except PyMongoError as error:
        await connection.close()
        raise failure_of(error) from error
    except BaseException:
        await connection.close()
        raise
    return MongoDocuments(connection, writer=writer, key=key, clock=clock)

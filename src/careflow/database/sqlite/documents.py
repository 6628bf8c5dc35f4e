"""The documents port on an encrypted SQLite file."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from queue import SimpleQueue
from typing import TypeVar

import apsw

from careflow.clock import Clock
from careflow.database.cursors import Cursors
from careflow.database.documents import Change, Document, Page, Query, StreamEntry
from careflow.database.failures import ClosedError
from careflow.database.narrowing import shown, shown_page
from careflow.database.scope import AccessScope
from careflow.database.sqlite.changes import Changes
from careflow.database.sqlite.connection import Cipher, connect
from careflow.database.sqlite.functions import BudgetSpentError
from careflow.database.sqlite.hashes import Hashes
from careflow.database.sqlite.reader import Reader
from careflow.database.sqlite.schema import migrate, secret_of
from careflow.database.sqlite.writer import Writer

T = TypeVar("T")

CACHE_MB = 64
"""Decrypted pages that the writer and the loop's reader keep each, at most."""
SCAN_CACHE_MB = 16
SCANS_AT_ONCE = 2
LOOP_TICKS = 25
"""Thousands of SQLite steps a read may take on the loop: about two milliseconds."""
POLL_S = 0.25
"""How often a watcher looks for commits of other processes."""
WATCHED_TOGETHER = 200


class SqliteDocuments:
    """Documents in one encrypted file; several processes of one machine may share it.

    Made by :func:`open_documents`.
    """

    def __init__(
        self,
        open_connection: Callable[[int], apsw.Connection],
        *,
        clock: Clock,
    ) -> None:
        write_connection = open_connection(CACHE_MB)
        migrate(write_connection)
        secret = secret_of(write_connection)
        hashes, cursors = Hashes(secret), Cursors(secret)
        changes = Changes(write_connection, clock=clock, hashes=hashes)
        self._loop_reader = Reader(
            open_connection(CACHE_MB), hashes=hashes, cursors=cursors, ticks=LOOP_TICKS
        )
        self._scan_readers: SimpleQueue[Reader] = SimpleQueue()
        for _ in range(SCANS_AT_ONCE):
            self._scan_readers.put(
                Reader(open_connection(SCAN_CACHE_MB), hashes=hashes, cursors=cursors, ticks=None)
            )
        self._changes = changes
        self._write_connection = write_connection
        self._scans = ThreadPoolExecutor(SCANS_AT_ONCE, thread_name_prefix="database-scan")
        self._watchers: set[asyncio.Event] = set()
        self._closed = False
        self.writer = Writer(
            write_connection,
            name="database-writer",
            begin=changes.begin,
            settle=changes.settle,
            finish=changes.finish,
            committed=changes.committed,
            undone=changes.undone,
        )

    async def read(
        self, kind: str, id: str, scope: AccessScope, *, version: int | None = None
    ) -> Document | None:
        """See :meth:`careflow.database.documents.Documents.read`."""
        if self._closed:
            raise ClosedError
        found = self._loop_reader.read(kind, id, scope, version)
        return shown(found, scope) if found is not None and scope.fields else found

    async def find(self, query: Query, scope: AccessScope) -> Page:
        """See :meth:`careflow.database.documents.Documents.find`."""
        page = await self._ask(lambda reader: reader.search.find(query, scope))
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
        page = await self._ask(
            lambda reader: reader.versions.history(
                scope, kind=kind, id=id, since=since, count=count, cursor=cursor
            )
        )
        return shown_page(page, scope) if scope.fields else page

    async def stream(
        self, stream: str, organisation: str, *, after: int = 0, count: int = 1000
    ) -> list[StreamEntry]:
        """See :meth:`careflow.database.documents.Documents.stream`."""
        return await self._ask(lambda reader: reader.stream(stream, organisation, after, count))

    async def standing(
        self, kind: str, scope: AccessScope, *, as_of: int, after: int = 0, count: int = 500
    ) -> list[Document]:
        """See :meth:`careflow.database.documents.Documents.standing`."""
        return await self._ask(
            lambda reader: reader.versions.standing(kind, scope, as_of, after, count)
        )

    async def commit(self, changes: Sequence[Change]) -> list[Document]:
        """See :meth:`careflow.database.documents.Documents.commit`."""
        accepted = tuple(changes)
        stored = await self.writer.run(lambda: self._changes.apply(accepted), weight=len(accepted))
        for event in self._watchers:
            event.set()
        return stored

    def watch(
        self, kinds: frozenset[str], organisation: str, *, after: int | None = None
    ) -> AsyncIterator[Document]:
        """See :meth:`careflow.database.documents.Documents.watch`."""
        start = self._loop_reader.tip() if after is None else after
        return self._watch(kinds, organisation, start)

    async def close(self) -> None:
        """See :meth:`careflow.database.documents.Documents.close`."""
        if self._closed:
            return
        self._closed = True
        for event in self._watchers:
            event.set()
        await asyncio.get_running_loop().run_in_executor(None, self._finish)

    def _finish(self) -> None:
        self.writer.close()
        self._scans.shutdown()
        self._loop_reader.close()
        while not self._scan_readers.empty():
            self._scan_readers.get().close()
        self._write_connection.close()

    async def _ask(self, question: Callable[[Reader], T]) -> T:
        """Answer on the loop if it is quick, else in the thread for long reads."""
        if self._closed:
            raise ClosedError
        try:
            return question(self._loop_reader.begin())
        except (apsw.InterruptError, BudgetSpentError):
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._scans, self._scan, question)

    def _scan(self, question: Callable[[Reader], T]) -> T:
        reader = self._scan_readers.get()
        try:
            return question(reader)
        finally:
            self._scan_readers.put(reader)

    async def _watch(
        self, kinds: frozenset[str], organisation: str, seen: int
    ) -> AsyncIterator[Document]:
        event = asyncio.Event()
        self._watchers.add(event)
        try:
            while not self._closed:
                event.clear()
                tip = self._loop_reader.tip()
                while found := await self._versions_after(kinds, organisation, seen, tip):
                    for document in found:
                        seen = document.sequence
                        yield document
                seen = max(seen, tip)
                await _until_set(event, POLL_S)
        finally:
            self._watchers.discard(event)

    async def _versions_after(
        self, kinds: frozenset[str], organisation: str, seen: int, tip: int
    ) -> list[Document]:
        if self._closed or tip <= seen:
            return []
        return await self._ask(
            lambda reader: reader.versions.after(kinds, organisation, seen, WATCHED_TOGETHER)
        )


async def _until_set(event: asyncio.Event, seconds: float) -> None:
    # Not wait_for: on Python 3.11 it may swallow a cancellation that arrives with the event.
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()


async def open_documents(
    path: Path, *, key: bytes, clock: Clock, cipher: Cipher = "aegis"
) -> SqliteDocuments:
    """Open the file, creating it and its tables if it is new.

    Args:
        path: The database file; its folder must exist.
        key: 32 random bytes, kept outside the folder of the file.
        clock: Where ``stored_at`` comes from; it never steps back even if the clock does.
        cipher: ``aegis``, or ``sqlcipher`` for those who must have AES; fixed at creation.

    Raises:
        WrongKeyError: The key does not open the file.
        NotADatabaseError: The file is something else.
        NewerDatabaseError: A later release wrote the file.
    """
    opened: list[apsw.Connection] = []

    def open_connection(cache_mb: int) -> apsw.Connection:
        opened.append(connect(path, key=key, cipher=cipher, cache_mb=cache_mb))
        return opened[-1]

    try:
        return await asyncio.to_thread(SqliteDocuments, open_connection, clock=clock)
    except BaseException:
        for connection in opened:
            connection.close()
        raise

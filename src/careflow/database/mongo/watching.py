"""Telling watchers that something was committed, by this process or another.

A change stream on the tip wakes them; what they yield is then read by sequence. So the stream may
break, or be resumed too late, and still nothing is missed or out of order.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import suppress

from pymongo.errors import PyMongoError

from careflow.database.documents import Document
from careflow.database.failures import ClosedError
from careflow.database.mongo.connection import Connection
from careflow.database.mongo.failures import explained
from careflow.database.mongo.versions import Versions
from careflow.errors import UnavailableError

log = logging.getLogger(__name__)

POLL_S = 5.0
"""How often a watcher looks though nothing woke it."""
AWAIT_MS = 1000
TRY_AGAIN_S = 1.0
WATCHED_TOGETHER = 200


class Watching:
    """All watchers of one opened database; they share one change stream."""

    def __init__(self, connection: Connection, versions: Versions) -> None:
        self._connection = connection
        self._versions = versions
        self._events: set[asyncio.Event] = set()
        self._starts: set[asyncio.Task[int]] = set()
        self._listener: asyncio.Task[None] | None = None
        self._closed = False

    def watch(
        self, kinds: frozenset[str], organisation: str, after: int | None
    ) -> AsyncIterator[Document]:
        """Yield every version of these kinds in commit order, from now on or from ``after``.

        "Now" is settled before any commit that this process begins later; see :meth:`settled`.
        """
        if self._listener is None:
            self._listener = asyncio.create_task(self._listen())
        if after is not None:
            return self._watch(kinds, organisation, after)
        start = asyncio.create_task(self._versions.tip())
        self._starts.add(start)
        start.add_done_callback(self._started)
        return self._watch(kinds, organisation, start)

    def _started(self, start: asyncio.Task[int]) -> None:
        self._starts.discard(start)
        if not start.cancelled():
            start.exception()  # for the watcher alone, who may never come to ask

    async def settled(self) -> None:
        """Return once every watcher made so far knows where it begins."""
        if self._starts:
            await asyncio.wait(self._starts)

    def wake(self) -> None:
        """Have every watcher look."""
        for event in self._events:
            event.set()

    async def close(self) -> None:
        """End the watchers."""
        self._closed = True
        self.wake()
        await self.settled()
        if self._listener is not None:
            self._listener.cancel()
            await asyncio.gather(self._listener, return_exceptions=True)

    async def _watch(
        self, kinds: frozenset[str], organisation: str, start: int | asyncio.Task[int]
    ) -> AsyncIterator[Document]:
        event = asyncio.Event()
        self._events.add(event)
        try:
            with explained():
                seen = start if isinstance(start, int) else await start
            while not self._closed:
                event.clear()
                try:
                    with explained():
                        found = await self._versions.since(
                            kinds, organisation, seen, WATCHED_TOGETHER
                        )
                except ClosedError:
                    return
                except UnavailableError:
                    await _until_set(event, TRY_AGAIN_S)
                    continue
                for document in found.documents:
                    yield document
                seen = found.upto
                if len(found.documents) < WATCHED_TOGETHER:
                    await _until_set(event, POLL_S)
        finally:
            self._events.discard(event)

    async def _listen(self) -> None:
        while not self._closed:
            try:
                stream = await self._connection["tips"].watch(max_await_time_ms=AWAIT_MS)
                async with stream:
                    self.wake()
                    # Not "async for": where the driver swallows a cancellation, this still ends.
                    while stream.alive and not self._closed:
                        if await stream.try_next() is not None:
                            self.wake()
            except PyMongoError as error:
                log.warning("change stream broken", extra={"error": type(error).__name__})
                await asyncio.sleep(TRY_AGAIN_S)


async def _until_set(event: asyncio.Event, seconds: float) -> None:
    # Not wait_for: on Python 3.11 it may swallow a cancellation that arrives with the event.
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()

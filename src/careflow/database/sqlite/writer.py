"""One thread that writes, and lets concurrent commits share one transaction and one fsync.

While a transaction is being made durable, later commits gather; the next transaction takes them
all. One that fails takes back only itself. A caller is answered once the shared transaction is
durable.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import apsw

from careflow.database.failures import ClosedError, WriteFailedError

log = logging.getLogger(__name__)

T = TypeVar("T")

WEIGHT_TOGETHER = 500
"""Changes that share one transaction, about: nobody waits for an endless one. A single commit may
weigh more."""


@dataclass(slots=True, eq=False)
class _Request:
    work: Callable[[], Any]
    weight: int
    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[Any]
    result: Any = None
    error: BaseException | None = None

    def answer(self) -> None:
        if self.future.done():  # the caller went away; what it asked for is stored all the same
            return
        if self.error is not None:
            self.future.set_exception(self.error)
        else:
            self.future.set_result(self.result)


class Writer:
    """Runs work inside write transactions of one connection, grouped.

    Args:
        connection: The connection that only this writer uses.
        name: Name of the thread.
        begin: Called at the start of each transaction, inside the write lock.
        settle: Called after each request that has a savepoint of its own, inside it.
        finish: Called before each transaction commits.
        committed: Called in the thread after each durable transaction.
        undone: Called in the thread after a whole transaction was rolled back.
    """

    def __init__(
        self,
        connection: apsw.Connection,
        *,
        name: str,
        begin: Callable[[], None] = lambda: None,
        settle: Callable[[], None] = lambda: None,
        finish: Callable[[], None] = lambda: None,
        committed: Callable[[], None] = lambda: None,
        undone: Callable[[], None] = lambda: None,
    ) -> None:
        self.transactions = 0
        self._connection = connection
        self._begin, self._settle, self._finish = begin, settle, finish
        self._committed, self._undone = committed, undone
        self._waiting: deque[_Request] = deque()
        self._bell = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    async def run(self, work: Callable[[], T], *, weight: int = 1) -> T:
        """Return what ``work`` returned in the writer's thread, once that is durable.

        An error that ``work`` raises is raised here, and whatever it did is undone. ``work`` may
        run twice, if another in its transaction failed the first time.
        """
        loop = asyncio.get_running_loop()
        request = _Request(work, weight, loop, loop.create_future())
        with self._bell:
            if self._closed:
                raise ClosedError
            self._waiting.append(request)
            self._bell.notify()
        return cast("T", await request.future)

    def close(self) -> None:
        """Finish what was accepted, then stop; blocks until then."""
        with self._bell:
            self._closed = True
            self._bell.notify()
        self._thread.join()

    def _run(self) -> None:
        while batch := self._next_batch():
            self._write(batch)
            _answer(batch)

    def _next_batch(self) -> list[_Request]:
        with self._bell:
            while not self._waiting and not self._closed:
                self._bell.wait()
            batch: list[_Request] = []
            weight = 0
            while self._waiting and weight < WEIGHT_TOGETHER:
                batch.append(self._waiting.popleft())
                weight += batch[-1].weight
            return batch

    def _write(self, batch: list[_Request]) -> None:
        """Write a batch in one transaction, or tell each caller why not.

        Savepoints cost a copy of every page that is touched, and nearly every commit succeeds: so
        the first try has none. If a request fails, everything is undone and done again with
        savepoints, which keep the others.
        """
        try:
            self._transaction(batch, self._trust)
        except _RequestFailed:
            if len(batch) == 1:
                return
            self._write_apart(batch)
        except BaseException as error:  # noqa: BLE001 - each caller must hear of it
            _fail(batch, error)

    def _write_apart(self, batch: list[_Request]) -> None:
        for request in batch:
            request.error = None
        try:
            self._transaction(batch, self._attempt)
        except BaseException as error:  # noqa: BLE001 - each caller must hear of it
            _fail(batch, error)

    def _transaction(self, batch: list[_Request], run: Callable[[_Request], None]) -> None:
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            self._begin()
            for request in batch:
                run(request)
            self._finish()
            self._connection.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            self._undone()
            raise
        self.transactions += 1
        self._committed()

    def _trust(self, request: _Request) -> None:
        """Run one request; if it fails, so does this try of the whole batch."""
        try:
            request.result = request.work()
        except BaseException as error:
            if _of_the_file(error):
                raise
            request.error = error
            raise _RequestFailed from error

    def _attempt(self, request: _Request) -> None:
        """Run one request in its savepoint; a failure of the file itself ends the transaction."""
        self._connection.execute("SAVEPOINT request")
        try:
            request.result = request.work()
            self._settle()
        except BaseException as error:
            if _of_the_file(error):
                raise
            request.error = error
            self._connection.execute("ROLLBACK TO request")
        self._connection.execute("RELEASE request")


class _RequestFailed(Exception):  # noqa: N818 - never leaves this module
    """A request raised; the transaction it was in is undone."""


def _of_the_file(error: BaseException) -> bool:
    return isinstance(error, apsw.Error) and not isinstance(error, apsw.ConstraintError)


def _fail(batch: list[_Request], error: BaseException) -> None:
    log.error("database write failed", extra={"reason": type(error).__name__})
    for request in batch:
        request.error = request.error or explained(error)


def _answer(batch: list[_Request]) -> None:
    """Answer each loop's callers in one turn of that loop."""
    loops: dict[asyncio.AbstractEventLoop, list[_Request]] = {}
    for request in batch:
        loops.setdefault(request.loop, []).append(request)
    for loop, requests in loops.items():
        with contextlib.suppress(RuntimeError):  # that loop has ended and nobody waits there
            loop.call_soon_threadsafe(_answer_all, requests)


def _answer_all(requests: list[_Request]) -> None:
    for request in requests:
        request.answer()


def explained(error: BaseException) -> BaseException:
    """Return the error as a sentence where it is the file's, or as it is where it is ours."""
    if isinstance(error, apsw.FullError):
        fact = "The disk that holds the database is full: make room, nothing was stored."
    elif isinstance(error, apsw.BusyError):
        fact = "Another process kept the database busy too long: nothing was stored, try again."
    elif isinstance(error, apsw.Error):
        fact = "The database could not be written: nothing was stored."
    else:
        return error
    explained = WriteFailedError(fact)
    explained.__cause__ = error
    return explained

"""Lines on their way into the audit file: many callers wait for one sync, in a thread of its own.

A sync takes a thread and the disk some microseconds whatever it carries, so lines gather for as
long as each turn of the event loop brings more, and while the sync before them is under way. Each
batch crosses to the thread and back once.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Final

from careflow.database.failures import ClosedError
from careflow.database.sqlite.writer import explained

log = logging.getLogger(__name__)

TURNS_MAX: Final = 16
"""Turns of the loop that the first caller waits for others, at most; a lone one waits for one."""

Keep = Callable[[Sequence[bytes]], None]


class LineWriter:
    """Makes lines durable, batch after batch.

    Args:
        keep: Stores lines in one transaction, durable on return; called in the thread alone.
        name: Name of the thread.
    """

    def __init__(self, keep: Keep, *, name: str) -> None:
        self.transactions = 0
        self._keep = keep
        self._batches: SimpleQueue[_Batch | None] = SimpleQueue()
        self._gatherings: dict[asyncio.AbstractEventLoop, _Gathering] = {}
        self._closed = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def append(self, bodies: Sequence[bytes]) -> asyncio.Future[None]:
        """Return a future that is done once the lines are durable, in order.

        They are stored even if the caller goes away.
        """
        if self._closed:
            raise ClosedError
        loop = asyncio.get_running_loop()
        gathering = self._gatherings.get(loop)
        if gathering is None:
            gathering = self._gatherings[loop] = _Gathering(loop, self._batches)
        return gathering.add(bodies)

    def stop_taking(self) -> None:
        """Refuse later lines and hand over those that gather; called on their loop."""
        self._closed = True
        for gathering in self._gatherings.values():
            gathering.hand_over()

    def close(self) -> None:
        """Finish what was handed over, then stop; blocks until then."""
        self._batches.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (batch := self._batches.get()) is not None:
            try:
                self._keep(batch.lines)
                self.transactions += 1
            except BaseException as error:  # noqa: BLE001 - each caller must hear of it
                batch.fail(error)
            with contextlib.suppress(RuntimeError):  # that loop has ended and nobody waits there
                batch.gathering.loop.call_soon_threadsafe(batch.answer)


@dataclass(slots=True, eq=False)
class _Batch:
    gathering: _Gathering
    lines: list[bytes]
    callers: list[asyncio.Future[None]]
    error: BaseException | None = None

    def fail(self, error: BaseException) -> None:
        log.error("audit write failed", extra={"reason": type(error).__name__})
        self.error = explained(error)

    def answer(self) -> None:
        for caller in self.callers:
            if caller.done():  # it went away; its lines are stored all the same
                continue
            if self.error is None:
                caller.set_result(None)
            else:
                caller.set_exception(self.error)
        self.gathering.go_on()


class _Gathering:
    """The lines that callers of one loop wait for; used on that loop alone."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, batches: SimpleQueue[_Batch | None]
    ) -> None:
        self.loop = loop
        self._batches = batches
        self._lines: list[bytes] = []
        self._callers: list[asyncio.Future[None]] = []
        self._under_way = False
        self._seen = 0
        self._turns = 0

    def add(self, bodies: Sequence[bytes]) -> asyncio.Future[None]:
        """Take lines."""
        caller = self.loop.create_future()
        self._lines += bodies
        self._callers.append(caller)
        if len(self._callers) == 1 and not self._under_way:
            self.loop.call_soon(self._when_quiet)
        return caller

    def go_on(self) -> None:
        """A batch is done: those that gathered meanwhile are next."""
        self._under_way = False
        if self._callers:
            self._when_quiet()

    def hand_over(self) -> None:
        """Send what has gathered to the thread."""
        self._seen = self._turns = 0
        if self._callers:
            self._under_way = True
            self._batches.put(_Batch(self, self._lines, self._callers))
            self._lines, self._callers = [], []

    def _when_quiet(self) -> None:
        """Hand over, unless the last turn of the loop brought more."""
        if len(self._callers) > self._seen and self._turns < TURNS_MAX:
            self._seen = len(self._callers)
            self._turns += 1
            self.loop.call_soon(self._when_quiet)
        else:
            self.hand_over()

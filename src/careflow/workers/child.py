"""One process of a worker: a connection to the store of its own, and one job at a time."""

from __future__ import annotations

import asyncio
import logging
import signal
import threading
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from typing import Protocol

log = logging.getLogger(__name__)

_CLOSES_WITHIN_S = 5.0


class RunsJobs(Protocol):
    """What does a job whose id it is told; the queue of :mod:`careflow.jobs` fits."""

    async def run_one(self, job_id: str) -> bool:
        """Run this job if it is due; report whether it was."""
        ...


Open = Callable[[], AbstractAsyncContextManager[RunsJobs]]
"""Opens the store with everything that jobs need, once in each process."""


class Child:
    """Runs jobs on an event loop in a thread, so that leases are kept while this process waits."""

    def __init__(self, open_jobs: Open) -> None:
        self._open_jobs = open_jobs
        self._loop: asyncio.AbstractEventLoop | None = None
        self._jobs: RunsJobs | None = None
        self._opened = AsyncExitStack()
        self._running: asyncio.Task[bool] | None = None

    def run(self, job_id: str) -> None:
        """Run a job to its end, whatever that is; return when its state is stored.

        Meanwhile a signal to end means: give the job back. Otherwise it means what the pool, which
        sets its own way of ending after all initialisers, makes of it.
        """
        loop = self._loop or self._start_loop()
        before = signal.signal(signal.SIGTERM, self._give_back)
        try:
            asyncio.run_coroutine_threadsafe(self._run(job_id), loop).result()
        finally:
            signal.signal(signal.SIGTERM, before)

    def close(self) -> None:
        """Let go of the store."""
        if self._loop is not None:
            closing = asyncio.run_coroutine_threadsafe(self._opened.aclose(), self._loop)
            closing.result(_CLOSES_WITHIN_S)

    async def _run(self, job_id: str) -> None:
        if self._jobs is None:
            self._jobs = await self._opened.enter_async_context(self._open_jobs())
        self._running = asyncio.create_task(self._jobs.run_one(job_id))
        await asyncio.wait({self._running})
        ended, self._running = self._running, None
        if not ended.cancelled() and (error := ended.exception()) is not None:
            # The job stands in the store as it did; the relay tells of it again.
            log.error("job not brought to an end", extra={"error_type": type(error).__name__})

    def _start_loop(self) -> asyncio.AbstractEventLoop:
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, name="jobs", daemon=True).start()
        return self._loop

    def _give_back(self, *_: object) -> None:
        if self._running is not None and self._loop is not None:
            self._loop.call_soon_threadsafe(self._running.cancel)

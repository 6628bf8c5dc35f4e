"""The queue: jobs are staged with their cause, taken by lease, and done once in effect."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from careflow.clock import Clock
from careflow.database.documents import Documents
from careflow.database.work import Work
from careflow.ids import Mint
from careflow.jobs.ending import cancel_all
from careflow.jobs.every import Every, arrange
from careflow.jobs.job import Handler, Job, Priority
from careflow.jobs.lease import Lease
from careflow.jobs.looking import Jobs
from careflow.jobs.retrying import Backoff
from careflow.jobs.run import TIME_MAX, Runner
from careflow.jobs.stored import KIND, StoredJob
from careflow.jobs.taking import Taker

log = logging.getLogger(__name__)


def queue(
    work: Work,
    name: str,
    arguments: Mapping[str, Any],
    *,
    organisation: str,
    clock: Clock,
    mint: Mint,
    actor: str | None = None,
    run_at: datetime | None = None,
    attempts_max: int = 5,
    priority: Priority = "waiting",
) -> Job:
    """Stage a job; it exists once the work commits, and not at all if it does not.

    Arguments are identifiers and settings that JSON can hold, never patient text. The job runs at
    once, or not before ``run_at``; ``actor`` may follow it.
    """
    now = clock()
    job = Job(
        id=mint(),
        name=name,
        organisation=organisation,
        queued_at=now,
        run_at=run_at or now,
        arguments=arguments,
        actor=actor,
        attempts_max=attempts_max,
        priority=priority,
    )
    work.put(StoredJob(job).put())
    return job


class JobQueue(Jobs):
    """Runs one organisation's jobs in this process, beside any number of others.

    Args:
        handlers: What to do for each job name.
        worker: Names this process in the jobs it holds; unique among those that run.
        every: Jobs that come back.
        lease: How long a job stays with a worker that is not heard of.
        runners: How many jobs run here at once.
        poll: How often to look for jobs that became due; new ones are noticed at once.
        time_max: How long a handler may take.
    """

    def __init__(
        self,
        documents: Documents,
        handlers: Mapping[str, Handler],
        *,
        organisation: str,
        clock: Clock,
        worker: str,
        every: Sequence[Every] = (),
        lease: timedelta = timedelta(minutes=1),
        runners: int = 2,
        poll: timedelta = timedelta(seconds=1),
        backoff: Backoff | None = None,
        time_max: timedelta = TIME_MAX,
    ) -> None:
        super().__init__(documents, clock)
        self._organisation = organisation
        self._every = every
        self._poll = poll
        self._taker = Taker(
            documents, organisation=organisation, clock=clock, worker=worker, length=lease
        )
        self._runner = Runner(
            documents, handlers, clock, backoff or Backoff(), beat=lease / 3, time_max=time_max
        )
        self._free = asyncio.Semaphore(runners)
        self._woken = asyncio.Event()
        self._is_stopping = False
        self._running: set[asyncio.Task[None]] = set()
        self._background: list[asyncio.Task[None]] = []

    # --- for composition --------------------------------------------------------------------

    async def start(self) -> None:
        """Begin to run jobs in the background."""
        await self.arrange()
        self._is_stopping = False
        self._background = [
            asyncio.create_task(self._dispatch()),
            asyncio.create_task(self._listen()),
        ]

    async def stop(self, *, grace: timedelta = timedelta(seconds=8)) -> None:
        """Take no more jobs, let running ones end, give back those that do not in time."""
        self._is_stopping = True
        self.wake()
        if self._running:
            _, late = await asyncio.wait(self._running, timeout=grace.total_seconds())
            await cancel_all(late)
        if self._background:
            dispatching, listening = self._background
            # Never cancelled: it may just be taking a job.
            await dispatching
            await cancel_all({listening})
        self._background = []

    def wake(self) -> None:
        """Look for jobs now."""
        self._woken.set()

    async def arrange(self) -> None:
        """See that each job that comes back exists, with the interval it has now."""
        await arrange(
            self._documents, self._every, organisation=self._organisation, clock=self._clock
        )

    async def run_once(self) -> bool:
        """Run one job that is due, if there is one; report whether there was."""
        return await self._run(await self._taker.take())

    async def run_one(self, job_id: str) -> bool:
        """Run this job if it is due; report whether it was.

        It may be done, or with another worker, so being told of a job twice does no harm.
        """
        return await self._run(await self._taker.take_one(job_id))

    async def _run(self, lease: Lease | None) -> bool:
        if lease is not None:
            await self._runner.run(lease)
        return lease is not None

    # --- the loop ---------------------------------------------------------------------------

    async def _dispatch(self) -> None:
        while True:
            await self._free.acquire()
            if self._is_stopping:
                self._free.release()
                return
            self._woken.clear()
            lease = await self._take_safely()
            if lease is not None:
                self._begin(lease)
                continue
            self._free.release()
            if not self._is_stopping:
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._poll.total_seconds()):
                        await self._woken.wait()

    def _begin(self, lease: Lease) -> None:
        task = asyncio.create_task(self._runner.run(lease))
        self._running.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._free.release()
        if not task.cancelled() and (error := task.exception()) is not None:
            # Its lease will run out, and the job be taken again.
            log.error("job not brought to an end", extra={"error_type": type(error).__name__})

    async def _listen(self) -> None:
        """Notice jobs that anyone queues, in this process or another."""
        try:
            async for _ in self._documents.watch(frozenset({KIND}), self._organisation):
                self.wake()
        except Exception as error:  # noqa: BLE001 - looking at intervals goes on.
            log.error("jobs not watched", extra={"error_type": type(error).__name__})  # noqa: TRY400

    async def _take_safely(self) -> Lease | None:
        try:
            return await self._taker.take()
        except Exception as error:  # noqa: BLE001 - the store may be back at the next look.
            log.error("jobs not read", extra={"error_type": type(error).__name__})  # noqa: TRY400
            return None

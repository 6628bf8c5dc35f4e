"""The queue: jobs are staged with their cause, taken by lease, and done once in effect."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import msgspec

from careflow.clock import Clock
from careflow.database.documents import (
    Document,
    Documents,
    Query,
    RangeWithin,
    SortKey,
    VersionMismatchError,
)
from careflow.database.scope import organisation_scope
from careflow.database.work import Work
from careflow.ids import Mint
from careflow.jobs.ending import cancel_all
from careflow.jobs.errors import JobMissingError, WorkerLostError
from careflow.jobs.job import Handler, Job
from careflow.jobs.lease import Lease, LeaseLostError
from careflow.jobs.retrying import Backoff, after_failure
from careflow.jobs.run import Runner
from careflow.jobs.stored import DUE, KIND, StoredJob, milliseconds

log = logging.getLogger(__name__)

_LOOKED_AT = 20
"""Due jobs tried at once; those that others were quicker to take are passed over."""


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
    )
    work.put(StoredJob(job).put())
    return job


@dataclass(frozen=True, slots=True)
class Every:
    """A job that comes back at each multiple of an interval, once over all processes."""

    name: str
    interval: timedelta

    @property
    def job_id(self) -> str:
        """Return the id of the one document that all processes share."""
        return "every-" + self.name.replace(".", "-")


class JobQueue:
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
        time_max: timedelta = timedelta(minutes=30),
    ) -> None:
        self._documents = documents
        self._organisation = organisation
        self._clock = clock
        self._worker = worker
        self._every = every
        self._lease = lease
        self._poll = poll
        self._runner = Runner(
            documents, handlers, clock, backoff or Backoff(), beat=lease / 3, time_max=time_max
        )
        self._free = asyncio.Semaphore(runners)
        self._woken = asyncio.Event()
        self._is_stopping = False
        self._running: set[asyncio.Task[None]] = set()
        self._background: list[asyncio.Task[None]] = []

    # --- for those who ask ------------------------------------------------------------------

    async def get(self, job_id: str, organisation: str) -> Job:
        """Return a job, or raise JobMissingError."""
        return StoredJob.of(await self._read(job_id, organisation)).job

    async def watch(self, job_id: str, organisation: str) -> AsyncGenerator[Job, None]:
        """Yield a job as it is, then as it becomes, until it is done or failed.

        States that follow each other quickly may be passed over; the last one never is.
        """
        document = await self._read(job_id, organisation)
        job = StoredJob.of(document).job
        yield job
        if job.is_ended:
            return
        async with _changes_after(self._documents, document) as changes:
            async for changed in changes:
                if changed.id != job_id or changed.deleted:
                    continue
                job = StoredJob.of(changed).job
                yield job
                if job.is_ended:
                    return

    # --- for composition --------------------------------------------------------------------

    async def start(self) -> None:
        """Begin to run jobs in the background."""
        await self.arrange()
        self._is_stopping = False
        self._background = [
            asyncio.create_task(self._dispatch()),
            asyncio.create_task(self._listen()),
        ]

    async def stop(self, *, grace: timedelta = timedelta(seconds=10)) -> None:
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
        for one in self._every:
            # Of several processes that start together one stores it, and that is enough.
            with suppress(VersionMismatchError):
                await self._arrange(one)

    async def run_once(self) -> bool:
        """Run one job that is due, if there is one; report whether there was."""
        lease = await self._take()
        if lease is None:
            return False
        await self._runner.run(lease)
        return True

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
            return await self._take()
        except Exception as error:  # noqa: BLE001 - the store may be back at the next look.
            log.error("jobs not read", extra={"error_type": type(error).__name__})  # noqa: TRY400
            return None

    async def _take(self) -> Lease | None:
        """Lease the job that has been due for longest, if any."""
        now = self._clock()
        due = Query(
            KIND,
            conditions=(RangeWithin(DUE, low_max=milliseconds(now)),),
            sort=(SortKey(DUE),),
            count=_LOOKED_AT,
        )
        page = await self._documents.find(due, organisation_scope(self._organisation))
        for stored in _readable(page.documents):
            # A version mismatch means that another worker was quicker.
            with suppress(VersionMismatchError, LeaseLostError):
                if stored.job.state == "running" and stored.job.attempt >= stored.job.attempts_max:
                    await self._give_up(stored)
                else:
                    return await self._lease_of(stored, now)
        return None

    async def _lease_of(self, stored: StoredJob, now: datetime) -> Lease:
        leased = stored.leased(self._worker, now + self._lease)
        [document] = await self._documents.commit([leased.put()])
        leased = replace(leased, version=document.version)
        return Lease(self._documents, leased, clock=self._clock, length=self._lease)

    async def _give_up(self, stored: StoredJob) -> None:
        lease = Lease(self._documents, stored, clock=self._clock, length=self._lease)
        failed = after_failure(stored.job, WorkerLostError(), now=self._clock(), backoff=Backoff())
        await lease.end(failed, Work(self._documents))

    async def _arrange(self, one: Every) -> None:
        document = await self._find(one.job_id, self._organisation)
        if document is None:
            await self._documents.commit([self._first_round(one).put()])
            return
        stored = StoredJob.of(document)
        if stored.every != one.interval and stored.job.state == "queued":
            due_now = replace(stored.job, run_at=self._clock())
            changed = replace(stored, job=due_now, every=one.interval)
            await self._documents.commit([changed.put()])

    def _first_round(self, one: Every) -> StoredJob:
        now = self._clock()
        job = Job(
            id=one.job_id,
            name=one.name,
            organisation=self._organisation,
            queued_at=now,
            run_at=now,
        )
        return StoredJob(job, every=one.interval)

    async def _read(self, job_id: str, organisation: str) -> Document:
        document = await self._find(job_id, organisation)
        if document is None:
            raise JobMissingError
        return document

    async def _find(self, job_id: str, organisation: str) -> Document | None:
        document = await self._documents.read(KIND, job_id, organisation_scope(organisation))
        return None if document is None or document.deleted else document


@asynccontextmanager
async def _changes_after(
    documents: Documents, document: Document
) -> AsyncGenerator[AsyncIterator[Document], None]:
    """Watch jobs from a version on, and let go of the watch at the end."""
    organisation = StoredJob.of(document).job.organisation
    changes = documents.watch(frozenset({KIND}), organisation, after=document.sequence)
    try:
        yield changes
    finally:
        if isinstance(changes, AsyncGenerator):
            await changes.aclose()


def _readable(documents: Sequence[Document]) -> list[StoredJob]:
    """Leave out, and say so, what this version cannot read; the others must not wait for it."""
    readable = []
    for document in documents:
        try:
            readable.append(StoredJob.of(document))
        except msgspec.MsgspecError:
            log.error("job not readable", extra={"job_id": document.id})  # noqa: TRY400
    return readable

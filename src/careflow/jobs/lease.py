"""A job in one worker's hands: every change expects the version of the last, or the lease is lost.

While somebody else could have taken the job, nothing of this worker's is stored.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

from careflow.clock import Clock
from careflow.database.documents import Documents, VersionMismatchError
from careflow.database.work import Work
from careflow.jobs.job import Job
from careflow.jobs.retrying import next_round
from careflow.jobs.stored import KIND, StoredJob


class LeaseLostError(Exception):
    """Another worker has the job now, and nothing of ours was stored; never leaves the room."""


class Lease:
    """Keeps, moves on and ends one job; safe to use from several tasks."""

    def __init__(
        self, documents: Documents, stored: StoredJob, *, clock: Clock, length: timedelta
    ) -> None:
        self._documents = documents
        self._stored = stored
        self._clock = clock
        self._length = length
        self._turn = asyncio.Lock()
        self._is_ended = False
        self.lost = asyncio.Event()

    @property
    def job(self) -> Job:
        """Return the job as last stored."""
        return self._stored.job

    async def extend(self) -> None:
        """Keep the job for another length of the lease, or find out that it is lost."""
        await self._keep(self.job.progress)

    async def report(self, progress: float) -> None:
        """Store how far the job is; keeps it as well."""
        await self._keep(progress)

    async def end(self, job: Job, work: Work) -> None:
        """Commit what is staged on the work together with the job's new state.

        Raises:
            LeaseLostError: Someone else has the job; nothing was stored.
            VersionMismatchError: Something staged has changed meanwhile; nothing was stored, and
                the lease still holds.
        """
        async with self._turn:
            if self._stored.every is not None:
                job = next_round(job, self._stored.every, now=self._clock())
            work.put(self._stored.freed(job).put())
            try:
                await work.commit()
            except VersionMismatchError as error:
                if self._is_ours(error):
                    self.lost.set()
                    raise LeaseLostError from error
                raise
            self._is_ended = True

    async def _keep(self, progress: float) -> None:
        async with self._turn:
            if self._is_ended or self.lost.is_set():
                return
            kept = replace(
                self._stored,
                job=replace(self.job, progress=progress),
                lease_until=self._clock() + self._length,
            )
            try:
                [document] = await self._documents.commit([kept.put()])
            except VersionMismatchError:
                self.lost.set()
                return
            self._stored = replace(kept, version=document.version)

    def _is_ours(self, error: VersionMismatchError) -> bool:
        return (error.kind, error.id) == (KIND, self.job.id)

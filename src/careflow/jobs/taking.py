"""Taking jobs by lease: whoever stores its name in a due job first has it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from careflow.clock import Clock
from careflow.database.documents import Documents, VersionMismatchError
from careflow.database.scope import organisation_scope
from careflow.database.work import Work
from careflow.jobs.errors import WorkerLostError
from careflow.jobs.job import Priority
from careflow.jobs.lease import Lease, LeaseLostError
from careflow.jobs.retrying import Backoff, after_failure
from careflow.jobs.stored import KIND, StoredJob, due_jobs, readable

BATCH_PATIENCE = timedelta(minutes=1)
"""How long a batch job may be passed over by jobs that people wait for …"""
BATCH_TURN = 4
"""… until one in so many of the jobs taken is a batch job, so that no stream of people waiting
keeps a batch from ever ending."""

_LOOKED_AT = 20
"""Due jobs tried at once; those that others were quicker to take are passed over."""


class Taker:
    """Takes the jobs of one organisation for one worker."""

    def __init__(
        self,
        documents: Documents,
        *,
        organisation: str,
        clock: Clock,
        worker: str,
        length: timedelta,
    ) -> None:
        self._documents = documents
        self._organisation = organisation
        self._clock = clock
        self._worker = worker
        self._length = length
        self._taken = 0

    async def take(self) -> Lease | None:
        """Lease the job whose turn it is, if any is due."""
        now = self._clock()
        for priority, before in self._order(now):
            lease = await self._first(priority, before)
            if lease is not None:
                self._taken += 1
                return lease
        return None

    async def take_one(self, job_id: str) -> Lease | None:
        """Lease this job, if it is due; otherwise it is done, ahead of its time, or somebody's."""
        scope = organisation_scope(self._organisation)
        document = await self._documents.read(KIND, job_id, scope)
        if document is None or document.deleted:
            return None
        due = [stored for stored in readable([document]) if stored.is_due(self._clock())]
        return await self._any_of(due)

    def _order(self, now: datetime) -> list[tuple[Priority, datetime]]:
        usual: list[tuple[Priority, datetime]] = [("waiting", now), ("batch", now)]
        if self._taken % BATCH_TURN == BATCH_TURN - 1:
            return [("batch", now - BATCH_PATIENCE), *usual]
        return usual

    async def _first(self, priority: Priority, before: datetime) -> Lease | None:
        return await self._any_of(
            await due_jobs(self._documents, self._organisation, priority, before, count=_LOOKED_AT)
        )

    async def _any_of(self, due: list[StoredJob]) -> Lease | None:
        for stored in due:
            # A version mismatch means that another worker was quicker.
            with suppress(VersionMismatchError, LeaseLostError):
                if stored.job.state == "running" and stored.job.attempt >= stored.job.attempts_max:
                    await self._give_up(stored)
                else:
                    return await self._lease_of(stored)
        return None

    async def _lease_of(self, stored: StoredJob) -> Lease:
        leased = stored.leased(self._worker, self._clock() + self._length)
        [document] = await self._documents.commit([leased.put()])
        leased = replace(leased, version=document.version)
        return Lease(self._documents, leased, clock=self._clock, length=self._length)

    async def _give_up(self, stored: StoredJob) -> None:
        lease = Lease(self._documents, stored, clock=self._clock, length=self._length)
        failed = after_failure(stored.job, WorkerLostError(), now=self._clock(), backoff=Backoff())
        await lease.end(failed, Work(self._documents))

"""Looking at jobs: one, one as it goes on, those that failed; and trying a failed one again."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from careflow.clock import Clock
from careflow.database.conditions import SortKey, TermIn
from careflow.database.documents import Document, Documents, Query
from careflow.database.scope import organisation_scope
from careflow.database.work import Work
from careflow.jobs.errors import JobMissingError, JobNotFailedError
from careflow.jobs.job import Job, State
from careflow.jobs.retrying import tried_again
from careflow.jobs.stored import KIND, StoredJob, readable


@dataclass(frozen=True, slots=True)
class JobPage:
    """Jobs in a list; ``next`` is ``None`` on the last page."""

    jobs: list[Job]
    next: str | None


class Jobs:
    """The jobs of a store, whoever runs them."""

    def __init__(self, documents: Documents, clock: Clock) -> None:
        self._documents = documents
        self._clock = clock

    async def get(self, job_id: str, organisation: str) -> Job:
        """Return a job, or raise JobMissingError."""
        return StoredJob.of(await self._read(job_id, organisation)).job

    async def listed(
        self, state: State, organisation: str, *, count: int = 50, cursor: str | None = None
    ) -> JobPage:
        """Return jobs of a state, the one that changed last first."""
        newest = (SortKey("_lastUpdated", descending=True),)
        query = Query(KIND, (TermIn("state", (state,)),), sort=newest, count=count, cursor=cursor)
        page = await self._documents.find(query, organisation_scope(organisation))
        return JobPage([stored.job for stored in readable(page.documents)], page.next)

    async def retry(self, work: Work, job_id: str, organisation: str) -> Job:
        """Stage that a job which failed for good is tried again, as often as a new one.

        Raises:
            JobMissingError: There is no such job.
            JobNotFailedError: It has not failed.
        """
        stored = StoredJob.of(await self._read(job_id, organisation))
        if stored.job.state != "failed":
            raise JobNotFailedError
        again = tried_again(stored.job, now=self._clock())
        work.put(stored.freed(again).put())
        return again

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

    async def _read(self, job_id: str, organisation: str) -> Document:
        document = await self._documents.read(KIND, job_id, organisation_scope(organisation))
        if document is None or document.deleted:
            raise JobMissingError
        return document


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

"""A job as a document: what the queue keeps beside what everyone may know."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Self

import msgspec

from careflow.database.conditions import RangeWithin, SortKey
from careflow.database.documents import Document, Documents, Entries, Put, Query
from careflow.database.scope import organisation_scope
from careflow.jobs.job import Job, Priority

log = logging.getLogger(__name__)

KIND = "job"
DUE: Mapping[Priority, str] = {"waiting": "due", "batch": "due-batch"}
"""Range of an unfinished job: when it may be taken, which for a running one is when its lease
ends."""


@dataclass(frozen=True, slots=True)
class _Body:
    job: Job
    worker: str | None = None
    lease_until: datetime | None = None
    every: timedelta | None = None


_decoder = msgspec.json.Decoder(_Body)


@dataclass(frozen=True, slots=True)
class StoredJob:
    """A job, who runs it until when, and the version that a change must expect.

    Attributes:
        every: The interval of a job that comes back.
    """

    job: Job
    version: int = 0
    worker: str | None = None
    lease_until: datetime | None = None
    every: timedelta | None = None

    @classmethod
    def of(cls, document: Document) -> Self:
        """Read a job's document."""
        body = _decoder.decode(document.body)
        return cls(body.job, document.version, body.worker, body.lease_until, body.every)

    def put(self) -> Put:
        """Return the change that stores this state over the version it came from."""
        body = _Body(self.job, self.worker, self.lease_until, self.every)
        return Put(
            KIND,
            self.job.id,
            msgspec.json.encode(body),
            self.job.organisation,
            entries=self._entries(),
            expected=self.version,
            keep_history=False,
        )

    def leased(self, worker: str, until: datetime) -> StoredJob:
        """Return the job in the hands of a worker, one attempt further."""
        job = replace(self.job, state="running", attempt=self.job.attempt + 1, progress=0.0)
        return replace(self, job=job, worker=worker, lease_until=until)

    def freed(self, job: Job) -> StoredJob:
        """Return the job in a new state and in nobody's hands."""
        return replace(self, job=job, worker=None, lease_until=None)

    def _entries(self) -> Entries:
        terms = [("state", self.job.state), ("name", self.job.name)]
        due = {"queued": self.job.run_at, "running": self.lease_until}.get(self.job.state)
        if due is None:
            return Entries(terms=terms)
        at = milliseconds(due)
        return Entries(terms=terms, ranges=[(DUE[self.job.priority], at, at, "")])

    def is_due(self, now: datetime) -> bool:
        """Report whether anyone may take it: its time has come, or whoever had it is lost."""
        due = {"queued": self.job.run_at, "running": self.lease_until}.get(self.job.state)
        return due is not None and due <= now


async def due_jobs(
    documents: Documents, organisation: str, priority: Priority, before: datetime, *, count: int
) -> list[StoredJob]:
    """Return jobs that may be taken, the one that has been due for longest first."""
    query = Query(
        KIND,
        conditions=(RangeWithin(DUE[priority], low_max=milliseconds(before)),),
        sort=(SortKey(DUE[priority]),),
        count=count,
    )
    page = await documents.find(query, organisation_scope(organisation))
    return readable(page.documents)


def readable(documents: Sequence[Document]) -> list[StoredJob]:
    """Leave out, and say so, what this version cannot read; the others must not wait for it."""
    jobs = []
    for document in documents:
        try:
            jobs.append(StoredJob.of(document))
        except msgspec.MsgspecError:
            log.error("job not readable", extra={"job_id": document.id})  # noqa: TRY400
    return jobs


def milliseconds(instant: datetime) -> float:
    """Return an instant as the store orders it."""
    return float(int(instant.timestamp() * 1000))

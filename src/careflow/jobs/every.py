"""Jobs that come back: one document each, which all processes share."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta

from careflow.clock import Clock
from careflow.database.documents import Documents, VersionMismatchError
from careflow.database.scope import organisation_scope
from careflow.jobs.job import Job, Priority
from careflow.jobs.stored import KIND, StoredJob


@dataclass(frozen=True, slots=True)
class Every:
    """A job that comes back at each multiple of an interval, once over all processes."""

    name: str
    interval: timedelta
    priority: Priority = "waiting"

    @property
    def job_id(self) -> str:
        """Return the id of the one document that all processes share."""
        return "every-" + self.name.replace(".", "-")


async def arrange(
    documents: Documents, every: Sequence[Every], *, organisation: str, clock: Clock
) -> None:
    """See that each job that comes back exists, with the interval it has now."""
    for one in every:
        # Of several processes that start together one stores it, and that is enough.
        with suppress(VersionMismatchError):
            await _arrange(documents, one, organisation, clock)


async def _arrange(documents: Documents, one: Every, organisation: str, clock: Clock) -> None:
    now = clock()
    document = await documents.read(KIND, one.job_id, organisation_scope(organisation))
    if document is None or document.deleted:
        job = Job(one.job_id, one.name, organisation, now, now, priority=one.priority)
        await documents.commit([StoredJob(job, every=one.interval).put()])
        return
    stored = StoredJob.of(document)
    if stored.every != one.interval and stored.job.state == "queued":
        changed = replace(stored, job=replace(stored.job, run_at=now), every=one.interval)
        await documents.commit([changed.put()])

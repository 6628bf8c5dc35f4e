"""Addresses of jobs: how far one is, once or as it goes on."""

# Annotations are evaluated here on purpose: FastAPI reads the dependency from the router's closure.

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import datetime
from typing import Annotated, Any, Protocol, TypeVar

from fastapi import APIRouter, Depends, Query
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from careflow.jobs.ending import cancel_all
from careflow.jobs.errors import JobMissingError
from careflow.jobs.job import Job, Priority, State
from careflow.jobs.looking import Jobs

QUIET_S = 15.0
"""A line is sent at least this often, so that proxies keep the connection."""


class Asker(Protocol):
    """What the queue must know of who is asking; identity's actor fits."""

    @property
    def id(self) -> str:
        """The account."""
        ...

    @property
    def organisation(self) -> str:
        """Whose jobs exist for the asker."""
        ...


AnyAsker = TypeVar("AnyAsker", bound=Asker)


class JobView(BaseModel):
    """A job, without its arguments."""

    id: str
    name: str
    state: State
    priority: Priority
    attempt: int
    progress: float
    queued_at: datetime
    run_at: datetime
    result: dict[str, Any]
    error: str | None


class JobsView(BaseModel):
    """Jobs in a list; ``next`` is the cursor of the next page."""

    jobs: list[JobView]
    next: str | None


def router(
    jobs: Jobs,
    who: Callable[..., Awaitable[AnyAsker]],
    *,
    sees_all: Callable[[AnyAsker], bool],
    lists: Callable[[AnyAsker], None],
) -> APIRouter:
    """Return the routes.

    ``sees_all`` tells who may see jobs that others queued; ``lists`` returns for who may list all.
    """
    api = APIRouter(prefix="/api/jobs", tags=["jobs"])

    async def visible(job_id: str, asker: Annotated[AnyAsker, Depends(who)]) -> Job:
        job = await jobs.get(job_id, asker.organisation)
        if job.actor != asker.id and not sees_all(asker):
            raise JobMissingError
        return job

    @api.get("")
    async def listed(
        asker: Annotated[AnyAsker, Depends(who)],
        state: State = "failed",
        count: Annotated[int, Query(ge=1, le=200)] = 50,
        cursor: Annotated[str | None, Query(max_length=500)] = None,
    ) -> JobsView:
        """List jobs of a state, those that failed for good by default; newest change first."""
        lists(asker)
        page = await jobs.listed(state, asker.organisation, count=count, cursor=cursor)
        return JobsView(jobs=[_view(job) for job in page.jobs], next=page.next)

    @api.get("/{job_id}")
    async def job(found: Annotated[Job, Depends(visible)]) -> JobView:
        """Show a job."""
        return _view(found)

    @api.get("/{job_id}/events", response_class=StreamingResponse)
    async def events(found: Annotated[Job, Depends(visible)]) -> StreamingResponse:
        """Send each state of a job as a server-sent event, until it is done or failed."""
        states = jobs.watch(found.id, found.organisation)
        return StreamingResponse(
            _events(states),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )

    return api


async def _events(states: AsyncGenerator[Job, None]) -> AsyncGenerator[str, None]:
    coming = asyncio.ensure_future(anext(states, None))
    try:
        while True:
            await asyncio.wait({coming}, timeout=QUIET_S)
            if not coming.done():
                yield ": still here\n\n"
                continue
            job = coming.result()
            if job is None:
                return
            yield f"event: job\ndata: {_view(job).model_dump_json()}\n\n"
            coming = asyncio.ensure_future(anext(states, None))
    finally:
        await cancel_all({coming})
        await states.aclose()


def _view(job: Job) -> JobView:
    return JobView(
        id=job.id,
        name=job.name,
        state=job.state,
        priority=job.priority,
        attempt=job.attempt,
        progress=job.progress,
        queued_at=job.queued_at,
        run_at=job.run_at,
        result=dict(job.result),
        error=job.error,
    )

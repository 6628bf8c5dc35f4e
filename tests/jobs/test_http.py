"""Jobs over HTTP."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Callable, Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from fastapi.responses import JSONResponse
from starlette.requests import Request

from careflow.database.documents import Documents
from careflow.database.mongo import MongoDocuments
from careflow.database.sqlite import SqliteDocuments
from careflow.database.work import Work
from careflow.errors import CareFlowError, NotAllowedError
from careflow.ids import Mint
from careflow.jobs import http
from careflow.jobs.job import Job
from careflow.jobs.progress import report_progress
from careflow.jobs.queue import JobQueue, queue
from tests.jobs.conftest import SetClock


@dataclass(frozen=True)
class Person:
    """Who asks."""

    id: str = "nia"
    organisation: str = "harbour"
    is_staff: bool = False


def require_staff(person: Person) -> None:
    if not person.is_staff:
        raise NotAllowedError("Not for you.")


ClientOf = Callable[[Person], httpx2.AsyncClient]


async def work_in_steps(job: Job, work: Work) -> dict[str, str]:
    await report_progress(0.5)
    return {"draft": "d1"}


@pytest.fixture
def jobs(documents: Documents, clock: SetClock) -> JobQueue:
    return JobQueue(
        documents,
        {"ai.read": work_in_steps},
        organisation="harbour",
        clock=clock,
        worker="one",
        poll=timedelta(hours=1),
    )


@pytest.fixture
async def job(documents: Documents, clock: SetClock, mint: Mint) -> Job:
    async with Work(documents) as work:
        return queue(
            work,
            "ai.read",
            {"document": "d1"},
            organisation="harbour",
            clock=clock,
            mint=mint,
            actor="nia",
        )


@pytest.fixture
def client_of(jobs: JobQueue) -> ClientOf:
    def of(person: Person) -> httpx2.AsyncClient:
        app = FastAPI()

        async def who() -> Person:
            return person

        async def refused(_: Request, error: Exception) -> JSONResponse:
            assert isinstance(error, CareFlowError)
            return JSONResponse({"code": error.code}, status_code=error.status)

        app.add_exception_handler(CareFlowError, refused)
        app.include_router(
            http.router(jobs, who, sees_all=lambda person: person.is_staff, lists=require_staff)
        )
        transport = httpx2.ASGITransport(app=app)
        return httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1")

    return of


async def test_who_queued_a_job_sees_it_without_its_arguments(
    client_of: ClientOf, job: Job
) -> None:
    answer = await client_of(Person()).get(f"/api/jobs/{job.id}")

    shown = answer.json()
    assert (shown["state"], shown["name"], shown["progress"]) == ("queued", "ai.read", 0.0)
    assert "arguments" not in shown


@pytest.mark.parametrize(
    ("person", "status"),
    [
        (Person(id="ada", is_staff=True), 200),
        (Person(id="pat"), 404),
        (Person(organisation="bay"), 404),
        (Person(id="ada", organisation="bay", is_staff=True), 404),
    ],
)
async def test_staff_see_their_clinics_jobs_and_others_only_their_own(
    client_of: ClientOf, job: Job, person: Person, status: int
) -> None:
    client = client_of(person)

    answers = [await client.get(f"/api/jobs/{job.id}")]
    if status == 404:
        answers.append(await client.get(f"/api/jobs/{job.id}/events"))

    assert {answer.status_code for answer in answers} == {status}


async def test_a_job_that_is_not_there_is_missing(client_of: ClientOf) -> None:
    answer = await client_of(Person()).get("/api/jobs/nothing")

    assert (answer.status_code, answer.json()["code"]) == (404, "jobs-missing")


async def test_events_tell_each_state_and_end_with_the_job(
    client_of: ClientOf, jobs: JobQueue, job: Job
) -> None:
    following = asyncio.create_task(client_of(Person()).get(f"/api/jobs/{job.id}/events"))
    await jobs.start()

    answer = await following
    await jobs.stop()

    assert answer.headers["content-type"].startswith("text/event-stream")
    events = [block for block in answer.text.split("\n\n") if block.startswith("event: job\n")]
    states = [json.loads(event.split("data: ", 1)[1]) for event in events]
    assert (states[0]["id"], states[-1]["state"]) == (job.id, "done")
    assert states[-1]["result"] == {"draft": "d1"}


async def test_events_of_a_finished_job_are_its_last_state(
    client_of: ClientOf, jobs: JobQueue, job: Job
) -> None:
    await jobs.run_once()

    answer = await client_of(Person()).get(f"/api/jobs/{job.id}/events")

    assert answer.text.count("event: job") == 1


async def test_a_quiet_job_keeps_the_line_open(
    jobs: JobQueue, job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    events: AsyncGenerator[str, None] = http._events(jobs.watch(job.id, "harbour"))

    first = await anext(events)
    monkeypatch.setattr(http, "QUIET_S", 0.001)
    second = await anext(events)
    await events.aclose()

    assert first.startswith("event: job\n")
    assert second == ": still here\n\n"


def watchers(documents: Documents) -> Collection[Any]:
    """Return who waits for changes, as each adapter keeps them."""
    if isinstance(documents, SqliteDocuments):
        return documents._watchers
    assert isinstance(documents, MongoDocuments)
    return documents._watching._events


async def test_a_browser_that_leaves_leaves_no_watcher(
    documents: Documents, jobs: JobQueue, job: Job
) -> None:
    events = http._events(jobs.watch(job.id, "harbour"))
    await anext(events)
    waiting = asyncio.ensure_future(anext(events, None))
    while not watchers(documents):
        await asyncio.sleep(0)

    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    await events.aclose()

    assert not watchers(documents)


async def test_staff_list_what_failed_and_others_do_not(
    client_of: ClientOf, documents: Documents, jobs: JobQueue, clock: SetClock, mint: Mint
) -> None:
    async with Work(documents) as work:
        failing = queue(work, "no.such", {}, organisation="harbour", clock=clock, mint=mint)
    await jobs.run_once()

    listed = await client_of(Person(id="ada", is_staff=True)).get("/api/jobs")
    queued = await client_of(Person(id="ada", is_staff=True)).get("/api/jobs?state=queued")
    refused = await client_of(Person()).get("/api/jobs")

    assert [one["id"] for one in listed.json()["jobs"]] == [failing.id]
    assert [one["error"] for one in listed.json()["jobs"]] == ["jobs-unknown-handler"]
    assert queued.json()["jobs"] == []
    assert refused.status_code == 403

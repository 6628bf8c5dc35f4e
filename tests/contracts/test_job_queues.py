"""Whatever runs jobs gives the same guarantees: processes of the clinic may die, a broker too."""

from __future__ import annotations

import asyncio
import base64
import os
import re
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI

from careflow import ids
from careflow.clock import now
from careflow.database.documents import Documents
from careflow.database.work import Work
from careflow.errors import UnprocessableError
from careflow.jobs import http
from careflow.jobs.celery_broker import CeleryBroker
from careflow.jobs.errors import JobMissingError
from careflow.jobs.job import Job
from careflow.jobs.looking import Jobs
from careflow.jobs.queue import queue
from tests.contracts.engines import ENGINES
from tests.contracts.job_node import HARBOUR, app_of
from tests.jobs.test_http import Person, require_staff
from tests.mongo_server import end_abandoned, server_url
from tests.redis_server import RedisServer, end_with_the_tests

ROOT = Path(__file__).parents[2]
KINDS = ("embedded on sqlite", "embedded on mongo", "celery on mongo")
CANARY = b"Zebulon"


class Clinic:
    """The processes of a clinic, each of which may be killed."""

    def __init__(self, kind: str, folder: Path) -> None:
        self.runs, _, self.engine = kind.partition(" on ")
        self.folder = folder
        self.redis: RedisServer | None = None
        self.processes: list[subprocess.Popen[str]] = []

    @property
    def is_celery(self) -> bool:
        return self.runs == "celery"

    def open(self) -> None:
        if self.engine == "mongo":
            server_url()
        if self.is_celery:
            self.redis = RedisServer(self.folder / "redis")
            self.redis.start()
        self.start("node")
        self.start("worker" if self.is_celery else "node")

    def start(self, role: str) -> subprocess.Popen[str]:
        """Start one more process and return once it is at work."""
        broker = self.redis.url if self.redis else "-"
        with (self.folder / "log").open("a") as log:
            process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "tests.contracts.job_node"),
                    *(role, self.engine, str(self.folder), broker),
                ],
                cwd=ROOT,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                preexec_fn=end_with_the_tests if sys.platform == "linux" else None,  # noqa: PLW1509 - short
            )
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        self.processes.append(process)
        return process

    def doer(self) -> subprocess.Popen[str]:
        """Return the process that runs jobs and was started last."""
        return self.processes[-1]

    def end(self, process: subprocess.Popen[str], number: int = signal.SIGTERM) -> int:
        """End a process and return its exit code."""
        process.send_signal(number)
        code = process.wait(timeout=60)
        assert process.stdout is not None
        process.stdout.close()
        self.processes.remove(process)
        if number == signal.SIGKILL:
            self.let_go()
        return code

    def kill(self, number: int) -> None:
        """Kill whichever process does a job, itself or a child of a worker."""
        os.kill(number, signal.SIGKILL)
        self.let_go()

    def let_go(self) -> None:
        """Have the database end at once what a killed process left open."""
        if self.engine == "mongo":
            end_abandoned()

    def close(self) -> None:
        for process in list(self.processes):
            self.end(process, signal.SIGKILL)
        if self.redis:
            self.redis.kill(with_data=True)


@pytest.fixture(scope="module", params=KINDS)
def clinic(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    clinic = Clinic(request.param, tmp_path_factory.mktemp("clinic"))
    try:
        clinic.open()
        yield clinic
    finally:
        clinic.close()


@pytest.fixture
def redis(clinic: Clinic) -> RedisServer:
    if clinic.redis is None:
        pytest.skip("the embedded queue has no broker")
    return clinic.redis


@pytest.fixture
async def documents(clinic: Clinic) -> AsyncIterator[Documents]:
    opened = await ENGINES[clinic.engine](clinic.folder, now)
    yield opened
    await opened.close()


@pytest.fixture
def jobs(documents: Documents) -> Jobs:
    return Jobs(documents, now)


async def ask(documents: Documents, name: str = "effect.store", count: int = 1, **more: Any) -> Any:
    """Queue jobs in one commit; return their ids."""
    async with Work(documents) as work:
        return [
            queue(work, name, {}, organisation=HARBOUR, clock=now, mint=ids.mint, **more).id
            for _ in range(count)
        ]


async def ended(jobs: Jobs, job_id: str) -> Job:
    """Return a job once it is done or has failed."""
    return [job async for job in jobs.watch(job_id, HARBOUR)][-1]


async def effects_of(documents: Documents, asked: list[str]) -> Counter[str]:
    entries = await documents.stream("effects", HARBOUR, count=10_000)
    return Counter(body for entry in entries if (body := entry.body.decode()) in asked)


async def begun(documents: Documents, job_id: str) -> int:
    """Return the id of the process that has begun a job, once one has."""
    while True:
        for entry in await documents.stream("begun", HARBOUR, count=10_000):
            job, process = entry.body.decode().split()
            if job == job_id:
                return int(process)
        await asyncio.sleep(0.02)


async def test_each_job_is_done_once_in_effect(documents: Documents, jobs: Jobs) -> None:
    asked = await ask(documents, count=30)

    states = {(await ended(jobs, job)).state for job in asked}

    assert states == {"done"}
    assert await effects_of(documents, asked) == Counter(asked)


async def test_a_job_whose_cause_was_not_stored_does_not_exist(
    documents: Documents, jobs: Jobs
) -> None:
    refused: list[str] = []

    async def cause() -> None:
        async with Work(documents) as work:
            job = queue(work, "effect.store", {}, organisation=HARBOUR, clock=now, mint=ids.mint)
            refused.append(job.id)
            raise UnprocessableError("The cause broke a rule.")

    with pytest.raises(UnprocessableError):
        await cause()
    [after] = await ask(documents)
    await ended(jobs, after)

    with pytest.raises(JobMissingError):
        await jobs.get(refused[0], HARBOUR)
    assert not await effects_of(documents, refused)


async def test_what_fails_is_tried_again_and_poison_ends_as_a_dead_letter(
    documents: Documents, jobs: Jobs
) -> None:
    [healing] = await ask(documents, "effect.third-time")
    [poison] = await ask(documents, "effect.poison", attempts_max=2)

    healed, dead = await ended(jobs, healing), await ended(jobs, poison)

    assert (healed.state, healed.attempt) == ("done", 3)
    assert (dead.state, dead.attempt, dead.error) == ("failed", 2, "jobs-handler-broken")
    assert poison in {job.id for job in (await jobs.listed("failed", HARBOUR)).jobs}
    assert await effects_of(documents, [healing, poison]) == Counter([healing])


async def test_a_dead_letter_can_be_tried_again(documents: Documents, jobs: Jobs) -> None:
    [poison] = await ask(documents, "effect.poison", attempts_max=1)
    first = await ended(jobs, poison)

    async with Work(documents) as work:
        await jobs.retry(work, poison, HARBOUR)
    again = await ended(jobs, poison)

    assert (first.state, again.state, again.attempt) == ("failed", "failed", 1)


async def test_who_waits_is_served_before_a_batch_is_through(
    documents: Documents, jobs: Jobs
) -> None:
    batch = await ask(documents, count=40, priority="batch")
    [waiting] = await ask(documents)

    await ended(jobs, waiting)
    for job in batch:
        await ended(jobs, job)

    entries = await documents.stream("effects", HARBOUR, count=10_000)
    order = [entry.body.decode() for entry in entries]
    assert order.index(waiting) < max(order.index(job) for job in batch)


async def test_rounds_of_a_job_that_comes_back_run_once_over_all_processes(
    documents: Documents,
) -> None:
    while len(ticks := await documents.stream("ticks", HARBOUR, count=10_000)) < 3:
        await asyncio.sleep(0.1)

    rounds = [tick.body for tick in ticks]
    assert len(rounds) == len(set(rounds))


async def test_a_process_killed_midway_leaves_no_effect_and_the_job_is_done_by_another(
    clinic: Clinic, documents: Documents, jobs: Jobs
) -> None:
    [job] = await ask(documents, "effect.hold")
    process = await begun(documents, job)
    assert not await effects_of(documents, [job])

    clinic.kill(process)
    done = await ended(jobs, job)

    assert (done.state, done.attempt > 1) == ("done", True)
    assert await effects_of(documents, [job]) == Counter([job])
    _replace_if_ended(clinic)


async def test_a_whole_worker_killed_midway_loses_no_job(
    clinic: Clinic, documents: Documents, jobs: Jobs
) -> None:
    [job] = await ask(documents, "effect.hold")
    await begun(documents, job)

    clinic.end(clinic.doer(), signal.SIGKILL)
    clinic.start("worker" if clinic.is_celery else "node")
    if not clinic.is_celery:  # whichever of the two had it
        clinic.end(clinic.processes[0], signal.SIGKILL)
        clinic.start("node")
    done = await ended(jobs, job)

    assert done.state == "done"
    assert await effects_of(documents, [job]) == Counter([job])


async def test_stopping_gives_back_what_does_not_end(
    clinic: Clinic, documents: Documents, jobs: Jobs
) -> None:
    [job] = await ask(documents, "effect.hold")
    await begun(documents, job)

    doers = [clinic.doer()] if clinic.is_celery else list(clinic.processes)
    # One at a time: a second signal to a process that is on its way out would count as killing it.
    codes = [clinic.end(process) for process in doers]
    for _ in doers:
        clinic.start("worker" if clinic.is_celery else "node")
    done = await ended(jobs, job)

    assert codes == [0] * len(doers)
    # An attempt that was given back does not count; that of a worker that was lost does.
    assert (done.state, done.attempt) == ("done", 1)
    assert await effects_of(documents, [job]) == Counter([job])


async def test_progress_is_seen_from_another_process(
    clinic: Clinic, documents: Documents, jobs: Jobs
) -> None:
    [job] = await ask(documents, "effect.hold", actor="nia")
    app = FastAPI()

    async def who() -> Person:
        return Person()

    app.include_router(
        http.router(jobs, who, sees_all=lambda person: person.is_staff, lists=require_staff)
    )
    client = httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=app), base_url="http://127.0.0.1"
    )
    following = asyncio.create_task(client.get(f"/api/jobs/{job}/events"))
    process = await begun(documents, job)
    async for state in jobs.watch(job, HARBOUR):
        if state.progress == 0.5:
            clinic.kill(process)
            break
    answer = await following

    assert '"progress":0.5' in answer.text
    assert '"state":"done"' in answer.text.split("event: job")[-1]
    _replace_if_ended(clinic)


class TestTheBroker:
    """It may lose what it holds."""

    @pytest.mark.parametrize("with_data", [False, True])
    async def test_a_broker_that_is_killed_and_comes_back_loses_no_job(
        self, redis: RedisServer, documents: Documents, jobs: Jobs, with_data: bool
    ) -> None:
        before = await ask(documents, count=20)
        redis.kill(with_data=with_data)
        while_away = await ask(documents, count=5)
        redis.start()
        asked = [*before, *while_away, *await ask(documents, count=5)]

        states = {(await ended(jobs, job)).state for job in asked}

        assert states == {"done"}
        assert await effects_of(documents, asked) == Counter(asked)

    async def test_a_broker_that_is_emptied_while_it_runs_loses_no_job(
        self, clinic: Clinic, redis: RedisServer, documents: Documents, jobs: Jobs
    ) -> None:
        clinic.end(clinic.doer())
        asked = await ask(documents, count=5)
        broker = CeleryBroker(app_of(redis.url), HARBOUR)
        while await broker.waiting("waiting") < 5:
            await asyncio.sleep(0.05)
        await broker.close()

        redis.empty()
        clinic.start("worker")
        states = {(await ended(jobs, job)).state for job in asked}

        assert states == {"done"}
        assert await effects_of(documents, asked) == Counter(asked)

    async def test_messages_too_many_do_no_harm(
        self, redis: RedisServer, documents: Documents, jobs: Jobs
    ) -> None:
        asked = await ask(documents, count=5)
        broker = CeleryBroker(app_of(redis.url), HARBOUR)
        for _ in range(3):
            await broker.publish([*asked, "a-job-that-never-was"], "waiting")
        [after] = await ask(documents)

        await ended(jobs, after)
        while await broker.waiting("waiting"):
            await asyncio.sleep(0.05)
        await broker.close()

        states = [(await ended(jobs, job)).attempt for job in asked]
        assert states == [1] * 5
        assert await effects_of(documents, asked) == Counter(asked)

    async def test_messages_hold_ids_alone(
        self, clinic: Clinic, redis: RedisServer, documents: Documents, jobs: Jobs
    ) -> None:
        async with Work(documents) as work:
            job = queue(
                work,
                "effect.poison",
                {"note": CANARY.decode()},
                organisation=HARBOUR,
                clock=now,
                mint=ids.mint,
                attempts_max=1,
            )
        await ended(jobs, job.id)

        kept = b"".join(path.read_bytes() for path in redis.folder.rglob("*") if path.is_file())
        assert job.id.encode() in _decoded(kept)
        assert CANARY not in _decoded(kept)
        assert CANARY.decode() not in (clinic.folder / "log").read_text()


def _decoded(kept: bytes) -> bytes:
    """Return what the broker wrote, with message bodies decoded from base64."""
    bodies = re.findall(rb'"body": ?"([A-Za-z0-9+/=]+)"', kept.replace(b'\\"', b'"'))
    return kept + b"".join(base64.b64decode(body) for body in bodies)


def _replace_if_ended(clinic: Clinic) -> None:
    """Start another process for one that was killed itself, not a child of it."""
    for process in list(clinic.processes):
        try:
            process.wait(timeout=0.5)
        except subprocess.TimeoutExpired:
            continue
        clinic.end(process)
        clinic.start("worker" if clinic.is_celery else "node")

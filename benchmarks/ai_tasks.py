"""Measures AI tasks done by jobs, while the API is read: embedded on SQLite, Celery on MongoDB.

A server of ours (and, with Celery, a worker of two processes) has all CPUs of the machine. Text
reports are asked about in turn by ``lab-results`` and ``document-analysis``; each question is a job
that leaves a stored draft and its audit. All are queued first; the clock starts with the processes,
and audited reads go on at a steady rate until the last job is done. (The API itself takes reports
by way of the inbox alone, where reading the file comes on top; here the verb behind it is asked.)
MongoDB is the stand-in of the tests, slower than a real server: its figures are a lower bound.

    python -m benchmarks.ai_tasks [--tasks 1000] [--reads 50] [--only sqlite|mongo]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform as machine
import random
import signal
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.client import request
from benchmarks.data import observation, patient
from benchmarks.serving import environment
from careflow import settings
from careflow.ai.asking import task_named
from careflow.composition import Platform, open_platform
from careflow.database.conditions import TermIn
from careflow.database.documents import Query
from careflow.database.scope import organisation_scope
from careflow.database.work import Work
from careflow.identity.actor import Actor, Role
from tests.mongo_server import OwnServer
from tests.redis_server import RedisServer

Figures = dict[str, Any]
RESULTS = Path(__file__).resolve().parent / "results"
ORGANISATION = "clinic"
PATIENCE_S = 240
ALONE_S = 6
LOOK_S = 2.0
NURSE = Actor("nia", "Nia", Role.NURSE, ORGANISATION, session="")
TESTS = (
    ("Sodium", "mmol/L", 136, 145),
    ("Potassium", "mmol/L", 3.5, 5.1),
    ("Creatinine", "mg/dL", 0.7, 1.3),
    ("Glucose", "mg/dL", 70, 99),
    ("Hemoglobin", "g/dL", 12, 16),
    ("Platelets", "10*3/uL", 150, 400),
    ("ALT", "U/L", 7, 56),
    ("TSH", "mIU/L", 0.4, 4.0),
)


def report(number: int) -> str:
    """Return a laboratory report as text; no two are the same."""
    chance = random.Random(number)
    rows = [
        f"{name:<20}{chance.uniform(low * 0.8, high * 1.2):<10.2f}{unit:<12}{low} - {high}"
        for name, unit, low, high in TESTS
    ]
    head = ["Tideline Laboratory", f"Patient: Person {number}", f"MRN: B-{number:05d}"]
    return "\n".join([*head, "Collected: 20-Nov-2026 08:15", "", *rows, ""])


async def fill(platform: Platform) -> None:
    """Store what is read meanwhile."""
    chance = random.Random(11)
    async with Work(platform.documents) as work:
        for number in range(20):
            await platform.records.update(
                work, patient(number, chance), actor=NURSE, scope=organisation_scope(ORGANISATION)
            )
            await platform.records.update(
                work,
                observation(number, 20, chance),
                actor=NURSE,
                scope=organisation_scope(ORGANISATION),
            )


async def ask(platform: Platform, tasks: int) -> None:
    """Queue every job, in commits like those of the API."""
    for number in range(tasks):
        task = task_named(("lab-results", "document-analysis")[number % 2])
        async with Work(platform.documents) as work:
            platform.later.ask(work, task, {"text": report(number)}, NURSE)


async def counted(platform: Platform, kind: str, state: str | None = None) -> int:
    """Return how many documents of a kind there are."""
    conditions = (TermIn("state", (state,)),) if state else ()
    query = Query(kind, conditions, count=0, total=True)
    return (await platform.documents.find(query, organisation_scope(ORGANISATION))).total or 0


# --- what is measured --------------------------------------------------------------------------


async def read_steadily(
    port: int, token: str, per_s: float, over: asyncio.Event
) -> tuple[list[float], int]:
    """Read one resource after another at a steady rate; return seconds each took, and refusals."""
    took: list[float] = []
    bad = 0
    slots: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()
    for _ in range(8):
        slots.put_nowait(await asyncio.open_connection("127.0.0.1", port))

    async def one(number: int, due: float) -> None:
        nonlocal bad
        reader, writer = await slots.get()
        path = f"/api/fhir/R4/Observation/o{number % 20}"
        writer.write(request("GET", path, token=token))
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        await reader.readexactly(length)
        bad += not head.startswith(b"HTTP/1.1 200")
        slots.put_nowait((reader, writer))
        # From when it was to be sent, so that waiting for a connection counts.
        took.append(time.perf_counter() - due)

    began, number, asking = time.perf_counter(), 0, []
    while not over.is_set():
        due = began + number / per_s
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        asking.append(asyncio.create_task(one(number, due)))
        number += 1
    await asyncio.gather(*asking)
    return took, bad


async def look_alone(port: int, token: str, per_s: float) -> Figures:
    """Return the figures of reads beside which no job runs."""
    over = asyncio.Event()
    reading = asyncio.create_task(read_steadily(port, token, per_s, over))
    await asyncio.sleep(ALONE_S)
    over.set()
    ordered = sorted((await reading)[0])
    return {"read_p99_ms_without_jobs": round(1000 * ordered[int(len(ordered) * 0.99)], 1)}


async def until_done(platform: Platform, tasks: int) -> float:
    """Return the seconds until every job is done."""
    began = time.perf_counter()
    while await counted(platform, "job", "done") < tasks:
        if time.perf_counter() - began > PATIENCE_S:
            sys.exit("the jobs were not done in time")
        await asyncio.sleep(LOOK_S)
    return time.perf_counter() - began


async def measure(platform: Platform, port: int, token: str, tasks: int, per_s: float) -> Figures:
    """Read while the jobs run; return the figures."""
    over = asyncio.Event()
    reading = asyncio.create_task(read_steadily(port, token, per_s, over))
    before = await counted(platform, "job", "done")
    seconds = await until_done(platform, tasks)
    over.set()
    took, bad = await reading
    ordered = sorted(took)
    return {
        "tasks": tasks,
        "drafts": await counted(platform, "draft"),
        "audit_entries": await drafts_audited(platform),
        "seconds": round(seconds, 1),
        "tasks_a_minute": round(60 * (tasks - before) / seconds),
        "reads": len(took),
        "reads_refused": bad,
        "read_p50_ms": round(1000 * ordered[len(ordered) // 2], 1),
        "read_p99_ms": round(1000 * ordered[int(len(ordered) * 0.99)], 1),
        "read_max_ms": round(1000 * ordered[-1], 1),
    }


async def drafts_audited(platform: Platform) -> int:
    """Return how many drafts the trail tells of."""
    count = 0
    cursor: str | None = None
    while True:
        page = await platform.trail.entries(count=1000, after=cursor)
        count += sum(one.action.endswith(":draft") for one in page.entries)
        cursor = page.next
        if cursor is None:
            return count


# --- processes -----------------------------------------------------------------------------------


@contextmanager
def process(variables: dict[str, str], *words: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a command of ours, and end it."""
    log = Path(variables["CAREFLOW_KEY_FILE"]).parents[1] / "log"
    with log.open("ab") as out:
        command = [sys.executable, "-m", "careflow", *words]
        started = subprocess.Popen(command, env=variables, stderr=out, stdout=out)
    try:
        yield started
    finally:
        started.send_signal(signal.SIGTERM)
        started.wait(timeout=30)


def ready(port: int) -> None:
    """Return once the server answers."""
    until = time.perf_counter() + 60
    while True:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/api/health/ready", timeout=1).read()
        except OSError:
            if time.perf_counter() > until:
                sys.exit("the server did not start")
            time.sleep(0.02)
        else:
            return


def token_of(variables: dict[str, str], port: int) -> str:
    """Add a machine client and return its token."""
    words = ["clients", "add", "bench", "--scope", "system/*.rs", "--json"]
    made = subprocess.run(
        [sys.executable, "-m", "careflow", *words], env=variables, check=True, capture_output=True
    )
    client = json.loads(made.stdout)[0]
    form = urllib.parse.urlencode(
        {
            "grant_type": "client_credentials",
            **{name: client[name] for name in ("client_id", "client_secret")},
        }
    ).encode()
    answer = urllib.request.urlopen(f"http://127.0.0.1:{port}/api/auth/token", form)
    token: str = json.load(answer)["access_token"]
    return token


def run(
    variables: dict[str, str], port: int, arguments: argparse.Namespace, *, celery: bool
) -> Figures:
    """Queue everything, start the processes and measure."""
    loaded = settings.load(variables)

    async def prepare(fills: Callable[[Platform], Awaitable[None]]) -> None:
        platform = await open_platform(loaded)
        await fills(platform)
        await platform.close()

    async def look(token: str) -> Figures:
        platform = await open_platform(loaded)
        try:
            return await measure(platform, port, token, arguments.tasks, arguments.reads)
        finally:
            await platform.close()

    asyncio.run(prepare(fill))
    with process(variables, "serve", "--port", str(port)):
        ready(port)
        token = token_of(variables, port)
        alone = asyncio.run(look_alone(port, token, arguments.reads))
    asyncio.run(prepare(lambda platform: ask(platform, arguments.tasks)))
    with ExitStack() as running:
        running.enter_context(process(variables, "serve", "--port", str(port)))
        if celery:
            running.enter_context(process(variables, "worker"))
        ready(port)
        return asyncio.run(look(token)) | alone


def on_sqlite(folder: Path, arguments: argparse.Namespace) -> Figures:
    """Measure the embedded queue."""
    return run(environment(folder), arguments.port, arguments, celery=False)


def on_mongo(folder: Path, arguments: argparse.Namespace) -> Figures:
    """Measure Celery."""
    (folder / "mongo").mkdir()
    mongo, redis = OwnServer(folder / "mongo"), RedisServer(folder / "redis")
    mongo.start()
    redis.start()
    variables = environment(folder) | {
        "CAREFLOW_DATABASE_URL": mongo.url.replace("/?", "/bench?"),
        "CAREFLOW_JOBS": "celery",
        "CAREFLOW_BROKER_URL": redis.url,
        "CAREFLOW_WORKER_PROCESSES": str(arguments.processes),
    }
    try:
        return run(variables, arguments.port + 1, arguments, celery=True)
    finally:
        redis.kill()
        mongo.kill()


def main() -> None:
    """Measure, print and write the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=1000)
    parser.add_argument("--reads", type=float, default=50.0, help="reads a second")
    parser.add_argument("--port", type=int, default=8750)
    parser.add_argument("--processes", type=int, default=2, help="of the Celery worker")
    parser.add_argument("--only", choices=["sqlite", "mongo"])
    arguments = parser.parse_args()
    kinds = {"embedded on SQLite": on_sqlite, "Celery on the MongoDB stand-in": on_mongo}
    found: dict[str, Any] = {}
    for name, measured in kinds.items():
        if arguments.only and arguments.only not in measured.__name__:
            continue
        with tempfile.TemporaryDirectory() as scratch:
            found[name] = measured(Path(scratch), arguments)
        print(name, json.dumps(found[name], indent=2))
    if not arguments.only:
        write(found, arguments)


def write(found: dict[str, Any], arguments: argparse.Namespace) -> None:
    """Write the results as a page."""
    day = date.today().isoformat()  # noqa: DTZ011 - the day it was run, for people.
    names = list(next(iter(found.values())))
    lines = [
        f"# AI tasks done by jobs, {day}",
        "",
        f"{machine.machine()}, {os.cpu_count()} CPUs, Python {machine.python_version()};"
        f" `python -m benchmarks.ai_tasks --tasks {arguments.tasks} --reads {arguments.reads:g}"
        f" --processes {arguments.processes}`."
        " Local engine; text reports, `lab-results` and `document-analysis` in turn. Reads"
        " are audited, at a steady rate, counted from when each was due."
        " The load, the stand-in and Redis run on the same CPUs; the stand-in is slower than a real"
        " MongoDB, so its column is a lower bound.",
        "",
        "| | " + " | ".join(found) + " |",
        "|---|" + "---|" * len(found),
        *(
            "| " + " | ".join([name, *(str(one[name]) for one in found.values())]) + " |"
            for name in names
        ),
    ]
    target = RESULTS / f"ai-tasks-{day}.md"
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

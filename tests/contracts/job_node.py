"""A process of a clinic that has jobs done (run by the contract of job queues).

Usage: ``python -m tests.contracts.job_node ROLE ENGINE FOLDER BROKER``. A ``node`` of an embedded
queue runs jobs (BROKER is ``-``); with a broker it relays, and a ``worker`` runs them. Writes
``ready`` to standard output.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from careflow.clock import now
from careflow.database.documents import Append, Documents
from careflow.database.work import Work
from careflow.errors import UnavailableError
from careflow.jobs.celery_broker import CeleryBroker, celery_app
from careflow.jobs.every import Every
from careflow.jobs.job import Job
from careflow.jobs.progress import report_progress
from careflow.jobs.queue import JobQueue
from careflow.jobs.relay import Relay
from careflow.jobs.retrying import Backoff
from careflow.workers.serving import Limits, serve
from tests.contracts.engines import ENGINES

HARBOUR = "harbour"
GRACE_S = 0.2
TICK = Every("effect.tick", timedelta(seconds=1), "batch")


class Handlers:
    """What the jobs of the contract do: each leaves one entry in a stream."""

    def __init__(self, documents: Documents) -> None:
        self.documents = documents

    def by_name(self) -> dict[str, Any]:
        return {
            "effect.store": self.store,
            "effect.hold": self.hold,
            "effect.third-time": self.third_time,
            "effect.poison": self.poison,
            "effect.tick": self.tick,
        }

    async def store(self, job: Job, work: Work) -> dict[str, str]:
        work.append(Append(HARBOUR, "effects", job.id.encode()))
        return {"draft": "d1"}

    async def hold(self, job: Job, work: Work) -> None:
        """Tell who runs it and never end the first time; store the effect the next."""
        work.append(Append(HARBOUR, "effects", job.id.encode()))
        if not await self._begun(job):
            line = f"{job.id} {os.getpid()}".encode()
            await self.documents.commit([Append(HARBOUR, "begun", line)])
            await report_progress(0.5)
            await asyncio.Event().wait()

    async def _begun(self, job: Job) -> bool:
        lines = await self.documents.stream("begun", HARBOUR, count=10_000)
        return any(line.body.decode().startswith(f"{job.id} ") for line in lines)

    async def third_time(self, job: Job, work: Work) -> None:
        if job.attempt < 3:
            raise UnavailableError("Not yet.")
        await self.store(job, work)

    async def poison(self, job: Job, work: Work) -> None:
        await self.store(job, work)
        raise ValueError("Zebulon Canary has no such value")

    async def tick(self, job: Job, work: Work) -> None:
        work.append(Append(HARBOUR, "ticks", job.run_at.isoformat().encode()))


def queue_over(documents: Documents) -> JobQueue:
    return JobQueue(
        documents,
        Handlers(documents).by_name(),
        organisation=HARBOUR,
        clock=now,
        worker=f"worker-{os.getpid()}",
        every=[TICK],
        lease=timedelta(seconds=2),
        poll=timedelta(milliseconds=100),
        backoff=Backoff(first=timedelta(milliseconds=50)),
    )


async def run_node(engine: str, folder: Path, broker: str) -> None:
    documents = await ENGINES[engine](folder, now)
    jobs = queue_over(documents)
    told = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, told.set)
    if broker == "-":
        await jobs.start()
        _say_ready()
        await told.wait()
        await jobs.stop(grace=timedelta(seconds=GRACE_S))
    else:
        relay = Relay(
            documents,
            CeleryBroker(app_of(broker), HARBOUR),
            jobs,
            organisation=HARBOUR,
            clock=now,
            holder=f"relay-{os.getpid()}",
            poll=timedelta(milliseconds=100),
            patience=timedelta(seconds=1),
            term=timedelta(seconds=3),
        )
        await relay.start()
        _say_ready()
        await told.wait()
        await relay.stop()
    await documents.close()


def app_of(broker: str) -> Any:
    return celery_app(broker, HARBOUR, visible_again=timedelta(hours=1))


def run_worker(engine: str, folder: Path, broker: str) -> int:
    @asynccontextmanager
    async def open_jobs() -> AsyncIterator[JobQueue]:
        documents = await ENGINES[engine](folder, now)
        try:
            yield queue_over(documents)
        finally:
            await documents.close()

    _say_ready()
    limits = Limits(processes=2, memory_mb=500, jobs=100, niceness=0)
    return serve(app_of(broker), open_jobs, limits, grace_s=GRACE_S)


def _say_ready() -> None:
    sys.stdout.write("ready\n")
    sys.stdout.flush()


def main() -> int:
    role, engine, folder, broker = sys.argv[1:]
    if role == "worker":
        return run_worker(engine, Path(folder), broker)
    asyncio.run(run_node(engine, Path(folder), broker))
    return 0


if __name__ == "__main__":
    sys.exit(main())

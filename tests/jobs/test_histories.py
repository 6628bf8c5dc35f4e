"""Random histories, each from a seed: workers die, fail and are overtaken, and clocks jump."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from pathlib import Path

import pytest

from careflow.database.documents import Append
from careflow.database.sqlite import SqliteDocuments, open_documents
from careflow.database.work import Work
from careflow.errors import UnavailableError
from careflow.jobs.job import Job
from careflow.jobs.queue import JobQueue, queue
from careflow.jobs.retrying import Backoff
from tests.jobs.conftest import SetClock

HARBOUR = "harbour"
STEPS = 40


class History:
    """Three workers on one store, and what may happen to them."""

    def __init__(self, documents: SqliteDocuments, clock: SetClock, seed: int) -> None:
        self.documents = documents
        self.clock = clock
        self.chance = random.Random(seed)
        self.asked: list[str] = []
        self.gates: list[asyncio.Event] = []
        self.slow: list[asyncio.Task[bool]] = []
        self.is_next_slow = False
        self.is_calm = False
        self.workers = [self._worker(f"worker-{number}") for number in range(3)]

    def _worker(self, name: str) -> JobQueue:
        return JobQueue(
            self.documents,
            {"effect.store": self._store_effect},
            organisation=HARBOUR,
            clock=self.clock,
            worker=name,
            backoff=Backoff(jitter=self.chance.random),
        )

    async def _store_effect(self, job: Job, work: Work) -> None:
        work.append(Append(HARBOUR, "effects", job.id.encode()))
        if self.is_next_slow:
            self.is_next_slow = False
            gate = asyncio.Event()
            self.gates.append(gate)
            await gate.wait()
        if not self.is_calm and self.chance.random() < 0.3:
            raise UnavailableError("Not now.")

    async def ask(self) -> None:
        job_id = f"job-{len(self.asked)}"
        async with Work(self.documents) as work:
            queue(
                work,
                "effect.store",
                {},
                organisation=HARBOUR,
                clock=self.clock,
                mint=lambda: job_id,
                attempts_max=1000,
            )
        self.asked.append(job_id)

    async def run(self) -> None:
        await self.chance.choice(self.workers).run_once()

    async def die(self) -> None:
        await self.chance.choice(self.workers)._taker.take()

    async def begin_slowly(self) -> None:
        self.is_next_slow = True
        self.slow.append(asyncio.create_task(self.chance.choice(self.workers).run_once()))
        await asyncio.wait(self.slow[-1:], timeout=0.005)
        self.is_next_slow = False

    async def go_on(self) -> None:
        if self.gates:
            self.gates.pop(self.chance.randrange(len(self.gates))).set()

    async def jump(self) -> None:
        self.clock.move(seconds=self.chance.choice([-3600, -20, 1, 30, 70, 7200]))

    async def settle(self) -> None:
        """Let everything come to its end."""
        self.is_calm = True
        while self.gates:
            await self.go_on()
        await asyncio.gather(*self.slow)
        for _ in range(30):
            self.clock.move(hours=1)
            while await self.workers[0].run_once():
                pass


@pytest.mark.parametrize("seed", range(12))
async def test_every_job_has_its_effect_exactly_once(tmp_path: Path, seed: int) -> None:
    clock = SetClock()
    documents = await open_documents(tmp_path / "clinic.db", key=bytes(32), clock=clock)
    history = History(documents, clock, seed)
    await history.ask()
    acts = [
        history.ask,
        history.run,
        history.run,
        history.die,
        history.begin_slowly,
        history.go_on,
        history.jump,
    ]

    for _ in range(STEPS):
        await history.chance.choice(acts)()
    await history.settle()

    stored = await documents.stream("effects", HARBOUR)
    states = [(await history.workers[0].get(job, HARBOUR)).state for job in history.asked]
    await documents.close()
    assert Counter(entry.body.decode() for entry in stored) == Counter(history.asked)
    assert set(states) == {"done"}

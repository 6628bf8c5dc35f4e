"""Who waits is served first, and no stream of people keeps a batch from ending."""

from __future__ import annotations

import pytest

from careflow.database.documents import Documents
from careflow.database.work import Work
from careflow.ids import Mint
from careflow.jobs.errors import JobNotFailedError
from careflow.jobs.job import Job
from careflow.jobs.looking import Jobs
from careflow.jobs.queue import JobQueue, queue
from tests.jobs.conftest import SetClock

HARBOUR = "harbour"


class Ward:
    """A queue that remembers what it did."""

    def __init__(self, documents: Documents, clock: SetClock, mint: Mint) -> None:
        self.documents, self.clock, self.mint = documents, clock, mint
        self.done: list[str] = []
        self.jobs = JobQueue(
            documents, {"a.b": self.note}, organisation=HARBOUR, clock=clock, worker="one"
        )

    async def note(self, job: Job, work: Work) -> None:
        self.done.append(job.priority[0])

    async def ask(self, priority: str, count: int) -> list[str]:
        async with Work(self.documents) as work:
            return [
                queue(
                    work,
                    "a.b" if priority != "nobody's" else "c.d",
                    {},
                    organisation=HARBOUR,
                    clock=self.clock,
                    mint=self.mint,
                    priority="batch" if priority == "batch" else "waiting",
                ).id
                for _ in range(count)
            ]

    async def drain(self) -> str:
        while await self.jobs.run_once():
            pass
        return "".join(self.done)


@pytest.fixture
def ward(documents: Documents, clock: SetClock, mint: Mint) -> Ward:
    return Ward(documents, clock, mint)


async def test_who_waits_is_served_before_a_batch_that_was_there_first(ward: Ward) -> None:
    await ward.ask("batch", 3)
    await ward.ask("waiting", 6)

    assert await ward.drain() == "wwwwwwbbb"


async def test_a_batch_passed_over_for_a_minute_has_every_fourth_turn(
    ward: Ward, clock: SetClock
) -> None:
    await ward.ask("batch", 2)
    clock.move(seconds=61)
    await ward.ask("waiting", 9)

    assert await ward.drain() == "wwwbwwwbwww"


async def test_a_job_named_is_run_if_it_is_due_and_only_then(ward: Ward, clock: SetClock) -> None:
    [job] = await ward.ask("waiting", 1)

    ran = [await ward.jobs.run_one(id) for id in (job, job, "never-was")]

    assert ran == [True, False, False]
    assert ward.done == ["w"]


async def test_a_job_that_failed_is_listed_and_can_be_tried_again(
    ward: Ward, documents: Documents, clock: SetClock
) -> None:
    [failing], [fine] = await ward.ask("nobody's", 1), await ward.ask("waiting", 1)
    await ward.drain()
    jobs = Jobs(documents, clock)

    failed = (await jobs.listed("failed", HARBOUR)).jobs
    async with Work(documents) as work:
        await jobs.retry(work, failing, HARBOUR)
    again = await jobs.get(failing, HARBOUR)

    assert [(job.id, job.error) for job in failed] == [(failing, "jobs-unknown-handler")]
    assert (again.state, again.attempt) == ("queued", 0)
    with pytest.raises(JobNotFailedError):
        async with Work(documents) as work:
            await jobs.retry(work, fine, HARBOUR)

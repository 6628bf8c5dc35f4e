"""One process relays; what the broker lost is handed out again, and what it holds is not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import pytest

from careflow.database.documents import Documents
from careflow.database.work import Work
from careflow.ids import Mint
from careflow.jobs.errors import BrokerUnavailableError
from careflow.jobs.job import Job, Priority
from careflow.jobs.queue import JobQueue, queue
from careflow.jobs.relay import Relay
from tests.jobs.conftest import SetClock

HARBOUR = "harbour"


class MemoryBroker:
    """A broker that can be emptied and be down."""

    def __init__(self) -> None:
        self.held: dict[Priority, list[str]] = defaultdict(list)
        self.is_down = False

    async def publish(self, job_ids: Sequence[str], priority: Priority) -> None:
        if self.is_down:
            raise BrokerUnavailableError
        self.held[priority] += job_ids

    async def waiting(self, priority: Priority) -> int:
        if self.is_down:
            raise BrokerUnavailableError
        return len(self.held[priority])

    async def close(self) -> None:
        self.held.clear()


@pytest.fixture
def broker() -> MemoryBroker:
    return MemoryBroker()


@pytest.fixture
def jobs(documents: Documents, clock: SetClock) -> JobQueue:
    async def nothing(job: Job, work: Work) -> None:
        """Do it."""

    return JobQueue(documents, {"a.b": nothing}, organisation=HARBOUR, clock=clock, worker="one")


@pytest.fixture
def relay(documents: Documents, clock: SetClock, broker: MemoryBroker, jobs: JobQueue) -> Relay:
    return relay_of(documents, clock, broker, jobs, "first")


def relay_of(
    documents: Documents, clock: SetClock, broker: MemoryBroker, jobs: JobQueue, holder: str
) -> Relay:
    return Relay(documents, broker, jobs, organisation=HARBOUR, clock=clock, holder=holder)


@pytest.fixture
async def asked(documents: Documents, clock: SetClock, mint: Mint) -> list[str]:
    async with Work(documents) as work:
        return [
            queue(work, "a.b", {}, organisation=HARBOUR, clock=clock, mint=mint).id
            for _ in range(3)
        ]


async def test_each_job_is_handed_out_once(
    relay: Relay, broker: MemoryBroker, clock: SetClock, asked: list[str]
) -> None:
    for _ in range(5):
        await relay.relay_once()
        clock.move(seconds=20)

    assert broker.held["waiting"] == asked


async def test_what_was_lost_is_handed_out_again(
    relay: Relay, broker: MemoryBroker, clock: SetClock, asked: list[str]
) -> None:
    await relay.relay_once()
    broker.held.clear()
    await relay.relay_once()
    at_once = list(broker.held["waiting"])
    clock.move(seconds=6)
    await relay.relay_once()

    assert (at_once, broker.held["waiting"]) == ([], asked)


async def test_a_broker_that_was_down_is_told_when_it_is_back(
    relay: Relay, broker: MemoryBroker, asked: list[str]
) -> None:
    broker.is_down = True
    with pytest.raises(BrokerUnavailableError):
        await relay.relay_once()
    broker.is_down = False

    await relay.relay_once()

    assert broker.held["waiting"] == asked


async def test_a_job_whose_worker_was_lost_is_handed_out_again(
    relay: Relay, broker: MemoryBroker, jobs: JobQueue, clock: SetClock, asked: list[str]
) -> None:
    await relay.relay_once()
    broker.held["waiting"] = []
    assert await jobs._taker.take_one(asked[0]) is not None
    await relay.relay_once()
    held_while_leased = list(broker.held["waiting"])

    clock.move(minutes=2)
    await relay.relay_once()

    assert held_while_leased == []
    assert asked[0] in broker.held["waiting"]


async def test_one_process_relays_and_another_when_it_is_gone(
    documents: Documents,
    relay: Relay,
    broker: MemoryBroker,
    jobs: JobQueue,
    clock: SetClock,
    asked: list[str],
) -> None:
    second = relay_of(documents, clock, broker, jobs, "second")
    await relay.relay_once()
    await second.relay_once()
    together = list(broker.held["waiting"])
    broker.held.clear()
    clock.move(seconds=30)  # the first is not heard of any more

    await second.relay_once()

    assert (together, broker.held["waiting"]) == (asked, asked)


async def test_who_stops_lets_another_relay_at_once(
    documents: Documents,
    relay: Relay,
    broker: MemoryBroker,
    jobs: JobQueue,
    clock: SetClock,
    asked: list[str],
) -> None:
    second = relay_of(documents, clock, broker, jobs, "second")
    await relay.start()
    while not broker.held["waiting"]:
        await relay.relay_once()
    await relay.stop()

    await second.relay_once()

    assert broker.held["waiting"] == asked


async def test_a_long_line_is_handed_out_in_parts_and_in_order(
    documents: Documents,
    relay: Relay,
    broker: MemoryBroker,
    clock: SetClock,
    mint: Mint,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("careflow.jobs.relay._HANDED_OUT", 20)
    asked = []
    async with Work(documents) as work:
        for _ in range(30):
            clock.move(seconds=1)
            job = queue(work, "a.b", {}, organisation=HARBOUR, clock=clock, mint=mint)
            asked.append(job.id)
    runs = JobQueue(documents, {}, organisation=HARBOUR, clock=clock, worker="two")
    done: list[str] = []
    most = 0
    while len(done) < 30:
        await relay.relay_once()
        most = max(most, len(broker.held["waiting"]))
        done.append(broker.held["waiting"].pop(0))
        await runs.run_one(done[-1])

    assert done == asked
    assert most == 20

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from careflow.ai.call import Call
from careflow.ai.governor.breaker import FAILURES, OPEN_MS, BreakerOpenError
from careflow.ai.governor.budget import BudgetSpentError
from careflow.ai.governor.govern import Governor
from careflow.ai.governor.ledger import Budgets, Ledger, QuotaBusyError
from careflow.ai.governor.memory import Memory
from careflow.ai.governor.metering import used
from careflow.ai.governor.prices import Prices
from careflow.ai.governor.quota import Limits, QuotaForTodayError, renewal_after
from careflow.ai.model import (
    ModelReply,
    ModelRequest,
    ModelRetiredError,
    ModelUnreachableError,
    RateLimitedError,
    Role,
    Text,
    Tokens,
)
from careflow.database.documents import Documents
from careflow.database.scope import organisation_scope
from tests.contracts.engines import ENGINES, SetClock

KEY = bytes(range(32))
CALL = Call("harbour", "nora", "appointment-summary", "synthetic")
REQUEST = ModelRequest("standard", "Summarise.", (Text("A cough for three days."),), tokens_max=100)
REPLY = ModelReply("Cough.", "done", Tokens(input=50, output=10), "gemini-3.8-flash")
Step = ModelReply | Exception
NUMBERS = count(1)


@dataclass
class Scripted:
    """A model that does what a test tells it, and counts who asked."""

    script: Sequence[Step] = ()
    asked: list[ModelRequest] = field(default_factory=list)
    gate: asyncio.Event | None = None

    @property
    def engine(self) -> str:
        return "gemini"

    def id_of(self, role: Role) -> str:
        return "gemini-3.8-flash"

    async def count(self, request: ModelRequest) -> int:
        return 50

    async def generate(self, request: ModelRequest, *, within: timedelta) -> ModelReply:
        number = len(self.asked)
        self.asked.append(request)
        if self.gate is not None:
            await self.gate.wait()
        step = self.script[number] if number < len(self.script) else REPLY
        if isinstance(step, Exception):
            raise step
        return step

    async def stream(
        self, request: ModelRequest, *, within: timedelta
    ) -> AsyncGenerator[str | ModelReply, None]:
        self.asked.append(request)
        for step in self.script:
            if isinstance(step, Exception):
                raise step
            yield step.text
            yield step

    async def close(self) -> None:
        return


@dataclass
class Desk:
    """A governor over real documents whose clock goes only where it sleeps."""

    documents: Documents
    clock: SetClock
    slept: list[float] = field(default_factory=list)

    def governor(self, *, limits: Limits | None = None, budgets: Budgets | None = None) -> Governor:
        return Governor(
            Ledger(
                self.documents,
                clock=self.clock,
                limits={"gemini/gemini-3.8-flash": limits or Limits()},
                budgets=budgets or Budgets(),
            ),
            Memory(self.documents, master_key=KEY, clock=self.clock),
            self.clock,
            lambda: f"call-{next(NUMBERS)}",
            prices={"gemini": Prices()},
            sleep=self.sleep,
        )

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.clock.move(seconds=seconds)


@pytest.fixture(params=["sqlite", "mongo"])
async def desk(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Desk]:
    """A desk on each database."""
    clock = SetClock()
    documents = await ENGINES[request.param](tmp_path, clock)
    yield Desk(documents, clock)
    await documents.close()


def question(number: int) -> ModelRequest:
    return replace(REQUEST, parts=(Text(f"Question {number}"),))


async def test_g2_after_failures_only_one_probe_of_twenty_calls_goes_out(desk: Desk) -> None:
    model = Scripted([ModelUnreachableError()] * 4 + [ModelUnreachableError()] * 4)
    governor = desk.governor()
    for number in range(2):
        with pytest.raises((ModelUnreachableError, BreakerOpenError)):
            await governor.ask(model, question(number), CALL, prompt="p/1")
    assert len(model.asked) == FAILURES
    desk.clock.move(seconds=OPEN_MS / 1000 + 1)
    # Twenty at once, from two processes.
    model.gate, model.script = asyncio.Event(), ()
    governors = [governor, desk.governor()]

    asking = [
        asyncio.create_task(
            governors[number % 2].ask(model, question(100 + number), CALL, prompt="p/1")
        )
        for number in range(20)
    ]
    while sum(task.done() for task in asking) < 19:
        await asyncio.sleep(0.01)
    model.gate.set()
    ended = await asyncio.gather(*asking, return_exceptions=True)

    assert len(model.asked) == FAILURES + 1
    assert sum(isinstance(one, ModelReply) for one in ended) == 1
    assert sum(isinstance(one, BreakerOpenError) for one in ended) == 19


async def test_g3_calls_of_two_processes_share_one_quota(desk: Desk) -> None:
    model = Scripted()
    governors = [desk.governor(limits=Limits(requests_minute=3)) for _ in range(2)]

    for number in range(6):
        await governors[number % 2].ask(model, question(number), CALL, prompt="p/1")

    assert len(desk.slept) == 1
    assert desk.slept[0] > 60


async def test_g3_a_used_up_day_parks_the_call_until_its_renewal(desk: Desk) -> None:
    model, governor = Scripted(), desk.governor(limits=Limits(requests_day=1))
    await governor.ask(model, question(1), CALL, prompt="p/1")

    with pytest.raises(QuotaForTodayError) as parked:
        await governor.ask(model, question(2), CALL, prompt="p/1")

    now = int(desk.clock().timestamp() * 1000)
    assert parked.value.renewed_at == renewal_after(now)
    assert (len(model.asked), desk.slept) == (1, [])


async def test_g3_a_daily_429_parks_every_process_without_asking_again(desk: Desk) -> None:
    model = Scripted([RateLimitedError(per_day=True)])

    with pytest.raises(RateLimitedError):
        await desk.governor().ask(model, question(1), CALL, prompt="p/1")
    with pytest.raises(QuotaForTodayError):
        await desk.governor().ask(model, question(2), CALL, prompt="p/1")

    assert (len(model.asked), desk.slept) == (1, [])


async def test_g4_the_pause_that_the_provider_asks_for_is_kept(desk: Desk) -> None:
    limited = RateLimitedError(retry_after=timedelta(seconds=7))
    model = Scripted([limited, REPLY])

    reply = await desk.governor().ask(model, REQUEST, CALL, prompt="p/1")

    assert reply == REPLY
    assert len(model.asked) == 2
    assert 7 <= sum(desk.slept) <= 8.5


async def test_g4_pauses_have_full_jitter_and_an_end(desk: Desk) -> None:
    model = Scripted([ModelUnreachableError()] * 4)

    with pytest.raises(ModelUnreachableError):
        await desk.governor().ask(model, REQUEST, CALL, prompt="p/1")

    assert len(model.asked) == 4
    assert [0 <= slept <= longest for slept, longest in zip(desk.slept, (1, 2, 4), strict=True)]


async def test_g4_nothing_is_tried_beyond_the_deadline(desk: Desk) -> None:
    limited = RateLimitedError(retry_after=timedelta(seconds=30))
    model = Scripted([limited, REPLY])
    hurried = replace(CALL, deadline=desk.clock() + timedelta(seconds=20))

    with pytest.raises(RateLimitedError):
        await desk.governor().ask(model, REQUEST, hurried, prompt="p/1")
    with pytest.raises(QuotaBusyError):
        await desk.governor().ask(model, question(2), hurried, prompt="p/1")

    assert (len(model.asked), desk.slept) == (1, [])


@pytest.mark.parametrize("error", [ModelRetiredError("gemini-1.5-flash")])
async def test_what_asking_again_cannot_help_is_not_asked_again(
    desk: Desk, error: Exception
) -> None:
    model = Scripted([error])

    with pytest.raises(type(error)):
        await desk.governor().ask(model, REQUEST, CALL, prompt="p/1")

    assert len(model.asked) == 1


async def test_g5_a_repeat_gets_the_kept_answer(desk: Desk) -> None:
    model = Scripted()

    first = await desk.governor().ask(model, REQUEST, CALL, prompt="p/1")
    again = await desk.governor().ask(model, REQUEST, CALL, prompt="p/1")

    assert (first, again, len(model.asked)) == (REPLY, REPLY, 1)


@pytest.mark.parametrize("processes", [1, 2])
async def test_g5_the_same_question_twice_at_once_makes_one_call(
    desk: Desk, processes: int
) -> None:
    model = Scripted(gate=asyncio.Event())
    governors = [desk.governor() for _ in range(processes)]

    asking = [
        asyncio.create_task(one.ask(model, REQUEST, CALL, prompt="p/1"))
        for one in governors * (2 // processes)
    ]
    while not model.asked:
        await asyncio.sleep(0.01)
    assert model.gate is not None
    model.gate.set()

    assert await asyncio.gather(*asking) == [REPLY, REPLY]
    assert len(model.asked) == 1


async def test_g5_a_failure_is_not_kept(desk: Desk) -> None:
    model = Scripted([ModelRetiredError("x"), REPLY])
    governor = desk.governor()

    with pytest.raises(ModelRetiredError):
        await governor.ask(model, REQUEST, CALL, prompt="p/1")

    assert await governor.ask(model, REQUEST, CALL, prompt="p/1") == REPLY


async def test_g6_the_last_call_is_the_one_that_fits(desk: Desk) -> None:
    # 50 tokens in and at most 100 out: 37.5 + 375 micro-dollars, rounded up.
    budgets = Budgets(clinic=413 + 75)
    governor, model = desk.governor(budgets=budgets), Scripted()
    await governor.ask(model, question(1), CALL, prompt="p/1")

    spent = (await used(desk.documents, "harbour", since=datetime(2020, 1, 1, tzinfo=UTC)))[0].cost
    assert spent == 75
    await governor.ask(model, question(2), CALL, prompt="p/1")
    with pytest.raises(BudgetSpentError, match="the clinic"):
        await governor.ask(model, question(3), CALL, prompt="p/1")
    assert len(model.asked) == 2


@pytest.mark.parametrize(
    ("budgets", "named"),
    [
        (Budgets(tasks={"appointment-summary": 400}), "the task appointment-summary"),
        (Budgets(user=400), "the user nora"),
    ],
    ids=["task", "user"],
)
async def test_g6_tasks_and_users_have_budgets_of_their_own(
    desk: Desk, budgets: Budgets, named: str
) -> None:
    model = Scripted()

    with pytest.raises(BudgetSpentError, match=named):
        await desk.governor(budgets=budgets).ask(model, REQUEST, CALL, prompt="p/1")

    assert model.asked == []


async def test_g7_sums_are_exact_and_by_day_engine_model_and_task(desk: Desk) -> None:
    thinking = ModelReply(
        "x", "done", Tokens(input=1000, cached=400, output=30, thinking=70), "gemini-3.8-flash"
    )
    governor, model = desk.governor(), Scripted([thinking, REPLY, ModelRetiredError("x")])
    for number in range(2):
        await governor.ask(model, question(number), CALL, prompt="p/1")
    with pytest.raises(ModelRetiredError):
        await governor.ask(model, question(9), CALL, prompt="p/1")

    [line] = await used(desk.documents, "harbour", since=datetime(2020, 1, 1, tzinfo=UTC))

    assert (line.engine, line.model, line.task) == (
        "gemini",
        "gemini-3.8-flash",
        "appointment-summary",
    )
    assert line.endings == {"done": 2, "refused": 1}
    assert line.tokens == Tokens(input=1050, cached=400, output=40, thinking=70)
    # 600 x 0.75 + 400 x 0.075 + 100 x 3.75, and 50 x 0.75 + 10 x 3.75.
    assert line.cost == 855 + 75


async def test_g8_another_clinic_never_gets_a_kept_answer(desk: Desk) -> None:
    model = Scripted()
    await desk.governor().ask(model, REQUEST, CALL, prompt="p/1")

    await desk.governor().ask(model, REQUEST, replace(CALL, organisation="hill"), prompt="p/1")

    assert len(model.asked) == 2


@pytest.mark.parametrize("task", ["patient-chat", "symptom-analysis"])
async def test_g8_chat_and_triage_are_never_kept(desk: Desk, task: str) -> None:
    model = Scripted()
    for _ in range(2):
        await desk.governor().ask(model, REQUEST, replace(CALL, task=task), prompt="p/1")

    assert len(model.asked) == 2


CHANGES: dict[str, Callable[[ModelRequest], ModelRequest]] = {
    "words": lambda one: replace(one, parts=(Text("A cough for four days."),)),
    "instructions": lambda one: replace(one, system="Summarise well."),
    "schema": lambda one: replace(one, schema={"type": "object"}),
    "length": lambda one: replace(one, tokens_max=101),
}


@pytest.mark.parametrize("what", CHANGES)
async def test_g8_only_an_exact_repeat_is_one(desk: Desk, what: str) -> None:
    model = Scripted()
    await desk.governor().ask(model, REQUEST, CALL, prompt="p/1")

    await desk.governor().ask(model, CHANGES[what](REQUEST), CALL, prompt="p/1")
    await desk.governor().ask(model, REQUEST, CALL, prompt="p/2")

    assert len(model.asked) == 3


async def test_g8_what_is_kept_is_not_readable_and_does_not_last(desk: Desk) -> None:
    secret = replace(REPLY, text="Nothing anyone should read")
    model = Scripted([secret])
    governor = desk.governor()
    await governor.ask(model, REQUEST, CALL, prompt="p/1")
    key = governor.memory.key("gemini/gemini-3.8-flash", REQUEST, CALL, "p/1")
    kept = await desk.documents.read("ai-answer", key, organisation_scope("harbour"))
    assert kept is not None
    assert b"anyone" not in kept.body

    desk.clock.move(hours=25)
    await governor.ask(model, REQUEST, CALL, prompt="p/1")
    assert len(model.asked) == 2


async def test_g10_a_stream_that_is_left_early_is_settled(desk: Desk) -> None:
    model, governor = Scripted([REPLY]), desk.governor(budgets=Budgets(clinic=500))
    stream = governor.stream(model, REQUEST, CALL, prompt="p/1")
    assert await anext(stream) == "Cough."

    await stream.aclose()

    [line] = await used(desk.documents, "harbour", since=datetime(2020, 1, 1, tzinfo=UTC))
    assert line.endings == {"stopped": 1}
    await governor.ask(model, question(1), CALL, prompt="p/1")

"""Many at once, and long random histories: one time is never given twice, no visit is lost."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from careflow.database.conditions import TermIn
from careflow.database.documents import Document, Documents, Query
from careflow.database.scope import organisation_scope
from careflow.errors import CareFlowError
from careflow.scheduling.holds import Hold
from careflow.scheduling.plan import Leave
from careflow.scheduling.refusals import SlotTakenError
from careflow.scheduling.taken import Taken
from careflow.scheduling.visit import DECODER, taken_of
from careflow.scheduling.wall import minutes_of
from tests.contracts.engines import SetClock
from tests.scheduling.clinic import (
    ADA,
    FIN,
    NEW_YORK,
    ORGANISATION,
    PLAN,
    Clinic,
    asked,
    at,
    node,
)


async def race(clinic: Clinic, other: Clinic, begin: int, count: int) -> list[object]:
    asking = [
        (clinic, other)[n % 2].desk.book(
            asked(begin, patient=f"p{1 + n % 4}", despite="Test of a race"), actor=FIN
        )
        for n in range(count)
    ]
    return list(await asyncio.gather(*asking, return_exceptions=True))


async def run_rounds(clinic: Clinic, other: Clinic, rounds: int, count: int) -> None:
    for number in range(rounds):
        begin = at(3 + number % 3, 9 + number % 8, month=3 + number // 24)
        if not await clinic_has(clinic, begin):
            continue
        outcomes = await race(clinic, other, begin, count)
        assert sum(isinstance(one, Document) for one in outcomes) == 1
        refused = [one for one in outcomes if not isinstance(one, Document)]
        assert {type(one) for one in refused} == {SlotTakenError}
        assert all(one.instead for one in refused if isinstance(one, SlotTakenError))


async def clinic_has(clinic: Clinic, begin: int) -> bool:
    """Report whether Dr Ada works then: some dates fall on a weekend."""
    return datetime.fromtimestamp(begin * 60, NEW_YORK).isoweekday() < 6


async def test_one_of_many_gets_the_time_and_the_others_are_told_what_is_free(
    clinic: Clinic, open_again: Callable[[], Awaitable[Documents]], clock: SetClock
) -> None:
    documents = await open_again()
    try:
        await run_rounds(clinic, node(documents, clock), rounds=3, count=20)
    finally:
        await documents.close()


@pytest.mark.sweep
async def test_one_of_two_hundred_gets_the_time_a_hundred_times(
    clinic: Clinic, open_again: Callable[[], Awaitable[Documents]], clock: SetClock
) -> None:
    documents = await open_again()
    try:
        await run_rounds(clinic, node(documents, clock), rounds=140, count=200)
    finally:
        await documents.close()


@dataclass(slots=True)
class History:
    """A random history of a clinic, and what was promised to whom."""

    clinic: Clinic
    clock: SetClock
    dice: random.Random
    promised: dict[str, int] = field(default_factory=dict)
    held: list[Hold] = field(default_factory=list)
    away: int = 0

    async def step(self) -> None:
        doing = self.dice.choice(
            (
                self.book,
                self.book,
                self.book,
                self.hold,
                self.cancel,
                self.move,
                self.wait,
                self.leave,
            )
        )
        try:
            await doing()
        except CareFlowError as error:
            assert error.status < 500, error  # noqa: PT017 - refusals are part of a history

    def when(self) -> int:
        return at(3 + self.dice.randrange(3), 9) + 5 * self.dice.randrange(60)

    def wish(self) -> dict[str, Any]:
        kind = self.dice.choice(("follow-up", "follow-up", "ecg", "group"))
        return {"type": kind, "practitioner": self.dice.choice(("ada", "bo"))}

    async def book(self) -> None:
        patient = f"p{self.dice.randrange(1, 5)}"
        hold = self.held.pop() if self.held and self.dice.random() < 0.5 else None
        if hold is not None:
            one = hold.opening
            wanted = asked(
                one.begin,
                patient=patient,
                hold=hold.id,
                practitioner=one.practitioner,
                type=hold.type,
                despite="x",
            )
        else:
            wanted = asked(self.when(), patient=patient, despite="x", **self.wish())
        visit = await self.clinic.desk.book(wanted, actor=FIN, holder="v")
        self.promised[visit.id] = visit.version

    async def hold(self) -> None:
        self.held.append(
            await self.clinic.holding.hold(asked(self.when(), **self.wish()), holder="v")
        )

    async def cancel(self) -> None:
        if self.promised:
            id = self.dice.choice(sorted(self.promised))
            await self.clinic.desk.cancel(id, actor=FIN)
            del self.promised[id]

    async def move(self) -> None:
        if self.promised:
            id = self.dice.choice(sorted(self.promised))
            wanted = asked(self.when(), despite="x", **self.wish())
            moved = await self.clinic.desk.move(id, wanted, actor=FIN, expected=self.promised[id])
            self.promised[id] = moved.version

    async def wait(self) -> None:
        self.clock.move(minutes=self.dice.randrange(1, 8))

    async def leave(self) -> None:
        if self.away >= 1:
            return
        self.away += 1
        begin = datetime.fromtimestamp(self.when() * 60, UTC)
        leave = Leave(id=f"l{self.away}", begin=begin, end=begin + timedelta(hours=1))
        calendar = msgspec.structs.replace(ADA, leave=(leave,))
        stored = await self.clinic.plans.required("ada")
        await self.clinic.planning.save_calendar(calendar, actor=FIN, expected=stored.version)

    async def check(self) -> None:
        """See that every visit promised stands, and that no time was given beyond what there is."""
        scope = organisation_scope(ORGANISATION)
        page = await self.clinic.documents.find(
            Query("Appointment", (TermIn("status", ("booked",)),), count=1000), scope
        )
        standing = []
        for document in page.documents:
            one = taken_of(DECODER.decode(document.body), PLAN, by=document.id)
            if one is not None:
                standing.append(one)
        assert {one.by for one in standing} == set(self.promised)
        for first in standing:
            for second in standing:
                if first.by < second.by:
                    assert not clash(first, second), (first, second)
        for one in standing:
            group = [
                s
                for s in standing
                if s.type == "group" and (s.begin, s.resources) == (one.begin, one.resources)
            ]
            assert one.type != "group" or len(group) <= 3


def is_beside(one: Taken, other: Taken) -> bool:
    """Report whether two have seats of the same group."""
    same = (one.type, one.begin, one.resources) == (other.type, other.begin, other.resources)
    return same and one.type == "group" and one.by != other.by


def clash(first: Taken, second: Taken) -> bool:
    if not set(first.resources) & set(second.resources):
        return False
    if first.type == second.type == "group" and first.begin == second.begin:
        return False
    return first.begin < second.end and second.begin < first.end


async def live(clinic: Clinic, clock: SetClock, seed: int, steps: int) -> None:
    history = History(clinic, clock, random.Random(seed))
    for _ in range(steps):
        await history.step()
    await history.check()
    for id in history.promised:
        await clinic.desk.cancel(id, actor=FIN)
    clock.move(minutes=10)
    assert minutes_of(clock()) < at(3, 0)


async def test_random_histories_give_no_time_twice_and_lose_no_visit(
    clinic: Clinic, clock: SetClock
) -> None:
    for seed in range(6):
        await live(clinic, clock, seed, steps=25)


@pytest.mark.sweep
async def test_a_thousand_random_histories_give_no_time_twice_and_lose_no_visit(
    clinic: Clinic, clock: SetClock, engine: str
) -> None:
    began = clock.instant
    for seed in range(1000 if engine == "sqlite" else 60):
        clock.instant = began
        await live(clinic, clock, 1000 + seed, steps=20)

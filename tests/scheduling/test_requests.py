"""Requests that wait for a word, times that are hoarded, and visits cancelled late."""

from __future__ import annotations

import asyncio

import msgspec
import pytest

from careflow.database.documents import Document, Query
from careflow.database.work import Work
from careflow.ids import mint
from careflow.jobs.queue import JobQueue
from careflow.records.preconditions import ChangedSinceReadError
from careflow.scheduling.finding import Wanted
from careflow.scheduling.flow.life import stage_of
from careflow.scheduling.lapsing import Lapsing
from careflow.scheduling.refusals import PastCutOffError, SlotTakenError
from careflow.scheduling.requests import RequestOverError
from careflow.scheduling.visit import DECODER
from careflow.scheduling.waitlist.freed import FREED
from careflow.scheduling.waitlist.offering import Offering
from tests.contracts.engines import SetClock
from tests.scheduling.clinic import FIN, FOLLOW_UP, ORGANISATION, PLAN, Clinic, asked, at


def jobs(clinic: Clinic, clock: SetClock) -> JobQueue:
    handlers = {**Lapsing(clinic.desk).handlers(), **Offering(clinic.desk, clock, mint).handlers()}
    return JobQueue(clinic.documents, handlers, organisation=ORGANISATION, clock=clock, worker="w")


async def run(queue: JobQueue) -> None:
    while await queue.run_once():
        pass


async def request(clinic: Clinic) -> Document:
    return await clinic.desk.book(asked(at(5, 9), request=True), actor=FIN)


async def test_e10_a_request_has_its_time_and_one_of_several_says_yes(clinic: Clinic) -> None:
    visit = await request(clinic)
    one = DECODER.decode(visit.body)
    assert (one.status, stage_of(one)) == ("proposed", "requested")
    with pytest.raises(SlotTakenError):
        await clinic.desk.book(asked(at(5, 9), patient="p2"), actor=FIN)
    answers = await asyncio.gather(
        *(
            clinic.flow.move(visit.id, "booked", actor=FIN, expected=visit.version)
            for _ in range(4)
        ),
        return_exceptions=True,
    )
    said = [one for one in answers if isinstance(one, Document)]
    refused = [one for one in answers if not isinstance(one, Document)]
    assert len(said) == 1
    assert len(refused) == 3
    assert all(getattr(one, "status", 500) < 500 for one in refused), refused
    with pytest.raises(ChangedSinceReadError):
        await clinic.flow.move(visit.id, "booked", actor=FIN, expected=visit.version)
    assert DECODER.decode(said[0].body).status == "booked"


async def test_e10_a_request_that_nobody_answers_gives_its_time_back(
    clinic: Clinic, clock: SetClock
) -> None:
    visit = await request(clinic)
    answered = await clinic.desk.book(asked(at(5, 11), request=True, patient="p2"), actor=FIN)
    await clinic.flow.move(answered.id, "booked", actor=FIN, expected=answered.version)
    clock.move(hours=23)
    await run(jobs(clinic, clock))
    with pytest.raises(SlotTakenError):
        await clinic.desk.book(asked(at(5, 9), patient="p3"), actor=FIN)
    clock.move(hours=2)
    with pytest.raises(RequestOverError):
        await clinic.flow.move(visit.id, "booked", actor=FIN, expected=visit.version)
    await run(jobs(clinic, clock))
    await clinic.desk.book(asked(at(5, 9), patient="p3"), actor=FIN)
    with pytest.raises(SlotTakenError):
        await clinic.desk.book(asked(at(5, 11), patient="p3"), actor=FIN)


async def test_e33_a_late_visit_is_cancelled_by_the_clinic_and_its_time_is_offered_on(
    clinic: Clinic,
) -> None:
    bound = msgspec.structs.replace(FOLLOW_UP, cutoff=30 * 1440)
    stored = await clinic.plans.plan()
    async with Work(clinic.documents) as work:
        plan = msgspec.structs.replace(PLAN, types=(bound, *PLAN.types[1:]))
        clinic.plans.put_plan(work, plan, expected=stored.version)
    visit = await clinic.desk.book(asked(at(5, 9)), actor=FIN)
    with pytest.raises(PastCutOffError):
        await clinic.desk.cancel(visit.id, actor=FIN, channel="portal")
    await clinic.desk.cancel(visit.id, actor=FIN)
    queued = await clinic.documents.find(Query("job", (), count=100), clinic.desk.everything)
    assert FREED.encode() in b"".join(one.body for one in queued.documents)


async def test_e34_staff_release_every_time_held_with_a_clinician(clinic: Clinic) -> None:
    for number in range(6):
        await clinic.holding.hold(asked(at(5, 9 + number)), holder=f"visitor-{number // 3}")
    held = asked(at(5, 10, 30), practitioner="bo")
    await clinic.holding.hold(held, holder="other")
    wanted = Wanted("follow-up", practitioners=("ada",), after=at(5, 0), count=1)
    assert (await clinic.finder.find(wanted))[0].begin > at(5, 9)
    assert await clinic.holding.release_all("ada") == 6
    assert (await clinic.finder.find(wanted))[0].begin == at(5, 9)
    with pytest.raises(SlotTakenError):
        await clinic.desk.book(held, actor=FIN)

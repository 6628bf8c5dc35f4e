"""A freed time is offered in fair order, each offer runs out, one wins, others keep their place."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import pytest

from careflow.database.documents import Document
from careflow.database.scope import organisation_scope
from careflow.identity.actor import Actor, Role
from careflow.ids import mint
from careflow.jobs.queue import JobQueue
from careflow.scheduling.finding import Wanted
from careflow.scheduling.visit import DECODER
from careflow.scheduling.waitlist.answering import Answering, OfferLostError, OfferOverError
from careflow.scheduling.waitlist.offering import Offering
from careflow.scheduling.waitlist.stored import Offer, Waiting, Waitlist
from careflow.scheduling.wall import minutes_of
from tests.contracts.engines import SetClock
from tests.scheduling.clinic import FIN, ORGANISATION, Clinic, asked, at

PATIENT = Actor("w1", "W1", Role.PATIENT, ORGANISATION, session="s", patient_id="p2")


@dataclass
class Wait:
    """The waiting list, and the queue that its offers run through."""

    clinic: Clinic
    clock: SetClock
    offering: Offering
    answering: Answering
    queue: JobQueue
    stored: Waitlist

    async def join(self, patient: str, **how: object) -> Waiting:
        self.clock.move(minutes=1)
        entry = {"type": "follow-up", "place": "main", **how}
        one = Waiting(id=f"w-{patient}", patient=patient, since=self.clock(), **entry)  # type: ignore[arg-type]
        return await self.answering.join(one)

    async def run(self) -> None:
        while await self.queue.run_once():
            pass

    async def open(self) -> list[Offer]:
        return [one for one in await self.stored.offers() if one.state == "open"]

    async def offered(self) -> list[str]:
        found = sorted(await self.stored.offers(), key=lambda one: one.offered_at)
        return [one.patient for one in found]


@pytest.fixture
def wait(clinic: Clinic, clock: SetClock) -> Wait:
    clock.move(hours=6)  # ten in the morning at the place
    offering = Offering(clinic.desk, clock, mint)
    queue = JobQueue(
        clinic.documents,
        offering.handlers(),
        organisation=ORGANISATION,
        clock=clock,
        worker="w",
    )
    answering = Answering(clinic.desk, offering, clock)
    return Wait(clinic, clock, offering, answering, queue, Waitlist(clinic.documents, ORGANISATION))


async def booked(wait: Wait, begin: int, patient: str) -> Document:
    return await wait.clinic.desk.book(asked(begin, patient=patient), actor=FIN)


async def test_e18_a_freed_time_goes_to_who_waits_longest_and_then_to_the_next(
    wait: Wait,
) -> None:
    visit = await booked(wait, at(2, 14), "p1")
    for patient in ("p2", "p3", "p4"):
        await wait.join(patient)
    await wait.clinic.desk.cancel(visit.id, actor=FIN)
    await wait.run()
    assert await wait.offered() == ["p2"]
    (first,) = await wait.open()
    assert (first.offered_at - first.freed_at).total_seconds() < 60
    wait.clock.move(minutes=10)
    await wait.run()
    assert await wait.offered() == ["p2", "p3"]
    (second,) = await wait.open()
    await wait.answering.decline(second.id, actor=PATIENT)
    await wait.run()
    assert await wait.offered() == ["p2", "p3", "p4"]


async def test_e18_the_first_who_accepts_has_the_time_and_the_other_keeps_their_place(
    wait: Wait,
) -> None:
    visit = await booked(wait, at(2, 14), "p1")
    await wait.join("p2")
    await wait.join("p3")
    await wait.clinic.desk.cancel(visit.id, actor=FIN)
    await wait.run()
    (offer,) = await wait.open()
    outcomes = await asyncio.gather(
        *(wait.answering.accept(offer.id, actor=PATIENT) for _ in range(5)),
        return_exceptions=True,
    )
    assert sum(isinstance(one, Document) for one in outcomes) == 1
    assert [one.patient for one in await wait.stored.waiting()] == ["p3"]


async def test_an_offer_that_ran_out_books_nothing(wait: Wait) -> None:
    visit = await booked(wait, at(2, 14), "p1")
    await wait.join("p2")
    await wait.clinic.desk.cancel(visit.id, actor=FIN)
    await wait.run()
    (offer,) = await wait.open()
    wait.clock.move(minutes=11)
    with pytest.raises(OfferOverError):
        await wait.answering.accept(offer.id, actor=PATIENT)
    assert [one.patient for one in await wait.stored.waiting()] == ["p2"]


async def test_a_booking_by_hand_withdraws_open_offers(wait: Wait) -> None:
    visit = await booked(wait, at(2, 14), "p1")
    await wait.join("p2")
    await wait.clinic.desk.cancel(visit.id, actor=FIN)
    await wait.run()
    (offer,) = await wait.open()
    await booked(wait, at(2, 14), "p3")
    with pytest.raises((OfferOverError, OfferLostError)):
        await wait.answering.accept(offer.id, actor=PATIENT)
    assert await wait.open() == []
    assert [one.patient for one in await wait.stored.waiting()] == ["p2"]


async def test_nobody_is_offered_what_they_gave_up_or_when_they_cannot_come(wait: Wait) -> None:
    visit = await booked(wait, at(2, 14), "p1")
    await wait.join("p1")
    await wait.join("p2", weekdays=(5,))
    await wait.join("p3", hours=(9 * 60, 12 * 60))
    await wait.join("p4", practitioners=("bo",))
    await wait.clinic.desk.cancel(visit.id, actor=FIN)
    await wait.run()
    assert await wait.offered() == []


async def test_nobody_is_written_to_at_night(wait: Wait) -> None:
    visit = await booked(wait, at(3, 14), "p1")
    await wait.join("p2")
    wait.clock.move(hours=12)  # ten at night
    await wait.clinic.desk.cancel(visit.id, actor=FIN)
    await wait.run()
    assert await wait.offered() == []
    wait.clock.move(minutes=at(3, 8) - minutes_of(wait.clock()))
    await wait.run()
    assert await wait.offered() == ["p2"]


async def test_an_earlier_time_releases_the_later_visit_which_is_offered_on(wait: Wait) -> None:
    visit = await booked(wait, at(2, 14), "p1")
    later = await booked(wait, at(12, 9), "p2")
    await wait.join("p2", visit=later.id)
    await wait.join("p3", hours=(0, 10 * 60))
    await wait.clinic.desk.cancel(visit.id, actor=FIN)
    await wait.run()
    (offer,) = await wait.open()
    moved = await wait.answering.accept(offer.id, actor=PATIENT)
    assert moved.id == later.id
    await wait.run()
    (onward,) = await wait.open()
    assert (onward.patient, onward.begin) == ("p3", at(12, 9))


async def test_a_time_that_was_booked_again_is_not_offered(wait: Wait) -> None:
    visit = await booked(wait, at(2, 14), "p1")
    await wait.join("p2")
    await wait.clinic.desk.cancel(visit.id, actor=FIN)
    await booked(wait, at(2, 14), "p3")
    await wait.run()
    assert await wait.offered() == []
    free = await wait.clinic.finder.find(Wanted("follow-up", after=at(2, 14)))
    assert free
    document = await wait.clinic.records.read(
        "Appointment", visit.id, organisation_scope(ORGANISATION)
    )
    assert DECODER.decode(document.body).status == "cancelled"

"""What patients are to be told of their visits is queued in the visit's own commit."""

from __future__ import annotations

from datetime import timedelta

import pytest

from careflow.jobs.looking import Jobs
from careflow.records.notices import NOTICE
from careflow.scheduling.desk import Desk
from careflow.scheduling.refusals import SlotTakenError
from careflow.scheduling.wall import instant_of
from tests.contracts.engines import SetClock
from tests.scheduling.clinic import FIN, ORGANISATION, Clinic, asked, at


@pytest.fixture
def desk(clinic: Clinic) -> Desk:
    return clinic.desk


async def queued(clinic: Clinic, clock: SetClock) -> list[tuple[object, ...]]:
    """Return kind, sequence, what it is about and when it is due, of every notice queued."""
    page = await Jobs(clinic.documents, clock).listed("queued", ORGANISATION)
    return sorted(
        (one.run_at, one.arguments["sequence"], one.arguments["kind"], one.arguments["about"])
        for one in page.jobs
        if one.name == NOTICE
    )


async def test_a_booking_queues_its_confirmation_and_two_reminders(
    clinic: Clinic, desk: Desk, clock: SetClock
) -> None:
    await desk.book(asked(at(6, 9)), actor=FIN)
    begin = instant_of(at(6, 9))
    assert await queued(clinic, clock) == [
        (clock(), 0, "booked", ""),
        (begin - timedelta(days=2), 0, "reminder", "2-days"),
        # Three hours before is six in the morning: it goes the evening before.
        (begin - timedelta(hours=13), 0, "reminder", "3-hours"),
    ]


async def test_a_reminder_that_would_be_due_already_is_left_out(
    clinic: Clinic, desk: Desk, clock: SetClock
) -> None:
    await desk.book(asked(at(3, 9)), actor=FIN)
    told = [(kind, about) for _, _, kind, about in await queued(clinic, clock)]
    assert told == [("booked", ""), ("reminder", "3-hours")]


async def test_a_move_and_a_cancellation_are_told_under_their_own_sequence(
    clinic: Clinic, desk: Desk, clock: SetClock
) -> None:
    visit = await desk.book(asked(at(6, 9)), actor=FIN)
    moved = await desk.move(visit.id, asked(at(6, 10)), actor=FIN, expected=visit.version)
    await desk.cancel(moved.id, actor=FIN)
    told = [(sequence, kind) for _, sequence, kind, _ in await queued(clinic, clock)]
    assert sorted(told) == [
        (0, "booked"),
        (0, "reminder"),
        (0, "reminder"),
        (1, "moved"),
        (1, "reminder"),
        (1, "reminder"),
        (2, "cancelled"),
    ]


async def test_a_booking_that_is_refused_tells_nobody(
    clinic: Clinic, desk: Desk, clock: SetClock
) -> None:
    await desk.book(asked(at(6, 9)), actor=FIN)
    before = await queued(clinic, clock)
    with pytest.raises(SlotTakenError):
        await desk.book(asked(at(6, 9), patient="p2"), actor=FIN)
    assert await queued(clinic, clock) == before


async def test_a_request_is_not_confirmed_before_somebody_agrees(
    clinic: Clinic, desk: Desk, clock: SetClock
) -> None:
    await desk.book(asked(at(6, 9), request=True), actor=FIN)
    assert await queued(clinic, clock) == []

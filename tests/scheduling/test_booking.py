"""Booking: one verb, and the database decides every race."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from careflow.database.documents import Document, Documents
from careflow.database.scope import organisation_scope
from careflow.database.work import Work
from careflow.errors import CareFlowError
from careflow.scheduling.finding import Wanted
from careflow.scheduling.plan import Leave
from careflow.scheduling.refusals import (
    HoldOverError,
    NoSeatError,
    OnLeaveError,
    OutsideHoursError,
    PatientBusyError,
    SlotTakenError,
    SqueezeRefusedError,
    TooManyHoldsError,
)
from tests.contracts.engines import SetClock
from tests.scheduling.clinic import ADA, FIN, ORGANISATION, PLAN, Clinic, asked, at, node


def body(document: Document) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.json.decode(document.body)
    return found


async def test_a_visit_keeps_instant_zone_and_intended_wall_time(clinic: Clinic) -> None:
    visit = body(await clinic.desk.book(asked(at(3, 9)), actor=FIN))
    assert visit["start"] == "2026-03-03T09:00:00-05:00"
    noted = {one["url"]: one for one in visit["extension"][0]["extension"]}
    assert noted["zone"]["valueString"] == "America/New_York"
    assert noted["wall"]["valueString"] == "2026-03-03T09:00"


async def test_a_time_is_given_once_and_the_next_is_told_what_is_free(clinic: Clinic) -> None:
    await clinic.desk.book(asked(at(3, 9)), actor=FIN)
    with pytest.raises(SlotTakenError) as refused:
        await clinic.desk.book(asked(at(3, 9, 10), patient="p2"), actor=FIN)
    assert [one.begin for one in refused.value.instead if one.practitioner == "ada"][:2] == [
        at(3, 9, 40),
        at(3, 10),
    ]


async def test_e9_many_at_once_get_one_visit_over_two_nodes(
    clinic: Clinic, open_again: Callable[[], Awaitable[Documents]], clock: SetClock
) -> None:
    other_documents = await open_again()
    other = node(other_documents, clock)
    for number in range(3):
        begin = at(4 + number, 11)
        asking = [
            (clinic, other)[n % 2].desk.book(asked(begin, patient=f"p{1 + n % 4}"), actor=FIN)
            for n in range(24)
        ]
        outcomes = await asyncio.gather(*asking, return_exceptions=True)
        assert sum(isinstance(one, Document) for one in outcomes) == 1
        refused = [one for one in outcomes if not isinstance(one, Document)]
        assert {type(one) for one in refused} <= {SlotTakenError, PatientBusyError}
        assert all(one.status == 409 for one in refused if isinstance(one, CareFlowError))
    await other_documents.close()


async def test_e19_buffers_block_others_and_not_the_time_shown(clinic: Clinic) -> None:
    visit = body(await clinic.desk.book(asked(at(3, 9)), actor=FIN))
    assert visit["end"] == "2026-03-03T09:20:00-05:00"
    with pytest.raises(SlotTakenError):
        await clinic.desk.book(asked(at(3, 9, 20), patient="p2"), actor=FIN)
    await clinic.desk.book(asked(at(3, 9, 25), patient="p2"), actor=FIN)


async def test_e20_overlap_is_of_times_not_of_labels(clinic: Clinic) -> None:
    await clinic.desk.book(asked(at(3, 9, 50)), actor=FIN)
    with pytest.raises(SlotTakenError):
        await clinic.desk.book(asked(at(3, 10), patient="p2"), actor=FIN)


async def test_nothing_is_booked_outside_hours_or_in_leave(clinic: Clinic) -> None:
    with pytest.raises(OutsideHoursError):
        await clinic.desk.book(asked(at(3, 8)), actor=FIN)
    away = Leave(
        id="l", begin=datetime(2026, 3, 4, 5, tzinfo=UTC), end=datetime(2026, 3, 5, 5, tzinfo=UTC)
    )
    async with Work(clinic.documents) as work:
        clinic.plans.put_calendar(work, msgspec.structs.replace(ADA, leave=(away,)))
    with pytest.raises(OnLeaveError):
        await clinic.desk.book(asked(at(4, 10)), actor=FIN)


async def test_e22_clinician_room_and_device_are_taken_together(clinic: Clinic) -> None:
    first = body(await clinic.desk.book(asked(at(3, 10), type="ecg"), actor=FIN))
    actors = [one["actor"]["reference"] for one in first["participant"]]
    assert {"Practitioner/ada", "Location/room-1", "Device/ecg"} <= set(actors)
    with pytest.raises(SlotTakenError) as refused:
        await clinic.desk.book(
            asked(at(3, 10), type="ecg", practitioner="bo", patient="p2"), actor=FIN
        )
    assert refused.value.resource == "Device/ecg"


async def test_e21_a_group_takes_as_many_as_it_has_seats(clinic: Clinic) -> None:
    for patient in ("p1", "p2", "p3"):
        await clinic.desk.book(asked(at(3, 10), type="group", patient=patient), actor=FIN)
    with pytest.raises(NoSeatError):
        await clinic.desk.book(asked(at(3, 10), type="group", patient="p4"), actor=FIN)
    with pytest.raises(SlotTakenError):
        await clinic.desk.book(asked(at(3, 10, 20), patient="p4"), actor=FIN)


async def test_a_group_keeps_its_time_until_the_last_leaves(clinic: Clinic) -> None:
    visits = [
        await clinic.desk.book(asked(at(3, 10), type="group", patient=patient), actor=FIN)
        for patient in ("p1", "p2")
    ]
    await clinic.desk.cancel(visits[0].id, actor=FIN)
    with pytest.raises(SlotTakenError):
        await clinic.desk.book(asked(at(3, 10), patient="p4"), actor=FIN)
    await clinic.desk.cancel(visits[1].id, actor=FIN)
    await clinic.desk.book(asked(at(3, 10), patient="p4"), actor=FIN)


async def test_e23_a_patient_is_not_in_two_places_without_a_reason(clinic: Clinic) -> None:
    await clinic.desk.book(asked(at(3, 10)), actor=FIN)
    twice = asked(at(3, 10), practitioner="bo")
    with pytest.raises(PatientBusyError):
        await clinic.desk.book(twice, actor=FIN)
    await clinic.desk.book(
        asked(at(3, 10), practitioner="bo", despite="Mother and child"), actor=FIN
    )


async def test_e24_squeezing_in_is_limited_and_says_why(
    documents: Documents, clinic: Clinic
) -> None:
    types = tuple(
        msgspec.structs.replace(one, overbook=1) if one.id == "follow-up" else one
        for one in PLAN.types
    )
    async with Work(documents) as work:
        clinic.plans.put_plan(work, msgspec.structs.replace(PLAN, types=types))
    await clinic.desk.book(asked(at(3, 10)), actor=FIN)
    await clinic.desk.book(asked(at(3, 10), patient="p2", squeeze="Fever"), actor=FIN)
    with pytest.raises(SqueezeRefusedError):
        await clinic.desk.book(asked(at(3, 11), patient="p3", squeeze="Cough"), actor=FIN)


async def test_a_cancelled_visit_frees_its_time_at_once(clinic: Clinic) -> None:
    visit = await clinic.desk.book(asked(at(3, 9)), actor=FIN)
    await clinic.desk.cancel(visit.id, actor=FIN, reason="Better")
    await clinic.desk.book(asked(at(3, 9), patient="p2"), actor=FIN)


async def test_a_moved_visit_frees_its_old_time_and_counts_its_changes(clinic: Clinic) -> None:
    visit = await clinic.desk.book(asked(at(3, 9)), actor=FIN)
    moved = await clinic.desk.move(visit.id, asked(at(3, 9, 10)), actor=FIN, expected=visit.version)
    assert body(moved)["start"] == "2026-03-03T09:10:00-05:00"
    noted = {one["url"]: one for one in body(moved)["extension"][0]["extension"]}
    assert noted["sequence"]["valueInteger"] == 1
    await clinic.desk.book(asked(at(3, 9, 35), patient="p2"), actor=FIN)


async def test_e11_a_held_time_is_gone_for_others_until_it_runs_out(
    clinic: Clinic, clock: SetClock
) -> None:
    hold = await clinic.holding.hold(asked(at(3, 9)), holder="visitor-1")
    with pytest.raises(SlotTakenError):
        await clinic.desk.book(asked(at(3, 9), patient="p2"), actor=FIN)
    clock.move(minutes=4)
    await clinic.holding.renew(hold.id, holder="visitor-1")
    clock.move(minutes=4)
    with pytest.raises(SlotTakenError):
        await clinic.desk.book(asked(at(3, 9), patient="p2"), actor=FIN)
    clock.move(minutes=2)
    await clinic.desk.book(asked(at(3, 9), patient="p2"), actor=FIN)
    with pytest.raises(HoldOverError):
        await clinic.desk.book(asked(at(3, 9), hold=hold.id), actor=FIN, holder="visitor-1")


async def test_e11_whoever_holds_a_time_books_it(clinic: Clinic) -> None:
    hold = await clinic.holding.hold(asked(at(3, 9)), holder="visitor-1")
    with pytest.raises(HoldOverError):
        await clinic.desk.book(asked(at(3, 9), hold=hold.id), actor=FIN, holder="visitor-2")
    await clinic.desk.book(asked(at(3, 9), hold=hold.id), actor=FIN, holder="visitor-1")


async def test_e34_one_visitor_holds_few_times(clinic: Clinic) -> None:
    for number in range(3):
        await clinic.holding.hold(asked(at(3, 9 + number)), holder="visitor-1")
    with pytest.raises(TooManyHoldsError):
        await clinic.holding.hold(asked(at(3, 13)), holder="visitor-1")


async def test_e25_an_appointment_written_by_fhir_takes_the_same_time(clinic: Clinic) -> None:
    appointment = {
        "resourceType": "Appointment",
        "status": "booked",
        "start": "2026-03-03T14:00:00Z",
        "end": "2026-03-03T14:20:00Z",
        "participant": [
            {"actor": {"reference": "Patient/p1"}, "status": "accepted"},
            {"actor": {"reference": "Practitioner/ada"}, "status": "accepted"},
        ],
    }
    async with Work(clinic.documents) as work:
        await clinic.records.create(work, appointment, actor=FIN)
    with pytest.raises(SlotTakenError):
        await clinic.desk.book(asked(at(3, 9), patient="p2"), actor=FIN)

    async def again() -> None:
        async with Work(clinic.documents) as work:
            await clinic.records.create(work, appointment, actor=FIN)

    with pytest.raises(SlotTakenError):
        await again()


async def test_e25_two_appointments_of_one_transaction_do_not_share_a_time(
    clinic: Clinic,
) -> None:
    appointment = {
        "resourceType": "Appointment",
        "status": "booked",
        "start": "2026-03-03T14:00:00Z",
        "end": "2026-03-03T14:20:00Z",
        "participant": [{"actor": {"reference": "Practitioner/ada"}, "status": "accepted"}],
    }

    async def both() -> None:
        async with Work(clinic.documents) as work:
            await clinic.records.create(work, appointment, actor=FIN)
            await clinic.records.create(work, appointment, actor=FIN)

    with pytest.raises(SlotTakenError):
        await both()
    history = await clinic.documents.history(organisation_scope(ORGANISATION), kind="Appointment")
    assert history.documents == []


async def test_openings_are_what_can_be_booked(clinic: Clinic) -> None:
    wanted = Wanted("follow-up", practitioners=("ada",), after=at(3, 0), count=30)
    found = await clinic.finder.find(wanted)
    assert [one.begin for one in found[:2]] == [at(3, 9), at(3, 9, 20)]
    for one in found[:6:2]:
        await clinic.desk.book(asked(one.begin), actor=FIN)
    left = await clinic.finder.find(wanted)
    # Each visit bars the start right after it, for its buffer of five minutes.
    assert [one.begin for one in left[:2]] == [at(3, 11), at(3, 11, 20)]

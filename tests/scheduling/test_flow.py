"""The life of a visit: legal steps, one step back, rooms, and no way round."""

from __future__ import annotations

import msgspec
import pytest

from careflow.database.documents import Document
from careflow.database.scope import organisation_scope
from careflow.database.work import Work
from careflow.records.preconditions import ChangedSinceReadError
from careflow.scheduling.flow.life import NoSuchMoveError, NothingToUndoError, TooEarlyError
from careflow.scheduling.flow.moving import RoomOccupiedError
from careflow.scheduling.plan import NotPlannedError
from careflow.scheduling.refusals import SlotTakenError
from careflow.scheduling.visit import DECODER
from tests.contracts.engines import SetClock
from tests.scheduling.clinic import FIN, ORGANISATION, Clinic, asked, at


def noted(document: Document) -> dict[str, str | int]:
    return DECODER.decode(document.body).noted()


async def booked(clinic: Clinic, begin: int, patient: str = "p1") -> Document:
    return await clinic.desk.book(asked(begin, patient=patient), actor=FIN)


async def test_e27_a_visit_goes_its_way_and_each_stage_has_its_time(
    clinic: Clinic, clock: SetClock
) -> None:
    visit = await booked(clinic, at(2, 9))
    for stage in ("confirmed", "arrived", "roomed", "with-clinician", "done"):
        clock.move(minutes=3)
        room = "Location/room-1" if stage == "roomed" else None
        visit = await clinic.flow.move(
            visit.id, stage, actor=FIN, expected=visit.version, room=room
        )
    times = [noted(visit)[f"at-{one}"] for one in ("confirmed", "arrived", "roomed", "done")]
    assert times == sorted(set(times))
    assert DECODER.decode(visit.body).status == "fulfilled"
    assert "room" not in noted(visit)


async def test_e27_a_step_that_no_visit_takes_is_refused(clinic: Clinic) -> None:
    visit = await booked(clinic, at(2, 9))
    with pytest.raises(NoSuchMoveError):
        await clinic.flow.move(visit.id, "done", actor=FIN, expected=visit.version)


async def test_e27_a_step_is_taken_back_once_and_says_why(clinic: Clinic, clock: SetClock) -> None:
    visit = await booked(clinic, at(2, 9))
    clock.move(hours=8)
    visit = await clinic.flow.move(visit.id, "no-show", actor=FIN, expected=visit.version)
    visit = await clinic.flow.undo(
        visit.id, actor=FIN, expected=visit.version, reason="Sat in the other room"
    )
    assert (DECODER.decode(visit.body).status, noted(visit)["why"]) == (
        "booked",
        "Sat in the other room",
    )
    with pytest.raises(NothingToUndoError):
        await clinic.flow.undo(visit.id, actor=FIN, expected=visit.version, reason="Again")


async def test_a_visit_is_not_missed_before_it_begins(clinic: Clinic) -> None:
    visit = await booked(clinic, at(3, 9))
    with pytest.raises(TooEarlyError):
        await clinic.flow.move(visit.id, "no-show", actor=FIN, expected=visit.version)


async def test_e26_a_step_from_what_was_seen_before_a_change_is_refused(clinic: Clinic) -> None:
    visit = await booked(clinic, at(2, 9))
    await clinic.flow.move(visit.id, "confirmed", actor=FIN, expected=visit.version)
    with pytest.raises(ChangedSinceReadError):
        await clinic.flow.move(visit.id, "arrived", actor=FIN, expected=visit.version)


async def test_a_room_holds_one_patient_and_says_whose_visit_it_is(clinic: Clinic) -> None:
    first, second = await booked(clinic, at(2, 9)), await booked(clinic, at(2, 10), "p2")
    for visit in (first, second):
        await clinic.flow.move(visit.id, "arrived", actor=FIN, expected=1)
    await clinic.flow.move(first.id, "roomed", actor=FIN, expected=2, room="Location/room-1")
    with pytest.raises(RoomOccupiedError) as refused:
        await clinic.flow.move(second.id, "roomed", actor=FIN, expected=2, room="Location/room-1")
    assert refused.value.visit == f"Appointment/{first.id}"
    await clinic.flow.move(first.id, "done", actor=FIN, expected=3)
    await clinic.flow.move(second.id, "roomed", actor=FIN, expected=2, room="Location/room-1")


async def test_a_room_that_the_clinic_does_not_have_is_refused(clinic: Clinic) -> None:
    visit = await booked(clinic, at(2, 9))
    await clinic.flow.move(visit.id, "arrived", actor=FIN, expected=1)
    with pytest.raises(NotPlannedError):
        await clinic.flow.move(visit.id, "roomed", actor=FIN, expected=2, room="Location/attic")


async def test_a_cancelled_visit_comes_back_only_if_its_time_is_free(clinic: Clinic) -> None:
    visit = await booked(clinic, at(3, 9))
    gone = await clinic.desk.cancel(visit.id, actor=FIN)
    other = await booked(clinic, at(3, 9), "p2")
    with pytest.raises(SlotTakenError):
        await clinic.flow.undo(visit.id, actor=FIN, expected=gone.version, reason="By mistake")
    await clinic.desk.cancel(other.id, actor=FIN)
    back = await clinic.flow.undo(visit.id, actor=FIN, expected=gone.version, reason="By mistake")
    assert DECODER.decode(back.body).status == "booked"


async def test_a_status_that_fhir_changes_is_the_stage_it_means(
    clinic: Clinic,
) -> None:
    visit = await booked(clinic, at(2, 9))
    body = msgspec.json.decode(visit.body)
    body["status"] = "arrived"
    async with Work(clinic.documents) as work:
        scope = organisation_scope(ORGANISATION)
        await clinic.records.update(work, body, actor=FIN, id=visit.id, scope=scope)
    done = await clinic.flow.move(visit.id, "with-clinician", actor=FIN, expected=2)
    assert noted(done)["was"] == "arrived"

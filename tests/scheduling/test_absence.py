"""Leave after bookings: seen beforehand, settled together, nothing slips in, and taken back."""

from __future__ import annotations

import asyncio
from datetime import datetime

import msgspec
import pytest

from careflow.database.documents import Document
from careflow.database.scope import organisation_scope
from careflow.scheduling.absence.proposing import Proposing
from careflow.scheduling.absence.settling import (
    AbsenceDesk,
    StrandedChangedError,
    UndoOverError,
)
from careflow.scheduling.absence.stored import Absence
from careflow.scheduling.refusals import OnLeaveError, SlotTakenError
from careflow.scheduling.visit import DECODER
from careflow.scheduling.wall import instant_of
from tests.contracts.engines import SetClock
from tests.scheduling.clinic import FIN, ORGANISATION, Clinic, asked, at

BEGIN, END = instant_of(at(9, 0)), instant_of(at(14, 0))


async def reachable(patient: str) -> bool:
    return patient != "p4"


@pytest.fixture
def absences(clinic: Clinic, clock: SetClock) -> AbsenceDesk:
    numbers = iter(range(1, 100))
    proposing = Proposing(clinic.desk, reachable)
    return AbsenceDesk(clinic.desk, proposing, clock, lambda: f"absence-{next(numbers)}")


async def saved(absences: AbsenceDesk, begin: datetime = BEGIN, end: datetime = END) -> Absence:
    proposed = await absences.proposing.proposed("ada", begin, end, actor=FIN)
    return await absences.save("ada", begin, end, proposed, actor=FIN)


async def read(clinic: Clinic, id: str) -> Document:
    return await clinic.records.read("Appointment", id, organisation_scope(ORGANISATION))


async def test_e13_each_stranded_visit_has_a_proposal_and_no_two_the_same_time(
    clinic: Clinic, absences: AbsenceDesk
) -> None:
    # Dr Bo sees patients from ten to two, so only the second has a colleague at its own time.
    early = await clinic.desk.book(asked(at(9, 9)), actor=FIN)
    noon = await clinic.desk.book(asked(at(9, 12), patient="p2"), actor=FIN)
    late = await clinic.desk.book(asked(at(13, 16), patient="p4"), actor=FIN)
    await clinic.desk.book(asked(at(16, 9), patient="p3"), actor=FIN)
    found = await absences.proposing.proposed("ada", BEGIN, END, actor=FIN)
    assert [(one.visit, one.how) for one in found] == [
        (early.id, "other-time"),
        (noon.id, "colleague"),
        (late.id, "other-time"),
    ]
    assert found[1].begin == at(9, 12)
    assert found[0].begin == at(16, 9, 40)
    assert found[2].begin not in (found[0].begin, at(16, 9))


async def test_whoever_cannot_be_moved_is_asked_or_called(
    clinic: Clinic, absences: AbsenceDesk
) -> None:
    far = instant_of(at(9, 0, month=6))
    await clinic.desk.book(asked(at(9, 9), type="group"), actor=FIN)
    await clinic.desk.book(asked(at(10, 16), patient="p4"), actor=FIN)
    found = await absences.proposing.proposed("ada", BEGIN, far, actor=FIN)
    assert [one.how for one in found] == ["other-time", "other-time"]
    absence = await absences.save(
        "ada",
        BEGIN,
        END,
        [
            msgspec.structs.replace(found[0], how="choose"),
            msgspec.structs.replace(found[1], how="telephone"),
        ],
        actor=FIN,
    )
    for one in absence.settled:
        document = await read(clinic, one.visit)
        assert DECODER.decode(document.body).status == "waitlist"
        assert DECODER.decode(document.body).noted()["settle"] == one.how


async def test_e13_nothing_is_booked_in_leave_from_the_commit_on(
    clinic: Clinic, absences: AbsenceDesk
) -> None:
    hold = await clinic.holding.hold(asked(at(10, 9)), holder="v")
    await saved(absences)
    with pytest.raises(OnLeaveError):
        await clinic.desk.book(asked(at(10, 11)), actor=FIN)
    with pytest.raises(OnLeaveError):
        await clinic.desk.book(asked(at(10, 9), hold=hold.id), actor=FIN, holder="v")


async def test_a_booking_at_the_same_moment_is_settled_or_refused_but_never_stranded(
    clinic: Clinic, absences: AbsenceDesk
) -> None:
    outcomes = await asyncio.gather(
        saved(absences),
        *(clinic.desk.book(asked(at(9, 10 + n), patient=f"p{n + 1}"), actor=FIN) for n in range(3)),
        return_exceptions=True,
    )
    stands = [one for one in outcomes[1:] if isinstance(one, Document)]
    if isinstance(outcomes[0], Absence):
        assert {one.visit for one in outcomes[0].settled} == {one.id for one in stands}
    else:
        assert isinstance(outcomes[0], StrandedChangedError)


async def test_a_list_that_changed_since_it_was_looked_at_is_refused(
    clinic: Clinic, absences: AbsenceDesk
) -> None:
    proposed = await absences.proposing.proposed("ada", BEGIN, END, actor=FIN)
    await clinic.desk.book(asked(at(9, 9)), actor=FIN)
    with pytest.raises(StrandedChangedError):
        await absences.save("ada", BEGIN, END, proposed, actor=FIN)
    await clinic.desk.book(asked(at(10, 9), patient="p2"), actor=FIN)


async def test_a_time_taken_meanwhile_stops_the_whole_batch(
    clinic: Clinic, absences: AbsenceDesk
) -> None:
    visit = await clinic.desk.book(asked(at(9, 9)), actor=FIN)
    proposed = await absences.proposing.proposed("ada", BEGIN, END, actor=FIN)
    await clinic.desk.book(asked(at(16, 9), patient="p2"), actor=FIN)
    with pytest.raises(SlotTakenError):
        await absences.save("ada", BEGIN, END, proposed, actor=FIN)
    assert (await read(clinic, visit.id)).version == visit.version
    await clinic.desk.book(asked(at(10, 9), patient="p3"), actor=FIN)


async def test_a_batch_is_taken_back_within_ten_minutes(
    clinic: Clinic, absences: AbsenceDesk, clock: SetClock
) -> None:
    visits = [
        await clinic.desk.book(asked(at(9, 9)), actor=FIN),
        await clinic.desk.book(asked(at(9, 12), patient="p2"), actor=FIN),
    ]
    absence = await saved(absences)
    clock.move(minutes=9)
    await absences.take_back(absence.id, actor=FIN)
    for visit in visits:
        now = DECODER.decode((await read(clinic, visit.id)).body)
        assert (now.start, now.participant) == (
            DECODER.decode(visit.body).start,
            DECODER.decode(visit.body).participant,
        )
    await clinic.desk.book(asked(at(10, 9), patient="p3"), actor=FIN)
    with pytest.raises(UndoOverError):
        await absences.take_back(absence.id, actor=FIN)


async def test_one_settlement_is_taken_back_and_the_visit_waits_for_a_call(
    clinic: Clinic, absences: AbsenceDesk, clock: SetClock
) -> None:
    visit = await clinic.desk.book(asked(at(9, 12)), actor=FIN)
    absence = await saved(absences)
    await absences.take_back_one(absence.id, visit.id, actor=FIN)
    now = DECODER.decode((await read(clinic, visit.id)).body)
    assert (now.status, now.noted()["settle"]) == ("waitlist", "telephone")
    await clinic.desk.move(visit.id, asked(at(17, 9)), actor=FIN, expected=visit.version + 2)
    assert DECODER.decode((await read(clinic, visit.id)).body).status == "booked"
    clock.move(minutes=11)
    with pytest.raises(UndoOverError):
        await absences.take_back(absence.id, actor=FIN)

"""What a link does: one thing, for one visit, until it is over; a wrong one tells nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from careflow.database.documents import Query
from careflow.identity.slowing import TooManyAttemptsError
from careflow.messaging.links import LINK, NoSuchLinkError
from careflow.messaging.visitors.visiting import Visiting
from careflow.scheduling.absence.stored import Settlement
from careflow.scheduling.refusals import PastCutOffError, SlotTakenError
from careflow.scheduling.visit import DECODER
from careflow.scheduling.waitlist.answering import OfferLostError, OfferOverError
from careflow.scheduling.waitlist.stored import Waiting
from careflow.scheduling.wall import instant_of, minutes_of
from tests.messaging.office import Office, email, phone
from tests.scheduling.clinic import FIN, NEW_YORK, asked, at


@pytest.fixture(autouse=True)
async def morning(office: Office) -> None:
    """It is nine in New York, so nobody is asleep."""
    office.clock.instant = datetime(2026, 3, 2, 9, 0, tzinfo=NEW_YORK)


@pytest.fixture
def visiting(office: Office) -> Visiting:
    return office.messages.visiting


async def booked(office: Office, begin: int) -> tuple[str, dict[str, str]]:
    """Book a visit and return its id and the links of its mail."""
    visit = await office.visits.desk.book(asked(begin), actor=FIN)
    await office.settle()
    return visit.id, office.links()


async def status(office: Office, id: str) -> str:
    found = await office.documents.read("Appointment", id, office.visits.desk.everything)
    assert found is not None
    return DECODER.decode(found.body).status


async def test_a_visit_is_confirmed_by_link_and_twice_is_the_same(
    office: Office, visiting: Visiting
) -> None:
    _, links = await booked(office, at(6, 14))
    seen = await visiting.look(links["I will come"])
    assert (seen.state, seen.can) == ("booked", ("confirm",))
    for _ in range(2):
        assert (await visiting.confirm(links["I will come"])).state == "confirmed"
    await office.settle()
    assert len(office.mail.got) == 1


async def test_e33_a_link_cancels_until_the_cut_off_which_it_tells(
    office: Office, visiting: Visiting
) -> None:
    id, links = await booked(office, at(6, 14))
    assert "You can move or cancel it yourself until Thursday, March 5, 2026, 2:00 PM EST" in (
        office.mail.got[0].text
    )
    office.clock.instant = instant_of(at(5, 14))
    seen = await visiting.look(links["Cancel"])
    assert seen.visit is not None
    assert seen.visit.until == instant_of(at(5, 14))
    for _ in range(2):
        assert (await visiting.cancel(links["Cancel"])).state == "cancelled"
    assert await status(office, id) == "cancelled"
    with pytest.raises(NoSuchLinkError):
        await visiting.look(links["I will come"])


async def test_e33_too_late_the_desk_is_told_and_the_freed_time_is_offered_on(
    office: Office, visiting: Visiting
) -> None:
    id, links = await booked(office, at(6, 14))
    await _waits(office, "p2")
    office.clock.instant = instant_of(at(5, 14)) + timedelta(minutes=1)
    assert (await visiting.look(links["Cancel"])).can == ("late",)
    assert (await visiting.look(links["Another time"])).can == ()
    with pytest.raises(PastCutOffError):
        await visiting.cancel(links["Cancel"])
    with pytest.raises(PastCutOffError):
        await visiting.move(links["Another time"], instant_of(at(6, 16)), "ada")
    for _ in range(2):
        assert (await visiting.tell_late(links["Cancel"])).state == "told-late"
    (told,) = [one for one in await office.kept() if one.direction == "in"]
    assert (told.kind, told.state, told.visits) == ("late-cancel", "received", (id,))
    assert await status(office, id) == "booked"
    await office.visits.desk.cancel(id, actor=FIN)
    await office.settle()
    assert [one.to for one in office.mail.got if "earlier time" in one.subject] == [
        "p2@mail.example"
    ]


async def test_a_visit_is_moved_by_link_to_a_fresh_opening(
    office: Office, visiting: Visiting
) -> None:
    id, links = await booked(office, at(6, 14))
    times = await visiting.openings(links["Another time"], after=None, count=3)
    assert times[0].start == instant_of(at(2, 9))
    seen = await visiting.move(links["Another time"], times[2].start, times[2].practitioner)
    assert seen.visit is not None
    assert (seen.state, seen.visit.id, seen.visit.start) == ("booked", id, times[2].start)
    await office.settle()
    # What answers the patient says "moved", with links of its own; the old ones are over.
    assert office.mail.got[-1].subject == "Your visit at Harbour has a new time"
    for old in (links["I will come"], links["Cancel"]):
        with pytest.raises(NoSuchLinkError):
            await visiting.look(old)
    assert (await visiting.look(office.links()["I will come"])).can == ("confirm",)


async def test_a_time_that_somebody_else_took_is_refused_with_others(
    office: Office, visiting: Visiting
) -> None:
    _, links = await booked(office, at(6, 14))
    await office.visits.desk.book(asked(at(6, 16), patient="p2"), actor=FIN)
    with pytest.raises(SlotTakenError) as refused:
        await visiting.move(links["Another time"], instant_of(at(6, 16)), "ada")
    assert refused.value.instead
    assert (await visiting.look(links["Another time"])).can == ("move",)


async def test_a_link_does_one_thing(office: Office, visiting: Visiting) -> None:
    _, links = await booked(office, at(6, 14))
    for act in (visiting.cancel, visiting.stop, visiting.tell_late):
        with pytest.raises(NoSuchLinkError):
            await act(links["I will come"])
    with pytest.raises(NoSuchLinkError):
        await visiting.move(links["Cancel"], instant_of(at(6, 15)), "ada")
    with pytest.raises(NoSuchLinkError):
        await visiting.answer(links["Cancel"], accept=True)


async def test_a_wrong_an_old_and_a_foreign_link_all_tell_the_same(
    office: Office, visiting: Visiting
) -> None:
    _, links = await booked(office, at(6, 14))
    token = links["Cancel"]
    wrong = ["", "x", "é", token[:-1], token[:-1] + ("A" if token[-1] != "A" else "B"), token + "A"]
    office.clock.instant = instant_of(at(6, 14))
    said = set()
    for one in [*wrong, token]:
        with pytest.raises(NoSuchLinkError) as refused:
            await visiting.look(one)
        said.add(str(refused.value))
    assert len(said) == 1


async def test_links_are_kept_as_hashes_and_not_in_the_outbox(office: Office) -> None:
    _, links = await booked(office, at(6, 14))
    everything = office.visits.desk.everything
    stored = b""
    for kind in (LINK, "message", "visit-notice", "job"):
        page = await office.documents.find(Query(kind, count=500), everything)
        stored += b"".join(one.body + one.id.encode() for one in page.documents)
    assert len(links) == 4
    for token in links.values():
        assert token.encode() not in stored


async def test_e13_a_patient_who_is_asked_chooses_a_time_by_link(
    office: Office, visiting: Visiting
) -> None:
    id, _ = await booked(office, at(2, 16))
    begin, end = instant_of(at(2, 9)), instant_of(at(3, 0))
    stranded = await office.visits.absences.proposing.stranded("ada", begin, end)
    how = [Settlement(visit=one.id, version=one.version, how="choose") for one in stranded]
    await office.visits.absences.save("ada", begin, end, how, actor=FIN)
    await office.work(minutes=11)
    await office.settle()
    assert office.mail.got[-1].subject == "Please choose a new time at Harbour"
    token = office.links()["Choose a time"]
    # The time that was lost is hours away: whoever is asked is not too late.
    assert (await visiting.look(token)).can == ("choose",)
    times = await visiting.openings(token, after=None, count=6)
    assert all(minutes_of(one.start) >= at(3, 0) for one in times if one.practitioner == "ada")
    seen = await visiting.move(token, times[-1].start, times[-1].practitioner)
    assert seen.state == "booked"
    assert await status(office, id) == "booked"
    await office.settle()
    assert office.mail.got[-1].subject == "Your visit at Harbour has a new time"


async def test_e18_an_offer_is_taken_by_link_and_the_loser_is_told_kindly(
    office: Office, visiting: Visiting
) -> None:
    visit = await office.visits.desk.book(asked(at(6, 14), patient="p3"), actor=FIN)
    await office.settle()
    await _waits(office, "p1")
    office.clock.move(minutes=1)
    await _waits(office, "p2")
    await office.visits.desk.cancel(visit.id, actor=FIN)
    await office.settle()
    first = office.links("p1")["Take it or leave it"]
    assert [one.to for one in office.mail.got if "It is kept for you until" in one.text] == [
        "p1@mail.example"
    ]
    await office.work(minutes=10)
    await office.settle()
    second = office.links("p2")["Take it or leave it"]
    # The first offer ran out with its link.
    with pytest.raises(NoSuchLinkError):
        await visiting.answer(first, accept=True)
    seen = await visiting.answer(second, accept=True)
    assert seen.visit is not None
    assert (seen.state, seen.visit.start) == ("booked", instant_of(at(6, 14)))
    await office.settle()
    assert office.mail.got[-1].subject == "Your visit at Harbour"


async def test_e18_a_booking_by_hand_ends_an_offer_and_who_had_it_is_told(
    office: Office, visiting: Visiting
) -> None:
    visit = await office.visits.desk.book(asked(at(6, 14), patient="p3"), actor=FIN)
    await office.settle()
    await _waits(office, "p1")
    await office.visits.desk.cancel(visit.id, actor=FIN)
    await office.settle()
    token = office.links("p1")["Take it or leave it"]
    await office.visits.desk.book(asked(at(6, 14), patient="p4"), actor=FIN)
    with pytest.raises((OfferLostError, OfferOverError)) as refused:
        await visiting.answer(token, accept=True)
    assert "keep your place" in str(refused.value)
    await office.settle()
    kind = [one for one in office.mail.got if one.to == "p1@mail.example"][-1]
    assert kind.subject == "The earlier time at Harbour is taken"
    assert "You keep your place on the waiting list" in kind.text
    assert [one.patient for one in await office.visits.waitlist.waiting()] == ["p1"]


async def test_an_offer_is_declined_by_link_and_goes_to_the_next(
    office: Office, visiting: Visiting
) -> None:
    visit = await office.visits.desk.book(asked(at(6, 14), patient="p3"), actor=FIN)
    await office.settle()
    for patient in ("p1", "p2"):
        await _waits(office, patient)
        office.clock.move(minutes=1)
    await office.visits.desk.cancel(visit.id, actor=FIN)
    await office.settle()
    seen = await visiting.answer(office.links("p1")["Take it or leave it"], accept=False)
    assert seen.state == "declined"
    await office.settle()
    assert office.mail.got[-1].to == "p2@mail.example"


async def test_a_link_ends_messages_to_one_address_alone(
    office: Office, visiting: Visiting
) -> None:
    await office.put_patient("p1", email(), phone())
    _, links = await booked(office, at(6, 14))
    stop = links["No more messages to this address"]
    for _ in range(2):
        assert (await visiting.stop(stop)).state == "stopped"
    await office.visits.desk.book(asked(at(6, 16), despite="Both"), actor=FIN)
    await office.settle()
    assert len(office.mail.got) == 1
    assert [one.to for one in office.sms.got] == ["+12025550123"]


async def test_whoever_guesses_links_is_slowed(office: Office, visiting: Visiting) -> None:
    for _ in range(20):
        await visiting.admit("203.0.113.9")
        await visiting.count_wrong("203.0.113.9")
    with pytest.raises(TooManyAttemptsError):
        await visiting.admit("203.0.113.9")
    await visiting.admit("203.0.113.10")


async def test_a_cancellation_by_link_is_answered_at_any_hour(
    office: Office, visiting: Visiting
) -> None:
    _, links = await booked(office, at(6, 14))
    office.clock.instant = datetime(2026, 3, 3, 2, 0, tzinfo=NEW_YORK)
    await visiting.cancel(links["Cancel"])
    await office.settle()
    assert office.mail.got[-1].subject == "Your visit at Harbour is cancelled"


async def _waits(office: Office, patient: str) -> None:
    one = Waiting(
        id=f"w-{patient}",
        patient=patient,
        type="follow-up",
        place="main",
        since=office.clock(),
    )
    await office.visits.answering.join(one)

"""Each person gets the messages that a change calls for: once, in time, and no longer true none."""

from __future__ import annotations

import base64
import hmac
from dataclasses import replace
from datetime import datetime

import pytest

from careflow.database.documents import Query
from careflow.database.work import Work
from careflow.jobs.retrying import tried_again
from careflow.jobs.stored import KIND, StoredJob
from careflow.messaging.replies.hearing import NotGenuineError
from careflow.messaging.ways import Effect, Mail, NotReachedError, RefusedError
from careflow.records.notices import notice_id
from careflow.scheduling.absence.stored import Settlement
from careflow.scheduling.wall import instant_of
from tests.messaging.office import Office, built, email, lives_in, phone, speaks
from tests.scheduling.clinic import FIN, NEW_YORK, asked, at

ADA_BEGINS, ADA_ENDS = instant_of(at(6, 9)), instant_of(at(6, 12))


@pytest.fixture(autouse=True)
async def morning(office: Office) -> None:
    """It is nine in New York, so nobody is asleep."""
    office.clock.instant = datetime(2026, 3, 2, 9, 0, tzinfo=NEW_YORK)


async def test_e29_a_booking_is_confirmed_once_and_reminded_of_twice(office: Office) -> None:
    await office.visits.desk.book(asked(at(6, 14)), actor=FIN)
    await office.settle()
    assert [one.to for one in office.mail.got] == ["p1@mail.example"]
    await office.work(days=4, hours=6)
    assert await office.states() == [("booked", "sent"), ("reminder", "sent"), ("reminder", "sent")]
    assert [one.subject for one in office.mail.got] == [
        "Your visit at Harbour",
        "Reminder: your visit at Harbour",
        "Reminder: your visit at Harbour",
    ]


async def test_e29_nothing_follows_a_cancellation(office: Office) -> None:
    visit = await office.visits.desk.book(asked(at(6, 14)), actor=FIN)
    await office.settle()
    await office.visits.desk.cancel(visit.id, actor=FIN)
    await office.settle()
    await office.work(days=5)
    assert await office.states() == [("booked", "sent"), ("cancelled", "sent")]


async def test_e29_what_is_not_so_any_more_when_it_is_sent_is_dropped(office: Office) -> None:
    visit = await office.visits.desk.book(asked(at(6, 14)), actor=FIN)
    await office.work()
    moved = await office.visits.desk.move(
        visit.id, asked(at(6, 15)), actor=FIN, expected=visit.version
    )
    await office.visits.desk.cancel(moved.id, actor=FIN)
    await office.settle()
    assert len(office.mail.got) == 1
    assert "is cancelled" in office.mail.got[0].text
    assert "Your visit is" not in office.mail.got[0].text


async def test_e29_a_message_that_had_to_wait_is_looked_at_again_before_it_goes(
    office: Office,
) -> None:
    office.mail.failing = [NotReachedError()]
    visit = await office.visits.desk.book(asked(at(6, 14)), actor=FIN)
    await office.work(seconds=10)
    await office.visits.desk.cancel(visit.id, actor=FIN)
    await office.work(minutes=11)
    await office.settle()
    assert [one.subject for one in office.mail.got] == ["Your visit at Harbour is cancelled"]
    assert await office.states() == [("booked", "dropped"), ("cancelled", "sent")]


async def test_e29_two_visits_of_one_batch_are_one_message(office: Office) -> None:
    for hour in (9, 10):
        await office.visits.desk.book(asked(at(6, hour), despite="Both"), actor=FIN)
    await office.settle()
    office.mail.got.clear()
    settlements: list[Settlement] = []
    for document in await office.visits.absences.proposing.stranded("ada", ADA_BEGINS, ADA_ENDS):
        begin = at(6, 13) if not settlements else at(6, 15)
        settlements.append(
            Settlement(
                visit=document.id,
                version=document.version,
                how="other-time",
                practitioner="ada",
                begin=begin,
            )
        )
    await office.visits.absences.save("ada", ADA_BEGINS, ADA_ENDS, settlements, actor=FIN)
    await office.work(minutes=9)
    assert office.mail.got == []
    await office.work(minutes=1, seconds=1)
    await office.work(seconds=11)
    assert len(office.mail.got) == 1
    assert office.mail.got[0].text.count("Your visit is now on Friday, March 6, 2026") == 2
    assert len(office.mail.got[0].entries) == 2


async def test_e13_leave_that_is_taken_back_in_time_is_told_to_nobody(office: Office) -> None:
    await office.visits.desk.book(asked(at(6, 9)), actor=FIN)
    await office.settle()
    office.mail.got.clear()
    stranded = await office.visits.absences.proposing.stranded("ada", ADA_BEGINS, ADA_ENDS)
    how = [Settlement(visit=one.id, version=one.version, how="cancel") for one in stranded]
    saved = await office.visits.absences.save("ada", ADA_BEGINS, ADA_ENDS, how, actor=FIN)
    await office.visits.absences.take_back(saved.id, actor=FIN)
    await office.work(minutes=11)
    await office.work(seconds=11)
    assert office.mail.got == []
    await office.work(days=4)
    assert [one.subject for one in office.mail.got] == ["Reminder: your visit at Harbour"] * 2


async def test_e29_nothing_is_sent_by_a_preview(office: Office) -> None:
    await office.visits.desk.book(asked(at(6, 9)), actor=FIN)
    await office.settle()
    office.mail.got.clear()
    await office.visits.series.preview(asked(at(9, 9)), "FREQ=WEEKLY;COUNT=4", actor=FIN)
    await office.visits.absences.proposing.proposed("ada", ADA_BEGINS, ADA_ENDS, actor=FIN)
    await office.settle()
    assert office.mail.got == []


async def test_a_series_is_one_message(office: Office) -> None:
    await office.visits.series.book(asked(at(9, 9)), "FREQ=WEEKLY;COUNT=6", {}, actor=FIN)
    await office.settle()
    assert len(office.mail.got) == 1
    assert office.mail.got[0].subject == "Your visits at Harbour"
    assert office.mail.got[0].text.count("Your visit is on") == 6
    # The clocks go forward on the eighth; the series keeps its wall time.
    assert office.mail.got[0].text.count("9:00 AM EDT, with") == 6


async def test_a_days_visits_are_reminded_of_in_one_message(office: Office) -> None:
    for hour in (10, 14):
        await office.visits.desk.book(asked(at(6, hour), despite="Both"), actor=FIN)
    await office.settle()
    office.mail.got.clear()
    await office.work(days=4, hours=6)
    reminders = [one for one in office.mail.got if one.subject.startswith("Reminder")]
    assert len(reminders) == 2
    assert [one.text.count("You have a visit on") for one in reminders] == [2, 2]


async def test_e29_quiet_hours_are_the_patients_own(office: Office) -> None:
    await office.put_patient("p1", email(), **lives_in("Pacific/Honolulu"))
    await office.visits.desk.book(asked(at(6, 14)), actor=FIN)
    await office.settle()
    # It is four in the morning in Honolulu, and nine in New York.
    assert office.mail.got == []
    await office.work(hours=4)
    await office.settle()
    assert len(office.mail.got) == 1


async def test_e29_what_cannot_wait_for_the_morning_is_told_at_night(office: Office) -> None:
    visit = await office.visits.desk.book(asked(at(3, 9)), actor=FIN)
    await office.settle()
    office.mail.got.clear()
    office.clock.instant = datetime(2026, 3, 2, 23, 0, tzinfo=NEW_YORK)
    await office.visits.desk.cancel(visit.id, actor=FIN)
    await office.work()
    await office.work(seconds=11)
    assert [one.subject for one in office.mail.got] == ["Your visit at Harbour is cancelled"]


async def test_consent_is_asked_contact_by_contact(office: Office) -> None:
    await office.put_patient("p1", email(consent=False), phone(consent=True))
    await office.put_patient("p2", email(), phone(consent=None))
    await office.put_patient("p3", email(consent=False), phone(consent=None))
    for number in (1, 2, 3):
        wish = asked(at(6, 9 + number), patient=f"p{number}")
        await office.visits.desk.book(wish, actor=FIN)
    await office.settle()
    assert [one.to for one in office.sms.got] == ["+12025550123"]
    assert [one.to for one in office.mail.got] == ["ebb@mail.example"]
    unsent = next(one for one in await office.kept() if one.patient == "p3")
    assert (unsent.state, unsent.why) == ("not-sent", "nobody-to-write-to")


async def test_nobody_writes_to_who_has_died(office: Office) -> None:
    await office.visits.desk.book(asked(at(6, 14)), actor=FIN)
    await office.settle()
    await office.put_patient("p1", email(), deceasedDateTime="2026-03-03")
    await office.work(days=3)
    assert [one.subject for one in office.mail.got] == ["Your visit at Harbour"]
    assert (await office.kept())[0].why == "nobody-to-write-to"


async def test_each_person_is_written_to_in_their_language(office: Office) -> None:
    await office.put_patient("p1", email(), **speaks("es-MX"))
    await office.visits.desk.book(asked(at(6, 14)), actor=FIN)
    await office.settle()
    mail = office.mail.got[0]
    assert mail.subject == "Su cita en Harbour"
    assert "viernes, 6 de marzo de 2026, 2:00 p. m. EST" in mail.text


async def test_no_message_says_why_somebody_comes_or_what_for(office: Office) -> None:
    wish = asked(at(6, 14), type="video", comment="Low mood since the loss")
    visit = await office.visits.desk.book(wish, actor=FIN)
    await office.settle()
    await office.work(days=3)
    await office.visits.desk.cancel(visit.id, actor=FIN, reason="Too unwell")
    await office.settle()
    said = "\n".join(
        part
        for one in office.mail.got
        for part in (one.subject, one.text, *(entry.text for entry in one.entries))
    )
    assert len(office.mail.got) >= 3
    for word in ("Depression", "review", "mood", "unwell", "video visit", "Tide"):
        assert word not in said


async def test_without_a_mail_server_a_message_is_kept_and_said_to_be_unsent(
    office: Office,
) -> None:
    office.mail.effect = "off"
    await office.visits.desk.book(asked(at(6, 14)), actor=FIN)
    await office.settle()
    (kept,) = await office.kept()
    assert (kept.state, kept.why, kept.subject) == (
        "not-sent",
        "no-mail-server",
        "Your visit at Harbour",
    )
    assert "Friday, March 6, 2026, 2:00 PM EST" in kept.text
    office.mail.effect = "sends"
    await office.messages.sending.send_again(kept.id, office.visits.desk.everything)
    await office.work()
    assert len(office.mail.got) == 1


async def test_a_server_that_is_away_is_tried_again_until_it_is_back(office: Office) -> None:
    office.mail.failing = [NotReachedError(), NotReachedError()]
    await office.visits.desk.book(asked(at(6, 14)), actor=FIN)
    await office.settle()
    assert office.mail.got == []
    for _ in range(3):
        await office.work(minutes=11)
    assert [one.id for one in office.mail.got] == [one.id for one in await office.kept()]


async def test_a_server_that_stays_away_leaves_a_message_that_staff_see(office: Office) -> None:
    office.mail.failing = [NotReachedError()] * 20
    await office.visits.desk.book(asked(at(6, 14)), actor=FIN)
    await office.settle()
    for _ in range(12):
        await office.work(minutes=11)
    assert await office.states() == [("booked", "not-sent")]


async def test_a_refusal_is_final_and_stands_in_the_record(office: Office) -> None:
    office.mail.failing = [RefusedError()]
    await office.visits.desk.book(asked(at(6, 14)), actor=FIN)
    await office.settle()
    await office.work(hours=1)
    assert await office.states() == [("booked", "refused")]
    assert office.mail.got == []
    fact = await _communication(office)
    assert b'"not-done"' in fact
    assert b"does not take messages" in fact


async def test_who_answers_stop_is_not_written_to_again(office: Office) -> None:
    await office.put_patient("p1", phone())
    office.sms.failing = [RefusedError(stops=True)]
    await office.visits.desk.book(asked(at(6, 14)), actor=FIN)
    await office.settle()
    await office.work(days=3)
    assert office.sms.got == []
    assert [one.why for one in reversed(await office.kept())] == ["stopped", "nobody-to-write-to"]


@pytest.mark.parametrize("word", ["STOP", " Stop. ", "alto"])
async def test_a_stop_word_ends_text_messages_and_other_answers_are_for_the_desk(
    office: Office, word: str
) -> None:
    await office.put_patient("p1", email(consent=False), phone())
    await office.visits.desk.book(asked(at(6, 14)), actor=FIN)
    await office.settle()
    hearing = office.messages.hearing
    late = {"MessageSid": "SM1", "From": "+12025550123", "Body": "I am running late"}
    with pytest.raises(NotGenuineError):
        await hearing.hear(late, "a guess")
    for _ in range(2):
        await hearing.hear(late, _signed(late))
    stop = {"MessageSid": "SM2", "From": "+12025550123", "Body": word}
    with pytest.raises(NotGenuineError):
        await hearing.hear({**stop, "From": "+12025550199"}, _signed(stop))
    await hearing.hear(stop, _signed(stop))
    await office.work(days=3)
    assert len(office.sms.got) == 1
    heard = [one.text for one in reversed(await office.kept()) if one.direction == "in"]
    assert heard == ["I am running late", word]


def _signed(form: dict[str, str]) -> str:
    """Sign as the provider does: the address, then names and values in order."""
    said = "https://clinic.example/api/replies/sms" + "".join(
        name + form[name] for name in ("Body", "From", "MessageSid")
    )
    return base64.b64encode(hmac.digest(b"a-token", said.encode(), "sha1")).decode()


async def test_e29_a_crash_between_sending_and_recording_repeats_one_message_and_loses_none(
    office: Office,
) -> None:
    visit = await office.visits.desk.book(asked(at(6, 14)), actor=FIN)
    await office.work()
    dying = built(office.documents, office.clock, mail=_Dying(office), worker="dying")
    office.clock.move(seconds=11)
    assert await dying.queue.run_once()
    with pytest.raises(_PowerCutError):
        await dying.queue.run_once()
    assert len(office.mail.got) == 1
    # Its lease runs out, and another process takes the job.
    await office.work(minutes=2)
    assert [one.id for one in office.mail.got] == [office.mail.got[0].id] * 2
    assert office.mail.got[0].text == office.mail.got[1].text
    assert await office.states() == [("booked", "sent")]
    assert visit.version == 1


async def test_e29_a_notice_that_comes_back_from_a_backup_is_not_sent_again(
    office: Office,
) -> None:
    visit = await office.visits.desk.book(asked(at(6, 14)), actor=FIN)
    await office.settle()
    assert len(office.mail.got) == 1
    job = notice_id(visit.id, 0, "booked", "")
    await _queue_once_more(office, job)
    await office.settle()
    assert len(office.mail.got) == 1


class _PowerCutError(BaseException):
    """The process is gone."""


class _Dying:
    """A way on which the process dies when a mail has just left."""

    effect: Effect = "sends"
    sender: str = "visits@clinic.example"

    def __init__(self, office: Office) -> None:
        self.office = office

    async def send(self, mail: Mail) -> None:
        await self.office.mail.send(mail)
        raise _PowerCutError


async def _communication(office: Office) -> bytes:
    page = await office.documents.find(Query("Communication"), office.visits.desk.everything)
    return page.documents[0].body


async def _queue_once_more(office: Office, id: str) -> None:
    found = await office.documents.read(KIND, id, office.visits.desk.everything)
    assert found is not None
    stored = StoredJob.of(found)
    again = replace(stored, job=tried_again(stored.job, now=office.clock()))
    async with Work(office.documents) as work:
        work.put(again.put())

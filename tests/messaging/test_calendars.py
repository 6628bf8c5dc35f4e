"""Calendar entries, feeds, and one time in the same words wherever it stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from careflow.clock import letters
from careflow.database.documents import Query
from careflow.messaging.calendar import Shown, calendar_of
from careflow.messaging.feeds.own import FEED, NoSuchFeedError
from careflow.messaging.visitors.http import when_view
from careflow.messaging.visits import VisitFacts
from careflow.messaging.words import Told, line_of, mail_text, sms_text
from careflow.records.wall_words import Language, When
from careflow.scheduling.visit import wall_noted
from careflow.scheduling.wall import day_of, instant_of, minutes_of, stretches_of
from tests.messaging.office import Office, email, lives_in
from tests.scheduling.clinic import FIN, NEW_YORK, asked, at

ZONES = (
    "America/New_York",
    "America/Los_Angeles",
    "America/Phoenix",
    "America/St_Johns",
    "America/Sao_Paulo",
    "Europe/London",
    "Africa/Casablanca",
    "Asia/Gaza",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Chatham",
    "Pacific/Apia",
)
TEN_YEARS = 10 * 366 * 1440
BEGIN = minutes_of(datetime(2024, 1, 1, tzinfo=UTC))


def visit_at(minutes: int, zone: ZoneInfo, **more: Any) -> VisitFacts:
    start = instant_of(minutes, zone)
    facts = VisitFacts(
        id="v1",
        version=1,
        patient="p1",
        status="booked",
        stage="booked",
        settle="",
        sequence=0,
        start=start,
        end=start + timedelta(minutes=20),
        zone=zone,
        place="main",
        place_name="Harbour Main",
        address="1 Quay; Harbour, MA",
        practitioner="ada",
        practitioner_name="Dr Ada",
        mode="in-person",
        cutoff=0,
        changed_at=start,
    )
    return replace(facts, **more)


def agree(minutes: int, zone: ZoneInfo, language: Language) -> None:
    """Fail unless page, mail, text message, calendar entry and API say one time of a visit."""
    visit = visit_at(minutes, zone)
    told = [Told("booked", visit)]
    said = When.of(visit.start, zone, language).text
    page = when_view(visit.when(language))
    note = line_of(told[0], language)
    ics = calendar_of([Shown(visit, "Harbour", note)], "REQUEST", organisation="harbour")
    event = _event(ics)
    assert page.text == said
    assert said in mail_text(told, name="", clinic="Harbour", language=language, stop="")
    assert said in sms_text(told, clinic="Harbour", language=language)
    assert said in str(event["DESCRIPTION"])
    assert said.endswith(letters(page.start))
    # What machines read of each is the same instant and the same clock.
    assert page.start == visit.start
    assert event["DTSTART"].dt.replace(tzinfo=None, fold=0) == page.start.replace(
        tzinfo=None, fold=0
    )
    assert event["DTSTART"].params["TZID"] == zone.key
    noted = wall_noted(minutes, zone)
    assert f"{page.start:%Y-%m-%dT%H:%M}" == noted["wall"]
    assert f"{page.start.hour % 12 or 12}:{page.start.minute:02}" in said


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    some.integers(BEGIN, BEGIN + TEN_YEARS),
    some.sampled_from(ZONES),
    some.sampled_from(("en", "es")),
)
def test_e3_page_mail_text_message_calendar_and_api_agree_on_any_minute_of_ten_years(
    minutes: int, zone: str, language: Language
) -> None:
    agree(minutes, ZoneInfo(zone), language)


@pytest.mark.sweep
@pytest.mark.parametrize("zone", ZONES)
def test_e3_they_agree_on_every_day_of_ten_years_and_around_each_change(zone: str) -> None:
    clock = ZoneInfo(zone)
    for day in range(BEGIN, BEGIN + TEN_YEARS, 1440):
        agree(day + 9 * 60, clock, "en")
        if len(stretches_of(day_of(day, clock), clock)) > 1:
            for minute in range(0, 1440, 20):
                agree(day + minute, clock, "en")


@settings(max_examples=40, deadline=None, derandomize=True)
@given(some.integers(BEGIN, BEGIN + TEN_YEARS), some.sampled_from(ZONES))
def test_e3_the_zone_in_a_calendar_entry_means_the_same_instant(minutes: int, zone: str) -> None:
    # Read by the rules that stand in the entry alone, as a program without a tz database does.
    at = instant_of(minutes, ZoneInfo(zone))
    visit = visit_at(minutes, ZoneInfo(zone))
    ics = calendar_of([Shown(visit, "Harbour")], "REQUEST", organisation="harbour")
    rules = _part(ics, "VTIMEZONE")
    wall = at.replace(tzinfo=None, fold=0)
    parts = sorted(
        rules.walk("STANDARD") + rules.walk("DAYLIGHT"), key=lambda one: one["DTSTART"].dt
    )
    begun = [one for one in parts if one["DTSTART"].dt <= wall]
    offsets = {one["TZOFFSETTO"].td for one in begun[-2:]}
    assert at.utcoffset() in offsets
    if at.fold == 0 and wall - begun[-1]["DTSTART"].dt > timedelta(hours=3):
        assert begun[-1]["TZOFFSETTO"].td == at.utcoffset()


def test_e6_the_places_zone_is_shown_and_for_video_the_patients_too() -> None:
    visit = visit_at(at(6, 14), NEW_YORK)
    hawaii = ZoneInfo("Pacific/Honolulu")
    assert visit.when().text.endswith("2:00 PM EST")
    assert visit.theirs(hawaii) is None
    video = visit_at(at(6, 14), NEW_YORK, mode="video")
    theirs = video.theirs(hawaii)
    assert theirs is not None
    assert theirs.text == "Friday, March 6, 2026, 9:00 AM HST"
    assert video.theirs(NEW_YORK) is None


async def test_e6_a_travelling_patient_reads_the_clinics_time_first(office: Office) -> None:
    await office.put_patient("p1", email(), **lives_in("Pacific/Honolulu"))
    office.clock.instant = datetime(2026, 3, 2, 15, 0, tzinfo=NEW_YORK)
    await office.visits.desk.book(asked(at(6, 14), type="video"), actor=FIN)
    await office.settle()
    text = office.mail.got[0].text
    assert text.index("2:00 PM EST") < text.index("By your own clock")
    assert "Friday, March 6, 2026, 9:00 AM HST" in text


async def test_e7_a_cut_off_is_an_instant_whatever_the_patients_clock_says(
    office: Office,
) -> None:
    await office.put_patient("p1", email(), **lives_in("Pacific/Kiritimati"))
    office.clock.instant = datetime(2026, 3, 2, 15, 0, tzinfo=NEW_YORK)
    await office.visits.desk.book(asked(at(6, 14)), actor=FIN)
    await office.settle()
    token = office.links()["Cancel"]
    # In Kiritimati it is the day of the visit by now; by instants a minute is left.
    office.clock.instant = instant_of(at(5, 14)) - timedelta(minutes=1)
    assert (await office.messages.visiting.look(token)).can == ("cancel",)
    office.clock.move(minutes=2)
    assert (await office.messages.visiting.look(token)).can == ("late",)


async def test_an_invitation_keeps_its_uid_and_its_sequence_rises(office: Office) -> None:
    office.clock.instant = datetime(2026, 3, 2, 9, 0, tzinfo=NEW_YORK)
    visit = await office.visits.desk.book(asked(at(6, 14)), actor=FIN)
    await office.settle()
    moved = await office.visits.desk.move(
        visit.id, asked(at(6, 15)), actor=FIN, expected=visit.version
    )
    await office.settle()
    await office.visits.desk.cancel(moved.id, actor=FIN)
    await office.settle()
    entries = [entry for one in office.mail.got for entry in one.entries]
    events = [_event(one.text) for one in entries]
    assert [one.method for one in entries] == ["REQUEST", "REQUEST", "CANCEL"]
    assert len({str(one["UID"]) for one in events}) == 1
    assert [int(one["SEQUENCE"]) for one in events] == [0, 1, 2]
    assert [str(one["STATUS"]) for one in events] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert str(events[0]["ORGANIZER"]) == "mailto:visits@clinic.example"
    assert str(events[0]["ATTENDEE"]) == "mailto:p1@mail.example"


async def test_e30_a_feed_shows_ones_own_visits_with_initials_alone(office: Office) -> None:
    await office.visits.desk.book(asked(at(6, 14)), actor=FIN)
    other = asked(at(6, 11), patient="p2", practitioner="bo")
    await office.visits.desk.book(other, actor=FIN)
    token, _ = await office.messages.feeds.make("ada", "practitioner")
    feed = await office.messages.feeds.owner_of(token)
    text, visits = await office.messages.feeds.calendar(feed)
    assert [one.patient for one in visits] == ["p1"]
    assert str(_event(text)["SUMMARY"]) == "E. T."
    for word in ("Ebb", "Tide", "Follow-up", "p1@"):
        assert word not in text
    token, _ = await office.messages.feeds.make("p2", "patient")
    text, visits = await office.messages.feeds.calendar(await office.messages.feeds.owner_of(token))
    assert [one.patient for one in visits] == ["p2"]
    assert str(_event(text)["SUMMARY"]) == "Harbour"


async def test_e30_a_cancelled_visit_stays_in_a_feed_as_cancelled_with_a_higher_sequence(
    office: Office,
) -> None:
    visit = await office.visits.desk.book(asked(at(6, 14)), actor=FIN)
    token, feed = await office.messages.feeds.make("p1", "patient")
    before = _event((await office.messages.feeds.calendar(feed))[0])
    await office.visits.desk.cancel(visit.id, actor=FIN)
    after = _event((await office.messages.feeds.calendar(feed))[0])
    assert str(before["UID"]) == str(after["UID"])
    assert int(after["SEQUENCE"]) > int(before["SEQUENCE"])
    assert (str(before["STATUS"]), str(after["STATUS"])) == ("CONFIRMED", "CANCELLED")
    assert token


async def test_e30_a_feeds_address_is_random_kept_as_a_hash_and_ended_at_once(
    office: Office,
) -> None:
    feeds = office.messages.feeds
    first, _ = await feeds.make("p1", "patient")
    second, _ = await feeds.make("p1", "patient")
    assert first != second
    with pytest.raises(NoSuchFeedError):
        await feeds.owner_of(first)
    assert (await feeds.owner_of(second)).owner == "p1"
    page = await office.documents.find(Query(FEED), office.visits.desk.everything)
    assert second.encode() not in b"".join(one.body + one.id.encode() for one in page.documents)
    await feeds.end("p1", "patient")
    with pytest.raises(NoSuchFeedError):
        await feeds.owner_of(second)


def _event(text: str) -> Any:
    return _part(text, "VEVENT")


def _part(text: str, kind: str) -> Any:
    """Return the first part of a kind, as another's reader of calendars sees it."""
    return next(iter(icalendar.Calendar.from_ical(text).walk(kind)))

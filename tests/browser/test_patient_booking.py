"""Patients book by themselves: from another zone, over a lost answer, and against each other."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Route, expect

from careflow.composition import Platform
from careflow.composition.online import visit_calendar
from careflow.database.documents import Query
from careflow.database.scope import organisation_scope
from careflow.database.work import Work
from careflow.messaging.links import Link
from careflow.records.elements import decoded
from careflow.records.intake.answering import response
from careflow.records.intake.forms import GENERAL
from careflow.scheduling.waitlist.stored import Offer, Waiting
from careflow.scheduling.wall import minutes_of
from tests.browser.accessibility import check_screen
from tests.browser.conftest import Enter, RunningClinic

PICTURES = Path("test-results") / "screens"
SMALL = {"width": 360, "height": 740}
NEW_YORK, MADRID = ZoneInfo("America/New_York"), ZoneInfo("Europe/Madrid")
NINE = datetime(2026, 11, 25, 9, tzinfo=NEW_YORK)
Json = dict[str, Any]


class Visitors:
    """People with telephones of their own, whose clocks are in Madrid."""

    def __init__(self, browser: Browser, clinic: RunningClinic) -> None:
        self._browser, self._clinic = browser, clinic
        self._contexts: list[Any] = []
        self.errors: list[str] = []

    def come(self, path: str = "/book") -> Page:
        context = self._browser.new_context(
            viewport=SMALL,  # type: ignore[arg-type]
            base_url=self._clinic.address,
            locale="en-US",
            timezone_id="Europe/Madrid",
            reduced_motion="reduce",
            has_touch=True,
            accept_downloads=True,
        )
        self._contexts.append(context)
        page: Page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.goto(path)
        return page

    def _listen(self, message: ConsoleMessage) -> None:
        # A refusal that is part of the story, and the answer that the test drops, are no faults.
        told = ("409 (Conflict)", "410 (Gone)", "net::ERR_FAILED")
        if message.type == "error" and not any(one in message.text for one in told):
            self.errors.append(message.text)

    def leave(self) -> None:
        for context in self._contexts:
            context.close()


@pytest.fixture
def visitors(browser: Browser, clinic: RunningClinic) -> Iterator[Visitors]:
    come = Visitors(browser, clinic)
    yield come
    come.leave()
    assert come.errors == []


def go_on(page: Page) -> None:
    page.get_by_role("button", name="Continue", exact=True).click()


def to_times(page: Page) -> None:
    """Go from the public link to the open times of a video visit."""
    page.get_by_label("No, I am new here").check()
    go_on(page)
    page.get_by_label("Follow-up, video").check()
    go_on(page)
    expect(page.get_by_role("heading", name="Choose a time")).to_be_visible()


def tomorrow(page: Page) -> Any:
    """Return the part of the page with tomorrow's times."""
    day = page.locator("section").filter(has_text="Wednesday, November 25, 2026")
    later = page.get_by_role("button", name="Show later times")
    for _ in range(6):
        expect(later).to_be_visible()
        if day.get_by_role("button", name=re.compile("^9:20 AM EST")).count():
            return day
        before = page.locator("section button").first.inner_text()
        later.click()
        expect(page.locator("section button").first).not_to_have_text(before)
    raise AssertionError("tomorrow is not offered")


def nine(day: Any) -> Any:
    return day.get_by_role("button", name=re.compile("^9:00 AM EST.*Bo"))


def tell(page: Page, family: str, email: str) -> None:
    """Say who comes, one question a page."""
    page.get_by_label("Given name").fill("Alma")
    page.get_by_label("Family name").fill(family)
    go_on(page)
    for part, text in {"Day": "27", "Month": "3", "Year": "1985"}.items():
        page.get_by_label(part).fill(text)
    go_on(page)
    page.get_by_label("E-mail address").fill(email)
    go_on(page)


def answer(page: Page) -> None:
    """Answer the six questions."""
    said = ["A cough", "Three days", "Penicillin", "Ramipril 5 mg", "Asthma", "+34 600 111 222"]
    for number, text in enumerate(said, 1):
        expect(page.get_by_text(f"Question {number} of 6")).to_be_visible()
        page.get_by_role("textbox").fill(text)
        go_on(page)


def shown_code(page: Page) -> str:
    found = re.search(r"Your code is (\d{6})", page.get_by_text("Your code is").inner_text())
    assert found
    return found.group(1)


def stored(clinic: RunningClinic, kind: str) -> list[Json]:
    async def read(platform: Platform) -> list[Json]:
        scope = organisation_scope(platform.organisation)
        page = await platform.documents.find(Query(kind, count=1000), scope)
        return [decoded(one) for one in page.documents]

    return clinic.do(read)


def standing_at(clinic: RunningClinic, at: datetime) -> list[Json]:
    """Return the visits that stand at an instant."""
    return [
        one
        for one in stored(clinic, "Appointment")
        if datetime.fromisoformat(one["start"]) == at and one["status"] == "booked"
    ]


def booked_at(clinic: RunningClinic, at: datetime) -> list[Json]:
    """Return the visits with Dr Bo that stand at an instant."""
    return [
        one
        for one in standing_at(clinic, at)
        if any(p["actor"]["reference"] == "Practitioner/bo" for p in one["participant"])
    ]


def entry_of(clinic: RunningClinic, visit: str) -> dict[str, str]:
    """Return a visit's calendar entry, by property."""

    async def write(platform: Platform) -> str | None:
        written = visit_calendar(
            platform.messaging.visiting.book,
            clinic=platform.clinic_name,
            organisation=platform.organisation,
        )
        return await written(visit)

    return properties(clinic.do(write) or "")


def properties(text: str) -> dict[str, str]:
    event = text.split("BEGIN:VEVENT")[1]
    return dict(line.split(":", 1) for line in event.splitlines() if ":" in line)


def link_to_move(clinic: RunningClinic, visit: str) -> str:
    """Return the link of the message that told of a visit, from what the clinic kept of it."""

    async def find(platform: Platform) -> str | None:
        scope = organisation_scope(platform.organisation)
        page = await platform.documents.find(Query("message", count=500), scope)
        for one in page.documents:
            message = decoded(one)
            tokens: list[str] = re.findall(r"/link#([\w-]+)", str(message.get("text", "")))
            for token in tokens:
                link, _ = await platform.messaging.visiting.links.read(token)
                if link.visit == visit and link.purpose == "move":
                    return token
        return None

    until = time.monotonic() + 15
    while time.monotonic() < until:
        token = clinic.do(find)
        if token is not None:
            return token
        time.sleep(0.2)
    pytest.fail("nobody was told of the visit")


def test_j3_she_books_from_another_zone_once_and_moves_by_the_link(
    visitors: Visitors, clinic: RunningClinic
) -> None:
    page, other = visitors.come(), visitors.come()
    go_on(page)
    expect(page.get_by_role("alert")).to_contain_text("Choose one")
    check_screen(page, "booking-problem", pictures=PICTURES)
    to_times(page)
    expect(page.get_by_text("until 1 hour before it")).to_be_visible()
    place = nine(tomorrow(page))
    expect(place).to_contain_text("(New York time; 15:00 where you are)")
    check_screen(page, "booking-times", pictures=PICTURES)
    place.click()
    expect(page.get_by_text("We keep this time for you")).to_be_visible()

    to_times(other)
    expect(nine(tomorrow(other))).to_have_count(0)

    tell(page, "Marín", "alma@mail.example")
    answer(page)
    check_screen(page, "booking-agree", pictures=PICTURES)
    for box in page.get_by_role("checkbox").all():
        box.check()
    go_on(page)
    page.get_by_label("Code", exact=True).fill(shown_code(page))
    check_screen(page, "booking-code", pictures=PICTURES)
    sent: list[str] = []

    def lose_the_first(route: Route) -> None:
        sent.append(route.request.headers["idempotency-key"])
        if len(sent) == 1:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route("**/api/public/booking/visit", lose_the_first)
    page.get_by_role("button", name="Confirm the visit").dblclick()
    expect(page.get_by_role("heading", name="Your visit is booked")).to_be_visible()
    text = "Wednesday, November 25, 2026, 9:00 AM EST"
    expect(page.get_by_text(text, exact=True)).to_be_visible()
    check_screen(page, "booking-done", pictures=PICTURES)

    assert len(sent) > 1
    assert len(set(sent)) == 1
    (visit,) = booked_at(clinic, NINE)
    patient = visit["participant"][0]["actor"]["reference"]
    (answers,) = (
        one
        for one in stored(clinic, "QuestionnaireResponse")
        if one["subject"]["reference"] == patient
    )
    assert answers["meta"]["tag"][0]["code"] == "awaits-review"
    for kind in ("AllergyIntolerance", "Condition", "MedicationStatement"):
        whose = [one.get("patient") or one.get("subject") for one in stored(clinic, kind)]
        assert {"reference": patient} not in whose
    consents = [o for o in stored(clinic, "Consent") if o["patient"]["reference"] == patient]
    assert {one["policy"][0]["uri"].split(":")[-2] for one in consents} == {"privacy", "video"}
    assert all(one["dateTime"].startswith("2026-11-24T") for one in consents)

    with page.expect_download() as downloading:
        page.get_by_role("button", name="Add to calendar").click()
    entry = properties(Path(downloading.value.path()).read_text())
    begin = datetime.fromisoformat(entry["DTSTART;TZID=America/New_York"])
    begin = begin.replace(tzinfo=NEW_YORK)
    assert begin == NINE
    assert begin.astimezone(MADRID).hour == 15

    page.goto(f"/link#{link_to_move(clinic, visit['id'])}")
    expect(page.get_by_text(text, exact=True)).to_be_visible()
    ten = page.get_by_role("button", name=re.compile("November 2[4-9].*Bo")).last
    chosen = ten.locator("span").first.inner_text()
    ten.click()
    check_screen(page, "booking-move", pictures=PICTURES)
    page.get_by_role("button", name="Move my visit here").click()
    expect(page.get_by_role("heading", name="Your visit", exact=True)).to_be_visible()
    expect(page.get_by_text(chosen, exact=True)).to_be_visible()

    after = entry_of(clinic, visit["id"])
    assert after["UID"] == entry["UID"]
    assert int(after["SEQUENCE"]) > int(entry["SEQUENCE"])
    assert booked_at(clinic, NINE) == []
    other.reload()
    to_times(other)
    expect(nine(tomorrow(other))).to_be_visible()


def test_j3_a_time_is_free_again_when_its_visitor_leaves_or_stays_away(
    visitors: Visitors, clinic: RunningClinic
) -> None:
    one, other = visitors.come(), visitors.come()
    to_times(one)
    nine(tomorrow(one)).click()
    expect(one.get_by_role("heading", name="What is your name?")).to_be_visible()
    one.go_back()
    expect(nine(tomorrow(one))).to_be_visible()
    nine(tomorrow(one)).click()
    expect(one.get_by_role("heading", name="What is your name?")).to_be_visible()
    one.goto("about:blank")
    to_times(other)
    expect(nine(tomorrow(other))).to_be_visible()

    nine(tomorrow(other)).click()
    expect(other.get_by_role("heading", name="What is your name?")).to_be_visible()
    third = visitors.come()
    to_times(third)
    expect(nine(tomorrow(third))).to_have_count(0)
    clinic.later(minutes=6)
    third.reload()
    to_times(third)
    expect(nine(tomorrow(third))).to_be_visible()


def test_j7_two_accept_the_same_time_and_who_comes_second_is_told_kindly(
    visitors: Visitors, clinic: RunningClinic
) -> None:
    at = datetime(2026, 11, 26, 14, 0, tzinfo=NEW_YORK)

    async def offer_both(platform: Platform) -> list[str]:
        now, tokens = platform.clock(), []
        waitlist, links = platform.visits.waitlist, platform.messaging.visiting.links
        async with Work(platform.documents) as work:
            for number, patient in enumerate(("p20", "p21"), 1):
                waiting = Waiting(
                    id=f"w{number}",
                    patient=patient,
                    type="follow-up",
                    place="harbour-point",
                    since=now - timedelta(days=3 - number),
                )
                offer = Offer(
                    id=f"o{number}",
                    freed="thursday-14",
                    waiting=waiting.id,
                    patient=patient,
                    type="follow-up",
                    place="harbour-point",
                    practitioner="ada",
                    begin=minutes_of(at),
                    end=minutes_of(at) + 20,
                    freed_at=now,
                    offered_at=now,
                    until=now + timedelta(minutes=10),
                )
                waitlist.put_waiting(work, waiting, expected=0)
                waitlist.put_offer(work, offer, expected=0)
                link = Link(purpose="offer", patient=patient, offer=offer.id, until=offer.until)
                tokens.append(links.put(work, link, message=offer.id))
        return tokens

    pages = [visitors.come(f"/link#{token}") for token in clinic.do(offer_both)]
    for page in pages:
        expect(page.get_by_role("heading", name="Would you like this time?")).to_be_visible()
        expect(page.get_by_text("Thursday, November 26, 2026, 2:00 PM EST")).to_be_visible()
    check_screen(pages[0], "offer", pictures=PICTURES)
    accept = "document.querySelectorAll('main button')[0].click()"
    for page in pages:
        page.evaluate(accept)
    lost = [page.get_by_role("alert") for page in pages]
    won = [page.get_by_role("heading", name="Your visit", exact=True) for page in pages]
    for page in pages:
        expect(
            page.get_by_role("alert").or_(
                page.get_by_role("heading", name="Your visit", exact=True)
            )
        ).to_be_visible()
    losers = [one for one in lost if one.count()]
    assert (len(losers), sum(one.count() for one in won)) == (1, 1)
    expect(losers[0]).to_contain_text("You keep your place on the waiting list")
    loser = next(page for page in pages if page.get_by_role("alert").count())
    check_screen(loser, "offer-lost", pictures=PICTURES)

    standing = standing_at(clinic, at)
    assert len(standing) == 1

    async def waiting(platform: Platform) -> list[str]:
        return [one.patient for one in await platform.visits.waitlist.waiting()]

    winner = standing[0]["participant"][0]["actor"]["reference"].removeprefix("Patient/")
    assert [one for one in clinic.do(waiting) if one in {"p20", "p21"}] == [
        one for one in ("p20", "p21") if one != winner
    ]
    # A link whose time is gone books nothing, however often it is used.
    loser.reload()
    loser.get_by_role("button", name="Yes, I take this time").click()
    expect(loser.get_by_role("alert")).to_contain_text("You keep your place on the waiting list")
    assert len(standing_at(clinic, at)) == 1
    assert at.astimezone(UTC).hour == 19


def test_a_patient_books_moves_and_cancels_in_the_portal(enter: Enter) -> None:
    page = enter("patient", size=SMALL)
    page.get_by_role("link", name="Visits").click()
    check_screen(page, "own-visits", pictures=PICTURES)
    page.get_by_role("link", name="Book a visit").click()
    page.get_by_label("New problem").check()
    go_on(page)
    tomorrow(page).get_by_role("button").last.click()
    text = page.get_by_role("definition").nth(1).inner_text()
    page.get_by_role("button", name="Book this time").click()
    expect(page.get_by_role("heading", name="Your visit is booked")).to_be_visible()
    page.get_by_role("link", name="See your visits").click()
    visit = page.get_by_role("article", name=text)
    expect(visit).to_contain_text("You can move or cancel it until")

    visit.get_by_role("link", name="Move").click()
    tomorrow(page).get_by_role("button").first.click()
    moved = page.get_by_role("definition").nth(1).inner_text()
    page.get_by_role("button", name="Move to this time").click()
    page.get_by_role("link", name="See your visits").click()
    visit = page.get_by_role("article", name=moved)
    visit.get_by_role("button", name="Cancel").click()
    visit.get_by_role("button", name="Yes, cancel this visit").click()
    expect(visit).to_have_count(0)
    expect(page.get_by_text("· Cancelled")).to_be_visible()


def test_answers_are_looked_at_one_by_one(enter: Enter, clinic: RunningClinic) -> None:
    async def answered(platform: Platform) -> None:
        body = response(
            GENERAL,
            {"reason": ["A cough"], "allergies": ["Penicillin", "Dust"]},
            patient="p30",
            visit="none",
            at=platform.clock(),
        )
        async with Work(platform.documents) as work:
            await platform.records.create(
                work,
                body,
                actor=platform.operator,
                scope=organisation_scope(platform.organisation),
            )

    clinic.do(answered)
    page = enter("clinician")
    page.goto("/inbox")
    page.get_by_role("link", name="Answers that patients sent").click()
    form = page.get_by_role("article").filter(has_text="3 to look at")
    check_screen(page, "answers", pictures=PICTURES)
    form.get_by_label("Words for the chart: Penicillin").fill("Penicillin, rash")
    name = form.get_attribute("aria-label") or ""
    form = page.get_by_role("article", name=name)
    form.get_by_role("button", name="Add to allergies").first.click()
    expect(form.get_by_text("2 to look at")).to_be_visible()
    form.get_by_role("button", name="Leave out").click()
    page.get_by_label("Reason").fill("Not an allergy")
    page.get_by_role("dialog").get_by_role("button", name="Leave out").click()
    expect(form.get_by_text("1 to look at")).to_be_visible()
    page.goto("/chart/p30/summary")
    expect(page.get_by_text("Penicillin, rash")).to_be_visible()
    expect(page.get_by_text("Dust")).to_have_count(0)

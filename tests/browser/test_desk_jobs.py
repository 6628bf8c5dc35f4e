"""A clinic day at the front desk: the new patient on the telephone, a walk-in, the waiting list."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

from careflow.composition import Platform
from careflow.database.conditions import TermIn
from careflow.database.documents import Query
from careflow.database.scope import organisation_scope
from careflow.records.elements import decoded
from tests.browser.accessibility import check_screen
from tests.browser.conftest import DESKTOP, PHONE, Enter, RunningClinic

PICTURES = Path("test-results") / "screens"


def at_the_desk(enter: Enter, size: dict[str, int] = DESKTOP) -> Page:
    page = enter("receptionist", size=size)
    expect(page.get_by_role("button", name="Expected")).to_be_visible()
    return page


def begun_by_keys(page: Page, words: str) -> Locator:
    """Open a panel from Ctrl K, without a mouse, and return it."""
    page.keyboard.press("Control+k")
    page.get_by_label("Find a patient or a place").last.fill(words)
    expect(page.get_by_role("button", name=words).last).to_be_visible()
    page.keyboard.press("Enter")
    panel = page.get_by_role("dialog", name=words)
    expect(panel).to_be_visible()
    return panel


def found(clinic: RunningClinic, kind: str, **terms: str) -> list[dict[str, Any]]:
    async def look(platform: Platform) -> list[dict[str, Any]]:
        conditions = tuple(TermIn(name, (value,)) for name, value in terms.items())
        scope = organisation_scope(platform.visits.desk.organisation)
        page = await platform.documents.find(Query(kind, conditions, count=50), scope)
        return [decoded(one) for one in page.documents]

    return clinic.do(look)


def test_j2_a_misspelt_caller_is_found_booked_and_read_back(
    enter: Enter, clinic: RunningClinic
) -> None:
    johnson = next(
        one
        for one in found(clinic, "Patient")
        if one["name"][0]["family"] == "Johnson" and one["name"][0]["given"]
    )
    before = len(found(clinic, "Appointment", patient=f"Patient/{johnson['id']}"))
    page = at_the_desk(enter)

    panel = begun_by_keys(page, "Book a visit")
    panel.get_by_label("Who is it for?").fill(f"Jonson, {johnson['birthDate']}")
    likely = panel.get_by_role("list", name="Likely matches")
    expect(likely).to_contain_text("JOHNSON")
    expect(likely).to_contain_text("Because:")
    expect(panel.get_by_label("Family name")).to_have_count(0)
    check_screen(page, "desk-who", pictures=PICTURES, live=True)
    panel.get_by_label("Who is it for?").press("Enter")

    panel.get_by_text("Mornings", exact=True).click()
    openings = panel.get_by_role("list", name="Openings").get_by_role("button")
    expect(openings).to_have_count(3)
    check_screen(page, "desk-openings", pictures=PICTURES, live=True)
    chosen = openings.nth(1).inner_text()
    with page.expect_response(re.compile("/api/visits/holds$")) as held:
        openings.nth(1).press("Enter")
    assert held.value.status == 201
    start = held.value.json()["start"]
    read = panel.get_by_label("Read back")
    expect(read).to_contain_text(re.compile(r"[A-Z][a-z]+day, .*AM E[SD]T"))
    expect(read).to_contain_text("Harbour Point, 1 Quay Street")
    expect(read).to_contain_text("Bring a list of the medicines you take.")
    check_screen(page, "desk-read-back", pictures=PICTURES, live=True)

    other = at_the_desk(enter)
    elsewhere = begun_by_keys(other, "Book a visit")
    elsewhere.get_by_label("Who is it for?").fill("Weber")
    elsewhere.get_by_role("list", name="Likely matches").get_by_role("button").first.click()
    elsewhere.get_by_text("Mornings", exact=True).click()
    expect(elsewhere.get_by_role("list", name="Openings").get_by_role("button")).to_have_count(3)
    expect(elsewhere.get_by_role("button").filter(has_text=chosen)).to_have_count(0)

    panel.get_by_role("button", name="Book", exact=True).click()
    expect(panel.get_by_text("Booked: read this back")).to_be_visible()
    theirs = found(clinic, "Appointment", patient=f"Patient/{johnson['id']}")
    assert len(theirs) == before + 1
    assert sum(
        datetime.fromisoformat(one["start"]) == datetime.fromisoformat(start) for one in theirs
    )
    panel.get_by_role("button", name="Close").last.click()
    expect(page.get_by_role("button", name="Expected")).to_be_visible()

    notes = page.request.get(f"/api/patients/{johnson['id']}/chart")
    assert notes.status == 403, "the desk does not open clinical notes"


def test_j2_who_insists_on_being_new_says_why_and_can_be_merged_and_parted(
    enter: Enter, clinic: RunningClinic
) -> None:
    known = next(one for one in found(clinic, "Patient") if one["name"][0]["family"] == "Novak")
    name = known["name"][0]
    page = at_the_desk(enter)

    panel = begun_by_keys(page, "Book a visit")
    panel.get_by_label("Who is it for?").fill(f"{name['family']}, {known['birthDate']}")
    panel.get_by_role("button", name="Register somebody new").click()
    panel.get_by_label("Given name").fill(name["given"][0])
    panel.get_by_label("E-mail", exact=True).fill("novak@mail.example")
    panel.get_by_label("We may write to this e-mail address").check()
    warning = panel.get_by_role("alert", name="Possible duplicate")
    expect(warning).to_contain_text("Because:")
    save = panel.get_by_role("button", name="Register as a new person anyway")
    expect(save).to_be_disabled()
    check_screen(page, "desk-duplicate", pictures=PICTURES, live=True)
    warning.get_by_label("Or say why it is another person").fill("A cousin of the same name")
    save.click()
    expect(panel.get_by_role("list", name="Openings")).to_be_visible()

    tasks = found(clinic, "Task")
    new = next(
        one["for"]["reference"].removeprefix("Patient/")
        for one in tasks
        if one["reasonCode"]["text"] == "A cousin of the same name"
    )
    ways = found(clinic, "Patient", email="novak@mail.example")[0]["telecom"]
    assert [(one["system"], one["extension"][0]["valueBoolean"]) for one in ways] == [
        ("email", True)
    ]

    page.goto(f"/merge?gone={new}&into={known['id']}")
    expect(page.get_by_text("This record stays")).to_be_visible()
    check_screen(page, "desk-merge", pictures=PICTURES)
    page.get_by_label("Why they are the same person").fill("Same person after all")
    page.get_by_role("button", name=re.compile("^Merge ")).click()
    page.get_by_role("button", name="Take the merge back").click()
    expect(page.get_by_role("status").filter(has_text="parted again")).to_be_visible()
    assert found(clinic, "Patient", email="novak@mail.example")[0].get("active") is not False


def test_a_walk_in_is_on_the_board_in_four_fields(enter: Enter) -> None:
    page = at_the_desk(enter, PHONE)

    panel = begun_by_keys(page, "Walk-in")
    for label, value in (
        ("Name", "Nell Van Dam"),
        ("Birth date", "1979-12-01"),
        ("Telephone", "212 555 0101"),
        ("Reason", "Cough for a week"),
    ):
        panel.get_by_label(label).fill(value)
    check_screen(page, "desk-walk-in", pictures=PICTURES, live=True)
    panel.get_by_label("Reason").press("Enter")

    row = page.get_by_role("listitem", name=re.compile("DAM, Nell", re.IGNORECASE)).first
    expect(row).to_contain_text("Arrived")
    expect(row).to_contain_text("Cough for a week")


def test_j7_who_waits_stands_in_order_and_can_be_taken_off(enter: Enter) -> None:
    page = at_the_desk(enter)

    panel = begun_by_keys(page, "Waiting list")
    for family in ("Weber", "Tanaka"):
        panel.get_by_role("button", name="Add somebody").click()
        panel.get_by_label("Who is it for?").fill(family)
        panel.get_by_role("list", name="Likely matches").get_by_role("button").first.click()
        panel.get_by_text("Afternoons", exact=True).click()
        panel.get_by_role("button", name="Put on the waiting list").click()
        expect(panel.get_by_role("list", name="Waiting")).to_contain_text(family.upper())
    waiting = panel.get_by_role("list", name="Waiting").get_by_role("listitem")
    expect(waiting).to_have_count(2)
    expect(waiting.nth(0)).to_contain_text("WEBER")
    expect(waiting.nth(1)).to_contain_text("12:00 to 24:00")
    check_screen(page, "desk-waiting-list", pictures=PICTURES, live=True)

    panel.get_by_role("button", name=re.compile("Take off: WEBER")).click()
    expect(waiting).to_have_count(1)


def test_e26_a_visit_is_moved_by_keys_or_drag_undone_and_a_stale_move_says_who(
    enter: Enter,
) -> None:
    page = at_the_desk(enter)
    page.goto("/day?view=calendar")
    visit = page.get_by_role("button", name=re.compile("14:40 "))
    name = visit.inner_text().split(" ", 1)[1]
    mine = page.get_by_role("button", name=name)
    check_screen(page, "desk-calendar", pictures=PICTURES, live=True)

    visit.press("Enter")
    page.get_by_label("New time").fill("15:00")
    page.get_by_label("New time").press("Enter")
    expect(mine).to_contain_text("15:00")
    page.get_by_role("button", name="Undo the move").press("Enter")
    expect(mine).to_contain_text("14:40")

    mine.drag_to(
        page.get_by_role("group", name="Dr Ada Lindqvist"),
        source_position={"x": 20, "y": 5},
        target_position={"x": 60, "y": int((16 * 60 - 8 * 60) * 1.7) + 5},
    )
    expect(mine).to_contain_text("16:00")

    # Another desk was looking at the visit when this one moves it.
    other = at_the_desk(enter)
    other.goto("/day?view=calendar")
    theirs = other.get_by_role("button", name=name)
    theirs.press("Enter")
    mine.press("Enter")
    page.get_by_label("New time").fill("16:20")
    page.get_by_label("New time").press("Enter")
    expect(mine).to_contain_text("16:20")
    other.get_by_label("New time").fill("15:40")
    other.get_by_label("New time").press("Enter")
    expect(other.get_by_role("status").filter(has_text="Not moved: ")).to_contain_text(
        "moved this visit"
    )

    page.get_by_text("Rooms", exact=True).click()
    expect(page.get_by_role("heading", name="Room 1")).to_be_visible()


def test_j8_leave_shows_what_it_strands_is_applied_and_taken_back(
    enter: Enter, clinic: RunningClinic
) -> None:
    page = at_the_desk(enter)
    page.goto("/leave")
    page.get_by_label("From, day").fill("2026-11-24")
    page.get_by_label("From, time").fill("12:30")
    page.get_by_label("Until, day").fill("2026-11-24")
    page.get_by_label("Until, time").fill("23:00")
    page.get_by_role("button", name="See what it strands").click()
    stranded = page.get_by_role("list", name="Visits in the leave").get_by_role("listitem")
    expect(stranded.first).to_be_visible()
    count = stranded.count()
    before = found(clinic, "Appointment", practitioner="Practitioner/ada")
    check_screen(page, "desk-leave", pictures=PICTURES)

    # Nothing is stored by looking.
    assert found(clinic, "Appointment", practitioner="Practitioner/ada") == before
    page.get_by_label(re.compile("^What is done about JOHNSON, Peter")).first.click()
    page.get_by_role("option", name="Call the patient").click()
    page.get_by_role("button", name="Enter the leave and apply").click()
    expect(page.get_by_role("status").filter(has_text="can be taken back until")).to_be_visible()

    free = page.request.get(
        "/api/visits/openings",
        params={
            "type": "follow-up",
            "practitioner": "ada",
            "before": "2026-11-25T04:00:00Z",
            "after": "2026-11-24T17:30:00Z",
        },
    )
    assert free.json() == {"openings": []}, "no time in the leave is offered"
    assert len(found(clinic, "Appointment", status="waitlist")) >= 1

    page.get_by_role("button", name=re.compile("^Take back: ")).first.click()
    expect(stranded.filter(has_text="Taken back")).to_have_count(1)
    page.get_by_role("button", name="Take the leave back").click()
    expect(page.get_by_role("status").filter(has_text="what they were")).to_be_visible()
    expect(stranded).to_have_count(count)


def test_j1_a_small_screen_shows_fourteen_visits_and_the_day_prints_whole(enter: Enter) -> None:
    page = at_the_desk(enter, {"width": 1366, "height": 768})
    rows = page.get_by_role("list", name="Visits").get_by_role("listitem")
    expect(rows.nth(13)).to_be_in_viewport(ratio=0.9)
    action = page.get_by_role("button", name="Needs action")
    count = int(action.inner_text().split()[0])
    action.click()
    expect(rows).to_have_count(count)
    action.click()
    check_screen(page, "desk-board", pictures=PICTURES, live=True)

    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="Print the day")).to_be_hidden()
    expect(rows.last).to_be_visible()
    expect(page.get_by_role("navigation", name="Main")).to_be_hidden()
    page.screenshot(path=PICTURES / "desk-huddle.png", full_page=True)


def test_what_was_written_about_visits_is_read_at_the_desk(
    enter: Enter, clinic: RunningClinic
) -> None:
    page = at_the_desk(enter)
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Outbox").click()

    clinic.later(minutes=2)
    written = page.get_by_role("main").get_by_role("listitem")
    expect(written.first).to_be_visible(timeout=30_000)
    expect(page.get_by_role("main")).to_contain_text("kept here and not sent")
    page.get_by_role("main").get_by_text("What it says").first.click()
    check_screen(page, "desk-outbox", pictures=PICTURES, live=True)

    page.get_by_role("combobox", name="State").click()
    page.get_by_role("option", name="Received").click()
    expect(page.get_by_text("No messages", exact=True)).to_be_visible()
    page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    check_screen(page, "desk-outbox-phone", pictures=PICTURES, live=True)

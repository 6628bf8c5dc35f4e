"""Every screen of every role, at both sizes: reachable, accessible, without console errors."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility import check_screen
from tests.browser.conftest import DESKTOP, PHONE, Enter

PICTURES = Path("test-results") / "screens"
SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])

STAFF_SCREENS = {
    "day": ("/day", "Today"),
    "chart": ("/chart/p1/summary", "OKAFOR, Amara"),
    "results": ("/chart/p1/results", "OKAFOR, Amara"),
    "medicines": ("/chart/p1/medicines", "Metformin"),
    "documents": ("/chart/p1/documents", "OKAFOR, Amara"),
    "patients": ("/patients", "Patients"),
    "inbox": ("/inbox", "Document inbox"),
}


@SIZES
def test_the_sign_in_screen(enter: Enter, size: dict[str, int]) -> None:
    page = enter(None, size=size)

    page.goto("/sign-in")

    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(page.get_by_text("Synthetic data").first).to_be_visible()
    check_screen(page, "sign-in", pictures=PICTURES)


@SIZES
def test_the_clinicians_screens(enter: Enter, size: dict[str, int]) -> None:
    page = enter("clinician", size=size)

    for name, (address, words) in STAFF_SCREENS.items():
        page.goto(address)
        expect(page.get_by_text(words).first).to_be_visible()
        check_screen(page, f"clinician-{name}", pictures=PICTURES)


@SIZES
def test_the_receptionist_sees_the_day_and_the_inbox_but_no_chart(
    enter: Enter, size: dict[str, int]
) -> None:
    page = enter("receptionist", size=size)

    page.goto("/day")
    expect(page.get_by_text("OKAFOR").first).to_be_visible()
    check_screen(page, "receptionist-day", pictures=PICTURES, live=True)
    page.goto("/chart/p1/summary")

    expect(page.get_by_text("148/92")).to_have_count(0)
    check_screen(page, "receptionist-chart", pictures=PICTURES)


@SIZES
def test_the_administrator_reads_the_trail(enter: Enter, size: dict[str, int]) -> None:
    page = enter("admin", size=size)

    expect(page.get_by_role("heading", name="Audit trail")).to_be_visible()
    expect(page.get_by_role("row").nth(1)).to_be_visible()

    check_screen(page, "admin-audit", pictures=PICTURES)


@SIZES
def test_the_patients_screens(enter: Enter, size: dict[str, int]) -> None:
    page = enter("patient", size=size)

    expect(page.get_by_role("heading", name="Hello Amara")).to_be_visible()
    check_screen(page, "portal-home", pictures=PICTURES)
    page.get_by_role("navigation").get_by_role("link", name="Results").click()

    expect(page.get_by_text("Lipid panel").first).to_be_visible()
    check_screen(page, "portal-results", pictures=PICTURES)


def test_a_page_that_does_not_exist_says_so(enter: Enter) -> None:
    page = enter("clinician")

    page.goto("/no-such-page")

    expect(page.get_by_role("heading", name="There is no such page")).to_be_visible()
    check_screen(page, "not-found", pictures=PICTURES)

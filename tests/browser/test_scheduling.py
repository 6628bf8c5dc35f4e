"""The front desk's day: steps of visits, rooms, taking back, and other desks seeing it."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.accessibility import check_screen
from tests.browser.conftest import DESKTOP, PHONE, Enter

PICTURES = Path("test-results") / "screens"
SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])


def _row(page: Page, state: str, at: int = 0) -> Locator:
    """Return a row by how it stands, told by name so that it stays the same row afterwards."""
    rows = page.get_by_role("list", name="Visits").get_by_role("listitem")
    name = rows.filter(has_text=state).nth(at).get_attribute("aria-label")
    assert name is not None
    return page.get_by_role("listitem", name=name, exact=True).first


def _open(enter: Enter, size: dict[str, int] = DESKTOP) -> Page:
    page = enter("receptionist", size=size)
    page.goto("/day")
    expect(page.get_by_role("button", name="Expected")).to_be_visible()
    return page


def test_a_tile_counts_as_many_visits_as_it_shows(enter: Enter) -> None:
    page = _open(enter)

    for name in ("Expected", "Done"):
        tile = page.get_by_role("button", name=name, exact=False).and_(
            page.locator("[aria-pressed]")
        )
        count = int((tile.inner_text()).split()[0])
        tile.click()
        expect(page.get_by_role("list", name="Visits").get_by_role("listitem")).to_have_count(count)
        tile.click()


@SIZES
def test_a_step_at_one_desk_is_seen_at_another_and_can_be_taken_back(
    enter: Enter, size: dict[str, int]
) -> None:
    one, other = _open(enter, size), _open(enter, size)
    row = _row(one, "Booked")
    name = row.get_attribute("aria-label") or ""

    row.get_by_role("button", name="Confirm").click()

    expect(one.get_by_role("status").filter(has_text="Confirm")).to_be_visible()
    there = other.get_by_role("listitem", name=name, exact=True).first
    expect(there.get_by_text("Confirmed", exact=True)).to_be_visible(timeout=2_000)
    check_screen(one, "flow-board", pictures=PICTURES, live=True)

    there.get_by_role("button", name="More for").click()
    other.get_by_role("menuitem", name="Undo the last step").click()
    other.get_by_label("Reason").fill("Wrong row")
    other.get_by_role("button", name="Undo step").click()

    expect(row.get_by_text("Booked", exact=True)).to_be_visible()


def test_a_taken_room_says_whose_visit_is_in_it(enter: Enter) -> None:
    page = _open(enter)
    first, second = _row(page, "Booked", 0), _row(page, "Booked", 1)
    name = first.get_attribute("aria-label") or ""
    for row in (first, second):
        row.focus()
        page.keyboard.press("a")
        expect(row.get_by_text("Arrived · 0 min")).to_be_visible()

    first.get_by_role("button", name="Room").click()
    page.get_by_role("menuitem", name="Room 2").click()
    expect(first.get_by_text("In room")).to_be_visible()
    second.get_by_role("button", name="Room").click()
    page.get_by_role("menuitem", name="Room 2").click()

    expect(page.get_by_role("status").filter(has_text=name)).to_contain_text("is in that room")
    expect(second.get_by_text("Arrived ·")).to_be_visible()


def test_the_board_is_walked_by_keys(enter: Enter) -> None:
    page = _open(enter)
    rows = page.get_by_role("list", name="Visits").get_by_role("listitem")

    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(rows.nth(1)).to_be_focused()
    page.keyboard.press("k")

    expect(rows.nth(0)).to_be_focused()

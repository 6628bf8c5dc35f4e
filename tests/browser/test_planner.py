"""The planner's page: the command line's numbers, by keyboard, on a phone and on paper."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from playwright.sync_api import Page, expect

from careflow.planner.asked import Asked
from careflow.planner.inquiry import answered
from careflow.planner.plain import as_plain
from tests.browser.accessibility import check_screen
from tests.browser.conftest import DESKTOP, OPENS_AT, PHONE, Enter

PICTURES = Path("test-results") / "screens"
SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
EXAMPLE = "/plan?patients=285&staff=15&ai=10000&compliance=hipaa&budget=100"
CARDS = (
    "Bill of the first month",
    "Cost over time",
    "What would run",
    "Answer time over load",
    "Bill over users",
    "Why this one",
    "Two plans side by side",
    "Safeguards: HIPAA",
    "Moving to",
    "What the guide of 2025 says",
)
PAPERS = {"A4": 210, "Letter": 216}
MARGIN_MM = 12


def the_example() -> dict[str, Any]:
    """Return what ``careflow plan --json`` prints for the example on the clinic's day."""
    asked = {
        "users": "300",
        "ai_requests_per_month": "10000",
        "compliance": "hipaa",
        "budget": "100",
    }
    made: dict[str, Any] = as_plain(answered(Asked(asked), OPENS_AT.date()))
    return made


def opened(page: Page, address: str = EXAMPLE) -> Page:
    """Open the planner and wait until every card has its numbers."""
    page.goto(address)
    expect(page.get_by_role("heading", name="Plan: what to run")).to_be_visible()
    page.wait_for_load_state("networkidle")
    return page


def dollars(amount: float) -> str:
    """Write an amount as the page does."""
    return f"${amount:,.2f}"


@SIZES
def test_the_page_and_its_json_hold_the_numbers_of_the_command_line(
    enter: Enter, size: dict[str, int]
) -> None:
    example = the_example()
    page = opened(enter("admin", size=size))

    total = dollars(example["deployed"]["total"]["high"])
    expect(page.get_by_test_id("plan-total")).to_have_text(total)
    bill = page.get_by_role("region", name=CARDS[0])
    rows = bill.locator("tr").all_inner_texts()
    assert rows[-1].split("\t")[-1] == total
    for line in (one for one in example["deployed"]["lines"] if one["amount"]["high"] > 0):
        row = next(text for text in rows if text.startswith(line["label"]))
        assert dollars(line["amount"]["high"]) in row
        assert "days old" in row
    why = page.get_by_role("region", name="Why this one").inner_text()
    for one in example["decision"]["rejected"]:
        assert all(broken["sentence"] in why for broken in one["violations"])
    assert "21,852 to 27,457" in why
    headings = page.locator("h2").all_inner_texts()
    assert all(any(text.startswith(card) for text in headings) for card in CARDS)
    assert "compliant" not in page.locator("main").inner_text().lower()
    check_screen(page, "planner", pictures=PICTURES)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="JSON").click()
    assert json.loads(Path(waiting.value.path()).read_text("utf-8")) == example


def test_on_a_phone_the_inputs_open_and_everything_stays_within_the_screen(enter: Enter) -> None:
    page = opened(enter(None, size=PHONE))

    expect(page.get_by_role("link", name="Sign in")).to_be_visible()
    page.get_by_role("button", name="300 people").click()
    page.get_by_label("Budget a month").first.fill("")
    page.get_by_role("button", name="More inputs").click()
    page.get_by_role("switch", name="Machines in private subnets").check(force=True)
    expect(page.get_by_text("NAT gateway").first).to_be_visible()
    page.get_by_role("button", name="Show where the guide contradicts itself").click()
    expect(page.get_by_role("row", name="sum.cost_arch1_free")).to_be_visible()
    page.get_by_text("Cost over time as a table").click()
    check_screen(page, "planner-more", pictures=PICTURES)


def test_the_keyboard_alone_changes_the_plan_and_back_returns_to_the_one_before(
    enter: Enter,
) -> None:
    page = opened(enter(None))
    total = page.get_by_test_id("plan-total")
    before = total.inner_text()
    calls = page.get_by_label("AI calls a month").first

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the screen")).to_be_focused()
    slider = page.get_by_role("slider", name="AI calls a month")
    for _ in range(20):
        page.keyboard.press("Tab")
        if slider.evaluate("one => one === document.activeElement"):
            break
    page.keyboard.press("ArrowRight")

    expect(calls).to_have_value("15,000")
    expect(page).to_have_url(re.compile("ai=15000"))
    expect(total).not_to_have_text(before)
    page.go_back()
    expect(total).to_have_text(before)
    expect(calls).to_have_value("10,000")
    page.get_by_role("button", name="EC2").first.focus()
    expect(page.get_by_role("tooltip")).to_contain_text("Virtual servers in AWS")


def test_two_plans_stand_beside_each_other_and_the_move_starts_anywhere(enter: Enter) -> None:
    page = opened(enter(None), f"{EXAMPLE}&beside=high-availability&from=basic")

    compared = page.get_by_role("region", name="Two plans side by side")
    expect(compared.get_by_role("columnheader", name="Load Balancer")).to_be_visible()
    expect(compared.get_by_role("row", name="First month")).to_contain_text("+$")
    move = page.get_by_role("region", name="Moving to")
    expect(move).to_contain_text("careflow backup create")
    expect(move).to_contain_text("FromBasic")
    compared.get_by_role("button", name="Keep this plan to compare").click()
    page.get_by_role("textbox", name="AI calls a month").fill("2000")
    kept, now = compared.get_by_role("columnheader").all()[-2:]
    expect(kept).to_contain_text("Kept: 300 people, 10,000 AI calls")
    expect(now).to_contain_text("Now: 300 people, 2,000 AI calls")
    check_screen(page, "planner-compared")


def test_where_nothing_fits_the_nearest_and_the_way_on_are_shown(enter: Enter) -> None:
    page = opened(enter(None), EXAMPLE.replace("budget=100", "budget=10"))

    said = page.get_by_role("alert")
    expect(said).to_contain_text("Nothing meets everything that is asked")
    expect(said).to_contain_text("above the budget of $10.00")
    check_screen(page, "planner-nothing-fits", pictures=PICTURES)
    said.get_by_role("button", name="Raise the budget").click()
    expect(page.get_by_test_id("plan-total")).to_be_visible()


def test_the_plan_prints_whole_on_a_few_pages_of_either_paper(enter: Enter, tmp_path: Path) -> None:
    page = opened(enter(None))

    for paper, width in PAPERS.items():
        page.pdf(path=tmp_path / f"{paper}.pdf", format=paper)
        document = pypdfium2.PdfDocument(tmp_path / f"{paper}.pdf")
        pages = [one.get_textpage().get_text_range() for one in document]
        text = " ".join(" ".join(pages).split())
        assert 6 <= len(pages) <= 12
        assert "The oldest price is" in pages[-1]
        for words in (*CARDS, dollars(the_example()["deployed"]["total"]["high"]), "300 people"):
            assert words in text
        assert "Print or PDF" not in text
        assert "More inputs" not in text
        assert "Show where" not in text
        assert reaching_beyond(page, round((width - 2 * MARGIN_MM) / 25.4 * 96)) == []


def reaching_beyond(page: Page, width: int) -> list[str]:
    """Return what would be cut at the right edge of a paper that is so many pixels wide."""
    page.emulate_media(media="print")
    page.set_viewport_size({"width": width, "height": 1000})
    found: list[str] = page.evaluate(
        "() => [...document.querySelectorAll('main *')].filter(one =>"
        " one.getBoundingClientRect().right > innerWidth + 1 &&"
        " getComputedStyle(one).position !== 'absolute').map(one => one.className).slice(0, 5)"
    )
    page.emulate_media(media="null")
    return found

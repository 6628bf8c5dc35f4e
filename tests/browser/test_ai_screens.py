"""AI on screen: an answer beside its evidence, an honest no, and switches that say who and why."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility import check_screen
from tests.browser.conftest import DESKTOP, PHONE, Enter

PICTURES = Path("test-results") / "screens"
SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
REPORT = "Potassium 6.9 mmol/L 3.5-5.1\nSodium 139 mmol/L 136-145\n"


@SIZES
def test_a_task_is_run_and_its_draft_is_read(enter: Enter, size: dict[str, int]) -> None:
    page = enter("clinician", size=size)

    page.get_by_role("navigation").get_by_role("link", name="Ask AI").click()
    expect(page.get_by_role("heading", name="Ask AI")).to_be_visible()
    page.goto("/ask?task=document-analysis")
    page.get_by_label("Text of the document").fill(REPORT)
    page.get_by_role("button", name="Run").click()

    expect(page.get_by_text("AI draft · not signed")).to_be_visible()
    expect(page.get_by_text("Potassium 6.9 mmol/L").first).to_be_visible()
    expect(page.locator("mark").first).to_contain_text("Potassium 6.9")
    check_screen(page, "ask-answer", pictures=PICTURES)
    quote = page.get_by_role("button", name="Sodium 139")
    quote.click()
    expect(quote).to_have_attribute("aria-pressed", "true")
    expect(page.locator("mark")).to_have_count(1)


@SIZES
def test_a_file_is_read_and_a_job_leaves_a_draft_to_review(
    enter: Enter, size: dict[str, int]
) -> None:
    page = enter("clinician", size=size)
    page.goto("/ask?task=document-analysis")
    file = {"name": "report.txt", "mimeType": "text/plain", "buffer": REPORT.encode()}

    page.get_by_label("File", exact=True).set_input_files(file)  # type: ignore[arg-type]
    expect(page.get_by_text("report.txt")).to_be_visible()
    check_screen(page, "ask-file", pictures=PICTURES)
    page.get_by_role("button", name="Run").click()
    expect(page.get_by_text("Potassium 6.9 mmol/L").first).to_be_visible()

    page.get_by_role("button", name="Take away").click()
    page.get_by_label("Text of the document").fill(REPORT)
    page.get_by_role("button", name="Have it done meanwhile").click()
    expect(page.get_by_text("The draft is there")).to_be_visible()
    check_screen(page, "ask-later", pictures=PICTURES)
    page.get_by_role("link", name="Review the draft").click()
    expect(page.get_by_role("heading", name="Say what a document is")).to_be_visible()
    expect(page.get_by_text("Someone may come to harm")).to_be_visible()
    check_screen(page, "draft-of-document", pictures=PICTURES)


@SIZES
def test_a_text_report_is_reviewed_beside_its_text(enter: Enter, size: dict[str, int]) -> None:
    page = enter("clinician", size=size)
    words = f"Harbour check {size['width']}\n{REPORT}"
    page.goto("/inbox")

    page.locator("input[type=file]").first.set_input_files(
        {"name": "report.txt", "mimeType": "text/plain", "buffer": words.encode()}
    )
    page.get_by_role("link", name="report.txt").first.click()
    expect(page.get_by_role("img", name="First page of report.txt")).to_be_visible()
    page.wait_for_function("document.querySelector('img[alt*=report]')?.naturalWidth > 0")
    check_screen(page, "inbox-text-match", pictures=PICTURES)


@SIZES
def test_where_no_engine_can_the_work_is_done_by_hand(enter: Enter, size: dict[str, int]) -> None:
    page = enter("nurse", size=size)

    page.goto("/ask?task=treatment-plan&patient=p1")

    expect(page.get_by_role("note").first).to_contain_text("do it by hand")
    expect(page.get_by_role("heading", name="OKAFOR, Amara")).to_be_visible()
    expect(page.get_by_role("button", name="Run")).to_be_disabled()
    check_screen(page, "ask-by-hand", pictures=PICTURES)


def test_a_receptionist_is_not_offered_it(enter: Enter) -> None:
    page = enter("receptionist")

    expect(page.get_by_role("link", name="Inbox")).to_be_visible()
    expect(page.get_by_role("link", name="Ask AI")).to_have_count(0)
    page.goto("/ask")
    expect(page.get_by_text("Asking AI is not open to your role")).to_be_visible()


@SIZES
def test_a_task_is_turned_off_with_a_reason_and_on_again(
    enter: Enter, size: dict[str, int]
) -> None:
    page = enter("admin", size=size)

    page.get_by_role("navigation").get_by_role("link", name="AI", exact=True).click()
    engines = page.get_by_role("region", name="Engines")
    expect(engines.get_by_text("Stays on this machine")).to_be_visible()
    check_screen(page, "ai-oversight", pictures=PICTURES)
    engines.get_by_role("button", name="Turn off: local").press("Enter")
    dialog = page.get_by_role("dialog", name="Turn off: Everything on local")
    act = dialog.get_by_role("button", name="Turn off")
    expect(act).to_be_disabled()
    dialog.get_by_label("Reason").fill("Trying the switch")
    act.click()

    switches = page.get_by_role("region", name="Switches")
    expect(switches).to_contain_text("Trying the switch")
    expect(switches).to_contain_text("You,")
    expect(engines.get_by_text("Turned off")).to_be_visible()
    check_screen(page, "ai-oversight-off", pictures=PICTURES)
    switches.get_by_role("button", name="Turn on: Everything on local").click()
    dialog = page.get_by_role("dialog", name="Turn on: Everything on local")
    dialog.get_by_label("Reason").fill("Seen to work")
    dialog.get_by_role("button", name="Turn on").click()
    expect(engines.get_by_text("Turned off")).to_have_count(0)


def test_the_planner_is_reached_from_the_sign_in_page(enter: Enter) -> None:
    page = enter(None)

    page.goto("/sign-in")
    page.get_by_role("link", name="Plan what to run").click()

    expect(page.get_by_role("heading", name="Plan: what to run")).to_be_visible()

"""A report goes from paper to portal: nurse, doctor, patient, each in a browser of their own."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from reportlab.lib.pagesizes import letter
from reportlab.pdfgen.canvas import Canvas

from tests.browser.accessibility import check_screen
from tests.browser.conftest import DESKTOP, PHONE, Enter

PICTURES = Path("test-results") / "screens"
ROWS = (
    ("HbA1c", "7.1", "%", "< 7.0", "HIGH"),
    ("Glucose", "131", "mg/dL", "70 - 99", "HIGH"),
    ("Potassium", "4.6", "mmol/L", "3.5 - 5.1", ""),
    ("Creatinine", "0.97", "mg/dL", "0.60 - 1.20", ""),
)


def a_report(*, number: int) -> bytes:
    """Return a laboratory report for Amara Okafor, different for each number."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=letter, invariant=1)
    canvas.setFont("Helvetica", 11)
    heading = (
        "Saltmarsh Laboratory",
        "Patient: OKAFOR, Amara",
        "Date of birth: 14-Mar-1968",
        "Record no.: CF-104213",
        f"Collected: {20 + number:02d}-Nov-2026",
    )
    for index, line in enumerate(heading):
        canvas.drawString(60, 740 - 18 * index, line)
    columns = (60, 200, 280, 380, 500)
    for x, text in zip(columns, ("Test", "Result", "Unit", "Reference", "Flag"), strict=True):
        canvas.drawString(x, 620, text)
    for index, row in enumerate(ROWS):
        for x, text in zip(columns, row, strict=True):
            canvas.drawString(x, 596 - 22 * index, text)
    canvas.save()
    return buffer.getvalue()


@pytest.mark.parametrize(("size", "number"), [(DESKTOP, 1), (PHONE, 2)], ids=["desktop", "phone"])
def test_a_report_goes_from_paper_to_portal(
    enter: Enter, size: dict[str, int], number: int
) -> None:
    filename = f"saltmarsh-{number}.pdf"

    nurse = enter("nurse", size=size)
    drop_on_the_inbox(nurse, filename, a_report(number=number))
    see_every_value_boxed_and_match(nurse, filename)
    check_every_row(nurse)
    expect(nurse.get_by_text("Ready for a clinician to sign")).to_be_visible()
    address = nurse.url

    doctor = enter("clinician", size=size)
    doctor.goto(address)
    sign(doctor)
    doctor.get_by_role("link", name="Open the chart").click()
    expect(doctor.get_by_role("heading", name="OKAFOR, Amara")).to_be_visible()
    expect(doctor.get_by_text("7.1").first).to_be_visible()
    check_screen(doctor, "chart-results", pictures=PICTURES)

    patient = enter("patient", size=size)
    patient.get_by_role("link", name="Laboratory report").first.click()
    result = patient.get_by_role("article").filter(has_text="Hemoglobin A1c")
    expect(result).to_contain_text("7.1\u00a0%")
    expect(result).to_contain_text("Above the usual range")
    expect(result.get_by_role("heading", name="Over time")).to_be_visible()
    expect(patient.get_by_text("Keep going with the new tablets.")).to_be_visible()
    check_screen(patient, "portal-report", pictures=PICTURES)


def drop_on_the_inbox(nurse: Page, filename: str, content: bytes) -> None:
    """Upload a document and wait until it has been read."""
    nurse.goto("/inbox")
    expect(nurse.get_by_role("heading", name="Document inbox")).to_be_visible()
    nurse.get_by_label("Choose documents to add").set_input_files(
        {"name": filename, "mimeType": "application/pdf", "buffer": content}
    )
    line = nurse.get_by_label("Documents", exact=True).get_by_role("link").filter(has_text=filename)
    expect(line).to_contain_text("Whose is it?", timeout=60_000)
    check_screen(nurse, "inbox", pictures=PICTURES)
    line.click()


def see_every_value_boxed_and_match(nurse: Page, filename: str) -> None:
    """Match the report to its patient, and see a box for every row on the page."""
    candidate = nurse.get_by_role("radio").first
    expect(nurse.get_by_text("Record number is the same")).to_be_visible(timeout=30_000)
    check_screen(nurse, "match", pictures=PICTURES)
    candidate.check()
    nurse.get_by_role("button", name="This is OKAFOR, Amara").click()
    expect(nurse.get_by_text("AI draft · not signed").first).to_be_visible()
    expect(nurse.get_by_role("img", name=f"Page 1 of {filename}")).to_be_visible(timeout=30_000)
    expect(nurse.locator("svg rect[data-tone]")).to_have_count(len(ROWS), timeout=30_000)
    for test, value, *_ in ROWS:
        row = nurse.get_by_role("row").filter(has_text=test).first
        expect(row).to_contain_text(value)
    check_screen(nurse, "review", pictures=PICTURES)


def check_every_row(nurse: Page) -> None:
    """Say of each row that it stands as printed."""
    for test, *_ in ROWS:
        button = nurse.get_by_role("button", name=f"{test} checked")
        button.click()
        expect(button).to_have_attribute("aria-pressed", "true")
    expect(nurse.get_by_text(f"All {len(ROWS)} rows ready")).to_be_visible()


def sign(doctor: Page) -> None:
    """Sign the report with a word for the patient."""
    button = doctor.get_by_role("button", name="Sign report")
    expect(button).to_be_enabled(timeout=30_000)
    button.click()
    dialog = doctor.get_by_role("dialog")
    expect(dialog).to_contain_text("Amara")
    check_screen(doctor, "sign", pictures=PICTURES)
    dialog.get_by_label("A word for the patient").fill("Keep going with the new tablets.")
    dialog.get_by_role("button", name="Sign and file").click()
    expect(doctor.get_by_text("Signed by Dr Ada Lindqvist")).to_be_visible()

"""Drafts on screen: beside their sources, part by part, with the keys alone, and for whom."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from careflow.ai.asking import task_named
from careflow.ai.draft import Maker, Source
from careflow.ai.engine import Answer
from careflow.ai.finding import Finding
from careflow.ai.task import Passage
from careflow.composition import Platform
from careflow.database.work import Work
from careflow.demo.people import ORGANISATION
from careflow.identity.actor import Actor, Role
from tests.browser.accessibility import check_screen
from tests.browser.conftest import DESKTOP, PHONE, Enter, RunningClinic

PICTURES = Path("test-results") / "screens"
SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
SCRIBE = Actor("scribe", "Scribe", Role.CLINICIAN, ORGANISATION, session="")

VISIT = (
    "Doctor: How have the readings at home been?\n"
    "Patient: Mostly 130 to 150 before breakfast. My feet tingle at night, both of them.\n"
    "Doctor: Any dizziness or chest pain?\n"
    "Patient: No dizziness, no chest pain.\n"
    "Doctor: Your pressure is 148 over 92 today, a little above where I want it. "
    "Take the lisinopril up, please, and we repeat potassium in two weeks.\n"
)
NOTE: dict[str, Any] = {
    "sections": {
        "subjective": "Fasting readings at home mostly 130–150 mg/dL. Denies dizziness and chest"
        " pain. Both feet tingle at night.",
        "objective": "Blood pressure 148/92 mmHg.",
        "assessment": "Hypertension above target.",
        "plan": "Increase lisinopril to 20 mg once daily. Repeat potassium in 2 weeks.",
    },
    "claims": [],
}
CLAIMS = {
    "Fasting readings at home mostly 130–150 mg/dL": "Mostly 130 to 150 before breakfast",
    "Denies dizziness and chest pain": "No dizziness, no chest pain",
    "Both feet tingle at night": "My feet tingle at night, both of them",
    "Blood pressure 148/92 mmHg": "Your pressure is 148 over 92 today",
    "Hypertension above target": "a little above where I want it",
    "Increase lisinopril to 20 mg once daily": "Take the lisinopril up",
    "Repeat potassium in 2 weeks": "repeat potassium in two weeks",
}
RECORD = (
    Passage("Patient/p1", "Female, 58 years."),
    Passage("MedicationRequest/m1", "Lisinopril 10 mg once daily, since 2021."),
    Passage("Condition/c2", "Hypertension, active, since 2021."),
)


@dataclass(frozen=True)
class Planted:
    """A draft that waits."""

    id: str
    page: Page


def note() -> dict[str, Any]:
    """Return the note with each claim where it was said."""
    claims = [
        {"text": claim, "spans": [[VISIT.index(words), VISIT.index(words) + len(words)]]}
        for claim, words in CLAIMS.items()
    ]
    return NOTE | {"claims": claims}


def planted(clinic: RunningClinic, task: str, output: dict[str, Any], **more: Any) -> str:
    """Leave a draft as an engine would have, and return its id."""
    answer: Answer[Any] = Answer(
        None,
        Maker("gemini", "gemini-3.5-flash", f"{task}/1f0c9b7a2d4e"),
        tuple(Source(one.source) for one in RECORD),
        given=(Passage("text", VISIT), *RECORD),
        redacted={"NAME": 3, "DATE": 1},
        **more,
    )

    async def keep(platform: Platform) -> str:
        async with Work(platform.documents) as work:
            draft = platform.task_reviews.keep(
                work, task_named(task), answer, output, patient="p1", actor=SCRIBE
            )
        return draft.id

    return clinic.do(keep)


def a_note(clinic: RunningClinic) -> str:
    """Leave a note of a visit whose dose nobody said, made from a part of a long record."""
    return planted(
        clinic,
        "appointment-summary",
        note(),
        findings=(Finding("dose", "20 mg", "sections.plan"),),
        left_out={"Observation": 3120},
    )


@SIZES
def test_a_note_is_checked_corrected_and_signed_part_by_part(
    enter: Enter, clinic: RunningClinic, size: dict[str, int]
) -> None:
    id = a_note(clinic)
    planted(
        clinic,
        "symptom-analysis",
        {
            "level": "emergency",
            "red_flags": [{"phrase": "chest pain", "span": [120, 130], "rule": "Chest pain"}],
            "advice": "Call 911 now.",
            "questions": [],
        },
    )
    page = enter("clinician", size=size)

    page.get_by_role("navigation").get_by_role("link", name="Drafts").click()
    expect(page.get_by_text("Look now").first).to_be_visible()
    check_screen(page, "drafts", pictures=PICTURES)
    page.goto(f"/drafts/{id}")
    expect(page.get_by_role("heading", name="OKAFOR, Amara")).to_be_visible()
    expect(page.get_by_text("AI draft · not signed")).to_be_visible()
    expect(page.get_by_text("3,120 older Observation entries were not used.")).to_be_visible()
    check_screen(page, "draft", pictures=PICTURES)

    page.get_by_role("button", name="Source 2").click()
    lit = page.locator("mark[data-lit]")
    expect(lit).to_have_text("No dizziness, no chest pain")
    check_screen(page, "draft-source", pictures=PICTURES)

    plan = page.get_by_role("region", name="Plan")
    sign_off = plan.get_by_role("button", name="Sign off Plan")
    expect(plan.get_by_text("This dose is not what the sources say")).to_be_visible()
    expect(sign_off).to_be_disabled()
    plan.get_by_role("button", name="Edit Plan").click()
    plan.get_by_label("Plan, in your words").fill(
        "Increase lisinopril to 15 mg once daily. Repeat potassium in 2 weeks."
    )
    check_screen(page, "draft-edit", pictures=PICTURES)
    plan.get_by_role("button", name="Save the change").click()
    expect(plan.get_by_text("Changed by")).to_be_visible()
    plan.get_by_role("button", name="Show what was changed").click()
    expect(plan.locator("del")).to_contain_text("20")
    expect(plan.locator("ins")).to_contain_text("15")
    plan.get_by_role("button", name="I have checked it").click()
    expect(plan.get_by_text("Checked by a person")).to_be_visible()
    check_screen(page, "draft-changed", pictures=PICTURES)

    sign = page.get_by_role("button", name="Sign draft")
    for number, part in enumerate(("Subjective", "Objective", "Assessment", "Plan"), 1):
        expect(sign).to_be_disabled()
        page.get_by_role("button", name=f"Sign off {part}").click()
        expect(page.get_by_text(f"{number} of 4 signed off")).to_be_visible()
    sign.click()
    dialog = page.get_by_role("dialog", name=re.compile("Sign for OKAFOR"))
    check_screen(page, "draft-sign", pictures=PICTURES)
    dialog.get_by_role("button", name="Sign").click()

    expect(page.get_by_text("Signed by")).to_be_visible()
    expect(page.get_by_role("button", name="Copy the signed words")).to_be_visible()
    check_screen(page, "draft-signed", pictures=PICTURES)
    page.get_by_role("link", name="Open the chart").click()
    expect(page.get_by_text("Note").first).to_be_visible()


def test_a_draft_is_reviewed_with_the_keys_alone(enter: Enter, clinic: RunningClinic) -> None:
    id = a_note(clinic)
    page = enter("clinician")
    page.goto(f"/drafts/{id}")
    expect(page.get_by_role("region", name="The draft", exact=True)).to_be_focused()

    page.keyboard.press("j")
    expect(page.get_by_role("region", name="Subjective")).to_be_focused()
    page.keyboard.press("s")
    expect(page.get_by_role("region", name="Objective")).to_be_focused()
    page.keyboard.press("s")
    expect(page.get_by_role("region", name="Assessment")).to_be_focused()
    page.keyboard.press("s")
    plan = page.get_by_role("region", name="Plan")
    expect(plan).to_be_focused()
    page.keyboard.press("s")
    expect(page.get_by_text("3 of 4 signed off")).to_be_visible()
    page.keyboard.press("e")
    expect(plan.get_by_label("Plan, in your words")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("c")
    expect(plan.get_by_text("Checked by a person")).to_be_visible()
    page.keyboard.press("s")

    expect(page.get_by_text("4 of 4 signed off")).to_be_visible()
    page.keyboard.press("k")
    expect(page.get_by_role("region", name="Assessment")).to_be_focused()
    expect(page.get_by_role("button", name="Sign draft")).to_be_enabled()


@SIZES
def test_a_draft_is_turned_down_and_reported(
    enter: Enter, clinic: RunningClinic, size: dict[str, int]
) -> None:
    id = a_note(clinic)
    page = enter("clinician", size=size)
    page.goto(f"/drafts/{id}")

    page.get_by_role("button", name="Unsafe").click()
    dialog = page.get_by_role("dialog", name="Report that this is unsafe")
    dialog.get_by_label("What is it?").fill("The dose was never said.")
    check_screen(page, "draft-unsafe", pictures=PICTURES)
    dialog.get_by_role("button", name="Send the report").click()
    expect(page.get_by_text("Thank you")).to_be_visible()
    page.get_by_role("button", name="Turn down").click()
    dialog = page.get_by_role("dialog", name="Turn this draft down")
    dialog.get_by_label("Reason").fill("Written from another visit.")
    dialog.get_by_role("button", name="Turn down").click()

    expect(page.get_by_text("Turned down because: “Written from another visit.”")).to_be_visible()
    expect(page.get_by_role("button", name="Sign off Plan")).to_have_count(0)


def test_a_nurse_signs_parts_off_and_leaves_the_signature(
    enter: Enter, clinic: RunningClinic
) -> None:
    id = a_note(clinic)
    page = enter("nurse")
    page.goto(f"/drafts/{id}")

    page.get_by_role("button", name="Sign off Subjective").click()
    expect(page.get_by_text("1 of 4 signed off")).to_be_visible()
    expect(page.get_by_text("A clinician signs it")).to_be_visible()
    expect(page.get_by_role("button", name="Sign draft")).to_have_count(0)


def test_who_has_no_part_in_it_and_what_is_not_there(enter: Enter) -> None:
    page = enter("receptionist")
    page.goto("/drafts")
    expect(page.get_by_text("The list of drafts is not open to your role")).to_be_visible()
    expect(page.get_by_role("link", name="Drafts")).to_have_count(0)

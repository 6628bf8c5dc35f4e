"""Patients ask, the clinic hears what cannot wait, a chart is checked, each task has its card."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from careflow.composition import Platform
from careflow.database.scope import organisation_scope
from careflow.database.work import Work
from tests.browser.accessibility import check_screen
from tests.browser.conftest import DESKTOP, PHONE, Enter, RunningClinic

ALARM = "is this dangerous? my chest feels tight"


PICTURES = Path("test-results") / "screens"


def shown(page: Page, name: str) -> None:
    """Hold a screen to what every screen is held to, and keep a picture of it."""
    check_screen(page, f"ai-patient-{name}", pictures=PICTURES)


def test_a_patient_asks_and_an_emergency_comes_first_and_reaches_the_clinic(
    enter: Enter, clinic: RunningClinic
) -> None:
    patient = enter("patient", size=PHONE)
    patient.get_by_role("link", name="Assistant").click()
    expect(patient.get_by_role("heading", name="Assistant")).to_be_visible()
    shown(patient, "assistant-empty")

    patient.get_by_label("Your question").fill(ALARM)
    patient.get_by_role("button", name="Ask", exact=True).click()
    advice = patient.get_by_role("alert")
    expect(advice).to_contain_text("911")
    expect(advice).to_contain_text("chest feels tight")
    expect(advice).to_contain_text("Your clinic has been sent your words")
    expect(patient.get_by_role("status").filter(has_text="Reading")).to_have_count(0)
    shown(patient, "assistant-emergency")

    patient.get_by_role("button", name="Forget this conversation").click()
    patient.get_by_label("Your question").fill("Which medicines do I take?")
    patient.get_by_role("button", name="Ask", exact=True).click()
    answer = patient.get_by_role("region", name="Answer")
    expect(answer).to_contain_text("AI · not checked by a person")
    expect(answer).to_contain_text("To reach a person")
    answer.get_by_role("list", name="What this rests on").get_by_role("button").first.click()
    expect(answer.get_by_text(re.compile("active, on .* 2025"))).to_be_visible()
    shown(patient, "assistant-answer")

    patient.get_by_label("Your question").fill("What do you think of the weather?")
    patient.get_by_role("button", name="Ask", exact=True).click()
    small_talk = patient.get_by_role("article").filter(has_text="weather")
    small_talk.get_by_role("button", name="Ask the clinic instead").click()
    expect(patient.get_by_text("Sent to the clinic. Expect an answer by")).to_be_visible()

    # Nothing of it is kept but what was sent: another page and back, and it is still there.
    patient.get_by_role("link", name="Words").click()
    expect(patient.get_by_role("heading", name="What does it mean?")).to_be_visible()
    patient.get_by_label("Word or short question").fill("hypertension")
    patient.get_by_role("button", name="Explain").click()
    explained = patient.get_by_role("region", name="Explanation")
    expect(explained).to_contain_text("blood")
    expect(explained.get_by_role("list", name="Sources")).to_contain_text(
        re.compile(r"(read|dated) \d+ \w+ \d{4}")
    )
    plain = explained.inner_text()
    patient.get_by_text("More detail").click()
    expect(explained).not_to_have_text(plain)
    expect(explained).to_contain_text("blood")
    shown(patient, "words")
    patient.get_by_role("link", name="Assistant").click()
    expect(
        patient.get_by_role("list", name="This conversation").get_by_role("article")
    ).to_have_count(2)

    nurse = enter("nurse")
    nurse.get_by_role("link", name=re.compile("^Messages")).click()
    now = nurse.get_by_role("list", name="Now", exact=True)
    alarm = now.get_by_role("article").filter(has_text=ALARM)
    expect(alarm).to_contain_text("Red flag “chest feels tight”")
    expect(alarm).to_contain_text("Told the assistant")
    expect(alarm).to_contain_text("min left")
    shown(nurse, "messages")

    alarm.get_by_role("button", name="Take").click()
    expect(alarm).to_contain_text("is on it")
    alarm.get_by_role("button", name="Reply").click()
    alarm.get_by_label("Your answer").fill("I am calling you now.")
    alarm.get_by_role("button", name="Send answer").click()
    expect(now.get_by_role("article").filter(has_text=ALARM)).to_have_count(0)

    other = nurse.get_by_role("article").filter(has_text="weather")
    other.get_by_role("button", name="Change class").click()
    nurse.get_by_role("combobox", name="Class").click()
    nurse.get_by_role("option", name="Billing").click()
    nurse.get_by_role("textbox", name="Why").fill("It is small talk about a bill.")
    shown(nurse, "class-dialog")
    nurse.get_by_role("dialog").get_by_role("button", name="Change class").click()
    expect(other).to_contain_text("It is small talk about a bill.")

    nurse.set_viewport_size(PHONE)  # type: ignore[arg-type]
    shown(nurse, "messages")

    patient.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    patient.reload()
    answered = patient.get_by_role("list", name="Sent messages").get_by_role("article")
    expect(answered.filter(has_text="I am calling you now.")).to_be_visible()
    shown(patient, "assistant-messages")


def test_a_chart_is_checked_by_tables_and_each_task_has_its_card(
    enter: Enter, clinic: RunningClinic
) -> None:
    clinic.do(_prescribe)
    doctor = enter("clinician")
    doctor.goto("/chart/p9/medicines")
    check = doctor.get_by_role("region", name="Safety check")
    expect(check).to_contain_text("Computed by tables and rules")
    pair = check.get_by_role("article").filter(has_text="Warfarin").filter(has_text="Ibuprofen")
    expect(pair).to_contain_text("Major")
    expect(pair).to_contain_text("What to do")
    expect(pair).to_contain_text(re.compile(r"read \d{2}-[A-Z][a-z]{2}-\d{4}"))
    expect(check).to_contain_text("Not checked: unknown to the tables: Zyxquorfle")
    shown(doctor, "safety")

    doctor.set_viewport_size(PHONE)  # type: ignore[arg-type]
    shown(doctor, "safety")
    check.get_by_role("link", name="How it is checked").click()
    expect(doctor.get_by_role("heading", name=re.compile("^Check medicines"))).to_be_visible()
    expect(doctor.get_by_role("region", name="Where it fails")).to_be_visible()
    expect(doctor.get_by_role("table")).to_contain_text("must-flag pairs raised")
    shown(doctor, "card")
    doctor.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    shown(doctor, "card")
    doctor.get_by_role("link", name="All AI tasks").click()
    expect(doctor.get_by_role("list", name="Tasks").get_by_role("listitem")).to_have_count(22)
    shown(doctor, "cards")


async def _prescribe(platform: Platform) -> None:
    scope = organisation_scope(platform.organisation)
    async with Work(platform.documents) as work:
        for name in ("Warfarin 5 mg tablet", "Ibuprofen 400 mg tablet", "Zyxquorfle 10 mg"):
            resource = {
                "resourceType": "MedicationRequest",
                "status": "active",
                "intent": "order",
                "subject": {"reference": "Patient/p9"},
                "medicationCodeableConcept": {"text": name},
            }
            await platform.records.create(work, resource, actor=platform.operator, scope=scope)

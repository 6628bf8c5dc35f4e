from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

import pytest

from careflow.ai.asking import given_of, task_named
from careflow.ai.draft import Maker, Source
from careflow.ai.drafts import Drafts
from careflow.ai.engine import Answer
from careflow.ai.finding import Finding
from careflow.ai.histories import Histories
from careflow.ai.task import Passage
from careflow.ai.task_drafts.looks import Looks
from careflow.ai.task_drafts.review import TaskReviews
from careflow.database.work import Work
from tests.harbour import ADA, NIA, NOW, ZONE, Clinic, Json

SUMMARY = {
    "sections": {
        "subjective": "Cough.",
        "objective": "Clear lungs.",
        "assessment": "Cold.",
        "plan": "Rest.",
    },
    "claims": [],
}
FOUND = (Finding("number", "38.9", "sections.objective"),)
BASE = "/api/ai/task-drafts"


NUMBERS = itertools.count(1)


def reviews(clinic: Clinic) -> TaskReviews:
    return TaskReviews(
        Drafts(clinic.documents),
        clinic.directory,
        clinic.records,
        Looks(clinic.documents, lambda: NOW),
        lambda: NOW,
        lambda: f"t-{next(NUMBERS)}",
    )


async def kept(
    clinic: Clinic,
    *,
    findings: tuple[Finding, ...] = (),
    task: str = "appointment-summary",
    output: Json = SUMMARY,
) -> Json:
    answer: Answer[Any] = Answer(
        None,
        Maker("gemini", "flash", "appointment-summary/abc"),
        (Source("Observation/o1"),),
        findings=findings,
        given=(Passage("text", "I cough."), Passage("Observation/o1", "Temperature 38.2")),
        redacted={"NAME": 2},
        left_out={"Observation": 3120},
    )
    asked = task_named(task)
    async with Work(clinic.documents) as work:
        draft = reviews(clinic).keep(work, asked, answer, output, patient="p3", actor=ADA)
    shown: Json = await clinic.got(f"{BASE}/{draft.id}")
    return shown


async def signed_off(clinic: Clinic, draft: Json) -> Json:
    """Sign every part off, one by one, as a person has to."""
    for part in draft["parts"]:
        draft = (await say(clinic, draft, "edit", part=part["place"])).json()
    return draft


def done(draft: Json) -> list[str]:
    return [part["place"] for part in draft["parts"] if part["signed_off_by"]]


async def say(clinic: Clinic, draft: Json, act: str, by: str = "ada", **body: Any) -> Any:
    body = {"version": draft["version"]} | body
    return await clinic.ask("POST", f"{BASE}/{draft['id']}/{act}", by=by, json=body)


async def test_s1_a_draft_tells_its_maker_and_what_was_left_out(clinic: Clinic) -> None:
    draft = await kept(clinic)

    assert (draft["status"], draft["engine"], draft["model"]) == ("draft", "gemini", "flash")
    assert draft["prompt"] == "appointment-summary/abc"
    assert draft["left_out"] == ["3,120 older Observation entries were not used."]
    assert (draft["sources"], draft["redacted"]) == ([{"input": "Observation/o1"}], {"NAME": 2})


async def test_a_reviewer_sees_what_the_draft_was_made_from(clinic: Clinic) -> None:
    draft = await kept(clinic)

    assert draft["given"] == [
        {"source": "text", "text": "I cough."},
        {"source": "Observation/o1", "text": "Temperature 38.2"},
    ]
    assert draft["patient"]["family"] == "Johnston"
    assert (draft["becomes"], draft["may_change"]) == ("Note", True)


async def test_s1_nothing_is_signed_before_it_is_settled_part_by_part(clinic: Clinic) -> None:
    draft = await kept(clinic, findings=FOUND)

    first = await say(clinic, draft, "accept")
    unseen = await say(clinic, draft, "edit", part="sections.objective")
    settled = (await say(clinic, draft, "edit", settled=0)).json()
    second = await say(clinic, settled, "accept")
    ready = await signed_off(clinic, settled)
    third = await say(clinic, ready, "accept")

    assert (first.status_code, first.json()["code"]) == (409, "ai-not-settled")
    assert (unseen.status_code, unseen.json()["code"]) == (409, "ai-not-settled")
    assert "not signed off" in second.json()["detail"]
    assert (ready["status"], third.status_code) == ("reviewed", 200)
    assert (third.json()["status"], third.json()["reviewed_by"]) == ("signed", "Dr Ada Okoye")


async def test_s2_what_the_model_said_is_kept_beside_the_change(clinic: Clinic) -> None:
    draft = await signed_off(clinic, await kept(clinic))
    other = SUMMARY | {"sections": {**SUMMARY["sections"], "plan": "Rest and fluids."}}  # type: ignore[dict-item]

    changed = (await say(clinic, draft, "edit", output=other)).json()

    assert changed["said"]["sections"]["plan"] == "Rest."
    assert changed["output"]["sections"]["plan"] == "Rest and fluids."
    assert changed["changed_by"] == "Dr Ada Okoye"


async def test_s2_a_changed_part_is_signed_off_again_and_the_others_stay(clinic: Clinic) -> None:
    draft = await signed_off(clinic, await kept(clinic))
    other = SUMMARY | {"sections": {**SUMMARY["sections"], "plan": "Rest and fluids."}}  # type: ignore[dict-item]

    changed = (await say(clinic, draft, "edit", output=other)).json()

    assert (changed["status"], changed["left"]) == ("draft", "not signed off: plan")
    assert done(changed) == ["sections.subjective", "sections.objective", "sections.assessment"]


async def test_a_part_tells_who_signed_it_off(clinic: Clinic) -> None:
    draft = await kept(clinic)

    changed = (await say(clinic, draft, "edit", by="nia", part="sections.plan")).json()

    assert changed["parts"][3]["signed_off_by"] == NIA.name


async def test_a_draft_without_sections_is_signed_off_field_by_field(clinic: Clinic) -> None:
    plan = {
        "goals": ["Walk daily"],
        "activities": ["Walk"],
        "monitoring": [],
        "open_questions": ["Smoker?"],
    }
    draft = await kept(clinic, task="treatment-plan", output=plan)

    assert [one["place"] for one in draft["parts"]] == ["goals", "activities", "open_questions"]


async def test_time_is_measured_from_word_to_word_and_silence_counts_two_minutes(
    clinic: Clinic,
) -> None:
    at = NOW
    looks = Looks(clinic.documents, lambda: at)
    for minutes, part in ((0, "sections.plan"), (1, "sections.plan"), (31, None), (40, None)):
        at = NOW + timedelta(minutes=minutes)
        async with Work(clinic.documents) as work:
            await looks.look(work, "d-1", part, ADA)

    assert await looks.seconds("d-1", ADA.organisation) == {"sections.plan": 180.0}


async def test_a_browser_says_which_part_is_open_and_never_for_how_long(clinic: Clinic) -> None:
    draft = await kept(clinic)
    path = f"{BASE}/{draft['id']}/looks"

    opened = await clinic.ask("POST", path, by="ada", json={"part": "sections.plan"})
    closed = await clinic.ask("POST", path, by="ada", json={"part": None})
    claimed = await clinic.ask("POST", path, by="ada", json={"part": None, "seconds": 9000})
    unknown = await clinic.ask("POST", path, by="ada", json={"part": "sections.other"})

    assert (opened.json()["open_s"], claimed.status_code, unknown.status_code) == (0, 422, 400)
    ready = await signed_off(clinic, await clinic.got(f"{BASE}/{draft['id']}"))
    signed = (await say(clinic, ready, "accept")).json()
    assert 0 < closed.json()["open_s"] == signed["open_s"] < 120


async def test_the_list_puts_what_may_harm_first_then_who_waits_longest(clinic: Clinic) -> None:
    usual = await kept(clinic)
    urgent = await kept(
        clinic,
        task="symptom-analysis",
        output={"level": "emergency", "red_flags": [], "advice": "Call.", "questions": []},
    )
    closed = await kept(clinic)
    await say(clinic, closed, "reject", reason="Of no use.")

    listed = (await clinic.got(BASE))["drafts"]

    assert [one["id"] for one in listed] == [urgent["id"], usual["id"], closed["id"]]
    assert [one["urgency"] for one in listed] == ["now", "usual", "usual"]
    assert "output" not in listed[0]
    assert await clinic.got(f"{BASE}/waiting") == {"waiting": 2}


async def test_why_a_draft_was_turned_down_is_with_the_draft_alone(clinic: Clinic) -> None:
    draft = await kept(clinic)

    unsaid = await say(clinic, draft, "reject")
    shown = (await say(clinic, draft, "reject", reason="CANARY is not theirs")).json()

    [entry] = await clinic.trail_of("ai:draft:reject")
    assert unsaid.status_code == 422
    assert (shown["status"], shown["why_rejected"]) == ("rejected", "CANARY is not theirs")
    assert "CANARY" not in repr(entry)


async def test_a_signed_summary_is_a_document_of_the_chart(clinic: Clinic) -> None:
    draft = await kept(clinic)
    ready = await signed_off(clinic, draft)

    await say(clinic, ready, "accept")

    [document] = await clinic.stored("DocumentReference")
    [provenance] = await clinic.stored("Provenance")
    assert document["subject"] == {"reference": "Patient/p3"}
    assert "gemini" in provenance["agent"][1]["who"]["display"]
    assert provenance["entity"][0]["what"] == {"reference": "Observation/o1"}


@pytest.mark.parametrize("by", ["nia", "fin", "paul"])
async def test_s1_nobody_but_a_clinician_signs(by: str, clinic: Clinic) -> None:
    draft = await kept(clinic)

    assert (await say(clinic, draft, "accept", by=by)).status_code == 403


async def test_s1_only_what_was_signed_goes_on(clinic: Clinic) -> None:
    draft = await kept(clinic)
    path = f"{BASE}/{draft['id']}/signed"

    before = await clinic.ask("GET", path, by="ada")
    ready = await signed_off(clinic, draft)
    unsigned = await clinic.ask("GET", path, by="ada")
    await say(clinic, ready, "accept")
    after = await clinic.got(path)

    assert [one.json()["code"] for one in (before, unsigned)] == ["ai-draft-not-signed"] * 2
    assert "Rest." in after["text"]
    assert after["signed_by"] == "Dr Ada Okoye"


async def test_s1_no_word_of_a_draft_reaches_chart_patient_or_another_task(clinic: Clinic) -> None:
    word = "CANARYWORD"
    said = SUMMARY | {"sections": {**SUMMARY["sections"], "plan": word}}  # type: ignore[dict-item]
    draft = await kept(clinic, output=said)
    await signed_off(clinic, draft)
    histories = Histories(clinic.documents, clinic.directory, lambda: NOW, ZONE)
    task = task_named("treatment-plan")

    given = await histories.gathered(task, given_of(task, {"patient": "p3"}), ADA)
    chart = await clinic.ask("GET", "/api/patients/p3/chart", by="ada")
    portal = await clinic.ask("GET", "/api/portal", by="paul")
    theirs = await clinic.ask("GET", f"{BASE}/{draft['id']}", by="paul")
    stored = [await clinic.stored(kind) for kind in ("DocumentReference", "Composition", "Task")]

    assert (chart.status_code, portal.status_code, theirs.status_code) == (200, 200, 403)
    assert word not in repr(given) + chart.text + portal.text + repr(stored)


async def test_s2_several_drafts_are_never_signed_at_once(clinic: Clinic) -> None:
    first = await kept(clinic)

    answer = await clinic.ask("POST", f"{BASE}/accept", by="ada", json={"ids": [first["id"]]})
    listed = await say(clinic, first, "accept", ids=[first["id"]])
    parts = await say(clinic, first, "edit", part=["sections.plan", "sections.objective"])
    older = await say(clinic, first, "edit", sections=["plan", "objective"])

    assert answer.status_code in {404, 405}
    assert {listed.status_code, parts.status_code, older.status_code} == {422}


async def test_a_closed_or_stale_draft_is_left_as_it_is(clinic: Clinic) -> None:
    draft = await kept(clinic)
    stale = await say(clinic, draft, "edit", version=99)
    await say(clinic, draft, "reject", reason="Of no use.")

    again = await say(clinic, draft, "accept")

    assert stale.json()["code"] == "ai-draft-stale"
    assert again.json()["code"] == "ai-draft-closed"
    assert await clinic.stored("DocumentReference") == []


async def test_s18_a_report_is_noted_without_its_words_in_the_trail(clinic: Clinic) -> None:
    draft = await kept(clinic)
    words = "CANARY dose is wrong"

    answer = await clinic.ask(
        "POST",
        f"/api/ai/drafts/{draft['id']}/reports",
        by="nia",
        json={"kind": "unsafe", "text": words},
    )

    [entry] = await clinic.trail_of("ai:draft:report")
    assert (answer.status_code, entry.reason) == (200, "unsafe")
    assert "CANARY" not in repr(entry)

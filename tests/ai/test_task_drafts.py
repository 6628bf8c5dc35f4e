from __future__ import annotations

import itertools
from typing import Any

import pytest

from careflow.ai.asking import task_named
from careflow.ai.draft import Maker, Source
from careflow.ai.drafts import Drafts
from careflow.ai.engine import Answer
from careflow.ai.finding import Finding
from careflow.ai.task_drafts.review import NotSettledError, TaskReviews
from careflow.database.work import Work
from tests.harbour import ADA, NOW, Clinic, Json

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


def reviews(clinic: Clinic) -> TaskReviews:
    numbers = itertools.count(1)
    return TaskReviews(
        Drafts(clinic.documents),
        clinic.directory,
        clinic.records,
        lambda: NOW,
        lambda: f"t-{next(numbers)}",
    )


async def kept(clinic: Clinic, *, findings: tuple[Finding, ...] = ()) -> Json:
    answer: Answer[Any] = Answer(
        None,
        Maker("gemini", "flash", "appointment-summary/abc"),
        (Source("Observation/o1"),),
        findings=findings,
        redacted={"NAME": 2},
        left_out={"Observation": 3120},
    )
    task = task_named("appointment-summary")
    async with Work(clinic.documents) as work:
        draft = reviews(clinic).keep(work, task, answer, SUMMARY, patient="p3", actor=ADA)
    shown: Json = await clinic.got(f"{BASE}/{draft.id}")
    return shown


async def say(clinic: Clinic, draft: Json, act: str, by: str = "ada", **body: Any) -> Any:
    body = {"version": draft["version"]} | body
    return await clinic.ask("POST", f"{BASE}/{draft['id']}/{act}", by=by, json=body)


async def test_s1_a_draft_tells_its_maker_and_what_was_left_out(clinic: Clinic) -> None:
    draft = await kept(clinic)

    assert (draft["status"], draft["engine"], draft["model"]) == ("draft", "gemini", "flash")
    assert draft["prompt"] == "appointment-summary/abc"
    assert draft["left_out"] == ["3,120 older Observation entries were not used."]
    assert (draft["sources"], draft["redacted"]) == ([{"input": "Observation/o1"}], {"NAME": 2})


async def test_s1_nothing_is_signed_before_it_is_settled_part_by_part(clinic: Clinic) -> None:
    draft = await kept(clinic, findings=FOUND)

    first = await say(clinic, draft, "accept")
    settled = (await say(clinic, draft, "edit", settled=[0])).json()
    second = await say(clinic, settled, "accept")
    ready = (await say(clinic, settled, "edit", sections=list(SUMMARY["sections"]))).json()
    third = await say(clinic, ready, "accept")

    assert (first.status_code, first.json()["code"]) == (409, "ai-not-settled")
    assert "not signed off" in second.json()["detail"]
    assert (ready["status"], third.status_code) == ("reviewed", 200)
    assert (third.json()["status"], third.json()["reviewed_by"]) == ("signed", "Dr Ada Okoye")


async def test_s2_what_the_model_said_is_kept_beside_the_change(clinic: Clinic) -> None:
    draft = await kept(clinic)
    parts = list(SUMMARY["sections"])
    signed_off = (await say(clinic, draft, "edit", sections=parts, open_s=40)).json()
    other = SUMMARY | {"sections": {**SUMMARY["sections"], "plan": "Rest and fluids."}}  # type: ignore[dict-item]

    changed = (await say(clinic, signed_off, "edit", output=other, open_s=20)).json()

    assert changed["said"]["sections"]["plan"] == "Rest."
    assert changed["output"]["sections"]["plan"] == "Rest and fluids."
    assert (changed["open_s"], changed["signed_off"]) == (60, [])


async def test_a_signed_summary_is_a_document_of_the_chart(clinic: Clinic) -> None:
    draft = await kept(clinic)
    ready = (await say(clinic, draft, "edit", sections=list(SUMMARY["sections"]))).json()

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

    with pytest.raises(NotSettledError):
        await reviews(clinic).output_for(draft["id"], ADA)

    ready = (await say(clinic, draft, "edit", sections=list(SUMMARY["sections"]))).json()
    await say(clinic, ready, "accept")
    accepted = await reviews(clinic).output_for(draft["id"], ADA)
    assert accepted.output["sections"]["plan"] == "Rest."


async def test_s2_several_drafts_are_never_signed_at_once(clinic: Clinic) -> None:
    first = await kept(clinic)

    answer = await clinic.ask("POST", f"{BASE}/accept", by="ada", json={"ids": [first["id"]]})
    listed = await say(clinic, first, "accept", ids=[first["id"]])

    assert answer.status_code in {404, 405}
    assert listed.status_code == 422


async def test_a_closed_or_stale_draft_is_left_as_it_is(clinic: Clinic) -> None:
    draft = await kept(clinic)
    stale = await say(clinic, draft, "edit", version=99)
    await say(clinic, draft, "reject")

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

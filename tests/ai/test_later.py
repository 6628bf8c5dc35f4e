"""A task asked for now and done by a job: the job names a draft, and holds no word of content."""

from __future__ import annotations

import pytest

from careflow.database.documents import Query
from careflow.database.scope import organisation_scope
from careflow.database.work import Work
from tests.harbour import ORGANISATION, Clinic

REPORT = """Zebulon Canary
Sodium 139 mmol/L 136 - 145
Creatinine 1.42 mg/dL 0.70 - 1.30 H
"""
PATH = "/api/ai/tasks/document-analysis"


@pytest.mark.parametrize(
    ("body", "headers"),
    [({"text": REPORT, "later": True}, {}), ({"text": REPORT}, {"Prefer": "respond-async"})],
)
async def test_the_job_leaves_a_draft_and_its_audit(
    clinic: Clinic, body: dict[str, object], headers: dict[str, str]
) -> None:
    asked = await clinic.ask("POST", PATH, by="nia", json=body, headers=headers)
    job_id = asked.json()["job"]
    assert (asked.status_code, asked.headers["location"]) == (202, f"/api/jobs/{job_id}")

    assert await clinic.queue.run_once()

    job = await clinic.queue.get(job_id, ORGANISATION)
    draft = await clinic.got(f"/api/ai/task-drafts/{job.result['draft']}", by="nia")
    [ran], [kept] = (
        await clinic.trail_of("ai:document-analysis:run"),
        await clinic.trail_of("ai:document-analysis:draft"),
    )
    assert (job.state, job.actor, job.result["status"]) == ("done", "a-2", "ok")
    assert {row["test"] for row in draft["output"]["rows"]} == {"Sodium", "Creatinine"}
    assert (ran.actor, ran.request, kept.actor) == ("a-2", job_id, "a-2")


async def test_neither_job_nor_answered_question_holds_what_was_asked(clinic: Clinic) -> None:
    await clinic.ask("POST", PATH, by="nia", json={"text": REPORT, "later": True})
    before = await _bodies(clinic, "job")
    await clinic.queue.run_once()

    after = await _bodies(clinic, "job") + await _bodies(clinic, "ai-question")

    assert b"Zebulon" not in before + after


async def test_what_no_engine_can_say_is_told_by_the_job(clinic: Clinic) -> None:
    body = {"text": "I have a headache.", "later": True}
    asked = await clinic.ask("POST", "/api/ai/tasks/radiology-report", by="nia", json=body)
    await clinic.queue.run_once()

    job = await clinic.queue.get(asked.json()["job"], ORGANISATION)

    assert (job.state, job.result) == ("done", {"status": "abstained"})


async def test_a_second_run_changes_nothing(clinic: Clinic) -> None:
    asked = await clinic.ask("POST", PATH, by="nia", json={"text": REPORT, "later": True})
    await clinic.queue.run_once()
    job = await clinic.queue.get(asked.json()["job"], ORGANISATION)
    handler = clinic.queue._runner.handlers[job.name]

    work = Work(clinic.documents)
    assert await handler(job, work) == {"status": "answered"}
    assert work.changes == ()


async def test_who_may_not_ask_queues_nothing(clinic: Clinic) -> None:
    refused = [
        await clinic.ask("POST", PATH, by="fin", json={"text": REPORT, "later": True}),
        await clinic.ask("POST", PATH, by="nia", json={"later": True}),
        await clinic.ask(
            "POST", "/api/ai/tasks/lab-results", by="nia", json={"text": REPORT, "later": True}
        ),
    ]

    assert [answer.status_code for answer in refused] == [403, 400, 400]
    assert not await clinic.queue.run_once()


async def _bodies(clinic: Clinic, kind: str) -> bytes:
    page = await clinic.documents.find(Query(kind), organisation_scope(ORGANISATION))
    assert page.documents
    return b"".join(one.body for one in page.documents)

"""A text that is of a patient: their consent holds for it, and it is theirs to review."""

from __future__ import annotations

from careflow.composition import Platform
from careflow.database.work import Work
from careflow.identity.actor import Role
from tests.api.conftest import AsRole, application, as_role, platform

__all__ = ["application", "as_role", "platform"]

TEXT = {"text": "Glucose: 142 mg/dL (70-99)"}


async def add(platform: Platform, id: str) -> None:
    async with Work(platform.documents) as work:
        patient = {"resourceType": "Patient", "id": id, "name": [{"family": "Okafor"}]}
        await platform.records.create(work, patient, actor=platform.operator, id=id)


async def test_a_text_of_a_patient_stands_in_the_trail_under_them(
    platform: Platform, as_role: AsRole
) -> None:
    await add(platform, "p7")
    async with as_role(Role.CLINICIAN) as clinician:
        answer = await clinician.post(
            "/api/ai/tasks/document-analysis?about=p7&store=false", json=TEXT
        )
    async with as_role(Role.ADMIN) as admin:
        trail = await admin.get("/api/audit", params={"patient": "p7"})
    assert answer.status_code == 200
    actions = [one["action"] for one in trail.json()["entries"]]
    assert "ai:document-analysis:run" in actions


async def test_a_text_of_a_patient_whom_the_asker_does_not_see_is_not_run(
    platform: Platform, as_role: AsRole
) -> None:
    async with as_role(Role.CLINICIAN) as clinician:
        answer = await clinician.post("/api/ai/tasks/document-analysis?about=nobody", json=TEXT)
    assert answer.status_code == 404


async def test_a_question_about_one_patient_is_not_run_under_another(
    platform: Platform, as_role: AsRole
) -> None:
    await add(platform, "p7")
    await add(platform, "p8")
    async with as_role(Role.CLINICIAN) as clinician:
        answer = await clinician.post(
            "/api/ai/tasks/decision-support?about=p8", json={"patient": "p7"}
        )
    assert answer.status_code == 400

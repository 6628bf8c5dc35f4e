"""What a patient tells us is in no log and, without the key, in no file."""

from __future__ import annotations

import io
import logging
from pathlib import Path

from reportlab.pdfgen.canvas import Canvas

from careflow.composition import Platform
from careflow.identity.actor import Role
from tests.api.conftest import CANARY, AsRole


def a_patient_of_canaries() -> dict[str, object]:
    """Return a patient in whose every free field the canary sings."""
    return {
        "resourceType": "Patient",
        "id": "p1",
        "identifier": [{"system": "urn:x", "value": f"{CANARY}-1"}],
        "name": [{"text": CANARY, "family": CANARY, "given": [CANARY], "prefix": [CANARY]}],
        "telecom": [{"system": "email", "value": f"{CANARY}@mail.example"}],
        "gender": "female",
        "birthDate": "1970-01-01",
        "address": [{"line": [CANARY], "city": CANARY, "text": CANARY}],
        "contact": [{"name": {"family": CANARY}}],
    }


def a_report_of_canaries() -> bytes:
    """Return a laboratory report that names the patient."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    canvas.setPageCompression(0)
    for index, line in enumerate(
        (
            f"{CANARY} Laboratory",
            f"Patient: {CANARY}, {CANARY}",
            "Date of birth: 01-Jan-1970",
            "Test          Result   Unit     Reference",
            "Glucose       142      mg/dL    70 - 99",
            "Potassium     4.4      mmol/L   3.5 - 5.1",
            f"Comment: {CANARY} rang about this.",
        )
    ):
        canvas.drawString(60, 760 - 20 * index, line)
    canvas.save()
    return buffer.getvalue()


async def use_the_clinic(platform: Platform, as_role: AsRole) -> None:
    """Write, read, search, upload, run the reading job, and make mistakes with the canary."""
    async with as_role(Role.MACHINE) as machine:
        stored = await machine.put("/api/fhir/R4/Patient/p1", json=a_patient_of_canaries())
        assert stored.status_code == 201, stored.text
        await machine.get(f"/api/fhir/R4/Patient?family={CANARY}")
        await machine.get(f"/api/fhir/R4/Patient?{CANARY}=1")
        await machine.get(f"/api/fhir/R4/Patient/{CANARY}")
        await machine.post(
            "/api/fhir/R4/Patient",
            content=f'{{"resourceType":"Patient","{CANARY}":1}}',
            headers={"Content-Type": "application/fhir+json"},
        )
    async with as_role(Role.NURSE) as nurse:
        await nurse.get("/api/patients", params={"query": CANARY})
        chart = await nurse.get("/api/patients/p1/chart")
        assert CANARY in chart.text
        sent = await nurse.post(
            "/api/documents", params={"filename": f"{CANARY}.pdf"}, content=a_report_of_canaries()
        )
        assert sent.status_code == 201, sent.text
        while await platform.queue.run_once():
            pass
        document = (await nurse.get(f"/api/documents/{sent.json()['id']}")).json()
        assert document["draft_id"] is not None, document
        draft = await nurse.get(f"/api/ai/drafts/{document['draft_id']}")
        assert CANARY in draft.text
        await nurse.post(
            f"/api/documents/{document['id']}/discard", json={"reason": f"about {CANARY}"}
        )
    async with as_role(None) as nobody:
        await nobody.post(
            "/api/auth/login", json={"email": f"{CANARY}@x.example", "password": CANARY}
        )
        await nobody.post("/api/auth/login", json={"email": CANARY})


async def test_no_log_line_holds_what_a_patient_told_us(
    platform: Platform, as_role: AsRole, written: io.StringIO
) -> None:
    logging.getLogger("careflow.test").info("logging works")

    await use_the_clinic(platform, as_role)

    assert "logging works" in written.getvalue()
    assert CANARY.lower() not in written.getvalue().lower()


async def test_no_file_of_the_platform_shows_patient_text(
    platform: Platform, as_role: AsRole, tmp_path: Path
) -> None:
    await use_the_clinic(platform, as_role)

    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    shown = [
        str(path.relative_to(tmp_path))
        for path in files
        if CANARY.lower().encode() in path.read_bytes().lower()
        or CANARY.lower() in str(path).lower()
    ]

    assert len(files) >= 5
    assert shown == []

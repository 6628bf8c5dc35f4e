"""Records that are valid and odd: one of them never closes a whole chart, day or portal."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from careflow.identity.actor import Role
from tests.api.conftest import AsRole

pytestmark = pytest.mark.usefixtures("quiet")

BASE = "/api/fhir/R4"
FHIR = {"Content-Type": "application/fhir+json"}
EARLIEST, LATEST = "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"
PAUL = {"reference": "Patient/p1"}
Json = dict[str, Any]


def result(id: str, category: str = "laboratory", **more: Any) -> Json:
    """Return a result of Paul's."""
    system = "http://terminology.hl7.org/CodeSystem/observation-category"
    code = "2823-3" if category == "laboratory" else "8867-4"
    return {
        "resourceType": "Observation",
        "id": id,
        "status": "final",
        "category": [{"coding": [{"system": system, "code": category}]}],
        "code": {"coding": [{"system": "http://loinc.org", "code": code}]},
        "subject": PAUL,
    } | more


def number(text: str) -> Json:
    """Return a quantity whose number is written exactly so."""
    return {"value": msgspec.Raw(text.encode()), "unit": "mmol/L"}


ODD: tuple[Json, ...] = (
    {"resourceType": "Patient", "id": "p1", "birthDate": "9999", "name": [{"text": "x" * 100_000}]},
    result("nothing"),
    result("tiny", effectiveDateTime=LATEST, valueQuantity=number("1e-999999999")),
    result("huge", effectiveDateTime=EARLIEST, valueQuantity=number("1e300")),
    result("nought", effectiveDateTime="2026-01-01", valueQuantity=number("0e-999999999")),
    result("long", effectiveDateTime="2026-01-02", valueQuantity=number("1." + "0" * 5000)),
    result("word", effectiveDateTime="2026", valueString="banana"),
    result("unit alone", valueQuantity={"unit": "x"}) | {"id": "unit"},
    result(
        "upside-down",
        effectiveDateTime="0001-01-01",
        valueQuantity=number("5"),
        referenceRange=[{"low": number("9"), "high": number("1e-999999999")}, {"text": "x"}],
    ),
    result("beat", "vital-signs", effectiveDateTime=LATEST, valueQuantity=number("1e308")),
    result("beat2", "vital-signs", effectiveDateTime=EARLIEST, valueQuantity=number("-1e308")),
    {
        "resourceType": "DiagnosticReport",
        "id": "report",
        "status": "final",
        "code": {"text": "x"},
        "subject": PAUL,
        "issued": LATEST,
        "effectiveDateTime": EARLIEST,
        "result": [
            *({"reference": f"Observation/{id}"} for id in ("tiny", "huge", "nought", "long")),
            {"reference": "Observation/none"},
            {"reference": "DiagnosticReport/report"},
            {"display": "x"},
        ],
    },
    {
        "resourceType": "Appointment",
        "id": "back",
        "status": "booked",
        "start": "2026-11-24T15:00:00Z",
        "end": "2026-11-24T14:00:00Z",
        "participant": [{"actor": {"reference": "Patient/none"}, "status": "accepted"}],
    },
    {
        "resourceType": "Appointment",
        "id": "last",
        "status": "booked",
        "start": LATEST,
        "end": LATEST,
        "participant": [{"actor": PAUL, "status": "accepted"}],
    },
    {
        "resourceType": "Encounter",
        "id": "ages",
        "status": "in-progress",
        "class": {"code": "AMB"},
        "subject": PAUL,
        "period": {"start": EARLIEST, "end": LATEST},
    },
    {
        "resourceType": "Condition",
        "id": "old",
        "subject": PAUL,
        "onsetString": "long ago",
        "recordedDate": EARLIEST,
    },
    {
        "resourceType": "DocumentReference",
        "id": "late",
        "status": "current",
        "subject": PAUL,
        "date": LATEST,
        "content": [{"attachment": {"title": "x", "creation": "0001"}}],
    },
)


async def test_valid_and_odd_records_close_no_screen(as_role: AsRole) -> None:
    async with as_role(Role.MACHINE) as machine:
        for one in ODD:
            path = f"{BASE}/{one['resourceType']}/{one['id']}"
            stored = await machine.put(path, content=msgspec.json.encode(one), headers=FHIR)
            assert stored.status_code == 201, stored.text[:300]

    async with as_role(Role.NURSE) as nurse, as_role(Role.PATIENT) as paul:
        answers = {
            path: await nurse.get(path)
            for path in (
                "/api/patients/p1/chart",
                "/api/patients/p1/results/2823-3",
                "/api/patients/p1/results/8867-4",
                "/api/day?practitioner=all&date=2026-11-24",
                "/api/day?practitioner=all&date=9999-12-30",
                "/api/day?practitioner=all&date=0001-01-01",
                "/api/patients?query=x",
                f"{BASE}/Observation?date=ge{LATEST[:4]}&_sort=date",
                f"{BASE}/Observation?value-quantity=lt1",
            )
        }
        answers["/api/portal"] = await paul.get("/api/portal")

    assert {path: a.status_code for path, a in answers.items() if a.status_code != 200} == {}
    assert max(len(answer.content) for answer in answers.values()) < 500_000

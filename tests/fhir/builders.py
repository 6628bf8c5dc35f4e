"""Resources for tests: valid by default, one difference per test."""

from __future__ import annotations

import json
from typing import Any

Json = dict[str, Any]


def as_bytes(resource: Json) -> bytes:
    """Return compact JSON."""
    return json.dumps(resource, separators=(",", ":"), ensure_ascii=False).encode()


def a_patient(**changes: Any) -> Json:
    """Return a patient with a name, an identifier and a birth date."""
    return {
        "resourceType": "Patient",
        "id": "ada",
        "identifier": [{"system": "https://harbour.example/mrn", "value": "H-0001"}],
        "active": True,
        "name": [{"use": "official", "family": "Núñez", "given": ["Ada", "María"]}],
        "telecom": [{"system": "phone", "value": "555-0100", "use": "mobile"}],
        "gender": "female",
        "birthDate": "1984-02-29",
        "address": [{"line": ["1 Quay Street"], "city": "Harbour", "postalCode": "02110"}],
    } | changes


def an_observation(**changes: Any) -> Json:
    """Return a potassium of 4.20 mmol/L."""
    return {
        "resourceType": "Observation",
        "id": "k1",
        "status": "final",
        "category": [{"coding": [_coding("observation-category", "laboratory")]}],
        "code": {"coding": [{"system": "http://loinc.org", "code": "2823-3"}]},
        "subject": {"reference": "Patient/ada"},
        "effectiveDateTime": "2026-11-03T09:15:00-05:00",
        "valueQuantity": {
            "value": 4.2,
            "unit": "mmol/L",
            "system": "http://unitsofmeasure.org",
            "code": "mmol/L",
        },
    } | changes


def a_blood_pressure(**changes: Any) -> Json:
    """Return 128 over 82 as two components."""
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "85354-9"}]},
        "subject": {"reference": "Patient/ada"},
        "effectiveDateTime": "2026-11-03",
        "component": [_pressure("8480-6", 128), _pressure("8462-4", 82)],
    } | changes


def a_condition(**changes: Any) -> Json:
    """Return an active, confirmed condition."""
    return {
        "resourceType": "Condition",
        "id": "c1",
        "clinicalStatus": {"coding": [_coding("condition-clinical", "active")]},
        "verificationStatus": {"coding": [_coding("condition-ver-status", "confirmed")]},
        "code": {"coding": [{"system": "http://snomed.info/sct", "code": "38341003"}]},
        "subject": {"reference": "Patient/ada"},
    } | changes


def an_appointment(**changes: Any) -> Json:
    """Return a booked visit of half an hour."""
    return {
        "resourceType": "Appointment",
        "id": "a1",
        "status": "booked",
        "start": "2026-11-24T14:00:00Z",
        "end": "2026-11-24T14:30:00Z",
        "participant": [
            {"actor": {"reference": "Patient/ada"}, "status": "accepted"},
            {"actor": {"reference": "Practitioner/wei"}, "status": "accepted"},
        ],
    } | changes


def _coding(system: str, code: str) -> Json:
    return {"system": f"http://terminology.hl7.org/CodeSystem/{system}", "code": code}


def _pressure(code: str, value: int) -> Json:
    quantity = {"value": value, "system": "http://unitsofmeasure.org", "code": "mm[Hg]"}
    return {
        "code": {"coding": [{"system": "http://loinc.org", "code": code}]},
        "valueQuantity": quantity,
    }

"""Synthetic patients and laboratory results, the same in every benchmark."""

from __future__ import annotations

from random import Random
from typing import Any

LOINC = ("2345-7", "2160-0", "2823-3", "2951-2", "718-7", "4548-4", "13457-7", "3016-3")


def patient(number: int, random: Random) -> dict[str, Any]:
    """Return one of so many synthetic patients."""
    return {
        "resourceType": "Patient",
        "id": f"b{number}",
        "identifier": [{"system": "urn:bench", "value": f"B-{number:06d}"}],
        "active": True,
        "name": [{"family": f"Family{number % 997}", "given": [f"Given{number % 89}"]}],
        "gender": "female" if number % 2 else "male",
        "birthDate": f"{1930 + number % 80}-{1 + number % 12:02d}-{1 + number % 28:02d}",
        "telecom": [{"system": "phone", "value": f"+1-207-555-{random.randint(0, 9999):04d}"}],
        "address": [{"line": ["1 Quay"], "city": "Harbour Point", "postalCode": "04101"}],
    }


def observation(number: int, patients: int, random: Random) -> dict[str, Any]:
    """Return a laboratory result of a patient, on some day of six years."""
    code = LOINC[number % len(LOINC)]
    day = f"20{20 + number % 6}-{1 + number % 12:02d}-{1 + number % 28:02d}"
    return {
        "resourceType": "Observation",
        "id": f"o{number}",
        "status": "final",
        "category": [
            {
                "coding": [
                    {
                        "system": "http://terminology.hl7.org/CodeSystem/observation-category",
                        "code": "laboratory",
                    }
                ]
            }
        ],
        "code": {"coding": [{"system": "http://loinc.org", "code": code, "display": "x" * 20}]},
        "subject": {"reference": f"Patient/b{random.randrange(patients)}"},
        "effectiveDateTime": f"{day}T{number % 24:02d}:15:00-05:00",
        "issued": f"{day}T23:00:00-05:00",
        "performer": [{"display": "Tideline Laboratory"}],
        "valueQuantity": {
            "value": round(random.uniform(1, 300), 1),
            "unit": "mg/dL",
            "system": "http://unitsofmeasure.org",
            "code": "mg/dL",
        },
        "referenceRange": [{"low": {"value": 70}, "high": {"value": 99}, "text": "70 - 99"}],
    }

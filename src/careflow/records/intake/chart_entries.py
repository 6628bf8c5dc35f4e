"""What an accepted answer becomes in the chart, with the words the reviewer settled on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from careflow.clock import instant_text
from careflow.records.intake.forms import Target

_TERMS: Final = "http://terminology.hl7.org/CodeSystem"


def entry_of(target: Target, text: str, *, patient: str, at: datetime) -> dict[str, Any] | None:
    """Return the resource of an answer, ``None`` where it becomes none of its own.

    What a patient says is not yet confirmed, so an allergy or a problem says so.
    """
    whose = {"reference": f"Patient/{patient}"}
    when = instant_text(at)
    if target == "allergy":
        return {
            "resourceType": "AllergyIntolerance",
            "clinicalStatus": _coded("allergyintolerance-clinical", "active"),
            "verificationStatus": _coded("allergyintolerance-verification", "unconfirmed"),
            "code": {"text": text},
            "patient": whose,
            "recordedDate": when,
            "asserter": whose,
        }
    if target == "problem":
        return {
            "resourceType": "Condition",
            "clinicalStatus": _coded("condition-clinical", "active"),
            "verificationStatus": _coded("condition-ver-status", "unconfirmed"),
            "category": [_coded("condition-category", "problem-list-item")],
            "code": {"text": text},
            "subject": whose,
            "recordedDate": when,
            "asserter": whose,
        }
    if target == "medicine":
        return {
            "resourceType": "MedicationStatement",
            "status": "active",
            "medicationCodeableConcept": {"text": text},
            "subject": whose,
            "dateAsserted": when,
            "informationSource": whose,
        }
    return None


def with_phone(patient: Mapping[str, Any], number: str, *, at: datetime) -> dict[str, Any] | None:
    """Return a Patient with a telephone number, the former kept as old; ``None`` if it is there."""
    ways = [dict(one) for one in patient.get("telecom", ())]
    standing = [one for one in ways if one.get("system") == "phone" and one.get("use") != "old"]
    if any(one.get("value") == number for one in standing):
        return None
    for one in standing:
        one["use"] = "old"
        one["period"] = {**one.get("period", {}), "end": instant_text(at)}
    return {**patient, "telecom": [{"system": "phone", "value": number}, *ways]}


def _coded(system: str, code: str) -> dict[str, Any]:
    return {"coding": [{"system": f"{_TERMS}/{system}", "code": code}]}

from __future__ import annotations

from typing import Any

from tests.harbour import Clinic, Json, an_observation


def a_medicine(id: str, name: str, **more: Any) -> Json:
    return {
        "resourceType": "MedicationRequest",
        "id": id,
        "status": "active",
        "intent": "order",
        "subject": {"reference": "Patient/p3"},
        "medicationCodeableConcept": {"text": name},
    } | more


PENICILLIN = {
    "resourceType": "AllergyIntolerance",
    "id": "a1",
    "patient": {"reference": "Patient/p3"},
    "code": {"text": "Penicillin"},
    "clinicalStatus": {
        "coding": [
            {
                "system": "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical",
                "code": "active",
            }
        ]
    },
}


async def test_medicines_are_checked_with_each_other_and_with_allergies(clinic: Clinic) -> None:
    await clinic.store(
        a_medicine("m1", "Warfarin 5 mg tablet"),
        a_medicine("m2", "Ibuprofen 400 mg"),
        a_medicine("m3", "Amoxicillin 500 mg capsule"),
        a_medicine("m4", "Zyxquorfle 10 mg"),
        a_medicine("m5", "Simvastatin", status="stopped"),
        PENICILLIN,
    )

    found = await clinic.got("/api/patients/p3/safety")

    pair = next(
        one
        for one in found["interactions"]
        if "Warfarin" in one["a"] + one["b"] and "Ibuprofen" in one["a"] + one["b"]
    )
    assert pair["severity"] in {"major", "contraindicated"}
    assert pair["mechanism"]
    assert pair["management"]
    assert "read 20" in pair["source"]
    assert [one["allergy"] for one in found["allergy_alerts"]] == ["Penicillin"]
    assert found["unknown"] == ["Zyxquorfle 10 mg"]
    assert not any("Simvastatin" in one for one in found["medicines"])
    assert found["has_allergies_recorded"]


async def test_fresh_vital_signs_are_judged_and_old_ones_are_not(clinic: Clinic) -> None:
    def spo2(id: str, value: str, at: str) -> Json:
        return an_observation(
            id,
            value,
            code="59408-5",
            name="Oxygen saturation",
            unit="%",
            at=at,
            category="vital-signs",
        )

    await clinic.store(spo2("v1", "88", "2026-11-01T09:00:00-05:00"))
    before = await clinic.got("/api/patients/p3/safety")
    await clinic.store(spo2("v2", "89", "2026-11-24T09:00:00-05:00"))
    after = await clinic.got("/api/patients/p3/safety")

    assert before["signs"] is None
    assert after["signs"]["level"] == "emergency"
    assert after["signs"]["worst"] == "Oxygen saturation 89 %"
    assert "2026-11-24" in after["signs"]["source"]


async def test_what_the_patient_wrote_is_searched_for_red_flags(clinic: Clinic) -> None:
    words = "Crushing chest pain since this morning"
    await clinic.store(
        {
            "resourceType": "Appointment",
            "id": "v1",
            "status": "booked",
            "start": "2026-11-24T15:00:00-05:00",
            "end": "2026-11-24T15:20:00-05:00",
            "participant": [{"actor": {"reference": "Patient/p3"}, "status": "accepted"}],
            "description": "Chest",
            "comment": words,
        }
    )

    complaint = (await clinic.got("/api/patients/p3/safety"))["complaint"]

    assert complaint["level"] == "emergency"
    flag = complaint["red_flags"][0]
    assert complaint["words"][flag["start"] : flag["end"]] == flag["phrase"]


async def test_an_empty_chart_says_that_nothing_was_there_to_check(clinic: Clinic) -> None:
    found = await clinic.got("/api/patients/p7/safety")

    assert found["medicines"] == []
    assert found["complaint"] is None
    assert found["signs"] is None
    assert not found["has_allergies_recorded"]
    (entry,) = await clinic.trail_of("records:chart:read")
    assert entry.patients == ("p7",)


async def test_each_task_has_a_card_and_a_figure_has_its_day(clinic: Clinic) -> None:
    cards = (await clinic.got("/api/ai/cards", by="paul"))["cards"]
    card = await clinic.got("/api/ai/cards/drug-interactions", by="ali")

    assert len(cards) == 22
    assert card["method"]["measured_on"] == "2026-11-24"
    assert card["method"]["limits"]
    assert card["engines"][0] == {
        "name": "local",
        "available": True,
        "asks_model": False,
        "leaves_machine": False,
        "reason": None,
    }
    assert (await clinic.ask("GET", "/api/ai/cards/none")).status_code == 404

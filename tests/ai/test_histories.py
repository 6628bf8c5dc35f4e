from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from careflow.ai.asking import given_of, task_named
from careflow.ai.histories import Histories
from careflow.ai.patient_facts import OPT_OUT
from careflow.ai.prompt import data_of
from careflow.ai.record_shown import left_out_sentences, of_bundle
from careflow.ai.task import Given, Task
from careflow.errors import CareFlowError
from careflow.identity.actor import Actor
from careflow.records.directory import PatientNotFoundError
from tests.harbour import ADA, NOW, ORGANISATION, ZONE, Clinic, a_patient, an_observation

DECISIONS = task_named("decision-support")


def histories(clinic: Clinic, **changes: Any) -> Histories:
    return Histories(clinic.documents, clinic.directory, lambda: NOW, ZONE, **changes)


async def shown(clinic: Clinic, patient: str, *, actor: Actor = ADA, **changes: Any) -> Given:
    given = given_of(DECISIONS, {"patient": patient})
    return await histories(clinic, **changes).gathered(DECISIONS, given, actor)


async def test_a_record_is_told_in_short_lines_with_exact_numbers(clinic: Clinic) -> None:
    medicine = {
        "resourceType": "MedicationRequest",
        "id": "m1",
        "status": "active",
        "intent": "order",
        "subject": {"reference": "Patient/p3"},
        "medicationCodeableConcept": {"text": "Metformin"},
        "dosageInstruction": [{"text": "500 mg twice daily"}],
        "authoredOn": "2025-02-01",
    }
    await clinic.store(an_observation("o1", "4.10"), medicine)

    record = (await shown(clinic, "p3")).record

    assert [one.text for one in record] == [
        "Patient, male, 42 years",
        "Medicine: Metformin, 500 mg twice daily, active, on 2025-02-01",
        "Potassium: 4.10 mmol/L, on 2026-10-01",
    ]
    assert record[1].source == "MedicationRequest/m1"


async def test_s12_another_patients_record_never_comes_along(clinic: Clinic) -> None:
    canary = an_observation("c1", "9.9", name="CANARY", patient="p7")
    await clinic.store(an_observation("o1", "4.1"), canary)

    given = await shown(clinic, "p3")

    assert "CANARY" not in data_of(DECISIONS, given, secret=b"x")[0]
    own = replace(ADA, panel=frozenset({"p3"}))
    with pytest.raises(CareFlowError):
        await shown(clinic, "p7", actor=own)
    with pytest.raises(PatientNotFoundError):
        await shown(clinic, "nobody")


async def test_only_kinds_that_the_task_reads_are_shown(clinic: Clinic) -> None:
    await clinic.store(an_observation("o1", "4.1"))
    task: Task[Any] = replace(DECISIONS, reads=("Patient",))

    given = await histories(clinic).gathered(task, given_of(task, {"patient": "p3"}), ADA)

    assert [one.source for one in given.record] == ["Patient/p3"]


async def test_a_long_record_shows_the_newest_and_counts_the_rest(clinic: Clinic) -> None:
    days = [f"2025-{1 + n // 28:02d}-{1 + n % 28:02d}T08:00:00-05:00" for n in range(300)]
    await clinic.store(*(an_observation(f"o{n}", f"{n}.5", at=day) for n, day in enumerate(days)))

    given = await shown(clinic, "p3", signs_max=2_000)

    seen = [one for one in given.record if one.source.startswith("Observation")]
    assert seen[0].text.startswith("Potassium: 299.5")
    assert given.left_out == {"Observation": 300 - len(seen)}
    assert (
        f"[not shown] {300 - len(seen)} older Observation"
        in data_of(DECISIONS, given, secret=b"x")[0]
    )
    assert left_out_sentences({"Observation": 3120}) == [
        "3,120 older Observation entries were not used."
    ]


def test_a_bundle_of_5000_is_used_within_the_budget() -> None:
    entries = [
        {"resource": an_observation(f"o{n}", "4.1") | {"valueQuantity": {"value": n}}}
        for n in range(5_000)
    ]
    given = given_of(DECISIONS, {"bundle": {"resourceType": "Bundle", "entry": entries}})

    seen = of_bundle(DECISIONS, given, today=date(2026, 11, 24))

    assert seen.left_out["Observation"] + len(seen.record) == 5_000
    assert len(seen.record) > 300


async def test_s20_age_and_refusal_are_read_from_the_record(clinic: Clinic) -> None:
    refused = a_patient("p8") | {"meta": {"tag": [{"system": OPT_OUT, "code": "ai"}]}}
    await clinic.store(refused)

    adult = await histories(clinic).facts("p3", ORGANISATION)
    out = await histories(clinic).facts("p8", ORGANISATION)

    assert (adult.age_years, adult.consents) == (42, True)
    assert out.consents is False

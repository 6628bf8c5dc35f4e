from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from careflow.records.elements import number_text
from careflow.records.history import allergies_of
from careflow.records.person import age_text
from tests.harbour import (
    LOINC,
    Clinic,
    Json,
    a_patient,
    an_observation,
    named,
    open_clinic,
)

UCUM = "http://unitsofmeasure.org"
SNOMED = "http://snomed.info/sct"


@pytest.fixture
async def clinic(tmp_path: Path) -> AsyncIterator[Clinic]:
    async with open_clinic(tmp_path) as opened:
        await opened.store(a_patient("p3"), a_patient("p7", name=named("Johnson", "Mary")))
        yield opened


def of_patient(kind: str, id: str, **more: Any) -> Json:
    return {"resourceType": kind, "id": id, "subject": {"reference": "Patient/p3"}} | more


def status(kind: str, code: str) -> Json:
    system = f"http://terminology.hl7.org/CodeSystem/{kind}"
    return {"coding": [{"system": system, "code": code}]}


def an_allergy(id: str, code: Json, clinical: str = "active", **more: Any) -> Json:
    return {
        "resourceType": "AllergyIntolerance",
        "id": id,
        "clinicalStatus": status("allergyintolerance-clinical", clinical),
        "code": code,
        "patient": {"reference": "Patient/p3"},
    } | more


NONE_KNOWN = {"coding": [{"system": SNOMED, "code": "716186003"}]}
PENICILLIN = an_allergy(
    "pen",
    {"text": "Penicillin"},
    reaction=[{"manifestation": [{"text": "Hives"}], "severity": "moderate"}],
)


# --- allergies -----------------------------------------------------------------------------


def test_nothing_recorded_is_not_the_same_as_no_allergies() -> None:
    assert allergies_of([]).state == "not-recorded"
    assert allergies_of([an_allergy("none", NONE_KNOWN)]).state == "none-known"


def test_a_known_allergy_names_substance_reaction_and_severity() -> None:
    known = allergies_of([PENICILLIN, an_allergy("none", NONE_KNOWN)])

    assert known.state == "known"
    assert [(one.substance, one.reaction, one.severity) for one in known.items] == [
        ("Penicillin", "Hives", "moderate")
    ]


def test_a_denied_drug_allergy_alone_says_nothing_of_other_allergies() -> None:
    no_drug = {"coding": [{"system": SNOMED, "code": "409137002"}]}

    assert allergies_of([an_allergy("no-drug", no_drug)]).state == "not-recorded"


def test_what_was_resolved_or_a_mistake_is_no_allergy() -> None:
    mistake = an_allergy("m", {"text": "Latex"}) | {
        "verificationStatus": status("allergyintolerance-verification", "entered-in-error")
    }

    assert allergies_of([an_allergy("r", {"text": "Nuts"}, "resolved"), mistake]).items == []


# --- numbers and ages ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (Decimal("72.50"), "72.50"),
        (Decimal("1250.5"), "1,250.5"),
        (Decimal("0.5"), "0.5"),
        (Decimal("1E+3"), "1,000"),
        (4, "4"),
        (12000, "12,000"),
    ],
)
def test_numbers_are_printed_as_they_were_reported(number: Decimal | int, text: str) -> None:
    assert number_text(number) == text


@pytest.mark.parametrize(
    ("born", "age"),
    [
        ("2026-11-24", "0 days"),
        ("2026-11-23", "1 day"),
        ("2026-10-28", "27 days"),
        ("2026-10-27", "4 weeks"),
        ("2025-11-25", "52 weeks"),
        ("2025-11-24", "12 months"),
        ("2024-11-25", "23 months"),
        ("2024-11-24", "2 years"),
        ("2019-08-24", "7 years 3 months"),
        ("2008-11-25", "17 years 11 months"),
        ("1984-03-02", "42 years"),
        ("2027-01-01", None),
        ("1984", None),
        (None, None),
    ],
)
def test_ages_follow_the_clinical_rule(born: str | None, age: str | None) -> None:
    assert age_text(born, date(2026, 11, 24)) == age


# --- the whole screen ----------------------------------------------------------------------


def a_pressure(id: str, at: str, systolic: int, diastolic: int) -> Json:
    def part(code: str, value: int) -> Json:
        return {
            "code": {"coding": [{"system": LOINC, "code": code}]},
            "valueQuantity": {"value": value, "unit": "mmHg", "system": UCUM, "code": "mm[Hg]"},
        }

    pressure = an_observation(
        id, "0", code="85354-9", name="Blood pressure", at=at, category="vital-signs"
    )
    del pressure["valueQuantity"]
    high = {"coding": [{"system": "urn:x", "code": "H"}]}
    return pressure | {
        "performer": [{"display": "N. Patel"}],
        "component": [
            part("8480-6", systolic) | {"interpretation": [high]},
            part("8462-4", diastolic),
        ],
    }


async def test_a_blood_pressure_is_one_value_with_time_taker_and_the_one_before(
    clinic: Clinic,
) -> None:
    await clinic.store(
        a_pressure("old", "2026-05-12T09:00:00-04:00", 132, 84),
        a_pressure("new", "2026-11-24T09:06:00-05:00", 148, 92),
    )

    (vital,) = (await clinic.got("/api/patients/p3/chart"))["vitals"]

    assert (vital["value_text"], vital["unit"], vital["flag"]) == ("148/92", "mmHg", "HIGH")
    assert vital["taken_by"] == "N. Patel"
    assert vital["previous_text"] == "132/84 mmHg, 12-May-2026"


async def test_results_show_the_newest_of_each_analyte_as_printed(clinic: Clinic) -> None:
    await clinic.store(
        an_observation("k-old", "4.1", at="2026-01-05"),
        an_observation(
            "k-new",
            "5.40",
            at="2026-06-05",
            referenceRange=[{"low": {"value": 3.5}, "high": {"value": 5.1}, "text": "3.5 - 5.1"}],
        ),
        an_observation("na", "139", code="2951-2", name="Sodium"),
        an_observation("wip", "9.9", at="2026-11-01", status="preliminary"),
    )

    results = (await clinic.got("/api/patients/p3/chart"))["results"]

    assert [(one["name"], one["value_text"]) for one in results] == [
        ("Sodium", "139"),
        ("Potassium", "5.40"),
    ]
    assert (results[1]["flag"], results[1]["range_text"]) == ("HIGH", "3.5 - 5.1")


async def test_a_line_joins_one_unit_only(clinic: Clinic) -> None:
    glucose = {"code": "2345-7", "name": "Glucose"}
    await clinic.store(
        an_observation("a", "92", unit="mg/dL", at="2026-01-05", **glucose),
        an_observation("b", "5.3", unit="mmol/L", at="2026-03-05", **glucose),
        an_observation("c", "101", unit="mg/dL", at="2026-06-05", **glucose),
    )

    (trend,) = (await clinic.got("/api/patients/p3/chart"))["trends"]

    assert (trend["unit"], trend["left_out"]) == ("mg/dL", 1)
    assert [point["value"] for point in trend["points"]] == [92, 101]
    assert trend["change_text"] == "92 to 101 mg/dL since 05-Jan-2026"


async def test_a_medicine_started_on_the_way_is_marked_on_the_line(clinic: Clinic) -> None:
    medicine = of_patient(
        "MedicationRequest",
        "met",
        status="active",
        intent="order",
        medicationCodeableConcept={"text": "Metformin 500 mg"},
        authoredOn="2026-03-01",
        dosageInstruction=[{"text": "1 tablet twice a day"}],
    )
    before = medicine | {"id": "old", "authoredOn": "2019-01-01"}
    before["medicationCodeableConcept"] = {"text": "Lisinopril 10 mg"}
    await clinic.store(
        an_observation("a", "4.1", at="2026-01-05"),
        an_observation("b", "4.4", at="2026-06-05"),
        medicine,
        before,
    )

    chart = await clinic.got("/api/patients/p3/chart")

    assert chart["trends"][0]["events"] == [
        {"at": "2026-03-01", "label": "Metformin 500 mg started"}
    ]
    assert [one["name"] for one in chart["medicines"]] == ["Lisinopril 10 mg", "Metformin 500 mg"]
    assert chart["medicines"][1]["dose_text"] == "1 tablet twice a day"


async def test_a_vital_sign_has_no_trailing_zero_and_a_result_keeps_its_own(clinic: Clinic) -> None:
    weight = {"code": "29463-7", "name": "Weight", "unit": "kg", "category": "vital-signs"}
    await clinic.store(an_observation("w", "81.0", **weight), an_observation("k", "4.0"))

    chart = await clinic.got("/api/patients/p3/chart")

    assert chart["vitals"][0]["value_text"] == "81"
    assert chart["results"][0]["value_text"] == "4.0"


async def test_what_ended_out_of_range_comes_first_and_hba1c_before_others(clinic: Clinic) -> None:
    def line(name: str, code: str, flag: str) -> list[Json]:
        flags = [{"coding": [{"system": "urn:x", "code": flag}]}]
        return [
            an_observation(f"{name}{n}", "5.0", code=code, name=name, at=at, interpretation=flags)
            for n, at in enumerate(("2026-01-05", "2026-02-05"))
        ]

    await clinic.store(
        *line("Sodium", "2951-2", "N"),
        *line("Glucose", "2345-7", "H"),
        *line("HbA1c", "4548-4", "H"),
    )

    trends = (await clinic.got("/api/patients/p3/chart"))["trends"]

    assert [trend["name"] for trend in trends] == ["HbA1c", "Glucose", "Sodium"]


async def test_one_analyte_over_time_by_its_code(clinic: Clinic) -> None:
    await clinic.store(
        *(an_observation(f"k{n}", f"4.{n}", at=f"2026-0{n}-05") for n in (1, 2, 3)),
        an_observation("other", "9.0", patient="p7"),
    )

    trend = await clinic.got("/api/patients/p3/results/2823-3")
    missing = await clinic.ask("GET", "/api/patients/p3/results/9999-9")

    assert [point["value_text"] for point in trend["points"]] == ["4.1", "4.2", "4.3"]
    assert (missing.status_code, missing.json()["code"]) == (404, "records-no-such-result")


async def test_an_analyte_without_a_code_goes_by_its_name(clinic: Clinic) -> None:
    await clinic.store(
        an_observation("x1", "1.0", code="", at="2026-01-05") | {"code": {"text": "Frobnase"}},
        an_observation("x2", "2.0", code="", at="2026-02-05") | {"code": {"text": "Frobnase"}},
    )

    trend = await clinic.got("/api/patients/p3/results/frobnase")

    assert len(trend["points"]) == 2


async def test_problems_and_what_is_due_are_in_view(clinic: Clinic) -> None:
    await clinic.store(
        of_patient(
            "Condition",
            "dm",
            clinicalStatus=status("condition-clinical", "active"),
            code={"text": "Type 2 diabetes"},
            onsetDateTime="2024-05-01",
        ),
        of_patient(
            "Condition",
            "flu",
            clinicalStatus=status("condition-clinical", "resolved"),
            code={"text": "Influenza"},
        ),
        *(
            of_patient(
                "ServiceRequest",
                name.replace(" ", "-"),
                status=state,
                intent="order",
                code={"text": name},
                occurrenceDateTime=when,
            )
            for name, state, when in (
                ("Eye check", "active", "2026-10-01"),
                ("HbA1c", "active", "2026-11-24"),
                ("Foot check", "active", "2026-12-20"),
                ("Flu shot", "completed", "2026-11-01"),
                ("Next year", "active", "2027-10-01"),
            )
        ),
    )

    chart = await clinic.got("/api/patients/p3/chart")

    assert chart["problems"] == [
        {"name": "Type 2 diabetes", "since": "2024-05-01", "status": "active"}
    ]
    assert [(one["name"], one["state"]) for one in chart["due"]] == [
        ("Eye check", "overdue"),
        ("HbA1c", "today"),
        ("Foot check", "soon"),
        ("Flu shot", "done"),
    ]


async def test_the_banner_says_who_how_old_and_in_which_language(clinic: Clinic) -> None:
    extension = "http://hl7.org/fhir/StructureDefinition/patient-interpreterRequired"
    await clinic.store(
        a_patient(
            "p3",
            communication=[
                {
                    "language": {"coding": [{"code": "ig", "display": "Igbo"}]},
                    "preferred": True,
                }
            ],
            extension=[{"url": extension, "valueBoolean": True}],
        )
    )

    banner = (await clinic.got("/api/patients/p3/chart"))["patient"]

    assert (banner["family"], banner["given"], banner["prefix"]) == ("Johnston", "Paul", "Mr")
    assert (banner["age_text"], banner["record_number"]) == ("42 years", "H-1003")
    assert (banner["language"], banner["interpreter_needed"]) == ("Igbo", True)


async def test_opening_a_chart_leaves_one_entry_naming_the_patient(clinic: Clinic) -> None:
    await clinic.got("/api/patients/p3/chart", by="ada")

    (entry,) = (await clinic.trail.entries(patient="p3")).entries[:1]
    assert (entry.action, entry.actor, entry.patients) == ("records:chart:read", "a-1", ("p3",))


@pytest.mark.parametrize("by", ["fin", "ali", "paul"])
async def test_a_chart_is_for_clinical_staff(by: str, clinic: Clinic) -> None:
    answer = await clinic.ask("GET", "/api/patients/p3/chart", by=by)

    assert answer.status_code == 403


async def test_a_chart_of_nobody_is_not_found(clinic: Clinic) -> None:
    answer = await clinic.ask("GET", "/api/patients/nobody/chart")

    assert (answer.status_code, answer.json()["code"]) == (404, "records-patient-not-found")


@pytest.mark.parametrize(
    "query",
    ["johnston", "JOHNS", "paul johnston", "Johnston, Paul", "1984-03-02", "02-Mar-1984",
     "3/2/1984", "H-1003", "h-1003", "johnston 1984-03-02"],
)  # fmt: skip
async def test_a_patient_is_found_by_name_birth_date_or_number(query: str, clinic: Clinic) -> None:
    mary = a_patient("p7", name=named("Okafor", "Mary"), birthDate="1951-07-30")
    await clinic.store(mary)

    answer = await clinic.ask("GET", "/api/patients", by="fin", params={"query": query})

    assert [one["id"] for one in answer.json()["patients"]] == ["p3"]

"""Harbour is invented, plausible, valid, and the same for the same seed and day."""

from __future__ import annotations

import itertools
from collections import Counter
from datetime import date, datetime
from zoneinfo import ZoneInfo

import msgspec

from careflow.demo.histories import histories, history_resources
from careflow.demo.people import PATIENT_COUNT, Resource, clinic_resources, patient_resource, people
from careflow.demo.reports import waiting_reports
from careflow.demo.today import today_resources
from careflow.fhir.resource import parse

TODAY = date(2026, 11, 24)
NINE_TWENTY = datetime(2026, 11, 24, 9, 24, tzinfo=ZoneInfo("America/New_York"))
ENCODER = msgspec.json.Encoder(decimal_format="number")


def clinic(seed: int = 7) -> list[Resource]:
    everyone = people(seed, TODAY)
    pasts = histories(everyone, seed, TODAY)
    return [
        *clinic_resources(),
        *(patient_resource(person, seed) for person in everyone),
        *(resource for past in pasts for resource in history_resources(past, seed)),
        *today_resources(pasts, seed, TODAY, NINE_TWENTY),
    ]


def test_the_same_seed_and_day_give_the_same_clinic_and_reports() -> None:
    first, second = ENCODER.encode(clinic()), ENCODER.encode(clinic())
    everyone = people(7, TODAY)

    assert first == second
    assert waiting_reports(everyone, 7, TODAY) == waiting_reports(everyone, 7, TODAY)
    assert ENCODER.encode(clinic(seed=8)) != first


def test_every_resource_is_valid_and_has_an_id_of_its_own() -> None:
    resources = clinic()

    for resource in resources:
        parse(ENCODER.encode(resource))
    names = Counter((r["resourceType"], r["id"]) for r in resources)
    assert names.most_common(1)[0][1] == 1


def test_there_are_forty_patients_and_nobody_was_born_tomorrow() -> None:
    everyone = people(7, TODAY)

    assert len(everyone) == PATIENT_COUNT
    assert len({p.record_number for p in everyone}) == PATIENT_COUNT
    assert all(p.born < TODAY for p in everyone)


def test_every_reference_leads_somewhere_in_the_clinic() -> None:
    resources = clinic()
    known = {f"{r['resourceType']}/{r['id']}" for r in resources}

    def references(value: object) -> list[str]:
        if isinstance(value, dict):
            own = [value["reference"]] if isinstance(value.get("reference"), str) else []
            return own + [r for v in value.values() for r in references(v)]
        return [r for v in value for r in references(v)] if isinstance(value, list) else []

    assert {r for one in resources for r in references(one)} <= known


def test_nothing_in_a_history_lies_in_the_future() -> None:
    past = [r for r in clinic() if r["resourceType"] in {"Encounter", "Observation"}]

    times = [
        datetime.fromisoformat(r.get("effectiveDateTime") or r["period"]["start"]) for r in past
    ]

    assert all(at <= NINE_TWENTY for at in times)


def test_the_day_is_as_far_along_as_the_clock() -> None:
    visits = [r for r in clinic() if r["resourceType"] == "Appointment"]

    states = Counter(visit["status"] for visit in visits)

    assert states == {"fulfilled": 2, "checked-in": 2, "arrived": 1, "booked": 12}


def test_nobody_is_in_two_places_and_no_doctor_sees_two_at_once() -> None:
    visits = [r for r in clinic() if r["resourceType"] == "Appointment"]

    taken = sorted(
        (participant["actor"]["reference"], visit["start"], visit["end"])
        for visit in visits
        for participant in visit["participant"]
    )

    for before, after in itertools.pairwise(taken):
        assert before[0] != after[0] or before[2] <= after[1], (before, after)


def test_some_patients_have_never_been_asked_about_allergies() -> None:
    allergies = {
        r["patient"]["reference"] for r in clinic() if r["resourceType"] == "AllergyIntolerance"
    }

    assert 0 < PATIENT_COUNT - len(allergies) < PATIENT_COUNT // 2


def test_the_flags_on_results_follow_the_printed_ranges() -> None:
    labs = [r for r in clinic() if r["resourceType"] == "Observation" and "referenceRange" in r]

    for lab in labs:
        value, range_ = lab["valueQuantity"]["value"], lab["referenceRange"][0]
        flag = lab["interpretation"][0]["coding"][0]["code"]
        low, high = (range_.get(end, {}).get("value") for end in ("low", "high"))
        expected = "L" if low is not None and value < low else "N"
        expected = "H" if high is not None and value > high else expected
        assert flag == expected, lab["id"]


def test_three_reports_wait_and_one_is_a_picture_turned_sideways() -> None:
    reports = waiting_reports(people(7, TODAY), 7, TODAY)

    assert [r.content[:5] for r in reports] == [b"%PDF-"] * 3
    assert len(reports[2].content) > 20 * len(reports[0].content)

"""What speaks for two being the same person, and how well it is found."""

from __future__ import annotations

import gzip
import json
import random
import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from benchmarks.twins import misheard, population
from careflow.demo.people import patient_resource, people
from careflow.records.registration.names import short_for_same, sound
from careflow.records.registration.person import Said, known_of_patient, known_of_said
from careflow.records.registration.twins import phone_spellings, slipped
from careflow.records.registration.weighing import LIKELY, Weighed, weigh
from tests.shared_data import shared

PAUL = {
    "resourceType": "Patient",
    "id": "p7",
    "name": [{"family": "Johnson", "given": ["Paul"]}, {"use": "old", "family": "Murphy"}],
    "birthDate": "1984-03-02",
    "gender": "male",
    "telecom": [
        {"system": "phone", "value": "+1-207-555-0107"},
        {"system": "email", "value": "paul@mail.example"},
    ],
    "address": [{"line": ["4 Quay Rd."], "postalCode": "04101-22"}],
    "identifier": [{"value": "CF-104291"}],
}


def against_paul(**said: str) -> Weighed:
    return weigh(known_of_said(Said(**said)), known_of_patient(PAUL))


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"family": "Jonson", "birth_date": "1984-03-02"}, "family name differs by one letter"),
        (
            {"family": "Jonsonn", "given": "Paul", "birth_date": "1984-03-02"},
            "family name sounds alike",
        ),
        (
            {"family": "Johnson", "given": "Paul", "birth_date": "1984-02-03"},
            "day and month of birth are exchanged",
        ),
        (
            {"family": "Johnson", "given": "Paul", "birth_date": "1984-03-12"},
            "birth date differs by one digit",
        ),
        (
            {"family": "Paul", "given": "Johnson", "birth_date": "1984-03-02"},
            "family and given name are exchanged",
        ),
        ({"family": "Murphy", "given": "Paul", "birth_date": "1984-03-02"}, "same family name"),
        ({"family": "Johnson", "given": "Paul", "phone": "(207) 555-0107"}, "same telephone"),
        ({"record_number": "cf104291"}, "same record number"),
        (
            {"family": "Johnson", "given": "P", "birth_date": "1984-03-02"},
            "same initial",
        ),
    ],
)
def test_a_mistake_leaves_a_likely_twin_and_says_what_agrees(
    said: dict[str, str], why: str
) -> None:
    weighed = against_paul(**said)
    assert weighed.weight >= LIKELY
    assert why in weighed.why


@pytest.mark.parametrize(
    "said",
    [
        {"family": "Johnson", "given": "Paul", "birth_date": "1951-11-30"},
        {"family": "Johnson", "given": "Mary", "birth_date": "1986-07-21", "phone": "2075550107"},
        {"family": "Johnson"},
        {"family": "Okafor", "given": "Ngozi", "birth_date": "1984-03-02"},
        {"birth_date": "1984-03-02"},
        {},
    ],
)
def test_a_namesake_a_wife_and_somebody_born_that_day_are_no_likely_twins(
    said: dict[str, str],
) -> None:
    assert against_paul(**said).weight < LIKELY


def test_a_twin_sister_at_home_weighs_less_than_the_person_with_a_slip() -> None:
    home = {"family": "Johnson", "birth_date": "1984-03-02", "phone": "2075550107"}
    assert against_paul(given="Mary", **home).weight + 8 < against_paul(given="Pual", **home).weight


def test_short_forms_and_sounds_are_known_in_english_and_spanish() -> None:
    assert short_for_same("bob", "robert")
    assert short_for_same("paco", "francisco")
    assert short_for_same("peggy", "maggie")
    assert not short_for_same("bob", "francisco")
    assert sound("johnson") == sound("jonsen")
    assert sound("gonzalez") == sound("gonsales")
    assert sound("murphy") == sound("murfie")
    assert sound("smith") != sound("simmons")


def test_slips_of_a_day_hold_its_exchange_and_only_days_that_exist() -> None:
    days = slipped(date(1984, 3, 2))
    assert {date(1984, 2, 3), date(1984, 3, 12), date(1948, 3, 2), date(1984, 3, 20)} <= set(days)
    assert date(1984, 3, 2) not in days
    assert len(days) == len(set(days)) < 60


def test_a_telephone_is_looked_for_as_people_write_it() -> None:
    assert {"+1-207-555-0107", "2075550107", "(207) 555-0107"} <= set(
        phone_spellings("207.555.0107")
    )
    assert list(phone_spellings("+34 600 11")) == ["+34 600 11", "3460011"]


def synthea() -> list[dict[str, Any]]:
    """Return Synthea's patients, their names without its digits."""
    path = shared("data/fhir/bulk-ndjson/Patient.000.ndjson.gz")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(re.sub(r'([A-Za-z])\d+(?=["\s])', r"\1", line)) for line in lines]


def said_of(patient: dict[str, Any]) -> Said:
    """Return what a patient would say of themselves."""
    name, address = patient["name"][0], (patient.get("address") or [{}])[0]
    ways = {one["system"]: one["value"] for one in patient.get("telecom", ())}
    return Said(
        family=name["family"],
        given=name["given"][0],
        birth_date=patient["birthDate"],
        phone=ways.get("phone"),
        email=ways.get("email"),
        address=" ".join(address.get("line", ())) or None,
    )


def measured(patients: list[dict[str, Any]], rounds: int) -> tuple[float, int]:
    """Return recall of misheard people, and how many others were taken for each other."""
    dice = random.Random(7)
    known = [known_of_patient(one) for one in patients]
    found = alarms = asked = 0
    for _ in range(rounds):
        for number, patient in enumerate(patients):
            said = known_of_said(misheard(said_of(patient), dice))
            asked += 1
            found += weigh(said, known[number]).weight >= LIKELY
            alarms += sum(
                weigh(said, other).weight >= LIKELY
                for at, other in enumerate(known)
                if at != number
            )
    return found / asked, alarms


def test_of_misheard_demo_and_synthea_people_nine_in_ten_are_found_and_few_in_vain() -> None:
    demo = [patient_resource(one, 7) for one in people(7, date(2026, 3, 2))]
    recall, alarms = measured([*demo, *synthea()], 4)
    assert recall >= 0.9
    assert alarms <= 2


def test_invented_households_are_told_apart() -> None:
    dice = random.Random(3)
    folk = population(400, dice)
    known = [known_of_patient(one.resource()) for one in folk]
    alarms = sum(weigh(known[at], known[at - 1]).weight >= LIKELY for at in range(3, len(folk), 4))
    recall = sum(
        weigh(known_of_said(misheard(replace(one.said), dice)), other).weight >= LIKELY
        for one, other in zip(folk, known, strict=True)
    )
    assert alarms == 0
    assert recall / len(folk) >= 0.9

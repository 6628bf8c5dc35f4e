"""What searches will find a resource by."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from careflow.fhir.definitions import resource_types
from careflow.fhir.extract import COMPARTMENT, SearchEntries, entries, patients_of
from careflow.fhir.extractor import extractor, extractor_source
from careflow.fhir.resource import parse
from careflow.fhir.times import OPEN_HIGH
from tests.fhir.builders import (
    Json,
    a_blood_pressure,
    a_condition,
    a_patient,
    an_appointment,
    an_observation,
    as_bytes,
)

MRN = "https://harbour.example/mrn"
UCUM = "http://unitsofmeasure.org"


def found(resource: Json) -> SearchEntries:
    return entries(parse(as_bytes(resource)))


def terms(resource: Json, name: str) -> list[str]:
    return [value for parameter, value in found(resource).terms if parameter == name]


def texts(resource: Json, name: str) -> list[str]:
    return [value for parameter, value in found(resource).texts if parameter == name]


def ranges(resource: Json, name: str) -> list[tuple[float, float, str]]:
    return [(low, high, unit) for n, low, high, unit in found(resource).ranges if n == name]


def ms(*when: int) -> float:
    return datetime(*when, tzinfo=UTC).timestamp() * 1000  # type: ignore[misc, arg-type]


def test_an_identifier_is_found_by_value_by_system_and_by_both() -> None:
    assert terms(a_patient(), "identifier") == ["H-0001", f"{MRN}|H-0001", f"{MRN}|"]


def test_an_identifier_without_system_says_so() -> None:
    assert terms(a_patient(identifier=[{"value": "7"}]), "identifier") == ["7", "|7"]


def test_codes_and_truth_values_are_bare_tokens() -> None:
    assert terms(a_patient(), "gender") == ["female"]
    assert terms(a_patient(), "active") == ["true"]


def test_every_coding_of_a_concept_counts() -> None:
    codings = [{"system": "a", "code": "1"}, {"system": "b", "code": "2"}, {"display": "x"}]

    assert terms(an_observation(code={"coding": codings}), "code") == [
        *("1", "a|1", "a|"),
        *("2", "b|2", "b|"),
    ]


def test_a_concept_in_words_alone_is_there_without_a_code() -> None:
    assert terms(an_observation(code={"text": "Potassium"}), "code") == [""]


def test_a_phone_number_is_found_as_phone_and_as_telecom_only() -> None:
    assert terms(a_patient(), "phone") == ["555-0100"]
    assert terms(a_patient(), "telecom") == ["555-0100"]
    assert terms(a_patient(), "email") == []


@pytest.mark.parametrize(
    ("change", "answer"),
    [
        ({}, "false"),
        ({"deceasedBoolean": False}, "false"),
        ({"deceasedBoolean": True}, "true"),
        ({"deceasedDateTime": "2020"}, "true"),
    ],
)
def test_whether_a_patient_died_is_always_answered(change: Json, answer: str) -> None:
    assert terms(a_patient(**change), "deceased") == [answer]


def test_a_name_is_found_by_each_part() -> None:
    assert texts(a_patient(), "name") == ["Núñez", "Ada", "María"]
    assert texts(a_patient(), "family") == ["Núñez"]
    assert texts(a_patient(), "given") == ["Ada", "María"]


def test_an_address_is_found_by_each_part() -> None:
    assert texts(a_patient(), "address") == ["1 Quay Street", "Harbour", "02110"]
    assert texts(a_patient(), "address-city") == ["Harbour"]


def test_nulls_among_given_names_are_passed_over() -> None:
    extension = {"extension": [{"url": "http://a.example", "valueCode": "x"}]}
    name = {"given": ["Ada", None], "_given": [None, extension]}

    assert texts(a_patient(name=[name]), "given") == ["Ada"]


def test_a_date_spans_what_its_digits_say() -> None:
    assert ranges(a_patient(birthDate="1984-02"), "birthdate") == [
        (ms(1984, 2, 1), ms(1984, 3, 1) - 1, "")
    ]
    assert ranges(an_observation(), "date") == [
        (ms(2026, 11, 3, 14, 15), ms(2026, 11, 3, 14, 15) + 999, "")
    ]


def test_a_period_without_end_is_open() -> None:
    stay = {"resourceType": "Encounter", "status": "in-progress", "class": {"code": "IMP"}}

    assert ranges(stay | {"period": {"start": "2026-01-02"}}, "date") == [
        (ms(2026, 1, 2), OPEN_HIGH, "")
    ]


def test_a_quantity_is_a_point_under_each_name_of_its_unit() -> None:
    value = {"value": 4.2, "unit": "mmol per litre", "system": UCUM, "code": "mmol/L"}

    assert ranges(an_observation(valueQuantity=value), "value-quantity") == [
        (4.2, 4.2, "mmol/L"),
        (4.2, 4.2, "mmol per litre"),
    ]


def test_a_quantity_is_kept_in_base_units_as_well_if_ucum_knows_its_unit() -> None:
    name = "value-quantity:canonical"
    value = {"value": 4.2, "unit": "mmol/L", "system": UCUM, "code": "mmol/L"}

    assert ranges(an_observation(valueQuantity=value), name) == [(4.2, 4.2, "=m-3.mol")]
    assert ranges(an_observation(valueQuantity=value | {"code": "furlong"}), name) == []
    assert ranges(an_observation(valueQuantity={"value": 4.2, "unit": "mg"}), name) == []


def test_a_unit_that_ucum_does_not_know_keeps_its_system() -> None:
    value = {"value": 2, "system": UCUM, "code": "TAB"}

    assert ranges(an_observation(valueQuantity=value), "value-quantity") == [
        (2, 2, f"{UCUM}|TAB"),
        (2, 2, "TAB"),
    ]


def test_a_quantity_below_detection_reaches_down() -> None:
    ((low, high, unit),) = ranges(
        an_observation(valueQuantity={"value": 5, "comparator": "<"}), "value-quantity"
    )

    assert low < -1e300
    assert (high, unit) == (5, "")


def test_a_quantity_above_the_scale_reaches_up() -> None:
    ((low, high, _),) = ranges(
        an_observation(valueQuantity={"value": 500, "comparator": ">="}), "value-quantity"
    )

    assert (low, high > 1e300) == (500, True)


def test_parts_of_a_composite_hold_together_within_one_component() -> None:
    name = "component-code-value-quantity"

    values = {unit: low for low, _, unit in ranges(a_blood_pressure(), name)}

    assert values["http://loinc.org|8480-6$mm[Hg]"] == 128
    assert values["8462-4$=g.m-1.s-2"] == 82 * 133_322
    assert values["8462-4$"] == 82


def test_a_relation_and_the_document_it_leads_to_are_one_composite() -> None:
    resource = {
        "resourceType": "DocumentReference",
        "status": "current",
        "content": [{"attachment": {"url": "http://a.example/d2"}}],
        "relatesTo": [
            {"code": "replaces", "target": {"reference": "DocumentReference/d1"}},
            {"code": "appends", "target": {"reference": "DocumentReference/d0"}},
        ],
    }

    assert terms(resource, "relationship") == [
        "DocumentReference/d1$replaces",
        "DocumentReference/d0$appends",
    ]


def test_a_reference_is_found_by_type_and_id_without_its_version() -> None:
    resource = an_observation(subject={"reference": "Patient/ada/_history/3"})

    assert terms(resource, "subject") == ["Patient/ada"]
    assert terms(resource, "patient") == ["Patient/ada"]


def test_a_reference_elsewhere_keeps_its_address() -> None:
    there = "https://other.example/fhir/Patient/7"

    assert terms(an_observation(subject={"reference": there}), "patient") == [there]


def test_a_reference_to_another_type_is_no_patient() -> None:
    resource = an_observation(subject={"reference": "Group/7"})

    assert terms(resource, "subject") == ["Group/7"]
    assert terms(resource, "patient") == []
    assert terms(resource, COMPARTMENT) == []


def test_a_reference_by_identifier_is_found_by_it() -> None:
    resource = an_observation(subject={"identifier": {"system": MRN, "value": "H-0001"}})

    assert terms(resource, "subject") == []
    assert f"{MRN}|H-0001" in terms(resource, "subject:identifier")


@pytest.mark.parametrize(("type_", "found"), [(None, True), ("Patient", True), ("Group", False)])
def test_a_parameter_for_one_type_is_found_by_identifier_unless_it_is_another(
    type_: str | None, found: bool
) -> None:
    subject: Json = {"identifier": {"system": MRN, "value": "H-0001"}}
    resource = an_observation(subject=subject | ({"type": type_} if type_ else {}))

    assert (f"{MRN}|H-0001" in terms(resource, "patient:identifier")) is found
    assert f"{MRN}|H-0001" in terms(resource, "subject:identifier")


def test_tags_and_profiles_are_found_on_every_type() -> None:
    meta = {"profile": ["http://a.example/p"], "tag": [{"system": "s", "code": "t"}]}

    assert terms(a_patient(meta=meta), "_profile") == ["http://a.example/p"]
    assert terms(a_patient(meta=meta), "_tag") == ["t", "s|t", "s|"]


def test_parts_of_a_composite_do_not_multiply_without_end() -> None:
    many = {"coding": [{"system": "s", "code": str(number)} for number in range(200)]}
    part = {"code": many, "valueCodeableConcept": many}

    assert len(terms(a_blood_pressure(component=[part]), "component-code-value-concept")) < 3000


def test_a_canonical_address_is_found_with_and_without_its_version() -> None:
    meta = {"profile": ["http://a.example/p|1.0"]}

    assert terms(a_patient(meta=meta), "_profile") == [
        "http://a.example/p|1.0",
        "http://a.example/p",
    ]


@pytest.mark.parametrize(
    "resource",
    [a_patient(), an_observation(), a_condition(), an_appointment()],
    ids=lambda resource: resource["resourceType"],
)
def test_what_is_about_a_patient_is_in_that_patients_compartment(resource: Json) -> None:
    assert terms(resource, COMPARTMENT) == ["ada"]
    assert patients_of(parse(as_bytes(resource))) == ("ada",)


def test_a_resource_about_two_patients_is_in_both_compartments() -> None:
    people = [
        {"actor": {"reference": f"Patient/{id}"}, "status": "accepted"} for id in ("ada", "bo")
    ]

    assert terms(an_appointment(participant=people), COMPARTMENT) == ["ada", "bo"]


def test_a_patient_named_outside_the_compartment_is_still_told_for_the_audit() -> None:
    resource = {
        "resourceType": "Task",
        "status": "requested",
        "intent": "order",
        "for": {"reference": "Patient/ada"},
    }

    assert terms(resource, COMPARTMENT) == []
    assert patients_of(parse(as_bytes(resource))) == ("ada",)


def test_an_observation_stands_in_one_series_per_coding_ordered_by_time() -> None:
    (entry,) = found(an_observation()).series

    assert entry == ("ada|http://loinc.org|2823-3", ms(2026, 11, 3, 14, 15))


def test_whoever_performed_an_observation_gets_no_series_of_it() -> None:
    resource = an_observation(performer=[{"reference": "Patient/bo"}])

    assert [key for key, _ in found(resource).series] == ["ada|http://loinc.org|2823-3"]


def test_no_entry_comes_twice() -> None:
    coding = {"system": "s", "code": "c"}
    result = found(an_observation(code={"coding": [coding, coding]}))

    assert len(set(result.terms)) == len(result.terms)
    assert len(set(result.series)) == len(result.series)


def test_every_type_has_an_extractor_of_plain_python() -> None:
    for type_ in resource_types():
        assert callable(extractor(type_))
        assert extractor_source(type_).startswith("def extract(")

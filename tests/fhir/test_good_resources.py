"""What is right is accepted, and nothing of it is lost."""

from __future__ import annotations

import pytest

from careflow.fhir.definitions import resource_types
from careflow.fhir.resource import parse
from careflow.fhir.structs import decoder
from tests.fhir.builders import (
    Json,
    a_blood_pressure,
    a_condition,
    a_patient,
    an_appointment,
    an_observation,
    as_bytes,
)

EXTENSION = {"extension": [{"url": "http://a.example", "valueCode": "unknown"}]}
ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
DIV = '<div xmlns="http://www.w3.org/1999/xhtml"><p class="x">é &nbsp; <b>b</b><br/></p></div>'

GOOD: dict[str, Json] = {
    "a patient": a_patient(),
    "an observation": an_observation(),
    "a blood pressure": a_blood_pressure(),
    "a condition": a_condition(),
    "an appointment": an_appointment(),
    "only a type": {"resourceType": "Patient"},
    "a year for a birth date": a_patient(birthDate="1984"),
    "a month for a birth date": a_patient(birthDate="1984-02"),
    "29 February 2000": a_patient(birthDate="2000-02-29"),
    "a leap second": an_observation(issued="2016-12-31T23:59:60Z"),
    "nanoseconds": an_observation(issued="2016-12-31T23:59:59.123456789+14:00"),
    "an extension beside a value": a_patient(_birthDate=EXTENSION),
    "an extension instead of a value": {
        name: value for name, value in an_observation(_status=EXTENSION).items() if name != "status"
    },
    "an extension instead of a choice": {
        "resourceType": "Patient",
        "_deceasedDateTime": EXTENSION,
    },
    "nulls where the sibling speaks": a_patient(
        name=[{"given": ["Ada", None], "_given": [None, EXTENSION]}]
    ),
    "a whole number for a decimal": an_observation(valueQuantity={"value": 5}),
    "an exponent": an_observation(valueQuantity={"value": 1e-7}),
    "base64 over lines": a_patient(photo=[{"contentType": "x/y", "data": "aGVs\r\n bG8=\n"}]),
    "a concept whose code is absent for a reason": a_condition(
        clinicalStatus={"extension": [{"url": ABSENT, "valueCode": "unknown"}]}
    ),
    "a narrative with entities": a_patient(text={"status": "generated", "div": DIV}),
    "contained and referred to": an_observation(
        contained=[{"resourceType": "Patient", "id": "p"}], subject={"reference": "#p"}
    ),
    "contained referring to its container": an_observation(
        contained=[
            {
                "resourceType": "Provenance",
                "id": "p",
                "target": [{"reference": "#"}],
                "recorded": "2020-01-01T00:00:00Z",
                "agent": [{"who": {"display": "x"}}],
            }
        ]
    ),
    "braces and colons in texts": a_patient(name=[{"text": '":{}[]{"a":"b"} \\ \\" :'}]),
    "a long list of extensions": a_patient(
        extension=[{"url": "http://a.example", "valueInteger": n} for n in range(100)]
    ),
    "a period within a day": a_patient(
        address=[{"city": "x", "period": {"start": "2020-01-02T10:00:00Z", "end": "2020-01-02"}}]
    ),
    "an empty bundle": {"resourceType": "Bundle", "type": "collection"},
    "two versions in one bundle": {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [
            {"fullUrl": "urn:uuid:1", "resource": a_patient(meta={"versionId": version})}
            for version in ("1", "2")
        ],
    },
    "members that Python reserves": {
        "resourceType": "Encounter",
        "status": "planned",
        "class": {"code": "AMB"},
    },
}


@pytest.mark.parametrize("resource", GOOD.values(), ids=GOOD.keys())
def test_a_good_resource_is_accepted(resource: Json) -> None:
    body = as_bytes(resource)

    parsed = parse(body)

    assert (parsed.type, parsed.id) == (resource["resourceType"], resource.get("id"))
    assert parsed.body == body


def test_indented_json_with_any_line_ends_is_accepted() -> None:
    body = b'\r\n{ "resourceType" :\t"Patient" ,\n "active" : true\r\n}\n'

    assert parse(body).value.active is True


def test_escapes_are_read_as_json_says() -> None:
    body = b'{"resourceType":"Patient","name":[{"family":"N\\u00fa\\u00f1ez \\ud83d\\ude00 \\/"}]}'

    assert parse(body).value.name[0].family == "Núñez 😀 /"


def test_there_is_a_decoder_for_each_of_the_146_resource_types() -> None:
    assert len(resource_types()) == 146
    for type_ in resource_types():
        assert decoder(type_).type.__name__ == type_


def test_entries_of_a_bundle_can_be_left_to_the_caller() -> None:
    entry = {"resource": a_patient(gender="nonsense")}
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [entry]}

    parsed = parse(as_bytes(bundle), nested=False)

    assert bytes(parsed.value.entry[0].resource) == as_bytes(a_patient(gender="nonsense"))

"""What is wrong is refused, and the answer names the place."""

from __future__ import annotations

from typing import Any

import pytest

from careflow.fhir.resource import InvalidResourceError, MalformedJsonError, parse
from tests.fhir.builders import (
    a_blood_pressure,
    a_condition,
    a_patient,
    an_appointment,
    an_observation,
    as_bytes,
)

Json = dict[str, Any]


def without(resource: Json, *names: str) -> Json:
    return {name: value for name, value in resource.items() if name not in names}


def an_extension(depth: int) -> Json:
    inner: Json = {"url": "http://a.example", "valueString": "x"}
    for _ in range(depth):
        inner = {"url": "http://a.example", "extension": [inner]}
    return inner


ACTIVE = {"text": "active"}
OTHER = {"coding": [{"system": "http://other.example", "code": "active"}]}
DIV = '<div xmlns="http://www.w3.org/1999/xhtml">{}</div>'

BAD: list[tuple[str, Json, str, str]] = [
    ("unknown field", a_patient(nickname="x"), "structure", "Patient.nickname"),
    (
        "unknown field deep down",
        a_patient(contact=[{"name": {"family": "x", "middle": "y"}}]),
        "structure",
        "Patient.contact[0].name.middle",
    ),
    ("unknown type", {"resourceType": "Sheep"}, "structure", ""),
    (
        "text for a number",
        an_observation(valueQuantity={"value": "12"}),
        "structure",
        "Observation.value.value",
    ),
    ("number for a text", a_patient(birthDate=1984), "structure", "Patient.birthDate"),
    ("text for a truth value", a_patient(active="true"), "structure", "Patient.active"),
    ("object for an array", a_patient(name={"family": "x"}), "structure", "Patient.name"),
    (
        "array for an object",
        a_patient(maritalStatus=[{"text": "x"}]),
        "structure",
        "Patient.maritalStatus",
    ),
    (
        "fraction for a whole number",
        a_patient(multipleBirthInteger=1.5),
        "structure",
        "Patient.multipleBirth",
    ),
    ("month 13", a_patient(birthDate="1984-13-01"), "value", "Patient.birthDate"),
    ("30 February", a_patient(birthDate="2021-02-30"), "value", "Patient.birthDate"),
    (
        "29 February of a common year",
        a_patient(birthDate="1900-02-29"),
        "value",
        "Patient.birthDate",
    ),
    ("31 April", a_patient(birthDate="2020-04-31"), "value", "Patient.birthDate"),
    ("year 0", a_patient(birthDate="0000-01-01"), "value", "Patient.birthDate"),
    (
        "clock without zone",
        an_observation(effectiveDateTime="2026-11-03T09:15:00"),
        "value",
        "Observation.effective",
    ),
    (
        "clock without seconds",
        an_observation(issued="2026-11-03T09:15Z"),
        "value",
        "Observation.issued",
    ),
    ("newline after a date", a_patient(birthDate="1984-02-29\n"), "value", "Patient.birthDate"),
    ("id with a space", a_patient(id="a b"), "value", "Patient.id"),
    ("id too long", a_patient(id="a" * 65), "value", "Patient.id"),
    ("empty text", a_patient(name=[{"family": ""}]), "value", "Patient.name[0].family"),
    ("empty array", a_patient(name=[]), "value", "Patient.name"),
    (
        "empty array of primitives",
        a_patient(name=[{"given": []}]),
        "value",
        "Patient.name[0].given",
    ),
    ("empty object", a_patient(name=[{}]), "structure", "Patient.name[0]"),
    ("null", a_patient(gender=None), "structure", "Patient.gender"),
    (
        "null in an array",
        a_patient(name=[{"given": ["Ada", None]}]),
        "structure",
        "Patient.name[0].given",
    ),
    (
        "fewer extensions than values",
        a_patient(name=[{"given": ["a", "b"], "_given": [{"id": "x"}]}]),
        "structure",
        "Patient.name[0].given",
    ),
    ("missing code", without(an_observation(), "code"), "required", "Observation.code"),
    ("missing status", without(an_observation(), "status"), "required", "Observation.status"),
    (
        "status not in its value set",
        an_observation(status="done"),
        "code-invalid",
        "Observation.status",
    ),
    ("gender not in its value set", a_patient(gender="f"), "code-invalid", "Patient.gender"),
    ("two values", an_observation(valueString="x"), "structure", "Observation.value"),
    (
        "two values of an extension",
        a_patient(extension=[{"url": "http://a.example", "valueString": "x", "valueCode": "y"}]),
        "structure",
        "Patient.extension[0].value",
    ),
    (
        "value of a type that the choice lacks",
        an_observation(valueAddress={}),
        "structure",
        "Observation.valueAddress",
    ),
    (
        "extension without a value",
        a_patient(extension=[{"url": "http://a.example"}]),
        "invariant",
        "Patient.extension[0]",
    ),
    (
        "extension without url",
        a_patient(extension=[{"valueString": "x"}]),
        "required",
        "Patient.extension[0].url",
    ),
    (
        "extensions 70 deep",
        a_patient(extension=[an_extension(35)]),
        "too-costly",
        "Patient" + ".extension[0]" * 32,
    ),
    ("uri with a space", a_patient(implicitRules="http://a b"), "value", "Patient.implicitRules"),
    ("code with two spaces", a_patient(language="en  US"), "value", "Patient.language"),
    (
        "oid that is none",
        a_patient(extension=[{"url": "http://a.example", "valueOid": "1.2"}]),
        "value",
        "Patient.extension[0].value",
    ),
    (
        "negative count",
        a_patient(photo=[{"contentType": "image/png", "size": -1}]),
        "value",
        "Patient.photo[0].size",
    ),
    (
        "base64 cut short",
        a_patient(photo=[{"contentType": "image/png", "data": "aGVsbG8"}]),
        "value",
        "Patient.photo[0].data",
    ),
    (
        "base64 with a stray sign",
        a_patient(photo=[{"contentType": "image/png", "data": "aGV*bG8="}]),
        "value",
        "Patient.photo[0].data",
    ),
    (
        "pat-1: contact without details",
        a_patient(contact=[{"gender": "male"}]),
        "invariant",
        "Patient.contact[0]",
    ),
    (
        "obs-6: value and reason for none",
        an_observation(dataAbsentReason=ACTIVE),
        "invariant",
        "Observation",
    ),
    (
        "obs-7: value and a component of the same code",
        an_observation(component=[{"code": an_observation()["code"]}]),
        "invariant",
        "Observation",
    ),
    (
        "obs-3: empty reference range",
        an_observation(referenceRange=[{"type": {"text": "normal"}}]),
        "invariant",
        "Observation.referenceRange[0]",
    ),
    (
        "qty-3: code without system",
        an_observation(valueQuantity={"value": 1, "code": "mg"}),
        "invariant",
        "Observation.value",
    ),
    (
        "per-1: end before start",
        an_observation(effectiveDateTime=None)
        | {"effectivePeriod": {"start": "2020-02", "end": "2020-01"}},
        "invariant",
        "Observation.effective",
    ),
    (
        "rng-2: low above high",
        an_observation(valueQuantity=None)
        | {"valueRange": {"low": {"value": 2}, "high": {"value": 1}}},
        "invariant",
        "Observation.value",
    ),
    (
        "att-1: data without type",
        a_patient(photo=[{"data": "aGVsbG8="}]),
        "invariant",
        "Patient.photo[0]",
    ),
    (
        "cpt-2: phone without system",
        a_patient(telecom=[{"value": "1"}]),
        "invariant",
        "Patient.telecom[0]",
    ),
    (
        "ref-1: nothing contained",
        an_observation(subject={"reference": "#p"}),
        "invariant",
        "Observation",
    ),
    ("app-2: start without end", without(an_appointment(), "end"), "invariant", "Appointment"),
    (
        "app-3: booked without a time",
        without(an_appointment(), "end", "start"),
        "invariant",
        "Appointment",
    ),
    (
        "app-1: participant without actor",
        an_appointment(participant=[{"status": "accepted"}]),
        "invariant",
        "Appointment.participant[0]",
    ),
    ("con-4: abated but active", a_condition(abatementString="May"), "invariant", "Condition"),
    (
        "concept from another value set",
        a_condition(clinicalStatus=OTHER),
        "code-invalid",
        "Condition.clinicalStatus",
    ),
    (
        "concept as text only",
        a_condition(clinicalStatus=ACTIVE),
        "code-invalid",
        "Condition.clinicalStatus",
    ),
    (
        "contained of an unknown type",
        a_patient(contained=[{"resourceType": "Sheep"}]),
        "structure",
        "Patient.contained[0]",
    ),
    (
        "contained with a fault",
        an_observation(
            contained=[{"resourceType": "Patient", "id": "p", "birthDate": "x"}],
            subject={"reference": "#p"},
        ),
        "value",
        "Observation.contained[0].birthDate",
    ),
    (
        "dom-3: contained and never referred to",
        an_observation(contained=[{"resourceType": "Patient", "id": "p"}]),
        "invariant",
        "Observation.contained[0]",
    ),
    (
        "dom-4: contained with a version",
        an_observation(
            contained=[{"resourceType": "Patient", "id": "p", "meta": {"versionId": "1"}}],
            subject={"reference": "#p"},
        ),
        "invariant",
        "Observation.contained[0]",
    ),
    (
        "script in the narrative",
        a_patient(text={"status": "generated", "div": DIV.format("<script>x</script>")}),
        "invariant",
        "Patient.text",
    ),
    (
        "broken narrative",
        a_patient(text={"status": "generated", "div": "<div>"}),
        "invariant",
        "Patient.text",
    ),
    (
        "bad entry of a bundle",
        {
            "resourceType": "Bundle",
            "type": "collection",
            "entry": [{"resource": a_patient(gender="f")}],
        },
        "code-invalid",
        "Bundle.entry[0].resource.gender",
    ),
    (
        "bdl-7: the same entry twice",
        {
            "resourceType": "Bundle",
            "type": "collection",
            "entry": [{"fullUrl": "urn:uuid:1", "resource": a_patient()}] * 2,
        },
        "invariant",
        "Bundle",
    ),
    (
        "que-2: the same question twice",
        {
            "resourceType": "Questionnaire",
            "status": "draft",
            "item": [
                {
                    "linkId": "1",
                    "type": "group",
                    "item": [{"linkId": "1", "type": "string"}],
                }
            ],
        },
        "invariant",
        "Questionnaire",
    ),
    (
        "a question without linkId",
        {"resourceType": "Questionnaire", "status": "draft", "item": [{"type": "string"}]},
        "invariant",
        "Questionnaire.item[0]",
    ),
    (
        "bad resource in parameters",
        {
            "resourceType": "Parameters",
            "parameter": [{"name": "x", "resource": a_patient(gender="f")}],
        },
        "code-invalid",
        "Parameters.parameter[0].resource.gender",
    ),
]


def cleaned(resource: Json) -> Json:
    """Drop members that a case replaced by another form."""
    named = {"effectiveDateTime", "valueQuantity"}
    return {k: v for k, v in resource.items() if not (k in named and v is None)}


@pytest.mark.parametrize(
    ("resource", "code", "place"), [c[1:] for c in BAD], ids=[c[0] for c in BAD]
)
def test_a_bad_resource_is_refused_and_the_place_is_named(
    resource: Json, code: str, place: str
) -> None:
    with pytest.raises(InvalidResourceError) as refused:
        parse(as_bytes(cleaned(resource)))

    issue = refused.value.issues[0]
    assert (issue.code, issue.expression or "") == (code, place)
    assert issue.severity == "error"
    assert refused.value.status in {400, 422}


MALFORMED = {
    "nothing": b"",
    "half an object": b'{"resourceType":"Patient"',
    "two objects": b'{"resourceType":"Patient"}{}',
    "an array": b"[]",
    "a text": b'"Patient"',
    "NaN": b'{"resourceType":"Observation","valueQuantity":{"value":NaN}}',
    "Infinity": b'{"resourceType":"Observation","valueQuantity":{"value":Infinity}}',
    "leading zero": b'{"resourceType":"Patient","multipleBirthInteger":01}',
    "trailing comma": b'{"resourceType":"Patient",}',
    "single quotes": b"{'resourceType':'Patient'}",
    "comment": b'{"resourceType":"Patient"/* */}',
    "not UTF-8": b'{"resourceType":"Pa\xfftient"}',
    "byte order mark": b'\xef\xbb\xbf{"resourceType":"Patient"}',
    "no type": b'{"id":"a"}',
    "type is a number": b'{"resourceType":1}',
    "100,000 arrays": b'{"resourceType":"Patient","name":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
}


@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED.keys())
def test_what_is_no_json_resource_is_refused_as_malformed(body: bytes) -> None:
    with pytest.raises(MalformedJsonError) as refused:
        parse(body)

    assert refused.value.status == 400
    assert refused.value.code == "fhir-malformed-json"


DOUBLED = {
    "at the top": (b'{"resourceType":"Patient","gender":"male","gender":"male"}', "Patient.gender"),
    "deep down": (
        b'{"resourceType":"Patient","name":[{"family":"a"},{"family":"a","text":"b","family":"c"}]}',
        "Patient.name[1].family",
    ),
    "with spaces": (b'{"resourceType" : "Patient" , "id" :"a" ,\n "id"\t: "b"}', "Patient.id"),
    "written with an escape": (
        b'{"resourceType":"Patient","id":"a","\\u0069d":"b"}',
        "Patient.id",
    ),
    "beside a hidden colon": (
        b'{"resourceType":"Patient","name":[{"text":"\\u003a"}],"id":"a","id":"b"}',
        "Patient.id",
    ),
    "resourceType": (
        b'{"resourceType":"Patient","resourceType":"Patient"}',
        "Patient.resourceType",
    ),
    "in a contained resource": (
        b'{"resourceType":"Observation","status":"final","code":{"text":"x"},'
        b'"subject":{"reference":"#p"},'
        b'"contained":[{"resourceType":"Patient","id":"p","active":true,"active":true}]}',
        "Observation.contained[0].active",
    ),
}


@pytest.mark.parametrize(("body", "place"), DOUBLED.values(), ids=DOUBLED.keys())
def test_a_member_given_twice_is_refused(body: bytes, place: str) -> None:
    with pytest.raises(InvalidResourceError) as refused:
        parse(body)

    assert (refused.value.issues[0].code, refused.value.place) == ("structure", place)


def test_bundles_within_bundles_end_at_the_limit() -> None:
    bundle: Json = {"resourceType": "Bundle", "type": "collection"}
    for _ in range(300):
        bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": bundle}]}

    with pytest.raises(InvalidResourceError) as refused:
        parse(as_bytes(bundle))

    assert [issue.code for issue in refused.value.issues] == ["too-costly"]


def test_another_type_than_expected_is_refused() -> None:
    with pytest.raises(InvalidResourceError, match="A Patient is expected here"):
        parse(as_bytes(an_observation()), expected_type="Patient")


@pytest.mark.parametrize(
    "change",
    [{"gender": "canary"}, {"birthDate": "canary"}, {"name": "canary"}, {"id": "canary canary"}],
)
def test_a_refusal_never_repeats_what_was_sent(change: Json) -> None:
    with pytest.raises(InvalidResourceError) as refused:
        parse(as_bytes(a_patient(**change)))

    assert "canary" not in f"{refused.value} {refused.value.issues}"


def test_an_exponential_pattern_cannot_be_provoked() -> None:
    long = "a" * 200_000

    for resource in (
        a_patient(language=long + "  "),
        a_patient(photo=[{"contentType": "x/y", "data": long + "*"}]),
        a_blood_pressure(issued=long),
    ):
        with pytest.raises(InvalidResourceError):
            parse(as_bytes(resource))

"""What is left of a resource when a part of it is asked for."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest

from careflow.fhir.definitions import resource_types
from careflow.fhir.resource import parse
from careflow.fhir.subset import WHOLE, View, element_names
from tests.shared_data import shared

BODY = (
    b'{"resourceType":"Observation","id":"k","meta":{"versionId":"1"},'
    b'"text":{"status":"generated","div":"<div xmlns=\\"http://www.w3.org/1999/xhtml\\">x</div>"},'
    b'"status":"final","_status":{"id":"x"},"code":{"text":"a"},'
    b'"valueQuantity":{"value":72.50,"unit":"mg"},"note":[{"text":"n"}],'
    b'"modifierExtension":[{"url":"http://a.test/not-done","valueBoolean":true}],'
    b'"component":[{"code":{"text":"c"},"interpretation":[{"text":"h"}],'
    b'"valueQuantity":{"value":1.20}}]}'
)
TAG = {"system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue", "code": "SUBSETTED"}


def seen(view: View, body: bytes = BODY, kind: str = "Observation") -> dict[str, Any]:
    found: dict[str, Any] = json.loads(view.of(kind, body))
    return found


def kept(view: View) -> set[str]:
    return set(seen(view)) - {"resourceType", "id", "meta"}


def test_the_whole_is_the_very_bytes() -> None:
    assert WHOLE.of("Observation", BODY) is BODY


def test_a_summary_has_what_the_standard_marks_however_deep_and_what_is_mandatory() -> None:
    found = seen(View("true"))

    assert kept(View("true")) == {
        *("status", "_status", "code", "valueQuantity", "component", "modifierExtension"),
    }
    assert set(found["component"][0]) == {"code", "valueQuantity"}


def test_text_is_the_narrative_with_what_is_mandatory_or_changes_the_meaning() -> None:
    assert kept(View("text")) == {"text", "status", "_status", "code", "modifierExtension"}


def test_data_is_everything_but_the_narrative() -> None:
    assert kept(View("data")) == set(json.loads(BODY)) - {"resourceType", "id", "meta", "text"}


@pytest.mark.parametrize("name", ["value", "value[x]", "valueQuantity", "Observation.value"])
def test_elements_keep_what_is_named_what_is_mandatory_and_what_changes_the_meaning(
    name: str,
) -> None:
    wanted = {"status", "_status", "code", "modifierExtension", "valueQuantity", "note"}

    assert kept(View(elements=(name, "note"))) == wanted


def test_numbers_keep_their_text() -> None:
    assert b'"value":72.50,' in View(elements=("value",)).of("Observation", BODY)
    assert b'"value":1.20}' in View("true").of("Observation", BODY)


def test_a_part_is_marked_as_one_once_beside_the_tags_it_had() -> None:
    body = BODY.replace(b'"versionId":"1"', b'"versionId":"1","tag":[{"code":"mine"}]')

    once = View("data").of("Observation", body)

    assert json.loads(once)["meta"]["tag"] == [{"code": "mine"}, TAG]
    assert json.loads(View("data").of("Observation", once))["meta"]["tag"] == [
        {"code": "mine"},
        TAG,
    ]
    assert seen(View("true"))["meta"] == {"versionId": "1", "tag": [TAG]}


def test_names_of_another_type_cut_only_that_type() -> None:
    view = View(elements=("Patient.name",))

    assert view.of("Observation", BODY) is BODY
    patient = (
        b'{"resourceType":"Patient","id":"p","active":false,"name":[{"text":"M"}],'
        b'"gender":"female"}'
    )
    assert set(seen(view, patient, "Patient")) == {"resourceType", "id", "meta", "active", "name"}


def test_a_name_without_a_type_leaves_what_was_added_whole() -> None:
    assert View(elements=("note",)).of("Observation", BODY, included=True) is BODY


def test_elements_are_known_by_every_way_to_name_them() -> None:
    assert {"value", "value[x]", "valueQuantity", "status"} <= element_names("Observation")
    assert "valueQuantities" not in element_names("Observation")


@pytest.mark.parametrize("summary", ["true", "text", "data"])
def test_every_type_has_a_summary(summary: Any) -> None:
    for kind in resource_types():
        body = b'{"resourceType":"%b","id":"1","language":"en"}' % kind.encode()
        assert json.loads(View(summary).of(kind, body))["id"] == "1"


@pytest.mark.shared
def test_a_summary_of_every_good_resource_is_a_good_resource() -> None:
    lines = shared("data/fhir/r4-examples.ndjson.gz").read_bytes()
    for body in gzip.decompress(lines).splitlines()[::7]:
        resource = parse(body, nested=False)
        parse(View("true").of(resource.type, body), nested=False)
        parse(View("data").of(resource.type, body), nested=False)

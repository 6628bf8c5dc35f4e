"""The operation ``$validate``."""

from __future__ import annotations

from typing import Any

import pytest

from careflow.fhir.resource import parse
from tests.records.front_door import FrontDoor, a_patient, an_observation, bundle, entry, without_id


def parameters(resource: Any = None, **values: str) -> dict[str, Any]:
    """Return what an operation is called with, as a resource."""
    listed: list[dict[str, Any]] = [
        {"name": name, "valueUri" if name == "profile" else "valueCode": value}
        for name, value in values.items()
    ]
    if resource is not None:
        listed.insert(0, {"name": "resource", "resource": resource})
    return {"resourceType": "Parameters", "parameter": listed}


async def told(
    door: FrontDoor, path: str, content: Any = b"", **over: Any
) -> list[tuple[str, Any]]:
    """Return code and place of each issue of an answer, which must be a good one."""
    answer = await door.ask("POST", path, content, **over)
    assert answer.status_code == 200, answer.text
    parse(answer.content, expected_type="OperationOutcome")
    return [(i["code"], i.get("expression", [None])[0]) for i in answer.json()["issue"]]


async def test_a_good_resource_is_well_and_is_not_stored(door: FrontDoor) -> None:
    answer = await door.ask("POST", "/Patient/$validate", a_patient())

    assert answer.status_code == 200
    assert answer.json()["issue"][0]["severity"] == "information"
    assert await told(door, "/Patient/$validate", parameters(a_patient())) == [
        ("informational", None)
    ]
    assert await told(door, "/Patient/$validate", without_id(a_patient())) == [
        ("informational", None)
    ]
    assert await door.count() == 0


@pytest.mark.parametrize("wrap", [lambda resource: resource, parameters])
async def test_everything_that_is_wrong_is_told_at_once(door: FrontDoor, wrap: Any) -> None:
    bad = a_patient(
        gender="banana", birthDate="2026-02-30", name=[{"family": "x", "nick": "y"}, {}]
    )

    found = await told(door, "/Patient/$validate", wrap(bad))

    assert set(found) == {
        ("code-invalid", "Patient.gender"),
        ("value", "Patient.birthDate"),
        ("structure", "Patient.name[0].nick"),
        ("structure", "Patient.name[1]"),
    }
    assert await door.count() == 0


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (an_observation(), "invalid"),
        (b"{", "structure"),
        (b"[]", "structure"),
        (b"", "required"),
        (parameters(), "required"),
    ],
)
async def test_what_is_no_such_resource_is_told_too(
    door: FrontDoor, content: Any, code: str
) -> None:
    assert [found[0] for found in await told(door, "/Patient/$validate", content)] == [code]


async def test_a_mode_says_what_is_to_be_done_with_it(door: FrontDoor) -> None:
    await door.put(an_observation())
    there, other = an_observation(), an_observation("other")
    update = parameters(other, mode="update")

    assert await told(door, "/Observation/$validate", parameters(there, mode="create")) == [
        ("informational", None)
    ]
    assert await told(door, "/Observation/potassium/$validate?mode=update", there) == [
        ("informational", None)
    ]
    assert await told(door, "/Observation/potassium/$validate", update) == [
        ("invalid", "Observation.id")
    ]
    assert await told(door, "/Observation/potassium/$validate?mode=delete") == [
        ("informational", None)
    ]
    assert await told(door, "/Observation/never/$validate?mode=delete") == [("not-found", None)]
    assert await told(door, "/Observation/$validate?mode=delete") == [("required", None)]
    assert await door.count() == 1


async def test_what_one_may_not_do_is_told_as_an_issue(door: FrontDoor) -> None:
    await door.put(a_patient())

    nurse = await told(door, "/Patient/mara/$validate?mode=delete", actor="nurse")
    patient = await told(door, "/Patient/mara/$validate?mode=update", a_patient(), actor="mara")

    assert [nurse, patient] == [[("forbidden", None)], [("forbidden", None)]]


async def test_who_has_nothing_to_do_with_a_type_validates_none(door: FrontDoor) -> None:
    answer = await door.ask(
        "POST", "/Observation/$validate", an_observation(), actor="receptionist"
    )

    assert answer.status_code == 403


@pytest.mark.parametrize(
    "profile",
    [
        "http://hl7.org/fhir/StructureDefinition/Patient",
        "http://hl7.org/fhir/StructureDefinition/Patient|4.0.1",
        "http://hl7.org/fhir/StructureDefinition/Resource",
    ],
)
async def test_the_standards_own_profiles_are_known(door: FrontDoor, profile: str) -> None:
    sent = parameters(a_patient(), profile=profile)

    assert await told(door, "/Patient/$validate", sent) == [("informational", None)]


async def test_a_profile_that_is_not_known_is_refused(door: FrontDoor) -> None:
    us_core = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient"
    claiming = a_patient(meta={"profile": [us_core]})

    asked = await door.ask("POST", f"/Patient/$validate?profile={us_core}", a_patient())

    assert asked.status_code == 422
    assert asked.json()["issue"][0]["code"] == "not-supported"
    assert await told(door, "/Patient/$validate", claiming) == [
        ("not-supported", "Patient.meta.profile")
    ]


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("/Patient/$validate?mode=banana", a_patient()),
        ("/Patient/$validate?banana=1", a_patient()),
        ("/Patient/$validate?mode=create&mode=update", a_patient()),
        ("/Patient/$validate", parameters(a_patient(), banana="x")),
        ("/Patient/$validate", {"resourceType": "Parameters", "parameter": 5}),
        ("/Patient/$validate", {"resourceType": "Parameters", "parameter": [{}]}),
        (
            "/Patient/$validate",
            {"resourceType": "Parameters", "parameter": [{"name": "mode", "valueCoding": {}}]},
        ),
    ],
)
async def test_a_call_that_makes_no_sense_is_refused(
    door: FrontDoor, path: str, content: Any
) -> None:
    answer = await door.ask("POST", path, content)

    assert answer.status_code == 400
    assert answer.json()["issue"][0]["details"]["coding"][0]["code"] == "records-bad-parameter"


async def test_other_addresses_and_methods_have_no_such_operation(door: FrontDoor) -> None:
    get = await door.ask("GET", "/Patient/$validate")
    unknown = await door.ask("POST", "/Patient/$banana", a_patient())
    above = await door.ask("POST", "/$validate", a_patient())

    assert (get.status_code, get.headers["allow"]) == (405, "POST")
    assert (unknown.status_code, above.status_code) == (404, 404)


@pytest.mark.parametrize("type_", ["batch", "transaction"])
async def test_a_bundle_may_ask_for_it(door: FrontDoor, type_: str) -> None:
    sent = bundle(type_, entry("POST", "Patient/$validate", a_patient(gender="banana")))

    answer = await door.ask("POST", "", sent)

    (part,) = answer.json()["entry"]
    assert part["response"]["status"] == "200 OK"
    assert part["resource"]["issue"][0]["expression"] == ["Patient.gender"]
    assert await door.count() == 0

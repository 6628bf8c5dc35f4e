"""What the front desk sees of a record, in whatever way it asks, and what it cannot undo."""

from __future__ import annotations

import json
from typing import Any

import httpx2
import pytest

from careflow.fhir.definitions import type_definition
from careflow.identity.desk import DESK_FIELDS
from tests.records.front_door import FrontDoor, bundle, entry

RACE = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-race"
PATIENT = (
    b'{"resourceType":"Patient","id":"mara","meta":{"security":[{"code":"R"}]},'
    b'"text":{"status":"additional","div":"<div xmlns=\\"http://www.w3.org/1999/xhtml\\">HIV</div>"},'
    b'"extension":[{"url":"http://example.test/weight","valueDecimal":72.50},'
    b'{"url":"%b","extension":[{"url":"text","valueString":"Race"}]}],'
    b'"name":[{"family":"Lindqvist"}],"telecom":[{"system":"phone","value":"555"}],'
    b'"birthDate":"1968-04-12","maritalStatus":{"text":"Divorced"},"multipleBirthInteger":2,'
    b'"contact":[{"name":{"family":"Kin"},"extension":[{"url":"http://example.test/rank",'
    b'"valueDecimal":1.10}]}]}'
) % RACE.encode()
SHOWN = {"resourceType", "id", "meta", "name", "telecom", "birthDate", "contact"}
HIDDEN = ("HIV", "Race", "Divorced", "multipleBirth", "weight")


@pytest.fixture
async def clinic(door: FrontDoor) -> FrontDoor:
    answer = await door.ask("PUT", "/Patient/mara", PATIENT, actor="program")
    assert answer.status_code == 201, answer.text
    visit = {
        "resourceType": "Appointment",
        "id": "visit",
        "status": "booked",
        "start": "2026-11-24T09:00:00Z",
        "end": "2026-11-24T09:20:00Z",
        "reasonCode": [{"text": "Check-up"}],
        "reasonReference": [{"reference": "Condition/hiv"}],
        "comment": "I feel HIV is back.",
        "participant": [{"actor": {"reference": "Patient/mara"}, "status": "accepted"}],
    }
    await door.put(visit)
    return door


async def asked(door: FrontDoor, path: str) -> httpx2.Response:
    answer = await door.ask("GET", path, actor="receptionist")
    assert answer.status_code == 200, answer.text
    return answer


async def stored(door: FrontDoor, address: str = "/Patient/mara") -> Any:
    """Return the whole resource, as a clinician reads it."""
    return json.loads((await door.ask("GET", address)).content, parse_float=str)


@pytest.mark.parametrize(
    "path",
    [
        "/Patient/mara",
        "/Patient/mara/_history/1",
        "/Patient/mara/_history",
        "/Patient/_history",
        "/Patient",
        "/Patient?_elements=maritalStatus,extension,name",
        "/Patient?_summary=true",
        "/Appointment",
        "/Appointment?_include=Appointment:patient",
        "/Appointment/visit",
        "/?_type=Patient,Appointment",
    ],
)
async def test_in_no_way_is_more_shown_than_the_desk_needs(clinic: FrontDoor, path: str) -> None:
    answer = await asked(clinic, path)

    assert not [word for word in HIDDEN if word in answer.text]
    assert '"SUBSETTED"' in answer.text
    assert "Lindqvist" in answer.text or path.startswith("/Appointment")


async def test_what_is_shown_keeps_its_text_and_says_that_it_is_a_part(clinic: FrontDoor) -> None:
    shown = json.loads((await asked(clinic, "/Patient/mara")).content, parse_float=str)

    assert set(shown) == SHOWN
    assert shown["contact"][0]["extension"][0]["valueDecimal"] == "1.10"
    assert shown["meta"]["versionId"] == "1"
    assert shown["meta"]["security"] == [{"code": "R"}]
    assert [tag["code"] for tag in shown["meta"]["tag"]] == ["SUBSETTED"]


async def test_a_visit_is_shown_with_its_reason_but_not_with_its_words(clinic: FrontDoor) -> None:
    shown = (await asked(clinic, "/Appointment/visit")).json()

    assert shown["reasonCode"] == [{"text": "Check-up"}]
    assert "reasonReference" not in shown
    assert "comment" not in shown


@pytest.mark.parametrize(
    "search",
    [
        "/Patient?deceased=true",
        "/Appointment?reason-reference=Condition/hiv",
        "/Appointment?reason-reference:missing=false",
        "/Appointment?supporting-info=Observation/x",
        "/Appointment?_sort=based-on",
        "/Appointment?patient.deceased=true",
        "/Patient?_has:Appointment:patient:reason-reference=Condition/hiv",
        "/Patient?_has:Appointment:supporting-info:status=booked",
    ],
)
async def test_what_is_not_shown_cannot_be_searched_by(clinic: FrontDoor, search: str) -> None:
    answer = await clinic.ask("GET", search, actor="receptionist")

    assert answer.status_code in {400, 403}, answer.text
    if answer.status_code == 403:
        assert "does not see" in answer.text


async def test_a_reverse_include_follows_nothing_that_is_not_shown(clinic: FrontDoor) -> None:
    about = {"reference": "Patient/mara"}
    other = {"participant": [{"status": "accepted", "actor": {"display": "Nobody"}}]}
    hidden = await stored(clinic, "/Appointment/visit") | other | {"id": "hidden"}
    del hidden["meta"]
    await clinic.put(hidden | {"supportingInformation": [about]})

    page = (await asked(clinic, "/Patient?_revinclude=*")).json()

    assert {one["resource"]["id"] for one in page["entry"]} == {"mara", "visit"}


# --- changing what is seen in part -------------------------------------------------------------


async def test_an_update_keeps_what_was_not_shown(clinic: FrontDoor) -> None:
    shown = (await asked(clinic, "/Patient/mara")).json()
    shown["telecom"] = [{"system": "phone", "value": "777"}]
    del shown["birthDate"]

    answer = await clinic.ask("PUT", "/Patient/mara", shown, actor="receptionist")

    assert answer.status_code == 200, answer.text
    assert not [word for word in HIDDEN if word in answer.text]
    whole = await stored(clinic)
    assert whole["telecom"] == [{"system": "phone", "value": "777"}]
    assert "birthDate" not in whole
    assert whole["extension"][0]["valueDecimal"] == "72.50"
    assert whole["extension"][1]["url"] == RACE
    assert whole["text"]["status"] == "additional"
    assert whole["maritalStatus"] == {"text": "Divorced"}
    assert whole["multipleBirthInteger"] == 2
    assert whole["meta"] == {
        "versionId": "2",
        "lastUpdated": whole["meta"]["lastUpdated"],
        "security": [{"code": "R"}],
    }


async def test_what_was_kept_is_still_found(clinic: FrontDoor) -> None:
    shown = (await asked(clinic, "/Appointment/visit")).json()
    assert "reasonReference" not in shown
    name = {"resourceType": "Patient", "id": "mara", "name": [{"family": "Berg"}]}

    await clinic.ask("PUT", "/Patient/mara", name, actor="receptionist")

    found = await clinic.ask("GET", "/Patient?name=Berg&_security=R")
    assert found.json()["total"] == 1


async def test_a_patch_keeps_what_was_not_shown(clinic: FrontDoor) -> None:
    patch = [{"op": "replace", "path": "/telecom/0/value", "value": "777"}]
    headers = {"content-type": "application/json-patch+json"}

    answer = await clinic.ask(
        "PATCH", "/Patient/mara", patch, actor="receptionist", headers=headers
    )

    assert answer.status_code == 200, answer.text
    assert not [word for word in HIDDEN if word in answer.text]
    whole = await stored(clinic)
    assert whole["telecom"][0]["value"] == "777"
    assert whole["extension"][0]["valueDecimal"] == "72.50"


async def test_bundles_and_conditions_keep_it_too(clinic: FrontDoor) -> None:
    name = {"resourceType": "Patient", "id": "mara", "name": [{"family": "Berg"}]}
    sent = bundle("transaction", entry("PUT", "Patient/mara", name))
    headers = {"prefer": "return=representation"}

    first = await clinic.ask("POST", "", sent, actor="receptionist", headers=headers)
    second = await clinic.ask("PUT", "/Patient?name=Berg", name, actor="receptionist")

    assert (first.status_code, second.status_code) == (200, 200), first.text + second.text
    assert not [word for word in HIDDEN if word in first.text + second.text]
    whole = await stored(clinic)
    assert whole["name"] == [{"family": "Berg"}]
    assert whole["extension"][0]["valueDecimal"] == "72.50"


async def test_a_narrative_made_of_what_was_changed_does_not_outlive_it(door: FrontDoor) -> None:
    div = '<div xmlns="http://www.w3.org/1999/xhtml">Lindqvist, 555</div>'
    text = {"status": "generated", "div": div}
    await door.put({"resourceType": "Patient", "id": "mara", "text": text})
    name = {"resourceType": "Patient", "id": "mara", "name": [{"family": "Berg"}]}

    await door.ask("PUT", "/Patient/mara", name, actor="receptionist")

    assert "text" not in await stored(door)


@pytest.mark.parametrize(
    "member",
    [
        {"extension": [{"url": RACE, "valueString": "x"}]},
        {"maritalStatus": {"text": "Married"}},
        {"multipleBirthBoolean": False},
    ],
)
async def test_what_is_not_shown_cannot_be_written(
    clinic: FrontDoor, member: dict[str, Any]
) -> None:
    content = {"resourceType": "Patient", "id": "mara", "name": [{"family": "Berg"}]} | member

    changed = await clinic.ask("PUT", "/Patient/mara", content, actor="receptionist")
    created = await clinic.ask("POST", "/Patient", content, actor="receptionist")

    assert (changed.status_code, created.status_code) == (403, 403)
    assert changed.json()["issue"][0]["expression"] == [f"Patient.{next(iter(member))}"]
    assert (await stored(clinic))["meta"]["versionId"] == "1"


async def test_an_update_over_a_change_that_was_not_seen_is_refused(clinic: FrontDoor) -> None:
    shown = await asked(clinic, "/Patient/mara")
    await clinic.ask("PUT", "/Patient/mara", PATIENT, actor="clinician")

    headers = {"if-match": shown.headers["etag"]}
    answer = await clinic.ask(
        "PUT", "/Patient/mara", shown.json(), actor="receptionist", headers=headers
    )

    assert answer.status_code == 412


@pytest.mark.parametrize("kind", sorted(DESK_FIELDS))
def test_the_desk_is_shown_members_that_exist(kind: str) -> None:
    known = {"resourceType"}
    for field in type_definition(kind).fields:
        known |= {member for member, _ in field.members()}

    assert DESK_FIELDS[kind].members <= known

"""JSON Patch over REST."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import pytest

from tests.records.front_door import FrontDoor, a_patient, an_observation, several_doors

PATCH = {"content-type": "application/json-patch+json"}
WEIGHT = (
    b'{"resourceType":"Observation","id":"weight","status":"preliminary",'
    b'"code":{"text":"weight"},"subject":{"reference":"Patient/mara"},'
    b'"valueQuantity":{"value":72.50,"unit":"kg"}}'
)
SIGN = [
    {"op": "test", "path": "/status", "value": "preliminary"},
    {"op": "replace", "path": "/status", "value": "final"},
]


async def weigh(door: FrontDoor) -> None:
    await door.ask("PUT", "/Observation/weight", WEIGHT)


async def test_a_patch_changes_what_it_names_and_no_digit_beside_it(door: FrontDoor) -> None:
    await weigh(door)

    answer = await door.ask("PATCH", "/Observation/weight", SIGN, headers=PATCH)
    read = await door.ask("GET", "/Observation/weight")

    assert (answer.status_code, answer.headers["etag"]) == (200, 'W/"2"')
    assert answer.content == read.content
    assert b'"value":72.50' in read.content
    assert read.json()["status"] == "final"
    assert len((await door.ask("GET", "/Observation?status=final")).json()["entry"]) == 1
    acts = {entry.action for entry in (await door.trail.entries(patient="mara")).entries}
    assert "records:observation:patch" in acts


async def test_a_patch_by_a_condition_patches_the_one_that_meets_it(door: FrontDoor) -> None:
    await weigh(door)

    one = await door.ask("PATCH", "/Observation?status=preliminary", SIGN, headers=PATCH)
    none = await door.ask("PATCH", "/Observation?status=preliminary", SIGN, headers=PATCH)

    assert (one.status_code, one.json()["status"]) == (200, "final")
    assert none.status_code == 404


@pytest.mark.parametrize(
    ("wish", "kind"),
    [
        ("return=minimal", None),
        ("return=OperationOutcome", "OperationOutcome"),
        ("", "Observation"),
    ],
)
async def test_the_answer_to_a_patch_is_what_was_preferred(
    door: FrontDoor, wish: str, kind: str | None
) -> None:
    await weigh(door)

    answer = await door.ask("PATCH", "/Observation/weight", SIGN, headers=PATCH | {"prefer": wish})

    assert answer.status_code == 200
    assert (answer.json()["resourceType"] if answer.content else None) == kind


@pytest.mark.parametrize(
    ("operations", "status", "code"),
    [
        ([{"op": "test", "path": "/status", "value": "final"}], 409, "fhir-patch-test-failed"),
        ([{"op": "remove", "path": "/note"}], 422, "fhir-patch-failed"),
        ([{"op": "remove", "path": "/status"}], 422, "fhir-invalid-resource"),
        ([{"op": "add", "path": "/nickname", "value": "x"}], 422, "fhir-invalid-resource"),
        ([{"op": "replace", "path": "/id", "value": "x"}], 400, "records-id-mismatch"),
        ([{"op": "remove", "path": "/id"}], 400, "records-id-mismatch"),
        ([{"op": "replace", "path": "", "value": []}], 400, "fhir-malformed-json"),
        (
            [{"op": "replace", "path": "", "value": a_patient("weight")}],
            422,
            "fhir-invalid-resource",
        ),
        ([{"op": "merge", "path": "/status"}], 400, "fhir-bad-patch"),
        ({"status": "final"}, 400, "fhir-bad-patch"),
        (b"", 400, "fhir-bad-patch"),
    ],
)
async def test_a_patch_that_cannot_be_done_changes_nothing(
    door: FrontDoor, operations: Any, status: int, code: str
) -> None:
    await weigh(door)

    answer = await door.ask("PATCH", "/Observation/weight", operations, headers=PATCH)

    issue = answer.json()["issue"][0]
    assert (answer.status_code, issue["details"]["coding"][0]["code"]) == (status, code)
    assert (await door.ask("GET", "/Observation/weight")).headers["etag"] == 'W/"1"'


@pytest.mark.parametrize(
    "media_type",
    ["application/fhir+json", "application/json", "application/merge-patch+json", "text/plain"],
)
async def test_a_patch_of_another_type_is_refused(door: FrontDoor, media_type: str) -> None:
    await weigh(door)

    answer = await door.ask(
        "PATCH", "/Observation/weight", SIGN, headers={"content-type": media_type}
    )

    assert answer.status_code == 415
    assert answer.headers["accept-patch"] == "application/json-patch+json"
    assert "application/json-patch+json" in answer.json()["issue"][0]["diagnostics"]


async def test_what_is_not_there_or_gone_cannot_be_patched(door: FrontDoor) -> None:
    await door.put(an_observation())
    await door.ask("DELETE", "/Observation/potassium")

    never = await door.ask("PATCH", "/Observation/never", SIGN, headers=PATCH)
    gone = await door.ask("PATCH", "/Observation/potassium", SIGN, headers=PATCH)

    assert (never.status_code, gone.status_code) == (404, 410)


async def test_a_patch_of_an_older_version_is_refused(door: FrontDoor) -> None:
    await weigh(door)
    await door.ask("PATCH", "/Observation/weight", SIGN, headers=PATCH)
    back = [{"op": "replace", "path": "/status", "value": "amended"}]

    stale = await door.ask(
        "PATCH", "/Observation/weight", back, headers=PATCH | {"if-match": 'W/"1"'}
    )
    current = await door.ask(
        "PATCH", "/Observation/weight", back, headers=PATCH | {"if-match": 'W/"2"'}
    )

    assert (stale.status_code, current.status_code) == (412, 200)


async def test_who_may_not_write_the_type_may_not_patch_it(door: FrontDoor) -> None:
    await weigh(door)

    answers = [
        await door.ask("PATCH", "/Observation/weight", SIGN, headers=PATCH, actor=actor)
        for actor in ("receptionist", "mara", "admin", "elsewhere")
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 403, 404]
    assert (await door.ask("GET", "/Observation/weight")).headers["etag"] == 'W/"1"'


async def test_what_the_patcher_is_not_shown_is_neither_lost_nor_told(door: FrontDoor) -> None:
    await door.put(a_patient(maritalStatus={"text": "widowed"}))
    rename = [{"op": "replace", "path": "/name/0/family", "value": "Lind"}]
    guess = [{"op": "test", "path": "/maritalStatus/text", "value": "widowed"}]

    answer = await door.ask("PATCH", "/Patient/mara", rename, headers=PATCH, actor="receptionist")
    told = await door.ask("PATCH", "/Patient/mara", guess, headers=PATCH, actor="receptionist")

    assert (answer.status_code, told.status_code) == (200, 422)
    assert "widowed" not in answer.text
    kept = (await door.ask("GET", "/Patient/mara")).json()
    assert kept["maritalStatus"] == {"text": "widowed"}
    assert kept["name"][0]["family"] == "Lind"


async def test_of_many_patches_at_once_none_is_lost(door: FrontDoor) -> None:
    await weigh(door)
    add = [{"op": "add", "path": "/note", "value": []}]
    await door.ask("PATCH", "/Observation/weight", add, headers=PATCH)
    await door.ask(
        "PATCH",
        "/Observation/weight",
        [{"op": "add", "path": "/note", "value": [{"text": "first"}]}],
        headers=PATCH,
    )

    answers = await asyncio.gather(
        *(
            one.ask(
                "PATCH",
                "/Observation/weight",
                [{"op": "add", "path": "/note/-", "value": {"text": f"note {number}"}}],
                headers=PATCH,
            )
            for number, one in enumerate(several_doors(door, 2) * 16)
        )
    )

    statuses = Counter(answer.status_code for answer in answers)
    assert set(statuses) <= {200, 409}
    notes = (await door.ask("GET", "/Observation/weight")).json()["note"]
    assert len(notes) == 1 + statuses[200]


async def test_of_many_who_sign_what_waits_for_it_one_signs(door: FrontDoor) -> None:
    await weigh(door)
    path = "/Observation?status=preliminary"

    answers = await asyncio.gather(
        *(one.ask("PATCH", path, SIGN, headers=PATCH) for one in several_doors(door, 8) * 4)
    )

    statuses = Counter(answer.status_code for answer in answers)
    assert statuses[200] == 1
    assert set(statuses) <= {200, 404, 409}
    assert (await door.ask("GET", "/Observation/weight")).headers["etag"] == 'W/"2"'

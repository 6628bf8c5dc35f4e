"""Create, update, delete and patch of what a condition names."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import httpx2
import pytest

from tests.records.front_door import FrontDoor, a_patient, an_observation, several_doors, without_id

MARA = "identifier=http://harbour.test/mrn|MRN-mara"
NOBODY = "identifier=http://harbour.test/mrn|nobody"
PATCH = {"content-type": "application/json-patch+json"}
RENAME = [{"op": "replace", "path": "/name/0/family", "value": "Lind"}]


async def two_alike(door: FrontDoor) -> None:
    """Store two patients that one condition names."""
    one = a_patient()["identifier"]
    await door.put(a_patient("mara"))
    await door.put(a_patient("double", identifier=one))


def code_of(answer: httpx2.Response) -> str:
    code: str = answer.json()["issue"][0]["details"]["coding"][0]["code"]
    return code


# --- update ----------------------------------------------------------------------------------


async def test_an_update_that_nothing_meets_creates_under_an_id_of_ours(door: FrontDoor) -> None:
    answer = await door.ask("PUT", f"/Patient?{MARA}", without_id(a_patient()))

    assert (answer.status_code, answer.json()["id"]) == (201, "id-1")
    assert answer.headers["location"].endswith("/Patient/id-1/_history/1")


async def test_an_update_that_nothing_meets_keeps_the_id_that_was_sent(door: FrontDoor) -> None:
    answer = await door.ask("PUT", f"/Patient?{MARA}", a_patient("mara"))

    assert (answer.status_code, answer.json()["id"]) == (201, "mara")


async def test_an_id_that_something_else_has_is_not_taken(door: FrontDoor) -> None:
    await door.put(a_patient("mara"))

    answer = await door.ask("PUT", f"/Patient?{NOBODY}", a_patient("mara"))

    assert (answer.status_code, code_of(answer)) == (409, "records-id-taken")
    assert await door.count() == 1


@pytest.mark.parametrize("sent", [a_patient(gender="other"), without_id(a_patient(gender="other"))])
async def test_an_update_that_one_meets_makes_its_next_version(
    door: FrontDoor, sent: dict[str, Any]
) -> None:
    await door.put(a_patient())

    answer = await door.ask("PUT", f"/Patient?{MARA}", sent)

    assert (answer.status_code, answer.headers["etag"]) == (200, 'W/"2"')
    assert (answer.json()["id"], answer.json()["gender"]) == ("mara", "other")
    assert (await door.ask("GET", "/Patient/mara")).content == answer.content


async def test_another_id_than_that_of_the_one_that_meets_it_is_refused(door: FrontDoor) -> None:
    await door.put(a_patient())

    answer = await door.ask("PUT", f"/Patient?{MARA}", a_patient("other"))

    assert (answer.status_code, code_of(answer)) == (400, "records-id-mismatch")
    assert await door.count() == 1


async def test_a_condition_that_names_several_changes_none(door: FrontDoor) -> None:
    await two_alike(door)

    answers = [
        await door.ask("PUT", f"/Patient?{MARA}", without_id(a_patient())),
        await door.ask("PATCH", f"/Patient?{MARA}", RENAME, headers=PATCH),
        await door.ask("DELETE", f"/Patient?{MARA}", actor="program"),
        await door.ask("POST", "/Patient", a_patient(), headers={"if-none-exist": MARA}),
    ]

    assert [answer.status_code for answer in answers] == [412] * 4
    assert {code_of(answer) for answer in answers} == {"records-several-match"}
    assert await door.count() == 2


async def test_a_version_tag_holds_for_what_a_condition_finds(door: FrontDoor) -> None:
    await door.put(a_patient())
    await door.put(a_patient(gender="other"))
    stale, current = {"if-match": 'W/"1"'}, {"if-match": 'W/"2"'}

    refused = [
        await door.ask("PUT", f"/Patient?{MARA}", a_patient(), headers=stale),
        await door.ask("PUT", f"/Patient?{NOBODY}", a_patient(), headers=stale),
        await door.ask("PATCH", f"/Patient?{MARA}", RENAME, headers=PATCH | stale),
        await door.ask("DELETE", f"/Patient?{MARA}", actor="program", headers=stale),
    ]
    taken = await door.ask("PUT", f"/Patient?{MARA}", a_patient(), headers=current)

    assert [answer.status_code for answer in refused] == [412] * 4
    assert {code_of(answer) for answer in refused} == {"records-changed-since-read"}
    assert taken.headers["etag"] == 'W/"3"'


async def test_an_update_may_ask_for_nothing_to_be_there(door: FrontDoor) -> None:
    new = {"if-none-match": "*"}

    first = await door.ask("PUT", "/Patient/mara", a_patient(), headers=new)
    again = await door.ask("PUT", "/Patient/mara", a_patient(), headers=new)
    where = await door.ask("PUT", f"/Patient?{MARA}", a_patient(), headers=new)

    assert first.status_code == 201
    assert (again.status_code, code_of(again)) == (412, "records-already-there")
    assert (where.status_code, code_of(where)) == (412, "records-already-there")


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("banana=1", "fhir-unknown-parameter"),
        ("_count=1", "records-no-criteria"),
        ("_sort=_id", "records-no-criteria"),
        (f"{MARA}&_summary=count", "records-no-criterion"),
        (f"{MARA}&_count=0", "records-no-criterion"),
        (f"{MARA}&_sort=_id", "records-no-criterion"),
        (f"{MARA}&_include=Patient:organization", "records-no-criterion"),
        (f"{MARA}&banana=1", "fhir-unknown-parameter"),
    ],
)
async def test_a_condition_is_never_half_understood(door: FrontDoor, query: str, code: str) -> None:
    await door.put(a_patient())
    lenient = {"prefer": "handling=lenient"}

    answers = [
        await door.ask("PUT", f"/Patient?{query}", without_id(a_patient()), headers=lenient),
        await door.ask("PATCH", f"/Patient?{query}", RENAME, headers=PATCH | lenient),
        await door.ask("DELETE", f"/Patient?{query}", actor="program", headers=lenient),
        await door.ask("POST", "/Patient", a_patient(), headers=lenient | {"if-none-exist": query}),
    ]

    assert {(answer.status_code, code_of(answer)) for answer in answers} == {(400, code)}
    assert await door.count() == 1


async def test_a_form_of_answer_is_no_criterion(door: FrontDoor) -> None:
    bare = await door.ask("DELETE", "/Patient?_format=json", actor="program")
    pretty = await door.ask("PUT", f"/Patient?{MARA}&_pretty=true", a_patient())

    assert bare.status_code == 405
    assert pretty.status_code == 201
    assert b'\n  "id"' in pretty.content


# --- delete ----------------------------------------------------------------------------------


async def test_a_delete_that_nothing_meets_does_nothing(door: FrontDoor) -> None:
    await door.put(a_patient())

    answer = await door.ask("DELETE", f"/Patient?{NOBODY}", actor="program")

    assert (answer.status_code, answer.content) == (204, b"")
    assert await door.count() == 1


async def test_a_delete_that_one_meets_deletes_it(door: FrontDoor) -> None:
    await door.put(a_patient())

    answer = await door.ask("DELETE", f"/Patient?{MARA}", actor="program")

    assert (answer.status_code, answer.headers["etag"]) == (204, 'W/"2"')
    assert (await door.ask("GET", "/Patient/mara")).status_code == 410


# --- who may ---------------------------------------------------------------------------------


async def test_who_may_write_but_not_look_may_name_nothing_by_a_condition(
    door: FrontDoor,
) -> None:
    await door.put(a_patient())

    answers = [
        await door.ask("PUT", f"/Patient?{MARA}", a_patient(), actor="writer"),
        await door.ask("PATCH", f"/Patient?{MARA}", RENAME, actor="writer", headers=PATCH),
        await door.ask("DELETE", f"/Patient?{MARA}", actor="writer"),
        await door.ask("DELETE", f"/Patient?{MARA}", actor="clinician"),
        await door.ask("PUT", f"/Patient?{MARA}", a_patient(), actor="mara"),
        await door.ask("PUT", f"/Observation?{MARA}", an_observation(), actor="receptionist"),
    ]

    assert [answer.status_code for answer in answers] == [403] * 6
    assert await door.count() == 1
    kept = (await door.trail.entries(actor="c-3")).entries
    assert [entry.action for entry in kept] == [
        "records:patient:delete",
        "records:patient:patch",
        "records:patient:update",
    ]


async def test_what_another_organisation_has_meets_no_condition(door: FrontDoor) -> None:
    await door.put(a_patient())

    answer = await door.ask("PUT", f"/Patient?{MARA}", a_patient(), actor="elsewhere")

    assert answer.status_code == 201
    assert (await door.ask("GET", "/Patient/mara")).headers["etag"] == 'W/"1"'


async def test_what_is_written_by_a_condition_is_in_the_trail_as_what_it_was(
    door: FrontDoor,
) -> None:
    await door.ask("PUT", f"/Patient?{MARA}", a_patient(), actor="program")
    await door.ask("PUT", f"/Patient?{MARA}", a_patient(), actor="program")
    await door.ask("PATCH", f"/Patient?{MARA}", RENAME, actor="program", headers=PATCH)
    await door.ask("DELETE", f"/Patient?{MARA}", actor="program")

    kept = (await door.trail.entries(patient="mara")).entries
    assert [entry.action.rpartition(":")[2] for entry in kept] == [
        "delete",
        "patch",
        "update",
        "create",
    ]


# --- races -----------------------------------------------------------------------------------


async def test_thirty_two_updates_at_once_under_one_condition_make_one_resource(
    door: FrontDoor,
) -> None:
    answers = await asyncio.gather(
        *(door.ask("PUT", f"/Patient?{MARA}", without_id(a_patient())) for _ in range(32))
    )

    assert Counter(answer.status_code for answer in answers) == {201: 1, 200: 31}
    found = (await door.ask("GET", "/Patient")).json()["entry"]
    assert [each["resource"]["meta"]["versionId"] for each in found] == ["32"]


async def test_servers_that_share_a_record_make_one_resource_under_one_condition(
    door: FrontDoor,
) -> None:
    doors = several_doors(door, 8)

    answers = await asyncio.gather(
        *(
            one.ask("PUT", f"/Patient?{query}", without_id(a_patient()))
            for one in doors
            for query in (MARA, MARA.replace("|", "%7C"), MARA, MARA)
        )
    )

    assert {answer.status_code for answer in answers} <= {200, 201, 409, 412}
    assert Counter(answer.status_code for answer in answers)[201] == 1
    found = (await door.ask("GET", "/Patient")).json()["entry"]
    assert len(found) == 1


async def test_servers_that_share_a_record_create_once_and_delete_once(door: FrontDoor) -> None:
    doors = several_doors(door, 4)
    condition = {"if-none-exist": MARA}

    made = await asyncio.gather(
        *(
            one.ask("POST", "/Patient", without_id(a_patient()), headers=condition)
            for one in doors * 8
        )
    )
    gone = await asyncio.gather(
        *(one.ask("DELETE", f"/Patient?{MARA}", actor="program") for one in doors * 8)
    )

    assert {answer.status_code for answer in made} <= {200, 201, 409}
    assert Counter(answer.status_code for answer in made)[201] == 1
    assert {answer.status_code for answer in gone} <= {204, 409}
    versions = (await door.ask("GET", "/Patient/_history")).json()["entry"]
    assert [each["request"]["method"] for each in versions] == ["DELETE", "POST"]

"""FHIR REST, one resource at a time."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from careflow.database.documents import Put
from careflow.database.work import Work
from careflow.fhir.resource import parse
from tests.records.front_door import (
    BASE,
    ORGANISATION,
    FrontDoor,
    a_patient,
    an_observation,
    bundle,
    entry,
    without_id,
)


async def test_a_created_resource_is_read_back_with_every_digit_it_was_sent_with(
    door: FrontDoor,
) -> None:
    body = (
        b'{"resourceType":"Observation","status":"final","code":{"text":"weight"},'
        b'"valueQuantity":{"value":72.50,"unit":"kg"}}'
    )

    created = await door.ask("POST", "/Observation", body)
    read = await door.ask("GET", f"/Observation/{created.json()['id']}")

    assert created.status_code == 201
    assert created.headers["location"] == f"{BASE}/Observation/id-1/_history/1"
    assert created.headers["etag"] == 'W/"1"'
    assert b'"value":72.50' in read.content
    assert read.content == created.content
    assert read.headers["content-type"].startswith("application/fhir+json")
    assert read.headers["etag"] == 'W/"1"'
    assert read.headers["last-modified"].endswith("GMT")


async def test_the_id_in_a_created_resource_is_replaced(door: FrontDoor) -> None:
    created = await door.ask("POST", "/Patient", a_patient("my-own"))

    assert created.json()["id"] == "id-1"
    assert (await door.ask("GET", "/Patient/my-own")).status_code == 404


async def test_an_update_may_create_under_the_clients_id_and_then_makes_versions(
    door: FrontDoor,
) -> None:
    first = await door.ask("PUT", "/Patient/mara", a_patient())
    second = await door.ask("PUT", "/Patient/mara", a_patient(gender="other"))

    assert (first.status_code, second.status_code) == (201, 200)
    assert first.headers["location"].endswith("/Patient/mara/_history/1")
    assert second.json()["meta"]["versionId"] == "2"
    old = await door.ask("GET", "/Patient/mara/_history/1")
    assert old.json()["gender"] == "female"


async def test_an_update_of_an_older_version_is_refused_and_changes_nothing(
    door: FrontDoor,
) -> None:
    await door.put(a_patient())
    await door.put(a_patient(gender="other"))

    refused = await door.ask(
        "PUT", "/Patient/mara", a_patient(gender="male"), headers={"if-match": 'W/"1"'}
    )
    taken = await door.ask(
        "PUT", "/Patient/mara", a_patient(gender="unknown"), headers={"if-match": 'W/"2"'}
    )

    assert refused.status_code == 412
    assert refused.json()["issue"][0]["code"] == "conflict"
    assert taken.json()["meta"]["versionId"] == "3"


async def test_of_two_updates_at_once_with_the_same_tag_one_wins(door: FrontDoor) -> None:
    await door.put(a_patient())
    tag = {"if-match": 'W/"1"'}

    answers = await asyncio.gather(
        *(door.ask("PUT", "/Patient/mara", a_patient(), headers=tag) for _ in range(4))
    )

    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412]


async def test_a_deleted_resource_is_gone_but_its_versions_stay(door: FrontDoor) -> None:
    await door.put(an_observation())

    deleted = await door.ask("DELETE", "/Observation/potassium")
    again = await door.ask("DELETE", "/Observation/potassium")

    assert (deleted.status_code, again.status_code) == (204, 204)
    assert (await door.ask("GET", "/Observation/potassium")).status_code == 410
    assert (await door.ask("GET", "/Observation/potassium/_history/1")).status_code == 200
    history = (await door.ask("GET", "/Observation/potassium/_history")).json()
    assert [e["request"]["method"] for e in history["entry"]] == ["DELETE", "POST"]
    assert "resource" not in history["entry"][0]
    assert (await door.ask("DELETE", "/Observation/never-there")).status_code == 404


async def test_a_deleted_resource_comes_back_by_an_update(door: FrontDoor) -> None:
    await door.put(an_observation())
    await door.ask("DELETE", "/Observation/potassium")

    back = await door.ask("PUT", "/Observation/potassium", an_observation())

    assert back.status_code == 201
    assert back.json()["meta"]["versionId"] == "3"


async def test_what_the_client_has_already_is_not_sent_again(door: FrontDoor) -> None:
    answer = await door.put(a_patient())

    by_tag = await door.ask("GET", "/Patient/mara", headers={"if-none-match": 'W/"1"'})
    by_time = await door.ask(
        "GET", "/Patient/mara", headers={"if-modified-since": answer.headers["last-modified"]}
    )
    other = await door.ask("GET", "/Patient/mara", headers={"if-none-match": 'W/"7"'})

    assert (by_tag.status_code, by_tag.content) == (304, b"")
    assert by_time.status_code == 304
    assert other.status_code == 200


@pytest.mark.parametrize(
    ("wish", "kind"),
    [("return=minimal", None), ("return=OperationOutcome", "OperationOutcome"), ("", "Patient")],
)
async def test_the_answer_to_a_write_is_what_was_preferred(
    door: FrontDoor, wish: str, kind: str | None
) -> None:
    created = await door.ask("POST", "/Patient", without_id(a_patient()), headers={"prefer": wish})

    assert created.status_code == 201
    assert (created.json()["resourceType"] if created.content else None) == kind
    assert "location" in created.headers


async def test_a_head_request_answers_the_headers_alone(door: FrontDoor) -> None:
    await door.put(a_patient())

    answer = await door.ask("HEAD", "/Patient/mara")

    assert answer.status_code == 200
    assert answer.content == b""
    assert answer.headers["etag"] == 'W/"1"'


async def test_pretty_answers_are_indented_and_keep_their_digits(door: FrontDoor) -> None:
    body = (
        b'{"resourceType":"Observation","status":"final","code":{"text":"weight"},'
        b'"valueQuantity":{"value":72.50}}'
    )
    await door.ask("POST", "/Observation", body)

    answer = await door.ask("GET", "/Observation/id-1?_pretty=true")

    assert b'"value": 72.50\n' in answer.content


async def test_history_of_a_type_and_of_everything_pages_newest_first(door: FrontDoor) -> None:
    await door.put(a_patient())
    await door.put(an_observation("a"))
    await door.put(an_observation("b"))
    await door.put(an_observation("a", status="amended"))

    first = (await door.ask("GET", "/Observation/_history?_count=2")).json()
    next_link = next(link["url"] for link in first["link"] if link["relation"] == "next")
    second = (await door.ask("GET", next_link.removeprefix(BASE))).json()
    everything = (await door.ask("GET", "/_history")).json()

    def versions(page: dict[str, Any]) -> list[str]:
        return [
            f"{e['resource']['id']}/{e['resource']['meta']['versionId']}" for e in page["entry"]
        ]

    assert versions(first) == ["a/2", "b/1"]
    assert versions(second) == ["a/1"]
    assert versions(everything) == ["a/2", "b/1", "a/1", "mara/1"]
    parse((await door.ask("GET", "/_history")).content)


async def test_history_since_an_instant_leaves_out_what_is_older(door: FrontDoor) -> None:
    await door.put(an_observation("old"))
    new = await door.put(an_observation("new"))
    since = new.json()["meta"]["lastUpdated"]

    answer = await door.ask("GET", f"/Observation/_history?_since={since}")

    assert [e["resource"]["id"] for e in answer.json()["entry"]] == ["new"]


async def test_a_conditional_create_finds_what_is_there_already(door: FrontDoor) -> None:
    await door.put(a_patient())
    condition = {"if-none-exist": "identifier=http://harbour.test/mrn|MRN-mara"}

    found = await door.ask("POST", "/Patient", a_patient(), headers=condition)
    made = await door.ask(
        "POST", "/Patient", a_patient(), headers={"if-none-exist": "identifier=other|1"}
    )

    assert (found.status_code, found.json()["id"]) == (200, "mara")
    assert made.status_code == 201


async def test_who_may_create_but_not_look_may_not_create_conditionally(door: FrontDoor) -> None:
    await door.put(a_patient())
    condition = "identifier=http://harbour.test/mrn|MRN-mara"
    sent = bundle(
        "transaction",
        entry("POST", "Patient", a_patient(), request={"ifNoneExist": condition}),
    )

    plain = await door.ask("POST", "/Patient", a_patient(), actor="feeder")
    alone = await door.ask(
        "POST", "/Patient", a_patient(), actor="feeder", headers={"if-none-exist": condition}
    )
    bundled = await door.ask("POST", "", sent, actor="feeder")

    assert [plain.status_code, alone.status_code, bundled.status_code] == [201, 403, 403]


async def test_of_conditional_creates_at_once_one_creates_and_the_others_find_it(
    door: FrontDoor,
) -> None:
    condition = {"if-none-exist": "identifier=http://harbour.test/mrn|MRN-mara"}

    answers = await asyncio.gather(
        *(
            door.ask("POST", "/Patient", without_id(a_patient()), headers=condition)
            for _ in range(2)
        )
    )

    assert sorted(answer.status_code for answer in answers) == [200, 201]
    assert len({answer.json()["id"] for answer in answers}) == 1


async def test_the_capability_statement_needs_no_sign_in_and_is_valid(door: FrontDoor) -> None:
    answer = await door.ask("GET", "/metadata", actor=None)

    statement = parse(answer.content, expected_type="CapabilityStatement").value
    assert answer.status_code == 200
    assert statement.fhirVersion == "4.0.1"
    types = {resource.type for resource in statement.rest[0].resource}
    assert len(types) == 146


# --- who may -------------------------------------------------------------------------------


async def test_without_a_token_nothing_but_the_metadata_is_answered(door: FrontDoor) -> None:
    answer = await door.ask("GET", "/Patient/mara", actor=None)

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.json()["issue"][0]["code"] == "login"


async def test_a_patient_reads_their_own_record_and_nobody_elses(door: FrontDoor) -> None:
    await door.put(a_patient("mara"))
    await door.put(a_patient("other"))
    await door.put(an_observation("mine", "mara"))
    await door.put(an_observation("theirs", "other"))

    assert (await door.ask("GET", "/Patient/mara", actor="mara")).status_code == 200
    assert (await door.ask("GET", "/Observation/mine", actor="mara")).status_code == 200
    assert (await door.ask("GET", "/Patient/other", actor="mara")).status_code == 404
    assert (await door.ask("GET", "/Observation/theirs", actor="mara")).status_code == 404
    assert (await door.ask("GET", "/Observation/theirs/_history", actor="mara")).status_code == 404
    for path in ("/Observation", "/Observation/_history"):
        page = (await door.ask("GET", path, actor="mara")).json()
        assert [e["resource"]["id"] for e in page["entry"]] == ["mine"]
    assert (await door.ask("GET", "/_history", actor="mara")).status_code == 403
    assert (await door.ask("PUT", "/Patient/mara", a_patient(), actor="mara")).status_code == 403


async def test_another_organisation_sees_nothing(door: FrontDoor) -> None:
    await door.put(a_patient())

    answer = await door.ask("GET", "/Patient/mara", actor="elsewhere")

    assert answer.status_code == 404


async def test_a_receptionist_reads_no_results_and_the_refusal_is_kept(door: FrontDoor) -> None:
    await door.put(an_observation())

    refused = await door.ask("GET", "/Observation/potassium", actor="receptionist")

    assert refused.status_code == 403
    page = await door.trail.entries(actor="a-3")
    assert [(e.action, e.outcome) for e in page.entries] == [
        ("records:observation:read", "refused")
    ]


async def test_everything_in_history_leaves_out_what_is_no_resource(door: FrontDoor) -> None:
    async with Work(door.documents) as work:
        work.put(Put("draft", "d-1", b"{}", ORGANISATION))
    await door.put(a_patient())

    everything = (await door.ask("GET", "/_history")).json()

    assert [e["resource"]["resourceType"] for e in everything["entry"]] == ["Patient"]


# --- what the trail says -------------------------------------------------------------------


async def test_a_read_is_in_the_trail_with_the_patient_before_it_is_answered(
    door: FrontDoor,
) -> None:
    await door.put(an_observation())

    await door.ask("GET", "/Observation/potassium", actor="nurse")

    (entry,) = (await door.trail.entries(actor="a-2")).entries
    assert entry.action == "records:observation:read"
    assert entry.patients == ("mara",)
    assert entry.subjects == ("Observation/potassium",)


async def test_a_search_is_one_entry_that_names_every_patient(door: FrontDoor) -> None:
    await door.put(an_observation("one", "mara"))
    await door.put(an_observation("two", "other"))

    await door.ask("GET", "/Observation", actor="nurse")

    (entry,) = (await door.trail.entries(actor="a-2")).entries
    assert entry.action == "records:observation:search"
    assert set(entry.patients) == {"mara", "other"}


async def test_a_write_and_its_entry_are_kept_together(door: FrontDoor) -> None:
    await door.ask("POST", "/Observation", without_id(an_observation()))
    await door.ask("DELETE", "/Observation/id-1")

    entries = (await door.trail.entries(patient="mara")).entries

    assert [(e.action, e.subjects) for e in entries] == [
        ("records:observation:delete", ("Observation/id-1",)),
        ("records:observation:create", ("Observation/id-1",)),
    ]

"""Conditions and patches inside bundles."""

from __future__ import annotations

import asyncio
import base64
import json
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from careflow.fhir.resource import parse
from careflow.records.store import Records
from tests.contracts.counting import counted
from tests.records.front_door import (
    FrontDoor,
    SteadyClock,
    a_patient,
    an_observation,
    bundle,
    counting_mint,
    entry,
    several_doors,
    without_id,
)

MARA = "Patient?identifier=http://harbour.test/mrn|MRN-mara"
URN = "urn:uuid:9b2d4c1e-0000-4000-8000-000000000001"
SIGN = [{"op": "replace", "path": "/status", "value": "amended"}]


def a_patch(operations: Any, *, type_: str = "application/json-patch+json") -> dict[str, Any]:
    """Return a JSON Patch as a bundle carries it."""
    data = base64.b64encode(json.dumps(operations).encode()).decode()
    return {"resourceType": "Binary", "contentType": type_, "data": data}


def statuses(answer: Any) -> list[str]:
    return [each["response"]["status"][:3] for each in answer.json()["entry"]]


async def carry_out(door: FrontDoor, *entries: dict[str, Any], type_: str = "transaction") -> Any:
    answer = await door.ask("POST", "", bundle(type_, *entries), actor="program")
    if answer.status_code == 200:
        parse(answer.content, expected_type="Bundle")
    return answer


# --- conditional writes ------------------------------------------------------------------------


async def test_an_update_by_a_condition_creates_and_others_refer_to_it(door: FrontDoor) -> None:
    result = without_id(an_observation()) | {"subject": {"reference": URN}}

    answer = await carry_out(
        door,
        entry("POST", "Observation", result),
        entry("PUT", MARA, without_id(a_patient()), fullUrl=URN),
    )

    assert statuses(answer) == ["201", "201"]
    (person,) = (await door.ask("GET", "/Patient")).json()["entry"]
    found = await door.ask("GET", f"/Observation?patient={person['resource']['id']}")
    assert len(found.json()["entry"]) == 1


async def test_an_update_by_a_condition_changes_the_one_that_meets_it(door: FrontDoor) -> None:
    await door.put(a_patient())
    result = without_id(an_observation()) | {"subject": {"reference": URN}}

    answer = await carry_out(
        door,
        entry("PUT", MARA, without_id(a_patient(gender="other")), fullUrl=URN),
        entry("POST", "Observation", result),
    )

    assert statuses(answer) == ["200", "201"]
    assert (await door.ask("GET", "/Patient/mara")).json()["gender"] == "other"
    assert len((await door.ask("GET", "/Observation?patient=mara")).json()["entry"]) == 1


@pytest.mark.parametrize(
    ("url", "sent", "status", "code"),
    [
        (MARA, a_patient("other"), 400, "records-id-mismatch"),
        ("Patient?identifier=nobody", a_patient("mara"), 409, "records-id-taken"),
        ("Patient?gender=female", a_patient("mara"), 412, "records-several-match"),
    ],
)
async def test_an_update_by_a_condition_that_does_not_fit_stops_all(
    door: FrontDoor, url: str, sent: dict[str, Any], status: int, code: str
) -> None:
    await door.put(a_patient("mara"))
    await door.put(a_patient("jonas"))

    answer = await carry_out(
        door, entry("POST", "Observation", without_id(an_observation())), entry("PUT", url, sent)
    )

    issue = answer.json()["issue"][0]
    assert (answer.status_code, issue["details"]["coding"][0]["code"]) == (status, code)
    assert issue["expression"] == ["Bundle.entry[1]"]
    assert await door.count() == 2


async def test_deletes_by_a_condition_delete_one_or_nothing(door: FrontDoor) -> None:
    await door.put(an_observation("old"))
    await door.put(a_patient("mara"))

    answer = await carry_out(
        door,
        entry("DELETE", "Observation?status=final"),
        entry("DELETE", "Observation?status=amended"),
        entry("DELETE", MARA),
    )
    again = await carry_out(door, entry("DELETE", "Observation/old"))

    assert statuses(answer) == ["204", "204", "204"]
    assert statuses(again) == ["204"]
    assert (await door.ask("GET", "/Observation/old")).status_code == 410
    assert (await door.ask("GET", "/Patient/mara")).status_code == 410


async def test_what_several_meet_is_not_deleted(door: FrontDoor) -> None:
    await door.put(an_observation("one"))
    await door.put(an_observation("two"))

    answer = await carry_out(door, entry("DELETE", "Observation?status=final"))

    assert answer.status_code == 412
    assert await door.count() == 2


async def test_versions_hold_for_what_a_condition_finds(door: FrontDoor) -> None:
    await door.put(a_patient())
    stale, current = ({"ifMatch": f'W/"{version}"'} for version in (7, 1))

    refused = await carry_out(door, entry("PUT", MARA, a_patient(), request=stale))
    taken = await carry_out(door, entry("PUT", MARA, a_patient(), request=current))
    new = await carry_out(
        door, entry("PUT", "Patient/mara", a_patient(), request={"ifNoneMatch": "*"})
    )

    assert refused.status_code == 412
    assert refused.json()["issue"][0]["expression"] == ["Bundle.entry[0]"]
    assert statuses(taken) == ["200"]
    assert new.status_code == 412


# --- patches -----------------------------------------------------------------------------------


async def test_patches_change_parts_and_keep_every_digit(door: FrontDoor) -> None:
    body = json.dumps(an_observation()).replace("4.5", "4.50").encode()
    await door.ask("PUT", "/Observation/potassium", body)
    await door.put(an_observation("other", status="preliminary"))
    refer = [{"op": "replace", "path": "/subject/reference", "value": URN}]

    answer = await carry_out(
        door,
        entry("PATCH", "Observation/potassium", a_patch(SIGN)),
        entry("PATCH", "Observation?status=preliminary", a_patch(refer)),
        entry("POST", "Patient", a_patient(), fullUrl=URN),
    )

    assert statuses(answer) == ["200", "200", "201"]
    signed = await door.ask("GET", "/Observation/potassium")
    assert b"4.50" in signed.content
    assert signed.json()["status"] == "amended"
    other = (await door.ask("GET", "/Observation/other")).json()
    assert other["subject"]["reference"].startswith("Patient/id-")


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (a_patch([{"op": "remove", "path": "/status"}]), 422),
        (a_patch([{"op": "remove", "path": "/nothing"}]), 422),
        (a_patch([{"op": "test", "path": "/status", "value": "draft"}]), 409),
        (a_patch({"op": "remove"}), 400),
        (a_patch(SIGN, type_="application/fhir+json"), 422),
        ({"resourceType": "Binary", "contentType": "application/json-patch+json"}, 422),
        ({"resourceType": "Parameters"}, 422),
    ],
)
async def test_a_patch_that_cannot_be_done_stops_all_and_is_named(
    door: FrontDoor, sent: dict[str, Any], status: int
) -> None:
    await door.put(an_observation())

    answer = await carry_out(
        door,
        entry("POST", "Patient", a_patient()),
        entry("PATCH", "Observation/potassium", sent),
    )

    assert answer.status_code == status
    assert answer.json()["issue"][0]["expression"][0].startswith("Bundle.entry[1]")
    assert await door.count() == 1


async def test_what_is_patched_is_written_once(door: FrontDoor) -> None:
    await door.put(an_observation())

    answer = await carry_out(
        door,
        entry("PUT", "Observation/potassium", an_observation()),
        entry("PATCH", "Observation?status=final", a_patch(SIGN)),
    )

    assert answer.status_code == 400
    assert answer.json()["issue"][0]["expression"] == ["Bundle.entry[1]"]
    assert await door.count() == 1


# --- conditional references --------------------------------------------------------------------


async def test_a_reference_means_what_is_there_once_all_is_carried_out(door: FrontDoor) -> None:
    await door.put(a_patient("gone"))
    await door.put(a_patient("kept"))
    one = a_patient()["identifier"]
    result = without_id(an_observation()) | {"subject": {"reference": MARA}}

    answer = await carry_out(
        door,
        entry("DELETE", "Patient/gone"),
        entry("PUT", "Patient/kept", a_patient("kept", identifier=one)),
        entry("POST", "Observation", result),
    )

    assert statuses(answer) == ["204", "200", "201"]
    assert len((await door.ask("GET", "/Observation?patient=kept")).json()["entry"]) == 1


async def test_a_reference_to_what_is_deleted_beside_it_means_nothing(door: FrontDoor) -> None:
    await door.put(a_patient())
    result = without_id(an_observation()) | {"subject": {"reference": MARA}}

    answer = await carry_out(
        door, entry("DELETE", "Patient/mara"), entry("POST", "Observation", result)
    )

    assert answer.status_code == 422
    assert await door.count() == 1


async def test_two_entries_under_one_condition_are_refused(door: FrontDoor) -> None:
    swapped = "Patient?gender=female&identifier=http://harbour.test/mrn%7CMRN-mara"

    answer = await carry_out(
        door,
        entry("PUT", f"{MARA}&gender=female", without_id(a_patient())),
        entry("PUT", swapped, without_id(a_patient())),
    )

    assert answer.status_code == 400
    assert answer.json()["issue"][0]["expression"] == ["Bundle.entry[1]"]
    assert await door.count() == 0


# --- batches -----------------------------------------------------------------------------------


async def test_a_batch_takes_conditions_and_patches_one_by_one(door: FrontDoor) -> None:
    await door.put(an_observation())
    await door.put(a_patient("other"))

    answer = await carry_out(
        door,
        entry("PUT", MARA, without_id(a_patient())),
        entry("PUT", MARA, without_id(a_patient(gender="other"))),
        entry("PATCH", "Observation/potassium", a_patch(SIGN)),
        entry("PATCH", "Observation/potassium", a_patch([{"op": "remove", "path": "/x"}])),
        entry("PATCH", "Observation/potassium", a_patient()),
        entry("DELETE", "Observation?status=amended"),
        entry("POST", "Patient", a_patient(), request={"ifNoneExist": MARA.partition("?")[2]}),
        entry("PUT", "Patient?gender:missing=false", a_patient()),
        entry("PUT", "Patient?banana=1", a_patient()),
        type_="batch",
    )

    expected = ["201", "200", "200", "422", "422", "204", "200", "412", "400"]
    assert statuses(answer) == expected


@pytest.mark.parametrize("type_", ["batch", "transaction"])
async def test_what_the_asker_of_a_bundle_has_already_is_not_sent_again(
    door: FrontDoor, type_: str
) -> None:
    await door.put(a_patient())
    tag, since = {"ifNoneMatch": 'W/"1"'}, {"ifModifiedSince": "2030-01-01T00:00:00+02:00"}

    answer = await carry_out(
        door,
        entry("GET", "Patient/mara", request=tag),
        entry("GET", "Patient/mara", request=since),
        entry("GET", "Patient/mara", request={"ifNoneMatch": 'W/"7"'}),
        type_=type_,
    )
    bad = await carry_out(door, entry("GET", "Patient/mara", request={"ifModifiedSince": "lately"}))

    assert statuses(answer) == ["304", "304", "200"]
    assert "resource" not in answer.json()["entry"][0]
    assert bad.status_code == 422


# --- who may, what is kept ---------------------------------------------------------------------


async def test_who_may_not_look_may_use_no_condition_in_a_transaction(door: FrontDoor) -> None:
    await door.put(a_patient())
    for sent in (
        entry("PUT", MARA, a_patient()),
        entry("DELETE", MARA),
        entry("PATCH", MARA, a_patch(SIGN)),
    ):
        answer = await door.ask("POST", "", bundle("transaction", sent), actor="writer")
        assert answer.status_code == 403
    assert await door.count() == 1


async def test_what_a_writer_is_not_shown_is_neither_lost_nor_told(door: FrontDoor) -> None:
    await door.put(a_patient(maritalStatus={"text": "widowed"}))
    rename = [{"op": "replace", "path": "/name/0/family", "value": "Lind"}]

    for sent in (
        entry("PATCH", MARA, a_patch(rename)),
        entry("PUT", MARA, without_id(a_patient(gender="other"))),
        entry("POST", "Patient", a_patient(), request={"ifNoneExist": MARA.partition("?")[2]}),
    ):
        answer = await door.ask(
            "POST",
            "",
            bundle("transaction", sent),
            actor="receptionist",
            headers={"prefer": "return=representation"},
        )
        assert answer.json()["entry"][0]["resource"]["id"] == "mara", answer.text
        assert "widowed" not in answer.text

    kept = (await door.ask("GET", "/Patient/mara")).json()
    assert (kept["maritalStatus"], kept["gender"]) == ({"text": "widowed"}, "other")


async def test_who_may_not_look_may_not_refer_by_a_condition_either(door: FrontDoor) -> None:
    await door.put(a_patient())
    result = without_id(an_observation()) | {"subject": {"reference": MARA}}

    answer = await door.ask(
        "POST", "", bundle("transaction", entry("POST", "Observation", result)), actor="writer"
    )

    assert answer.status_code == 403
    assert answer.json()["issue"][0]["expression"] == ["Bundle.entry[0].resource"]
    assert await door.count() == 1


async def test_what_a_create_found_and_answers_is_in_the_trail(door: FrontDoor) -> None:
    await door.put(a_patient())
    sent = entry("POST", "Patient", a_patient(), request={"ifNoneExist": MARA.partition("?")[2]})

    answer = await door.ask(
        "POST",
        "",
        bundle("transaction", sent),
        headers={"prefer": "return=representation"},
    )

    assert answer.json()["entry"][0]["resource"]["id"] == "mara"
    (kept,) = (await door.trail.entries(actor="a-1")).entries
    assert (kept.action, kept.patients) == ("records:bundle:read", ("mara",))


def counting(door: FrontDoor) -> tuple[FrontDoor, Counter[str]]:
    """Return a server over the same record that counts what it asks the database."""
    documents, asked = counted(door.documents)
    records = Records(documents, clock=SteadyClock(), mint=counting_mint("new"))
    (opened,) = several_doors(replace(door, records=records), 1)
    return opened, asked


# --- races and budgets -------------------------------------------------------------------------


async def test_transactions_at_once_on_several_servers_make_one_resource(door: FrontDoor) -> None:
    result = without_id(an_observation()) | {"subject": {"reference": URN}}
    sent = bundle(
        "transaction",
        entry("PUT", MARA, without_id(a_patient()), fullUrl=URN),
        entry("POST", "Observation", result),
    )

    answers = await asyncio.gather(
        *(one.ask("POST", "", sent) for one in several_doors(door, 8) * 4)
    )

    told = Counter(answer.status_code for answer in answers)
    assert set(told) <= {200, 409}
    assert len((await door.ask("GET", "/Patient")).json()["entry"]) == 1
    kept = (await door.ask("GET", "/Observation?_count=100")).json()["entry"]
    assert len(kept) == told[200]
    assert len({each["resource"]["subject"]["reference"] for each in kept}) == 1


async def test_a_hundred_references_under_three_conditions_are_three_questions(
    door: FrontDoor,
) -> None:
    people = ("mara", "jonas", "ida")
    for id in people:
        await door.put(a_patient(id))
    counted_door, asked = counting(door)

    entries = [
        entry(
            "POST",
            "Observation",
            without_id(an_observation())
            | {
                "subject": {
                    "reference": f"Patient?identifier=http://harbour.test/mrn|MRN-{people[n % 3]}"
                }
            },
        )
        for n in range(100)
    ]
    answer = await carry_out(counted_door, *entries)

    assert answer.status_code == 200
    assert asked == {"find": 3, "commit": 1}


async def test_conditional_updates_ask_twice_each(door: FrontDoor) -> None:
    counted_door, asked = counting(door)
    entries = [
        entry("PUT", f"Patient?identifier=http://harbour.test/mrn|MRN-p{n}", without_id(one))
        for n in range(30)
        for one in (a_patient(f"p{n}"),)
    ]

    created = await carry_out(counted_door, *entries)
    at_first = dict(asked)
    asked.clear()
    updated = await carry_out(counted_door, *entries)

    assert set(statuses(created)) == {"201"}
    assert set(statuses(updated)) == {"200"}
    assert at_first == {"read": 60, "find": 30, "commit": 1}
    assert asked == {"read": 30, "find": 30, "commit": 1}

"""Transactions and batches."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from careflow.fhir.resource import parse
from tests.records.front_door import (
    FrontDoor,
    a_patient,
    an_observation,
    bundle,
    entry,
    without_id,
)

URN_PATIENT = "urn:uuid:9b2d4c1e-0000-4000-8000-000000000001"
URN_RESULT = "urn:uuid:9b2d4c1e-0000-4000-8000-000000000002"


def a_practitioner(id: str, npi: str) -> dict[str, Any]:
    return {
        "resourceType": "Practitioner",
        "id": id,
        "identifier": [{"system": "http://hl7.org/fhir/sid/us-npi", "value": npi}],
    }


async def test_a_transaction_links_its_resources_and_stores_all_of_them(door: FrontDoor) -> None:
    patient = without_id(a_patient())
    result = without_id(an_observation()) | {"subject": {"reference": URN_PATIENT}}

    answer = await door.ask(
        "POST",
        "",
        bundle(
            "transaction",
            entry("POST", "Observation", result, fullUrl=URN_RESULT),
            entry("POST", "Patient", patient, fullUrl=URN_PATIENT),
        ),
    )

    assert answer.status_code == 200
    responses = [e["response"] for e in answer.json()["entry"]]
    assert [r["status"] for r in responses] == ["201 Created", "201 Created"]
    assert responses[0]["location"].endswith("/Observation/id-1/_history/1")
    stored = (await door.ask("GET", "/Observation/id-1")).json()
    assert stored["subject"] == {"reference": "Patient/id-2"}
    found = (await door.ask("GET", "/Observation?patient=id-2")).json()
    assert [e["resource"]["id"] for e in found["entry"]] == ["id-1"]
    parse(answer.content, expected_type="Bundle")


async def test_deletes_come_first_then_creates_then_updates_then_reads(door: FrontDoor) -> None:
    await door.put(an_observation("old"))
    await door.put(an_observation("kept"))

    answer = await door.ask(
        "POST",
        "",
        bundle(
            "transaction",
            entry("GET", "Observation?_summary=count"),
            entry("PUT", "Observation/kept", an_observation("kept", status="amended")),
            entry("POST", "Observation", without_id(an_observation())),
            entry("DELETE", "Observation/old"),
        ),
    )

    parts = answer.json()["entry"]
    assert [p["response"]["status"][:3] for p in parts] == ["200", "200", "201", "204"]
    assert parts[0]["resource"]["total"] == 2
    everything = (await door.ask("GET", "/Observation/_history")).json()["entry"]
    assert [e["request"]["method"] for e in everything[:3]] == ["PUT", "POST", "DELETE"]


async def test_one_bad_entry_among_a_thousand_is_named_and_nothing_is_stored(
    door: FrontDoor,
) -> None:
    entries = [entry("POST", "Observation", without_id(an_observation())) for _ in range(1000)]
    del entries[617]["resource"]["status"]

    answer = await door.ask("POST", "", bundle("transaction", *entries))

    assert answer.status_code == 422
    issue = answer.json()["issue"][0]
    assert issue["expression"] == ["Bundle.entry[617].resource.status"]
    assert "617" in issue["diagnostics"]
    assert await door.count() == 0


async def test_a_stale_tag_inside_a_transaction_stops_all_of_it(door: FrontDoor) -> None:
    await door.put(a_patient())
    await door.put(a_patient(gender="other"))
    update = entry("PUT", "Patient/mara", a_patient(), request={"ifMatch": 'W/"1"'})

    answer = await door.ask(
        "POST", "", bundle("transaction", entry("POST", "Patient", a_patient()), update)
    )

    assert answer.status_code == 412
    assert answer.json()["issue"][0]["expression"] == ["Bundle.entry[1]"]
    assert await door.count() == 2


async def test_two_entries_for_one_resource_are_refused(door: FrontDoor) -> None:
    answer = await door.ask(
        "POST",
        "",
        bundle(
            "transaction",
            entry("PUT", "Patient/mara", a_patient()),
            entry("PUT", "Patient/mara", a_patient(gender="other")),
        ),
    )

    assert answer.status_code == 400
    assert answer.json()["issue"][0]["expression"] == ["Bundle.entry[1]"]
    assert await door.count() == 0


async def test_a_conditional_reference_finds_what_is_in_the_record(door: FrontDoor) -> None:
    await door.put(a_practitioner("dr-okoye", "9999994996"))
    result = without_id(an_observation()) | {
        "performer": [
            {"reference": "Practitioner?identifier=http://hl7.org/fhir/sid/us-npi|9999994996"}
        ]
    }

    await door.ask("POST", "", bundle("transaction", entry("POST", "Observation", result)))

    stored = (await door.ask("GET", "/Observation/id-1")).json()
    assert stored["performer"] == [{"reference": "Practitioner/dr-okoye"}]


async def test_a_conditional_reference_finds_what_is_created_beside_it(door: FrontDoor) -> None:
    condition = "Practitioner?identifier=http://hl7.org/fhir/sid/us-npi|77"
    result = without_id(an_observation()) | {"performer": [{"reference": condition}]}

    await door.ask(
        "POST",
        "",
        bundle(
            "transaction",
            entry("POST", "Observation", result),
            entry("PUT", "Practitioner/dr-new", a_practitioner("dr-new", "77")),
        ),
        actor="program",
    )

    stored = (await door.ask("GET", "/Observation?performer=Practitioner/dr-new")).json()
    assert len(stored["entry"]) == 1


async def test_a_conditional_reference_that_means_two_things_stops_the_transaction(
    door: FrontDoor,
) -> None:
    await door.put(a_practitioner("one", "77"))
    await door.put(a_practitioner("two", "77"))
    condition = "Practitioner?identifier=http://hl7.org/fhir/sid/us-npi|77"
    result = without_id(an_observation()) | {"performer": [{"reference": condition}]}

    answer = await door.ask("POST", "", bundle("transaction", entry("POST", "Observation", result)))

    assert answer.status_code == 412
    assert answer.json()["issue"][0]["code"] == "multiple-matches"
    assert await door.count() == 2


@pytest.mark.parametrize(
    "reference",
    ["Practitioner?identifier=nobody|1", "Nonsense?identifier=1", "Practitioner?_count=1"],
)
async def test_a_conditional_reference_that_means_nothing_stops_the_transaction(
    door: FrontDoor, reference: str
) -> None:
    await door.put(a_practitioner("one", "77"))
    result = without_id(an_observation()) | {"performer": [{"reference": reference}]}

    answer = await door.ask("POST", "", bundle("transaction", entry("POST", "Observation", result)))

    assert answer.status_code in {400, 422}
    assert answer.json()["issue"][0]["expression"] == ["Bundle.entry[0].resource"]
    assert await door.count() == 1


async def test_a_conditional_reference_that_means_two_things_beside_it_stops_it_too(
    door: FrontDoor,
) -> None:
    condition = "Patient?identifier=http://harbour.test/mrn|MRN-mara"
    result = without_id(an_observation()) | {"subject": {"reference": condition}}
    patients = [entry("POST", "Patient", a_patient()) for _ in range(2)]

    answer = await door.ask(
        "POST", "", bundle("transaction", *patients, entry("POST", "Observation", result))
    )

    assert answer.status_code == 412
    assert await door.count() == 0


async def test_a_create_unless_it_exists_links_others_to_what_exists(door: FrontDoor) -> None:
    await door.put(a_patient("mara"))
    condition = {"ifNoneExist": "identifier=http://harbour.test/mrn|MRN-mara"}
    result = without_id(an_observation()) | {"subject": {"reference": URN_PATIENT}}
    sent = bundle(
        "transaction",
        entry("POST", "Patient", a_patient(), fullUrl=URN_PATIENT, request=condition),
        entry("POST", "Observation", result, fullUrl=URN_RESULT),
    )

    answer = await door.ask("POST", "", sent)

    assert [e["response"]["status"][:3] for e in answer.json()["entry"]] == ["200", "201"]
    found = (await door.ask("GET", "/Observation?patient=mara")).json()
    assert len(found["entry"]) == 1


async def test_transactions_racing_to_create_one_thing_create_it_once(door: FrontDoor) -> None:
    condition = {"ifNoneExist": "identifier=http://harbour.test/mrn|MRN-mara"}
    sent = bundle("transaction", entry("POST", "Patient", a_patient(), request=condition))

    answers = await asyncio.gather(*(door.ask("POST", "", sent) for _ in range(4)))

    assert {answer.status_code for answer in answers} <= {200, 409}
    found = (await door.ask("GET", "/Patient")).json()
    assert len(found["entry"]) == 1


async def test_a_transaction_is_one_entry_in_the_trail(door: FrontDoor) -> None:
    await door.ask(
        "POST",
        "",
        bundle(
            "transaction",
            entry("PUT", "Patient/mara", a_patient()),
            entry("PUT", "Observation/potassium", an_observation()),
        ),
    )

    (kept,) = (await door.trail.entries(patient="mara")).entries
    assert kept.action == "records:bundle:transaction"
    assert set(kept.subjects) == {"Patient/mara", "Observation/potassium"}


async def test_what_one_may_not_write_alone_one_may_not_write_in_a_transaction(
    door: FrontDoor,
) -> None:
    sent = bundle(
        "transaction",
        entry("PUT", "Patient/mara", a_patient()),
        entry("PUT", "Observation/potassium", an_observation()),
    )

    answer = await door.ask("POST", "", sent, actor="receptionist")

    assert answer.status_code == 403
    assert answer.json()["issue"][0]["expression"] == ["Bundle.entry[1]"]
    assert await door.count() == 0


async def test_entries_of_a_batch_stand_or_fall_alone(door: FrontDoor) -> None:
    await door.put(a_patient())

    answer = await door.ask(
        "POST",
        "",
        bundle(
            "batch",
            entry("GET", "Patient/mara"),
            entry("POST", "Observation", {"resourceType": "Observation"}),
            entry("PUT", "Observation/potassium", an_observation()),
            entry("GET", "Nonsense/1"),
            entry("DELETE", "Observation/never-there"),
            entry("GET", "Patient?family=lind"),
        ),
    )

    parts = answer.json()["entry"]
    statuses = [p["response"]["status"][:3] for p in parts]
    assert statuses == ["200", "422", "201", "404", "404", "200"]
    assert parts[0]["resource"]["id"] == "mara"
    assert parts[1]["response"]["outcome"]["resourceType"] == "OperationOutcome"
    assert len(parts[5]["resource"]["entry"]) == 1
    parse(answer.content, expected_type="Bundle")


async def test_what_a_batch_was_refused_is_in_the_trail(door: FrontDoor) -> None:
    sent = bundle("batch", entry("GET", "Observation/potassium"), entry("GET", "Patient/mara"))

    answer = await door.ask("POST", "", sent, actor="receptionist")

    statuses = [p["response"]["status"][:3] for p in answer.json()["entry"]]
    assert statuses == ["403", "404"]
    (kept,) = (await door.trail.entries(actor="a-3")).entries
    assert (kept.action, kept.outcome) == ("records:observation:read", "refused")


@pytest.mark.parametrize("type_", ["collection", "document", "searchset"])
async def test_other_bundles_are_not_carried_out(door: FrontDoor, type_: str) -> None:
    answer = await door.ask("POST", "", bundle(type_))

    assert answer.status_code == 422
    assert answer.json()["issue"][0]["code"] == "not-supported"


@pytest.mark.parametrize(
    "bad",
    [
        {"resource": a_patient()},
        entry("PATCH", "Patient/mara", a_patient()),
        entry("PATCH", "Patient/mara"),
        entry("PUT", "Patient?banana=1", a_patient()),
        entry("PUT", "Patient/mara?identifier=1", a_patient()),
        entry("DELETE", "Patient?_count=1"),
        entry("PUT", "Patient", a_patient()),
        entry("PUT", "Patient/other", a_patient("mara")),
        entry("POST", "Patient/mara", a_patient()),
        entry("POST", "Nonsense", a_patient()),
        entry("POST", "Observation", a_patient()),
        entry("POST", "Patient"),
        entry("DELETE", "Observation/never-there"),
        entry("PUT", "Patient/mara", a_patient(), request={"ifMatch": "newest"}),
    ],
)
async def test_an_entry_that_makes_no_sense_stops_a_transaction_and_is_named(
    door: FrontDoor, bad: dict[str, Any]
) -> None:
    good = entry("PUT", "Observation/potassium", an_observation())

    answer = await door.ask("POST", "", bundle("transaction", good, bad))

    assert 400 <= answer.status_code < 500
    assert answer.json()["issue"][0]["expression"][0].startswith("Bundle.entry[1]")
    assert await door.count() == 0

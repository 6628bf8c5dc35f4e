"""The record's verbs, as other rooms call them."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from careflow.database.documents import Delete, Document, Put, VersionMismatchError
from careflow.database.scope import COMPARTMENT, AccessScope, organisation_scope
from careflow.database.work import Staged, Work
from careflow.errors import NotAllowedError
from careflow.fhir.extract import entries
from careflow.fhir.resource import InvalidResourceError, parse
from careflow.records.disclosure import patients_in
from careflow.records.owners import Owners, Proposal
from careflow.records.proposing import (
    IdMismatchError,
    ResourceGoneError,
    ResourceNotFoundError,
)
from careflow.records.reach import OutsideScopeError
from careflow.records.store import Records
from tests.records.front_door import (
    ACTORS,
    ORGANISATION,
    FrontDoor,
    a_patient,
    an_observation,
    counting_mint,
)
from tests.shared_data import shared

EVERYTHING = organisation_scope(ORGANISATION)
NURSE = ACTORS["nurse"]
MARA_ONLY = AccessScope(ORGANISATION, patients=frozenset({"mara"}))


async def test_plain_data_is_stored_and_its_id_is_known_before_the_commit(
    door: FrontDoor,
) -> None:
    async with Work(door.documents) as work:
        patient = await door.records.create(work, a_patient(), actor=NURSE)
        result = an_observation(patient=patient.change.id)
        await door.records.create(work, result, actor=NURSE, id="potassium")

    assert patient.document.id == patient.change.id == "id-1"
    stored = await door.records.read("Observation", "potassium", EVERYTHING)
    assert b'"reference":"Patient/id-1"' in stored.body


async def test_an_invalid_resource_stops_the_work_and_nothing_of_it_is_stored(
    door: FrontDoor,
) -> None:
    async def store_a_good_and_a_bad_one() -> None:
        async with Work(door.documents) as work:
            await door.records.create(work, an_observation(), actor=NURSE)
            await door.records.create(work, a_patient(gender="sometimes"), actor=NURSE)

    with pytest.raises(InvalidResourceError):
        await store_a_good_and_a_bad_one()

    assert await door.count() == 0
    assert (await door.trail.entries(actor=NURSE.id)).entries == []


async def test_creating_under_an_id_that_is_taken_is_refused(door: FrontDoor) -> None:
    await door.put(a_patient())

    with pytest.raises(VersionMismatchError):
        async with Work(door.documents) as work:
            await door.records.create(work, a_patient(), actor=NURSE, id="mara")


async def test_an_update_needs_the_id_it_is_stored_under(door: FrontDoor) -> None:
    work = Work(door.documents)

    with pytest.raises(IdMismatchError):
        await door.records.update(work, a_patient("mara"), actor=NURSE, id="other")


async def test_an_update_of_a_version_that_is_not_current_fails_the_commit(
    door: FrontDoor,
) -> None:
    await door.put(a_patient())
    await door.put(a_patient())

    with pytest.raises(VersionMismatchError):
        async with Work(door.documents) as work:
            await door.records.update(work, a_patient(), actor=NURSE, expected=1)


async def test_what_is_absent_and_what_is_gone_are_told_apart(door: FrontDoor) -> None:
    await door.put(an_observation())
    async with Work(door.documents) as work:
        await door.records.delete(work, "Observation", "potassium", actor=NURSE)

    with pytest.raises(ResourceGoneError):
        await door.records.read("Observation", "potassium", EVERYTHING)
    with pytest.raises(ResourceNotFoundError):
        await door.records.read("Observation", "never-there", EVERYTHING)


@pytest.mark.parametrize(
    "content",
    [an_observation("theirs", "other"), an_observation("mine", "other"), a_patient("other")],
)
async def test_a_narrow_scope_writes_neither_into_nor_over_another_record(
    door: FrontDoor, content: dict[str, object]
) -> None:
    await door.put(a_patient("other"))
    await door.put(an_observation("mine", "mara"))
    work = Work(door.documents)

    with pytest.raises(OutsideScopeError):
        await door.records.update(work, content, actor=NURSE, scope=MARA_ONLY)


async def test_a_resource_is_not_moved_out_of_another_record(door: FrontDoor) -> None:
    await door.put(an_observation("theirs", "other"))
    work = Work(door.documents)

    with pytest.raises(OutsideScopeError):
        await door.records.update(
            work, an_observation("theirs", "mara"), actor=NURSE, scope=MARA_ONLY
        )


async def test_a_move_between_records_names_both_patients_in_the_trail(door: FrontDoor) -> None:
    await door.put(an_observation("moved", "other"))
    async with Work(door.documents) as work:
        await door.records.update(work, an_observation("moved", "mara"), actor=NURSE)

    (kept,) = (await door.trail.entries(actor=NURSE.id)).entries

    assert set(kept.patients) == {"mara", "other"}


async def test_a_write_to_a_type_with_an_owner_goes_to_its_verb_in_the_same_work(
    door: FrontDoor,
) -> None:
    asked: list[Proposal] = []

    async def book(work: Work, proposal: Proposal) -> Staged:
        asked.append(proposal)
        change = proposal.change
        assert isinstance(change, Put)
        return work.put(replace(change, id="booked"))

    records = Records(
        door.documents,
        clock=lambda: datetime(2026, 3, 2, tzinfo=UTC),
        mint=counting_mint(),
        owners=Owners({"Slot": book}),
    )
    slot = {
        "resourceType": "Slot",
        "schedule": {"reference": "Schedule/1"},
        "status": "free",
        "start": "2026-03-02T09:00:00Z",
        "end": "2026-03-02T09:20:00Z",
    }

    async with Work(door.documents) as work:
        await records.create(work, slot, actor=NURSE)

    assert [proposal.act for proposal in asked] == ["create"]
    assert (await records.read("Slot", "booked", EVERYTHING)).version == 1


async def test_nobody_writes_the_trail_as_a_resource(door: FrontDoor) -> None:
    proposal = Proposal("delete", Delete("AuditEvent", "1", ORGANISATION), None, NURSE, EVERYTHING)

    with pytest.raises(Exception, match="read-only") as refused:
        await Owners().stage(Work(door.documents), proposal)

    assert not isinstance(refused.value, NotAllowedError)


# --- whose data leaves ---------------------------------------------------------------------


def a_document(kind: str, body: bytes, id: str = "x") -> Document:
    return Document(kind, id, 1, datetime(2026, 3, 2, tzinfo=UTC), body, 1)


@pytest.mark.parametrize(
    "body",
    [
        b'{"subject":{"reference":"Patient/mara"}}',
        b'{"subject":{"reference" : "Patient/mara/_history/2"}}',
        b'{"subject":{"reference":"Patient\\/mara"}}',
        b'{"subject":{"reference":"\\u0050atient/mara"}}',
        b'{"subject":{"reference":"P\\u0061tient\\u002fm\\u0061ra"}}',
    ],
)
def test_a_patient_is_named_however_the_reference_is_spelled(body: bytes) -> None:
    assert patients_in(a_document("Observation", body)) == ("mara",)


def test_a_patients_own_record_names_them_and_whom_it_links_to() -> None:
    body = b'{"link":[{"other":{"reference":"Patient/before"}}]}'

    assert patients_in(a_document("Patient", body, id="mara")) == ("mara", "before")


@pytest.mark.shared
def test_every_patient_in_whose_compartment_an_example_stands_is_named() -> None:
    lines = gzip.decompress(shared("data/fhir/r4-examples.ndjson.gz").read_bytes()).splitlines()
    placed = 0

    for line in lines:
        try:
            resource = parse(line)
        except InvalidResourceError:
            continue
        compartments = {v for p, v in entries(resource).terms if p == COMPARTMENT}
        named = set(patients_in(a_document(resource.type, line, id=resource.id or "")))
        assert compartments <= named
        placed += bool(compartments)

    assert placed > 50

"""One person's two records are made one in one commit, and parted again as they were."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec
import pytest

from careflow.database.documents import Documents, VersionMismatchError
from careflow.database.scope import organisation_scope
from careflow.database.work import Work
from careflow.identity.accounts import Accounts
from careflow.identity.actor import Actor, Role
from careflow.identity.passwords import Passwords
from careflow.ids import mint
from careflow.records.merging.merging import Merge, Merging
from careflow.records.merging.moving import referring
from careflow.records.merging.refusals import (
    ChangedSinceMergeError,
    MergedAlreadyError,
    NoSuchMergeError,
    SamePatientError,
    StillOpenError,
)
from careflow.records.store import Records
from tests.contracts.engines import SetClock

FIN = Actor("fin", "Fin", Role.RECEPTIONIST, "harbour", session="s")
EVERYTHING = organisation_scope("harbour")
ALLERGY = {
    "resourceType": "AllergyIntolerance",
    "id": "a1",
    "clinicalStatus": {
        "coding": [
            {
                "system": "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical",
                "code": "active",
            }
        ]
    },
    "patient": {"reference": "Patient/gone", "display": "Jonson, Paul"},
    "code": {"text": "Penicillin"},
}
TASK = {
    "resourceType": "Task",
    "id": "t1",
    "status": "requested",
    "intent": "order",
    "for": {"reference": "Patient/gone"},
    "focus": {"reference": "Patient/gone/_history/1"},
    "input": [{"type": {"text": "twin"}, "valueReference": {"reference": "Patient/stays"}}],
}


@dataclass
class Room:
    """Two records of one person, each with a sign-in."""

    merging: Merging
    waiting: set[str] = field(default_factory=set)

    async def body(self, kind: str, id: str) -> dict[str, Any]:
        document = await self.merging.records.read(kind, id, EVERYTHING)
        body: dict[str, Any] = msgspec.json.decode(document.body)
        body.pop("meta")
        return body

    async def put(self, resource: dict[str, Any]) -> None:
        async with Work(self.merging.records.documents) as work:
            await self.merging.records.update(work, resource, actor=FIN, scope=EVERYTHING)

    async def merge(self, gone: str = "gone", into: str = "stays") -> Merge:
        async with Work(self.merging.records.documents) as work:
            return await self.merging.merge(work, gone, into, reason="One person.", actor=FIN)

    async def undo(self, id: str) -> Merge:
        async with Work(self.merging.records.documents) as work:
            return await self.merging.undo(work, id, reason="Two people.", actor=FIN)

    async def sign_ins(self) -> dict[str, str | None]:
        return {one.email: one.patient_id for one in await self.merging.accounts.listed()}


def patient(id: str, family: str) -> dict[str, Any]:
    name = [{"family": family, "given": ["Paul"]}]
    return {"resourceType": "Patient", "id": id, "active": True, "name": name}


@pytest.fixture
async def room(documents: Documents, clock: SetClock) -> Room:
    records = Records(documents, clock=clock, mint=mint)
    accounts = Accounts(
        documents, organisation="harbour", passwords=Passwords(cost=4), clock=clock, mint=mint
    )
    waiting: set[str] = set()

    async def is_open(patient: str) -> bool:
        return patient in waiting

    built = Room(Merging(records, accounts, is_open, "harbour", clock, mint), waiting)
    for resource in (patient("gone", "Jonson"), patient("stays", "Johnson"), ALLERGY, TASK):
        await built.put(resource)
    for id in ("gone", "stays"):
        async with Work(documents) as work:
            await accounts.add(
                work,
                email=f"{id}@mail.example",
                name=id,
                role=Role.PATIENT,
                password="correct horse battery",
                by=None,
                patient_id=id,
            )
    return built


async def test_a_preview_counts_and_stores_nothing(room: Room) -> None:
    before = await room.body("AllergyIntolerance", "a1")
    seen = await room.merging.preview("gone", "stays", actor=FIN)
    assert (seen.moves, seen.visits, seen.accounts, seen.is_open) == (2, 0, 1, False)
    assert (seen.gone.family, seen.into.family) == ("Jonson", "Johnson")
    assert await room.body("AllergyIntolerance", "a1") == before


async def test_everything_of_the_one_refers_to_the_other_and_both_sign_ins_open_it(
    room: Room,
) -> None:
    merge = await room.merge()
    assert len(merge.moved) == 2
    allergy = await room.body("AllergyIntolerance", "a1")
    assert allergy["patient"]["reference"] == "Patient/stays"
    task = await room.body("Task", "t1")
    assert {task["for"]["reference"], task["focus"]["reference"]} == {"Patient/stays"}
    gone, stays = await room.body("Patient", "gone"), await room.body("Patient", "stays")
    assert gone["active"] is False
    assert gone["link"] == [{"other": {"reference": "Patient/stays"}, "type": "replaced-by"}]
    assert stays["link"] == [{"other": {"reference": "Patient/gone"}, "type": "replaces"}]
    assert set((await room.sign_ins()).values()) == {"stays"}


async def test_undone_every_reference_is_as_it_was_and_each_sign_in_opens_its_own(
    room: Room,
) -> None:
    whole = [
        ("Patient", "gone"),
        ("Patient", "stays"),
        ("AllergyIntolerance", "a1"),
        ("Task", "t1"),
    ]
    before = [await room.body(*one) for one in whole]
    signed = await room.sign_ins()
    merge = await room.merge()
    assert (await room.undo(merge.id)).is_undone
    assert [await room.body(*one) for one in whole] == before
    assert await room.sign_ins() == signed
    with pytest.raises(NoSuchMergeError):
        await room.undo(merge.id)
    assert (await room.merge()).moved == tuple(
        msgspec.structs.replace(one, before=3, after=4) for one in merge.moved
    )


async def test_what_the_record_that_stays_learnt_since_is_kept_by_an_undo(room: Room) -> None:
    merge = await room.merge()
    stays = await room.body("Patient", "stays")
    await room.put({**stays, "gender": "male"})
    await room.put({**ALLERGY, "id": "a2", "patient": {"reference": "Patient/stays"}})
    await room.undo(merge.id)
    stays = await room.body("Patient", "stays")
    assert (stays["gender"], "link" in stays) == ("male", False)
    other = await room.body("AllergyIntolerance", "a2")
    assert other["patient"]["reference"] == "Patient/stays"


async def test_an_undo_is_refused_whole_when_something_moved_was_changed(room: Room) -> None:
    merge = await room.merge()
    allergy = await room.body("AllergyIntolerance", "a1")
    await room.put({**allergy, "code": {"text": "Amoxicillin"}})
    with pytest.raises(ChangedSinceMergeError) as refused:
        await room.undo(merge.id)
    assert refused.value.facts == {"changed": ["AllergyIntolerance/a1"]}
    assert (await room.body("Patient", "gone"))["active"] is False
    assert (await room.body("Task", "t1"))["for"]["reference"] == "Patient/stays"


async def test_a_change_between_reading_and_the_commit_stores_nothing(room: Room) -> None:
    documents = room.merging.records.documents
    work = Work(documents)
    await room.merging.merge(work, "gone", "stays", reason="One person.", actor=FIN)
    await room.put({**ALLERGY, "code": {"text": "Amoxicillin"}})
    with pytest.raises(VersionMismatchError):
        await work.commit()
    assert (await room.body("Patient", "gone"))["active"] is True
    assert (await room.body("Task", "t1"))["for"]["reference"] == "Patient/gone"


@pytest.mark.parametrize(
    ("prepare", "error"),
    [
        (lambda room: room.waiting.add("gone"), StillOpenError),
        (lambda room: room.waiting.add("stays"), None),
    ],
)
async def test_what_waits_for_the_record_that_goes_is_settled_first(
    room: Room, prepare: Callable[[Room], None], error: type[Exception] | None
) -> None:
    prepare(room)
    if error is None:
        await room.merge()
        return
    with pytest.raises(error):
        await room.merge()


async def test_a_record_is_given_up_once_and_never_to_itself(room: Room) -> None:
    with pytest.raises(SamePatientError):
        await room.merge("gone", "gone")
    await room.merge()
    with pytest.raises(MergedAlreadyError):
        await room.merge()
    with pytest.raises(MergedAlreadyError):
        await room.merge("stays", "gone")


def test_references_are_moved_wherever_they_stand_and_like_ids_are_left_alone() -> None:
    body = {
        "subject": {"reference": "Patient/7"},
        "note": "Patient/7",
        "list": [{"deep": {"reference": "Patient/7/_history/2"}}, {"reference": "Patient/77"}],
        "reference": {"reference": "Patient/7"},
    }
    assert referring(body, "7", "8") == {
        "subject": {"reference": "Patient/8"},
        "note": "Patient/7",
        "list": [{"deep": {"reference": "Patient/8"}}, {"reference": "Patient/77"}],
        "reference": {"reference": "Patient/8"},
    }

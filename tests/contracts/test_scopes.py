"""A scope's conditions on terms and members, on every adapter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from careflow.database.conditions import Not, SortKey, TermIn
from careflow.database.documents import Change, Delete, Document, Documents, Entries, Put, Query
from careflow.database.narrowing import holds
from careflow.database.scope import COMPARTMENT, AccessScope, Act, Ways, organisation_scope

HARBOUR = "harbour"
KIND = "Observation"
LAB: Ways = ((("category", ("laboratory",)),),)
LAB_OR_FINAL: Ways = (*LAB, (("category", ("vital-signs",)), ("status", ("final", "amended"))))


def scope(ways: Ways, *acts: Act, patients: frozenset[str] | None = None) -> AccessScope:
    return AccessScope(
        HARBOUR,
        patients=patients,
        within={act: {KIND: ways} for act in acts or ("read", "find")},
    )


def put(id: str, category: str, *, status: str = "final", patient: str = "p1") -> Put:
    terms = (("category", category), ("status", status), (COMPARTMENT, patient))
    return Put(KIND, id, id.encode(), HARBOUR, Entries(terms=terms, texts=(("note", category),)))


@pytest.fixture
async def ward(documents: Documents) -> Documents:
    """Three observations of two patients."""
    await documents.commit(
        [
            put("lab", "laboratory"),
            put("pulse", "vital-signs"),
            put("draft", "vital-signs", status="preliminary"),
            put("other", "laboratory", patient="p2"),
        ]
    )
    return documents


async def found(documents: Documents, seen: AccessScope, *conditions: TermIn) -> list[str]:
    page = await documents.find(Query(KIND, conditions, total=True), seen)
    assert page.total == len(page.documents)
    return [each.id for each in page.documents]


async def test_a_document_without_the_terms_does_not_exist(ward: Documents) -> None:
    lab = scope(LAB)

    assert await ward.read(KIND, "pulse", lab) is None
    assert await ward.read(KIND, "pulse", lab, version=1) is None
    assert await ward.read(KIND, "lab", lab) is not None
    assert await found(ward, lab) == ["lab", "other"]
    assert ids((await ward.history(lab, kind=KIND)).documents) == ["other", "lab"]
    assert ids((await ward.history(lab)).documents) == ["other", "lab"]
    assert (await ward.history(lab, kind=KIND, id="pulse")).documents == []


async def test_ways_unite_and_what_is_in_one_way_holds_together(ward: Documents) -> None:
    either = scope(LAB_OR_FINAL)

    assert await found(ward, either) == ["lab", "pulse", "other"]
    assert await ward.read(KIND, "draft", either) is None


async def test_compartment_and_terms_hold_together(ward: Documents) -> None:
    own = scope(LAB, patients=frozenset({"p1"}))

    assert await found(ward, own) == ["lab"]
    assert await ward.read(KIND, "other", own) is None
    assert ids((await ward.history(own)).documents) == ["lab"]


async def test_no_way_at_all_is_nothing(ward: Documents) -> None:
    nothing = scope(())

    assert await found(ward, nothing) == []
    assert await ward.read(KIND, "lab", nothing) is None
    assert (await ward.history(nothing)).documents == []


async def test_reading_by_id_and_finding_are_told_apart(ward: Documents) -> None:
    opens = AccessScope(HARBOUR, within={"find": {KIND: ()}})
    finds = AccessScope(HARBOUR, within={"read": {KIND: ()}})

    assert await ward.read(KIND, "lab", opens) is not None
    assert len((await ward.history(opens, kind=KIND, id="lab")).documents) == 1
    assert await found(ward, opens) == []
    assert (await ward.history(opens, kind=KIND)).documents == []
    assert await ward.read(KIND, "lab", finds) is None
    assert (await ward.history(finds, kind=KIND, id="lab")).documents == []
    assert len(await found(ward, finds)) == 4


async def test_a_search_cannot_ask_its_way_around(ward: Documents) -> None:
    lab = scope(LAB)

    assert await found(ward, lab, TermIn("category", ("vital-signs",))) == []
    page = await ward.find(Query(KIND, (Not(TermIn("category", ("laboratory",))),)), lab)
    assert page.documents == []
    page = await ward.find(Query(KIND, (), (SortKey("note", descending=True),)), lab)
    assert ids(page.documents) == ["other", "lab"]


async def test_old_versions_and_deletions_follow_the_last_entries(ward: Documents) -> None:
    await ward.commit([put("lab", "laboratory"), put("pulse", "laboratory")])
    await ward.commit([put("lab", "vital-signs")])
    await ward.commit([Delete(KIND, "pulse", HARBOUR)])
    lab, vital = scope(LAB), scope(((("category", ("vital-signs",)),),))

    assert await ward.read(KIND, "lab", lab, version=1) is None
    assert await ward.read(KIND, "lab", vital, version=1) is not None
    deleted = await ward.read(KIND, "pulse", lab)
    assert deleted is not None
    assert deleted.deleted
    assert await ward.read(KIND, "pulse", vital) is None
    seen = (await ward.history(lab, kind=KIND)).documents
    assert [(each.id, each.version) for each in seen] == [
        ("pulse", 3),
        ("pulse", 2),
        ("other", 1),
        ("pulse", 1),
    ]
    assert await found(ward, lab) == ["other"]


async def test_what_is_put_and_deleted_in_one_commit_keeps_its_scope(ward: Documents) -> None:
    changes: Sequence[Change] = [put("pulse", "laboratory"), Delete(KIND, "pulse", HARBOUR)]
    await ward.commit(changes)

    assert await ward.read(KIND, "pulse", scope(LAB)) is not None
    assert await ward.read(KIND, "pulse", scope(((("category", ("vital-signs",)),),))) is None


async def test_a_page_of_history_goes_on_where_it_ended(ward: Documents) -> None:
    for _ in range(3):
        await ward.commit([put("pulse", "vital-signs"), put("lab", "laboratory")])
    lab = scope(LAB, patients=frozenset({"p1"}))

    seen: list[int] = []
    cursor = None
    while True:
        page = await ward.history(lab, kind=KIND, count=1, cursor=cursor)
        seen += [each.version for each in page.documents]
        cursor = page.next
        if cursor is None:
            break

    assert seen == [4, 3, 2, 1]


async def test_a_scope_of_thousands_of_patients_still_answers(ward: Documents) -> None:
    many = frozenset(f"p{number}" for number in range(2, 5000))
    wide = AccessScope(HARBOUR, patients=many)

    assert await found(ward, wide) == ["other"]
    assert await ward.read(KIND, "lab", wide) is None
    assert await ward.read(KIND, "other", wide) is not None
    assert ids((await ward.history(wide)).documents) == ["other"]
    assert await found(ward, wide, TermIn("status", ("final",))) == ["other"]


@dataclass(frozen=True)
class First:
    """Shows the first letter of a body."""

    members: frozenset[str] = frozenset()

    def of(self, body: bytes) -> bytes:
        return body[:1]


async def test_a_body_is_shown_as_far_as_the_scope_says(ward: Documents) -> None:
    await ward.commit([put("pulse", "vital-signs"), Delete(KIND, "draft", HARBOUR)])
    desk = AccessScope(HARBOUR, fields={KIND: First()})

    read = await ward.read(KIND, "other", desk)
    past = await ward.read(KIND, "pulse", desk, version=1)
    page = await ward.find(Query(KIND), desk)
    history = await ward.history(desk)
    whole = await ward.read(KIND, "other", organisation_scope(HARBOUR))

    assert read is not None
    assert past is not None
    assert whole is not None
    assert (read.body, past.body, whole.body) == (b"o", b"p", b"other")
    assert {each.body for each in page.documents} == {b"l", b"p", b"o"}
    assert {each.body for each in history.documents} == {b"l", b"p", b"o", b"d", b""}


@pytest.mark.parametrize(
    ("ways", "expected"),
    [
        (None, True),
        ((), False),
        (LAB, True),
        (((("category", ("laboratory",)), ("status", ("amended",))),), False),
        (LAB_OR_FINAL, True),
        (((),), True),
    ],
)
def test_terms_are_held_against_ways(ways: Ways | None, expected: bool) -> None:
    assert holds(ways, [("category", "laboratory"), ("status", "final")]) is expected


def ids(documents: list[Document]) -> list[str]:
    return [each.id for each in documents]

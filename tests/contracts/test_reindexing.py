"""Other index entries for what stands: it is found by them, and nothing else about it changes."""

from __future__ import annotations

import pytest

from careflow.database.conditions import SortKey, TermIn
from careflow.database.documents import Delete, Documents, Entries, Put, Query, Reindex
from careflow.database.scope import AccessScope, organisation_scope

ALL = organisation_scope("harbour")
BEFORE = Entries(terms=[("code", "old"), ("compartment:Patient", "p1")], texts=[("name", "Ada")])
AFTER = Entries(
    terms=[("code", "new"), ("compartment:Patient", "p2")],
    ranges=[("date", 1.0, 2.0, "")],
    series=[("s", 3.0)],
)


def put(id: str = "a", entries: Entries = BEFORE) -> Put:
    return Put("Observation", id, b"as it was", "harbour", entries)


def reindex(id: str = "a", version: int = 1) -> Reindex:
    return Reindex("Observation", id, version, "harbour", AFTER)


async def found(documents: Documents, code: str, scope: AccessScope = ALL) -> list[str]:
    query = Query("Observation", (TermIn("code", (code,)),), (SortKey("date"),))
    return [document.id for document in (await documents.find(query, scope)).documents]


async def test_it_is_found_by_its_new_entries_and_stays_the_version_it_was(
    documents: Documents,
) -> None:
    [stored] = await documents.commit([put()])
    other = AccessScope("harbour", patients=frozenset({"p2"}))

    assert await documents.commit([reindex()]) == []

    assert await documents.read("Observation", "a", ALL) == stored
    assert (await documents.history(ALL)).documents == [stored]
    assert (await found(documents, "old"), await found(documents, "new")) == ([], ["a"])
    assert await documents.read("Observation", "a", other) == stored
    assert (await documents.history(other)).documents == [stored]


async def test_the_same_entries_again_change_nothing(documents: Documents) -> None:
    await documents.commit([put(entries=AFTER)])

    for _ in range(2):
        await documents.commit([reindex()])

    assert await found(documents, "new") == ["a"]


@pytest.mark.parametrize("then", [put(), Delete("Observation", "a", "harbour")])
async def test_a_version_that_has_passed_is_left_to_the_one_that_stands(
    documents: Documents, then: Put | Delete
) -> None:
    await documents.commit([put()])
    [standing] = await documents.commit([then])

    await documents.commit([reindex(version=1), reindex("never")])

    assert await found(documents, "new") == []
    assert await documents.read("Observation", "a", ALL) == standing


async def test_what_is_put_later_follows(documents: Documents) -> None:
    await documents.commit([put(), reindex(), put("b")])

    [second] = await documents.commit([put()])

    assert second.version == 2
    assert (await found(documents, "old"), await found(documents, "new")) == (["a", "b"], [])

"""An index of another release is brought up to date before anything is searched."""

from __future__ import annotations

import msgspec
import pytest

from careflow.database.conditions import TermIn
from careflow.database.documents import Documents, Entries, Query, Reindex
from careflow.database.scope import organisation_scope
from careflow.records.reindexing import (
    KIND,
    TOGETHER,
    bring_index_up_to_date,
    index_version,
)
from tests.records.front_door import ORGANISATION, FrontDoor

ALL = organisation_scope(ORGANISATION)
STALE = Entries(terms=[("status", "stale")])


def a_note(n: int) -> dict[str, object]:
    return {"resourceType": "Basic", "id": f"b{n}", "code": {"text": "note"}}


async def found(door: FrontDoor, query: str) -> list[str]:
    answer = await door.ask("GET", query)
    return [entry["resource"]["id"] for entry in answer.json().get("entry", [])]


async def make_stale(documents: Documents, kind: str, ids: list[str]) -> None:
    """Leave documents as a release would that extracted something else."""
    await documents.commit([Reindex(kind, id, 1, ORGANISATION, STALE) for id in ids])


async def stale_left(documents: Documents, kind: str) -> int:
    query = Query(kind, (TermIn("status", ("stale",)),), count=0)
    return (await documents.find(query, ALL)).total or 0


async def test_a_new_database_is_up_to_date_from_the_start(door: FrontDoor) -> None:
    assert await bring_index_up_to_date(door.documents, ORGANISATION) == 0

    state = await door.documents.read(KIND, KIND, ALL)
    assert state is not None
    assert msgspec.json.decode(state.body) == {"made": index_version()}


async def test_what_an_older_release_indexed_is_found_again_and_stays_what_it_was(
    door: FrontDoor,
) -> None:
    await door.put({"resourceType": "Patient", "id": "ada", "name": [{"family": "Quill"}]})
    await door.put(a_note(1))
    before = await door.documents.history(ALL)
    await make_stale(door.documents, "Patient", ["ada"])
    assert await found(door, "/Patient?family=quill") == []

    count = await bring_index_up_to_date(door.documents, ORGANISATION)

    assert count == 2
    assert await found(door, "/Patient?family=quill") == ["ada"]
    assert await stale_left(door.documents, "Patient") == 0
    history = await door.documents.history(ALL)
    assert [each for each in history.documents if each.kind != KIND] == before.documents
    assert await bring_index_up_to_date(door.documents, ORGANISATION) == 0


class CutShort(Exception):  # noqa: N818 - the test's own
    """The process ends here."""


class EndsAfterOneCommit:
    """Documents of a process that ends when it would commit a second time."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._commits = 0
        self.read, self.find = documents.read, documents.find
        self.history = documents.history

    async def commit(self, changes: list[object]) -> object:
        self._commits += 1
        if self._commits > 1:
            raise CutShort
        return await self._documents.commit(changes)  # type: ignore[arg-type]


async def test_one_that_was_interrupted_goes_on_where_it_was(door: FrontDoor) -> None:
    ids = [f"b{n}" for n in range(TOGETHER + 20)]
    entries = [
        {"resource": a_note(n), "request": {"method": "PUT", "url": f"Basic/b{n}"}}
        for n in range(len(ids))
    ]
    bundle = {"resourceType": "Bundle", "type": "transaction", "entry": entries}
    assert (await door.ask("POST", "", bundle, actor="program")).status_code == 200
    await make_stale(door.documents, "Basic", ids)

    with pytest.raises(CutShort):
        await bring_index_up_to_date(EndsAfterOneCommit(door.documents), ORGANISATION)  # type: ignore[arg-type]
    assert await stale_left(door.documents, "Basic") == 20

    assert await bring_index_up_to_date(door.documents, ORGANISATION) == 20
    assert await stale_left(door.documents, "Basic") == 0

"""A narrow text is answered in one look; the answer is the same as when many share it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from careflow import clock
from careflow.database.conditions import RangeWithin, TextMatches
from careflow.database.documents import Delete, Entries, Put, Query
from careflow.database.scope import organisation_scope
from careflow.database.sqlite import open_documents
from careflow.database.sqlite.one_look import NAMED_MAX

CLINIC = "clinic"


def _put(id: str, texts: list[str], day: float) -> Put:
    entries = Entries(
        texts=[("family", text) for text in texts], ranges=[("born", day, day + 1, "")]
    )
    return Put("Patient", id, b'{"id":"%b"}' % id.encode(), CLINIC, entries)


@pytest.mark.parametrize("sharing", [1, NAMED_MAX - 2, NAMED_MAX, 3 * NAMED_MAX])
async def test_a_text_and_an_interval_name_the_same_documents_however_many_share_the_text(
    sharing: int, tmp_path: Path
) -> None:
    documents = await open_documents(tmp_path / "a.db", key=os.urandom(32), clock=clock.now)
    scope = organisation_scope(CLINIC)
    people = [_put(f"p{number}", ["Dahl"], number) for number in range(sharing)]
    await documents.commit(
        [
            *people,
            _put("twice", ["Dahl", "Dahlberg"], 2.0),
            _put("gone", ["Dahl"], 2.0),
            _put("other", ["Holm"], 2.0),
        ]
    )
    await documents.commit([Delete("Patient", "gone", CLINIC)])
    born = RangeWithin("born", low_max=2.5, high_min=1.5)
    family = TextMatches("family", ("dahl",))

    def ids(found: list[str]) -> list[str]:
        return [*[f"p{n}" for n in (1, 2) if n < sharing], *found]

    page = await documents.find(Query("Patient", (family, born)), scope)
    assert [one.id for one in page.documents] == ids(["twice"])
    assert page.next is None

    exact = TextMatches("family", ("Dahlberg",), "exact")
    page = await documents.find(Query("Patient", (family, exact)), scope)
    assert [one.id for one in page.documents] == ["twice"]

    found: list[str] = []
    query = Query("Patient", (family, born), count=1)
    while True:
        page = await documents.find(query, scope)
        found += [one.id for one in page.documents]
        if page.next is None:
            break
        query = Query("Patient", (family, born), count=1, cursor=page.next)
    assert found == ids(["twice"])
    await documents.close()


async def test_a_question_that_is_remembered_sees_what_is_stored_and_known_later(
    tmp_path: Path,
) -> None:
    documents = await open_documents(tmp_path / "a.db", key=os.urandom(32), clock=clock.now)
    scope = organisation_scope(CLINIC)
    family = TextMatches("family", ("dahl",))
    query = Query("Patient", (family, RangeWithin("born", low_max=2.5, high_min=1.5)))
    await documents.commit(
        [Put("Patient", "p0", b"{}", CLINIC, Entries(texts=[("family", "Dahl")]))]
    )

    async def found() -> list[str]:
        return [one.id for one in (await documents.find(query, scope)).documents]

    assert await found() == []  # nobody's birth is known here yet
    await documents.commit([_put("p2", ["Dahl"], 2.0)])
    assert await found() == ["p2"]
    await documents.commit([_put("p3", ["Dahl"], 1.0), Delete("Patient", "p2", CLINIC)])
    assert await found() == ["p3"]
    await documents.close()

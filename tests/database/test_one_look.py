"""A narrow text is answered in one look; the answer is the same as when many share it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from careflow import clock
from careflow.database.documents import Delete, Entries, Put, Query, RangeWithin, TextMatches
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

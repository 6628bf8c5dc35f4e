"""Bodies are compressed with what the file learns from its own documents; no byte is lost."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import pytest

from careflow.database.conditions import TermIn
from careflow.database.documents import Append, Entries, Put, Query
from careflow.database.failures import DamagedBodyError
from careflow.database.scope import organisation_scope
from careflow.database.sqlite import SqliteDocuments, WriteFailedError, open_documents
from careflow.database.sqlite.bodies import LEARN_AT
from careflow.database.sqlite.connection import connect
from tests.contracts.engines import KEY, SetClock

ALL = organisation_scope("harbour")


def note(n: int, text: str = "Seen again in four weeks.") -> Put:
    body = {"resourceType": "Basic", "id": f"n{n}", "code": {"text": f"{text} {n % 7}"}}
    entries = Entries(terms=[("code", f"urn:made-up|{n % 7}"), ("code", str(n % 7))])
    return Put("Basic", f"n{n}", json.dumps(body).encode(), "harbour", entries)


def dictionaries(path: Path) -> list[tuple[int, int]]:
    connection = connect(path, key=KEY, cipher="aegis", cache_mb=1)
    found = connection.execute("SELECT number, learnt_at FROM dictionaries ORDER BY 1").fetchall()
    connection.close()
    return [(int(number), int(at)) for number, at in found]  # type: ignore[arg-type]


async def bodies(documents: SqliteDocuments) -> dict[str, bytes]:
    page = await documents.find(Query("Basic", count=5000), ALL)
    return {document.id: document.body for document in page.documents}


async def test_every_body_comes_back_before_and_after_each_dictionary(
    documents: SqliteDocuments, path: Path, clock: SetClock
) -> None:
    expected: dict[str, bytes] = {}
    for start in range(0, LEARN_AT[1] + 200, 100):
        changes = [
            note(n, "Next year, then." if start > 500 else "") for n in range(start, start + 100)
        ]
        expected |= {each.id: each.body for each in changes}  # type: ignore[misc]
        await documents.commit(changes)
    assert await bodies(documents) == expected
    assert dictionaries(path) == [(2, LEARN_AT[0]), (3, LEARN_AT[1])]

    await documents.close()
    again = await open_documents(path, key=KEY, clock=clock)
    assert await bodies(again) == expected
    await again.close()


async def test_what_cannot_be_made_smaller_or_is_tiny_is_kept_as_it_is(
    documents: SqliteDocuments,
) -> None:
    random = Random(4)
    odd = [b"", b"{", b"\x00\x00", bytes(600), random.randbytes(63), random.randbytes(5000)]
    await documents.commit([note(n) for n in range(300)])

    for number, body in enumerate(odd):
        await documents.commit([Put("Basic", f"odd{number}", body, "harbour")])
        read = await documents.read("Basic", f"odd{number}", ALL)
        assert read is not None
        assert read.body == body


async def test_superseded_versions_come_back_too(documents: SqliteDocuments) -> None:
    versions = [note(1, f"The {n}th of many") for n in range(LEARN_AT[0] + 50)]
    for each in versions:
        await documents.commit([each])

    found = (await documents.history(ALL, kind="Basic", id="n1", count=1000)).documents

    assert [each.body for each in reversed(found)] == [each.body for each in versions]


async def test_a_kind_learnt_while_another_process_writes_is_read_by_both(
    documents: SqliteDocuments, path: Path, clock: SetClock
) -> None:
    other = await open_documents(path, key=KEY, clock=clock)
    await other.commit([note(n) for n in range(10)])
    await documents.commit([note(n) for n in range(10, 400)])
    await other.commit([note(n) for n in range(400, 700)])

    assert len(dictionaries(path)) >= 1
    for each in (documents, other):
        assert list(await bodies(each)) == [f"n{n}" for n in range(700)]
        for code in ("3", "urn:made-up|3"):
            query = Query("Basic", (TermIn("code", (code,)),), count=1000)
            page = await each.find(query, ALL)
            assert [document.id for document in page.documents] == [
                f"n{n}" for n in range(700) if n % 7 == 3
            ]
    await other.close()


async def test_a_transaction_that_fails_at_whatever_page_leaves_nothing_learnt(
    documents: SqliteDocuments, path: Path
) -> None:
    many = [note(n) for n in range(LEARN_AT[0] + 10)]
    connection = documents.writer._connection
    refused = 0
    for _ in range(100):
        connection.pragma("max_page_count", connection.pragma("page_count") + refused)
        try:
            await documents.commit(many)
        except WriteFailedError:
            refused += 1
        else:
            break
    connection.pragma("max_page_count", 2**30)

    await documents.commit([note(n) for n in range(1000, 1010)])

    assert refused > 5
    assert len(await bodies(documents)) == LEARN_AT[0] + 20
    assert dictionaries(path) == [(2, LEARN_AT[0])]


@pytest.mark.parametrize("kept", [b"\x00\x01no frame", b"\xff\xfeno dictionary"])
async def test_a_damaged_body_is_told_and_not_taken_for_another(
    documents: SqliteDocuments, path: Path, kept: bytes
) -> None:
    await documents.commit([note(1), note(2)])
    meddling = connect(path, key=KEY, cipher="aegis", cache_mb=1)
    meddling.execute("UPDATE documents SET body = ? WHERE id = 'n1'", (kept,))
    meddling.close()

    with pytest.raises(DamagedBodyError):
        await documents.read("Basic", "n1", ALL)
    assert await documents.read("Basic", "n2", ALL) is not None


async def test_the_trail_of_writes_is_compressed_and_comes_back(
    documents: SqliteDocuments, path: Path, clock: SetClock
) -> None:
    lines = [b'["2026-03-02T09:00:00Z","records:basic:create","n%d"]' % n for n in range(500)]
    for start in range(0, 500, 50):
        appends = [Append("harbour", "audit", line) for line in lines[start : start + 50]]
        await documents.commit(appends)

    kept = await documents.stream("audit", "harbour")
    await documents.close()
    again = await open_documents(path, key=KEY, clock=clock)

    assert [entry.body for entry in kept] == lines
    assert await again.stream("audit", "harbour") == kept
    assert dictionaries(path) == [(2, LEARN_AT[0])]
    await again.close()

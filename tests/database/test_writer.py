"""Commits that wait together share a transaction, and a failing disk tells everyone."""

from __future__ import annotations

import asyncio
from pathlib import Path
from random import Random

import pytest

from careflow.database.documents import Put, Query
from careflow.database.scope import organisation_scope
from careflow.database.sqlite import ClosedError, SqliteDocuments, WriteFailedError, open_documents
from careflow.database.sqlite.connection import connect
from tests.contracts.engines import KEY, SetClock

ALL = organisation_scope("harbour")


def put(id: str, body: bytes = b"{}") -> Put:
    return Put("Patient", id, body, "harbour")


async def test_commits_that_wait_together_share_transactions(documents: SqliteDocuments) -> None:
    before = documents.writer.transactions

    stored = await asyncio.gather(*(documents.commit([put(f"p{n}")]) for n in range(200)))

    assert documents.writer.transactions - before <= 5
    sequences = [document.sequence for [document] in stored]
    assert len(set(sequences)) == 200


async def test_a_commit_alone_does_not_wait_for_others(documents: SqliteDocuments) -> None:
    before = documents.writer.transactions

    for n in range(3):
        await documents.commit([put(f"p{n}")])

    assert documents.writer.transactions - before == 3


async def test_a_full_disk_is_told_to_every_waiting_commit_and_passes(
    path: Path, clock: SetClock
) -> None:
    documents = await open_documents(path, key=KEY, clock=clock)
    await documents.commit([put("before")])
    connection = documents.writer._connection
    room = connection.pragma("page_count") + 2
    connection.pragma("max_page_count", room)

    outcomes = await asyncio.gather(
        documents.commit([put("large", Random(1).randbytes(100_000))]),
        documents.commit([put("other")]),
        return_exceptions=True,
    )
    connection.pragma("max_page_count", 2**30)
    [[after]] = await asyncio.gather(documents.commit([put("after")]))

    assert [type(outcome) for outcome in outcomes] == [WriteFailedError, WriteFailedError]
    assert "full" in str(outcomes[0])
    assert await documents.read("Patient", "large", ALL) is None
    assert await documents.read("Patient", "after", ALL) == after
    found = await documents.find(Query("Patient", total=True), ALL)
    assert [document.id for document in found.documents] == ["before", "after"]
    await documents.close()


async def test_another_process_that_holds_the_lock_too_long_is_told(
    documents: SqliteDocuments, path: Path
) -> None:
    await documents.commit([put("p0")])
    documents.writer._connection.set_busy_timeout(50)
    other = connect(path, key=KEY, cipher="aegis", cache_mb=1)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(WriteFailedError, match="busy"):
        await documents.commit([put("p1")])

    other.execute("ROLLBACK")
    other.close()
    assert len(await documents.commit([put("p1")])) == 1


async def test_a_closed_database_says_so(documents: SqliteDocuments) -> None:
    await documents.close()
    await documents.close()

    with pytest.raises(ClosedError):
        await documents.commit([put("p1")])
    with pytest.raises(ClosedError):
        await documents.read("Patient", "p1", ALL)
    with pytest.raises(ClosedError):
        await documents.find(Query("Patient"), ALL)

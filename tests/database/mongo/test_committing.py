"""Transactions that are overtaken, lost or impossible: stored once, or not at all, and said."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from pymongo import AsyncMongoClient

from careflow.database.documents import (
    Append,
    Claim,
    ClaimTakenError,
    Document,
    Entries,
    Put,
    VersionMismatchError,
)
from careflow.database.failures import ClosedError, WriteFailedError
from careflow.database.mongo import MongoDocuments, commits, open_documents
from careflow.database.scope import organisation_scope
from careflow.errors import UnavailableError
from tests.contracts.engines import KEY, SetClock
from tests.database.mongo.commands import Commands

HARBOUR = "harbour"
ALL = organisation_scope(HARBOUR)

FailNext = Callable[..., Awaitable[None]]


def put(id: str, body: bytes = b"{}", **rest: Any) -> Put:
    return Put("Counter", id, body, HARBOUR, **rest)


@pytest.fixture
async def fail_next(url: str) -> AsyncIterator[FailNext]:
    """Make the server fail the next commands of some names."""
    client: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(url)

    async def arm(*names: str, mode: Any, **data: Any) -> None:
        await client.admin.command(
            {
                "configureFailPoint": "failCommand",
                "mode": mode,
                "data": {"failCommands": list(names), **data},
            }
        )

    yield arm
    await client.admin.command({"configureFailPoint": "failCommand", "mode": "off"})
    await client.close()


async def test_processes_that_count_together_lose_no_count(url: str, clock: SetClock) -> None:
    openings = [await open_documents(url, key=KEY, clock=clock) for _ in range(4)]

    async def count(documents: MongoDocuments) -> None:
        for _ in range(5):
            while True:
                current = await documents.read("Counter", "c", ALL)
                number = int(current.body) if current else 0
                expected = current.version if current else 0
                change = put("c", b"%d" % (number + 1), expected=expected)
                try:
                    await documents.commit([change, Append(HARBOUR, "counts", b"")])
                except VersionMismatchError:
                    continue
                break

    await asyncio.gather(*(count(each) for each in openings))
    last = await openings[0].read("Counter", "c", ALL)
    lines = await openings[1].stream("counts", HARBOUR)
    for each in openings:
        await each.close()

    assert last is not None
    assert (int(last.body), last.version, len(lines)) == (20, 20, 20)


async def test_of_many_processes_that_want_one_key_one_has_it(url: str, clock: SetClock) -> None:
    openings = [await open_documents(url, key=KEY, clock=clock) for _ in range(5)]

    outcomes = await asyncio.gather(
        *(each.commit([Claim(HARBOUR, "9:00", f"Slot/{n}")]) for n, each in enumerate(openings)),
        return_exceptions=True,
    )
    for each in openings:
        await each.close()

    assert sum(isinstance(outcome, ClaimTakenError) for outcome in outcomes) == 4


async def test_an_overtaken_transaction_is_begun_again(
    documents: MongoDocuments, fail_next: FailNext
) -> None:
    labels = ["TransientTransactionError"]
    await fail_next("findAndModify", mode={"times": 2}, errorCode=112, errorLabels=labels)

    [stored] = await documents.commit([put("c")])

    assert documents.commits.attempts == 3
    assert await documents.read("Counter", "c", ALL) == stored


async def test_a_commit_whose_answer_was_lost_is_stored_once(
    documents: MongoDocuments, fail_next: FailNext
) -> None:
    await fail_next("commitTransaction", mode={"times": 1}, closeConnection=True)

    [stored] = await documents.commit([put("c"), Append(HARBOUR, "audit", b"line")])

    assert stored.version == 1
    assert len(await documents.stream("audit", HARBOUR)) == 1
    page = await documents.history(ALL, kind="Counter", id="c")
    assert [each.version for each in page.documents] == [1]


async def test_trying_again_has_an_end_and_stores_nothing(
    documents: MongoDocuments, fail_next: FailNext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commits, "GIVE_UP_S", 0.3)
    labels = ["TransientTransactionError"]
    await fail_next("bulkWrite", mode="alwaysOn", errorCode=112, errorLabels=labels)

    async with asyncio.timeout(30):
        with pytest.raises(UnavailableError):
            await documents.commit([put("c")])
    await fail_next(mode="off")

    assert await documents.read("Counter", "c", ALL) is None
    [after] = await documents.commit([put("c")])
    assert after.version == 1


async def test_a_refusal_of_the_server_is_said_without_what_was_to_be_stored(
    documents: MongoDocuments, fail_next: FailNext
) -> None:
    await fail_next("bulkWrite", mode={"times": 1}, errorCode=13)

    with pytest.raises(WriteFailedError) as refusal:
        await documents.commit([put("c", b"Okonkwo")])

    assert "13" in refusal.value.message
    assert "Okonkwo" not in refusal.value.message


async def test_what_cannot_be_written_does_not_harm_what_waits_beside_it(
    documents: MongoDocuments,
) -> None:
    unfit = put("unfit", entries=Entries(texts=[("name", "\ud800")]))
    huge = put("huge", entries=Entries(texts=[("name", "x" * 17_000_000)]))

    outcomes = await asyncio.gather(
        *(documents.commit([change]) for change in (put("a"), unfit, put("b"), huge, put("c"))),
        return_exceptions=True,
    )

    fates = ["stored" if isinstance(each, list) else type(each).__name__ for each in outcomes]
    assert fates == ["stored", "WriteFailedError", "stored", "TooLargeError", "stored"]


async def test_sequences_follow_the_order_of_commits_over_processes(
    url: str, clock: SetClock
) -> None:
    openings = [await open_documents(url, key=KEY, clock=clock) for _ in range(3)]
    watcher = openings[0].watch(frozenset({"Counter"}), HARBOUR, after=0)

    async def write(n: int, documents: MongoDocuments) -> None:
        for m in range(10):
            await documents.commit([put(f"{n}-{m}")])

    async def seen() -> list[Document]:
        return [await anext(watcher) for _ in range(30)]

    watching = asyncio.create_task(seen())
    await asyncio.gather(*(write(n, each) for n, each in enumerate(openings)))
    async with asyncio.timeout(60):
        found = await watching
    for each in openings:
        await each.close()

    sequences = [document.sequence for document in found]
    assert sequences == sorted(set(sequences))
    assert len({document.id for document in found}) == 30


async def test_a_watcher_outlives_a_broken_change_stream(
    documents: MongoDocuments, fail_next: FailNext, commands: Commands
) -> None:
    await fail_next("aggregate", mode={"times": 2}, errorCode=286)
    watcher = documents.watch(frozenset({"Counter"}), HARBOUR)

    await documents.commit([put("a")])
    async with asyncio.timeout(60):
        assert (await anext(watcher)).id == "a"
        await documents.commit([put("b")])
        assert (await anext(watcher)).id == "b"


async def test_a_closed_database_says_so(documents: MongoDocuments) -> None:
    await documents.close()

    with pytest.raises(ClosedError):
        await documents.read("Counter", "c", ALL)
    with pytest.raises(ClosedError):
        await documents.commit([put("c")])
    with pytest.raises(ClosedError):
        await documents.commit([])

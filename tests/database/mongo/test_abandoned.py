"""A process that dies in the middle of a transaction keeps the others waiting for seconds only."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

import pytest
from pymongo import AsyncMongoClient

from careflow.database.documents import Put
from careflow.database.mongo import MongoDocuments, commits, open_documents
from careflow.database.mongo.schema import TIP
from careflow.database.scope import organisation_scope
from tests.contracts.engines import KEY, SetClock
from tests.database.mongo.test_committing import FailNext, fail_next

__all__ = ["fail_next"]

HARBOUR = "harbour"
ALL = organisation_scope(HARBOUR)

DYING = """
import asyncio, sys
from careflow.clock import now
from careflow.database.mongo import open_documents
from tests.contracts.engines import KEY
from tests.database.mongo.test_abandoned import leave_open

async def main():
    documents = await open_documents(sys.argv[1], key=KEY, clock=now)
    await leave_open(documents)
    print("open", flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""


def put(id: str) -> Put:
    return Put("Counter", id, b"{}", HARBOUR)


async def leave_open(documents: MongoDocuments) -> None:
    """Begin as every commit begins, and go no further."""
    session = documents._writer.session
    await session.start_transaction()
    at = {"$inc": {"sequence": 1}}
    await documents._connection["tips"].update_one({"_id": TIP}, at, session=session)


async def test_what_a_killed_process_left_open_is_ended(
    documents: MongoDocuments, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commits, "STUCK_AFTER_S", 0.3)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", DYING, url),
        cwd=Path(__file__).resolve().parents[3],
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"open\n"
    process.kill()
    await process.wait()

    [stored] = await documents.commit([put("c")])

    assert stored.version == 1
    assert await documents.read("Counter", "c", ALL) == stored


async def test_who_was_merely_slow_begins_again(
    documents: MongoDocuments, url: str, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commits, "STUCK_AFTER_S", 0.3)
    slow = await open_documents(url, key=KEY, clock=clock)
    attempt = slow.commits._attempt

    async def paused(*given: object) -> object:
        if slow.commits.attempts == 0:
            await leave_open(slow)
            await documents.commit([put("first")])
            await slow._writer.session.abort_transaction()
            slow.commits.attempts += 1
        return await attempt(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(slow.commits, "_attempt", paused)

    [stored] = await slow.commit([put("second")])
    await slow.close()

    assert stored.version == 1
    assert await documents.read("Counter", "first", ALL) is not None
    assert await documents.read("Counter", "second", ALL) is not None


async def test_a_server_that_does_not_take_it_ends_it_by_itself(
    documents: MongoDocuments, url: str, clock: SetClock, fail_next: FailNext
) -> None:
    other = await open_documents(url, key=KEY, clock=clock)
    await fail_next("killSessions", mode={"times": 1}, errorCode=8000)

    await documents._writer.end_others()

    await other.close()


async def test_who_takes_leave_is_known_no_more(
    documents: MongoDocuments, url: str, clock: SetClock
) -> None:
    async def known() -> int:
        client: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(url)
        async with client:
            return await client.get_default_database()["writers"].count_documents({})

    other = await open_documents(url, key=KEY, clock=clock)
    both = await known()
    await other.close()
    one = await known()
    clock.move(days=91)
    later = await open_documents(url, key=KEY, clock=clock)
    after = await known()
    await later.close()

    assert (both, one, after) == (2, 1, 1)

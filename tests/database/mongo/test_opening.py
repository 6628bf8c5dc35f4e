"""A server that cannot give what records need is refused with a sentence."""

from __future__ import annotations

import gc
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from pymongo import AsyncMongoClient

from careflow.database.failures import NewerDatabaseError, WrongKeyError
from careflow.database.mongo import UnreachableError, UnsuitableServerError, open_documents
from careflow.database.mongo.schema import INDEXES
from tests.contracts.engines import KEY, SetClock
from tests.database.mongo.fake_server import greeting_with
from tests.mongo_server import real_server_only

Opening = Callable[[str], Awaitable[None]]


@pytest.fixture
def opening(clock: SetClock) -> Opening:
    async def open_and_close(url: str) -> None:
        documents = await open_documents(url, key=KEY, clock=clock)
        await documents.close()

    return open_and_close


@pytest.fixture
async def database(url: str) -> AsyncIterator[Any]:
    client: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(url)
    yield client.get_default_database()
    await client.close()


async def test_a_server_that_stands_alone_is_refused(opening: Opening) -> None:
    async with greeting_with({}) as url:
        with pytest.raises(UnsuitableServerError, match="start it as a replica set"):
            await opening(url)


@pytest.mark.parametrize("wire_version", [21, 17, 2])
async def test_a_server_that_is_too_old_is_refused(opening: Opening, wire_version: int) -> None:
    async with greeting_with({"setName": "rs0", "maxWireVersion": wire_version}) as url:
        with pytest.raises(UnsuitableServerError, match=r"needs 8\.0 or later"):
            await opening(url + "?directConnection=true")


# The driver drops, unclosed, the socket of a refused attempt when it is told to stop.
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
async def test_a_server_that_is_not_there_is_said(opening: Opening) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    with pytest.raises(UnreachableError):
        await opening(f"mongodb://127.0.0.1:{port}/clinic?serverSelectionTimeoutMS=200")
    gc.collect()  # here, not in the middle of another test


async def test_another_key_than_the_database_was_begun_with_is_refused(
    opening: Opening, url: str, clock: SetClock
) -> None:
    await opening(url)

    with pytest.raises(WrongKeyError, match="another master key"):
        await open_documents(url, key=bytes(32), clock=clock)


async def test_a_database_of_a_later_release_is_refused(
    opening: Opening, url: str, database: Any
) -> None:
    await opening(url)
    await database.meta.update_one({}, {"$inc": {"schema": 1}})

    with pytest.raises(NewerDatabaseError):
        await opening(url)


async def test_every_index_is_made_and_a_dropped_one_is_made_again(
    opening: Opening, url: str, database: Any
) -> None:
    await opening(url)
    await database.documents.drop_index("e_1_n_1")

    await opening(url)

    for name, models in INDEXES.items():
        found = set(await database[name].index_information())
        assert {model.document["name"] for model in models} <= found


async def test_an_index_of_our_name_that_is_another_is_refused(
    opening: Opening, url: str, database: Any
) -> None:
    await database.history.create_index([("c", 1), ("v", 1)])  # ours is unique

    with pytest.raises(UnsuitableServerError, match="collection history"):
        await opening(url)


async def test_a_search_by_token_reads_its_own_index(
    opening: Opening, url: str, database: Any
) -> None:
    real_server_only()
    await opening(url)
    asked = {"o": "harbour", "k": "Observation", "d": False, "e": b"token"}

    plan = await database.documents.find(asked).sort("n", 1).explain()

    winning = str(plan["queryPlanner"]["winningPlan"])
    assert "e_1_n_1" in winning
    assert "'SORT'" not in winning


async def test_an_interval_bounds_its_index_from_both_sides(
    opening: Opening, url: str, database: Any
) -> None:
    real_server_only()
    await opening(url)
    interval = {"p": b"date", "w": 1, "l": {"$gte": 1.0, "$lte": 2.0}, "h": {"$gte": 1.5}}
    asked = {"o": "harbour", "k": "Observation", "r": {"$elemMatch": interval}}

    plan = await database.documents.find(asked).explain()

    bounds = str(plan["queryPlanner"]["winningPlan"])
    assert "'r.l': ['[1.0, 2.0]']" in bounds

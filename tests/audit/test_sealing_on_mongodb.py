"""What somebody with an account on the server does to the trail shows, as it does in a file."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase

from careflow.audit.errors import ChainDamagedError
from tests.audit.conftest import Clinic
from tests.audit.test_sealing import fill, kinds
from tests.mongo_server import database_url

pytestmark = pytest.mark.parametrize("clinic", ["mongo"], indirect=True)

Kept = AsyncDatabase[dict[str, Any]]


@pytest.fixture
async def kept(clinic: Clinic) -> AsyncIterator[Kept]:
    client: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(database_url(clinic.folder))
    async with client:
        yield client.get_default_database()


async def test_a_write_in_the_place_of_another_is_found(clinic: Clinic, kept: Kept) -> None:
    await fill(clinic)
    first, second, *_ = await kept["streams"].find({"n": "audit"}).sort("_id").to_list()
    await kept["streams"].update_one({"_id": first["_id"]}, {"$set": {"b": second["b"]}})

    found = await clinic.trail.verify()

    assert [(p.kind, p.position) for p in found.problems] == [("altered", first["_id"])]
    assert found.sealed == 14


async def test_a_planted_read_is_found(clinic: Clinic, kept: Kept) -> None:
    await fill(clinic)
    block = await kept["reads"].find_one(sort=[("_id", -1)])
    assert block is not None
    await kept["reads"].update_one({"_id": block["_id"]}, {"$set": {"l.0": b'["forged"]'}})

    assert kinds(await clinic.trail.verify()) == ["altered"]


async def test_what_was_removed_is_found(clinic: Clinic, kept: Kept) -> None:
    await fill(clinic)
    line = await kept["streams"].find_one({"n": "audit"}, sort=[("_id", 1)])
    block = await kept["reads"].find_one(sort=[("_id", -1)])
    assert line is not None
    assert block is not None
    await kept["streams"].delete_one({"_id": line["_id"]})
    await kept["reads"].delete_one({"_id": block["_id"]})

    assert set(kinds(await clinic.trail.verify())) == {"removed"}


async def test_a_cut_tail_is_found_by_the_head_outside(clinic: Clinic, kept: Kept) -> None:
    await fill(clinic, rounds=2)
    chain = await kept["streams"].find({"n": "audit-chain"}).sort("_id").to_list()
    head = await kept["documents"].find_one({"k": "audit-chain"})
    assert head is not None
    last = max(line["_id"] for line in chain)
    reads = [block["_id"] async for block in kept["reads"].find({}, {"_id": 1})]
    await fill(clinic, rounds=1)
    await kept["streams"].delete_many({"_id": {"$gt": last}})
    await kept["reads"].delete_many({"_id": {"$nin": reads}})
    await kept["documents"].replace_one({"_id": head["_id"]}, head)

    found = await clinic.trail.verify()

    assert (found.sealed, kinds(found)) == (10, ["cut"])
    with pytest.raises(ChainDamagedError):
        await clinic.seal()


async def test_a_server_emptied_altogether_is_found(clinic: Clinic, kept: Kept) -> None:
    await fill(clinic)
    for name in ("streams", "reads", "documents"):
        await kept[name].delete_many({})

    assert kinds(await clinic.trail.verify()) == ["cut"]

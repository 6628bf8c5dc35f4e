"""What lies on the server tells nobody there what a document or a line of the trail says."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from bson import BSON
from bson.binary import Binary
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase

from careflow.database.documents import Append, Delete, Entries, Put, Query
from careflow.database.failures import DamagedBodyError
from careflow.database.mongo import MongoDocuments, open_audit_file
from careflow.database.mongo.bodies import Bodies
from careflow.database.scope import organisation_scope
from tests.contracts.engines import KEY, SetClock

HARBOUR = "harbour"
ALL = organisation_scope(HARBOUR)
SECRET = b'{"note":"Zebulon cannot sleep"}'


@pytest.fixture
async def kept(url: str) -> AsyncIterator[AsyncDatabase[dict[str, Any]]]:
    """The database as its server's operator sees it."""
    client: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(url)
    async with client:
        yield client.get_default_database()


def note(id: str, body: bytes = SECRET, **rest: Any) -> Put:
    return Put("Note", id, body, HARBOUR, entries=Entries(texts=(("author", "Ada"),)), **rest)


async def test_no_body_can_be_read_on_the_server(
    documents: MongoDocuments, kept: AsyncDatabase[dict[str, Any]], url: str, clock: SetClock
) -> None:
    for body in (SECRET, SECRET * 50, SECRET * 10_000):
        await documents.commit([note("n", body), Append(HARBOUR, "audit", body)])
    await documents.commit([note("gone")])
    await documents.commit([Delete("Note", "gone", HARBOUR)])
    file = await open_audit_file(url, key=KEY, organisation=HARBOUR, clock=clock)
    await file.append([SECRET, SECRET * 50])

    stored = b""
    for name in await kept.list_collection_names():
        async for each in kept[name].find():
            stored += BSON.encode(each)
    lines = [line.body for line in await file.read()]
    await file.close()

    assert len(stored) > 300_000
    assert b"Zebulon" not in stored
    assert lines == [SECRET, SECRET * 50]
    page = await documents.history(ALL, kind="Note", id="n")
    assert [len(each.body) for each in page.documents] == [310_000, 1550, 31]


async def test_a_body_stands_for_no_other(
    documents: MongoDocuments, kept: AsyncDatabase[dict[str, Any]]
) -> None:
    await documents.commit([note("a"), note("b", SECRET + b" ")])
    [one, other] = await kept["documents"].find({"k": "Note"}).sort("_id").to_list()
    await kept["documents"].update_one({"_id": one["_id"]}, {"$set": {"b": other["b"]}})

    with pytest.raises(DamagedBodyError):
        await documents.read("Note", "a", ALL)
    with pytest.raises(DamagedBodyError):
        await documents.find(Query(kind="Note"), ALL)
    found = await documents.read("Note", "b", ALL)
    assert found is not None
    assert found.body == SECRET + b" "


@pytest.mark.parametrize("planted", [SECRET, b"", Binary(SECRET, 129), Binary(b"\1" * 12, 129)])
async def test_a_line_that_was_planted_is_given_as_it_is_so_that_it_shows(
    documents: MongoDocuments, kept: AsyncDatabase[dict[str, Any]], planted: bytes
) -> None:
    await documents.commit([Append(HARBOUR, "audit", SECRET)])
    await kept["streams"].update_one({"n": "audit"}, {"$set": {"b": planted}})

    [line] = await documents.stream("audit", HARBOUR)

    assert line.body == bytes(planted)


def test_one_body_is_never_sealed_the_same_twice_and_another_key_opens_none() -> None:
    ours, others = Bodies(KEY), Bodies(bytes(32))

    first, second = ours.pack(SECRET, "here"), ours.pack(SECRET, "here")

    assert first != second
    assert ours.unpack(first, "here") == ours.unpack(second, "here") == SECRET
    for bodies, place in ((others, "here"), (ours, "there")):
        with pytest.raises(DamagedBodyError):
            bodies.unpack(first, place)
    assert ours.unpack(ours.pack(b"", "here"), "here") == b""

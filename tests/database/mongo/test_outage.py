"""A server that goes away and comes back: watchers wait for it and miss nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from careflow.database.documents import Document, Put
from careflow.database.mongo import MongoDocuments, open_documents, watching
from tests.contracts.engines import KEY, SetClock
from tests.mongo_server import OwnServer

PATIENTS = frozenset({"Patient"})


@pytest.fixture
def server(tmp_path: Path) -> Iterator[OwnServer]:
    own = OwnServer(tmp_path, syncs=True)
    own.start()
    yield own
    own.kill()


def node(server: OwnServer) -> str:
    return f"mongodb://127.0.0.1:{server.port}/clinic?serverSelectionTimeoutMS=300"


async def opened(server: OwnServer) -> MongoDocuments:
    return await open_documents(node(server), key=KEY, clock=SetClock())


async def commit(documents: MongoDocuments, *ids: str) -> None:
    for id in ids:
        await documents.commit([Put("Patient", id, b"{}", "harbour")])


async def heard(watcher: AsyncIterator[Document], count: int) -> str:
    async with asyncio.timeout(60):
        return "".join([(await anext(watcher)).id for _ in range(count)])


async def test_watchers_miss_and_repeat_nothing_over_a_killed_server(
    server: OwnServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "TRY_AGAIN_S", 0.05)
    watched, other = await opened(server), await opened(server)
    began = watched.watch(PATIENTS, "harbour")
    await commit(watched, "a", "b")
    resumed = watched.watch(PATIENTS, "harbour", after=0)
    before = [await heard(began, 2), await heard(resumed, 1)]
    waiting = asyncio.ensure_future(heard(began, 2))
    await asyncio.sleep(0)

    server.kill()
    await asyncio.sleep(0.2)  # long enough for the change stream to notice
    server.start()
    await commit(other, "c", "d")

    after = [await waiting, await heard(resumed, 3)]
    await watched.close()
    await other.close()
    assert before == ["ab", "a"]
    assert after == ["cd", "bcd"]

"""A MongoDB database of its own for each test, and a listener that counts what is sent."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from careflow.database.mongo import MongoDocuments, open_documents
from tests.contracts.engines import KEY, SetClock
from tests.database.mongo.commands import Commands
from tests.mongo_server import database_url


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def url(tmp_path: Path) -> str:
    return database_url(tmp_path)


@pytest.fixture
def commands() -> Commands:
    return Commands()


@pytest.fixture
async def documents(url: str, clock: SetClock, commands: Commands) -> AsyncIterator[MongoDocuments]:
    opened = await open_documents(url, key=KEY, clock=clock, listeners=[commands])
    commands.sent.clear()
    yield opened
    await opened.close()

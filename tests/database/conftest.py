"""A database file in a folder of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from careflow.database.sqlite import SqliteDocuments, open_documents
from tests.contracts.engines import KEY, SetClock


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "careflow.db"


@pytest.fixture
async def documents(path: Path, clock: SetClock) -> AsyncIterator[SqliteDocuments]:
    opened = await open_documents(path, key=KEY, clock=clock)
    yield opened
    await opened.close()

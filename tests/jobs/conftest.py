"""A real store and a clock that tests move."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from careflow.database.sqlite import SqliteDocuments, open_documents
from careflow.ids import Mint


class SetClock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, 9, 0, 7, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def mint() -> Mint:
    numbers = count(1)
    return lambda: f"id-{next(numbers)}"


@pytest.fixture
async def documents(tmp_path: Path, clock: SetClock) -> AsyncIterator[SqliteDocuments]:
    opened = await open_documents(tmp_path / "clinic.db", key=bytes(32), clock=clock)
    yield opened
    await opened.close()

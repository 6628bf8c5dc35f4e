"""A real store and a clock that tests move."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from careflow.database.documents import Documents
from careflow.ids import Mint
from tests.contracts.engines import ENGINES


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


@pytest.fixture(params=sorted(ENGINES))
async def documents(
    request: pytest.FixtureRequest, tmp_path: Path, clock: SetClock
) -> AsyncIterator[Documents]:
    """A real store, on each database adapter."""
    opened = await ENGINES[request.param](tmp_path, clock)
    yield opened
    await opened.close()

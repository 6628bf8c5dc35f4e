"""Every contract runs on every adapter."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from careflow.database.documents import Documents
from tests.contracts.engines import ENGINES, SetClock
from tests.mongo_server import server_url


@pytest.fixture(params=sorted(ENGINES))
def engine(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    if name == "mongo":
        server_url()  # started here, so that processes of the test find it
    return name


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def open_again(engine: str, tmp_path: Path, clock: SetClock) -> Callable[[], Awaitable[Documents]]:
    """Open the same database once more."""
    return lambda: ENGINES[engine](tmp_path, clock)


@pytest.fixture
async def documents(
    open_again: Callable[[], Awaitable[Documents]],
) -> AsyncIterator[Documents]:
    opened = await open_again()
    yield opened
    await opened.close()

"""A real store, a clock that tests move, and the room put together over them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

from careflow.database.documents import Documents
from careflow.identity.assembly import Identity, build_identity
from careflow.ids import mint
from tests.contracts.engines import ENGINES
from tests.identity.clinic import MASTER_KEY, ORGANISATION, SetClock, browser


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture(params=sorted(ENGINES))
async def documents(
    request: pytest.FixtureRequest, tmp_path: Path, clock: SetClock
) -> AsyncIterator[Documents]:
    """A real store, on each database adapter."""
    opened = await ENGINES[request.param](tmp_path, clock)
    yield opened
    await opened.close()


def build(documents: Documents, clock: SetClock, *, require_second_factor: bool) -> Identity:
    return build_identity(
        documents,
        master_key=MASTER_KEY,
        organisation=ORGANISATION,
        clock=clock,
        mint=mint,
        require_second_factor=require_second_factor,
        password_cost=4,
    )


@pytest.fixture
def identity(documents: Documents, clock: SetClock) -> Identity:
    return build(documents, clock, require_second_factor=False)


@pytest.fixture
def strict_identity(documents: Documents, clock: SetClock) -> Identity:
    """A clinic that requires a second factor of its staff."""
    return build(documents, clock, require_second_factor=True)


@pytest.fixture
def other_node(documents: Documents, clock: SetClock) -> Identity:
    """Another process of the same platform: the same store and key, its own memory."""
    return build(documents, clock, require_second_factor=False)


@pytest.fixture
async def web(identity: Identity) -> AsyncIterator[httpx2.AsyncClient]:
    async with browser(identity) as client:
        yield client

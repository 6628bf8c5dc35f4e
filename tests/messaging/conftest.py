"""Messages run on the embedded database; the other one is the contract suite's business."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.contracts.engines import ENGINES, SetClock
from tests.messaging.office import Office, opened


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
async def office(tmp_path: Path, clock: SetClock) -> AsyncIterator[Office]:
    """A clinic whose patients are told of their visits; it is Monday, four in the morning."""
    documents = await ENGINES["sqlite"](tmp_path, clock)
    yield await opened(documents, clock)
    await documents.close()

"""What tests of the record share: the front door, opened over a store of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.contracts.engines import ENGINES
from tests.records.front_door import FrontDoor, open_front_door


@pytest.fixture(params=sorted(ENGINES))
async def door(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[FrontDoor]:
    """The FHIR application over a real store and trail, on each database adapter."""
    opened = await open_front_door(tmp_path, engine=request.param)
    yield opened
    await opened.close()

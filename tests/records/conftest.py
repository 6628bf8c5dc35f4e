"""What tests of the record share: the front door, opened over a store of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.records.front_door import FrontDoor, open_front_door


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[FrontDoor]:
    """The FHIR application over a real store and trail."""
    opened = await open_front_door(tmp_path)
    yield opened
    await opened.close()

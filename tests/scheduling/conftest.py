"""Scheduling runs on every database."""

from __future__ import annotations

import pytest

from careflow.database.documents import Documents
from tests.contracts.conftest import clock, documents, engine, open_again
from tests.contracts.engines import SetClock
from tests.scheduling.clinic import Clinic, opened

__all__ = ["clock", "documents", "engine", "open_again"]


@pytest.fixture
async def clinic(documents: Documents, clock: SetClock) -> Clinic:
    return await opened(documents, clock)

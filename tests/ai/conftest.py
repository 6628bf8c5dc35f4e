"""What tests of AI tasks and review share: a small clinic with two patients."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.harbour import Clinic, a_patient, named, open_clinic


@pytest.fixture
async def clinic(tmp_path: Path) -> AsyncIterator[Clinic]:
    """A clinic that knows Paul Johnston (p3) and Mary Johnson (p7)."""
    async with open_clinic(tmp_path) as opened:
        mary = a_patient("p7", name=named("Johnson", "Mary"), birthDate="1951-07-30")
        await opened.store(a_patient("p3"), mary)
        yield opened

"""Registration runs on every database."""

from __future__ import annotations

import pytest

from careflow.database.documents import Documents
from careflow.ids import mint
from careflow.records.registration.registering import Registration
from careflow.records.store import Records
from tests.contracts.conftest import clock, documents, engine, open_again
from tests.contracts.engines import SetClock

__all__ = ["clock", "documents", "engine", "open_again"]


@pytest.fixture
def registration(documents: Documents, clock: SetClock) -> Registration:
    records = Records(documents, clock=clock, mint=mint)
    return Registration(documents, records, "harbour", clock, mint)

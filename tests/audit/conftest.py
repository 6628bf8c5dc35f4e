"""A real trail, and its files as someone who got hold of them sees them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import apsw
import pytest

from careflow.audit.entry import AuditEntry
from careflow.audit.file import AuditFile
from careflow.audit.trail import Trail, record
from careflow.database.documents import Documents
from careflow.database.sqlite.bodies import NUMBER_BYTES, RAW, Bodies
from careflow.database.sqlite.connection import connect
from careflow.database.work import Work
from tests.contracts.engines import AUDIT_FILES, ENGINES, KEY

HARBOUR = "harbour"
MASTER_KEY = bytes(range(32))


class SetClock:
    """A clock that goes on a second at each look, unless it is set."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


class Clinic:
    """A trail with its store, file, head and clock."""

    def __init__(self, folder: Path, documents: Documents, file: AuditFile) -> None:
        self.folder = folder
        self.documents = documents
        self.file = file
        self.head_path = folder / "keys" / "audit-head"
        self.clock = SetClock()
        self.trail = self.opened()

    def opened(self, *, master_key: bytes = MASTER_KEY) -> Trail:
        """Open the trail as another start would."""
        return Trail(
            self.documents,
            self.file,
            organisation=HARBOUR,
            master_key=master_key,
            head_path=self.head_path,
        )

    async def write(self, patient: str = "p1", actor: str = "nia") -> AuditEntry:
        """Record a write in a commit of its own."""
        entry = an_entry("records:patient:update", self.clock(), patient, actor)
        async with Work(self.documents) as work:
            record(work, entry)
        return entry

    async def read(self, patient: str = "p1", actor: str = "nia") -> AuditEntry:
        """Note a read."""
        entry = an_entry("records:patient:read", self.clock(), patient, actor)
        await self.trail.note(entry)
        return entry

    async def seal(self) -> int:
        """Seal what is new."""
        async with Work(self.documents) as work:
            sealed = await self.trail.seal(work)
        return sealed["sealed"]

    def writes(self, statement: str, *values: object) -> list[tuple[object, ...]]:
        """Meddle with the document store."""
        return meddle(self.folder / "careflow.db", statement, values)

    def reads(self, statement: str, *values: object) -> list[tuple[object, ...]]:
        """Meddle with the audit file."""
        return meddle(self.folder / "audit.db", statement, values)


def meddle(path: Path, statement: str, values: tuple[object, ...]) -> list[tuple[object, ...]]:
    connection: apsw.Connection = connect(path, key=KEY, cipher="aegis", cache_mb=2)
    bodies = Bodies(connection)
    connection.create_scalar_function("given", lambda *body: bodies.unpack(as_bytes(*body)), 1)
    connection.create_scalar_function("kept", as_kept, 1)
    try:
        return list(connection.execute(statement, values))
    finally:
        connection.close()


def as_bytes(value: object) -> bytes:
    assert isinstance(value, bytes)
    return value


def as_kept(*body: object) -> bytes:
    """Return a body as the store may keep it, not compressed."""
    return RAW.to_bytes(NUMBER_BYTES, "big") + as_bytes(*body)


def an_entry(
    action: str = "records:patient:read",
    at: datetime = datetime(2026, 11, 24, 9, 0, tzinfo=UTC),
    patient: str = "p1",
    actor: str = "nia",
) -> AuditEntry:
    """Return an entry of the Harbour clinic."""
    return AuditEntry(
        at=at,
        action=action,
        organisation=HARBOUR,
        actor=actor,
        role="nurse",
        patients=(patient,),
        subjects=(f"Patient/{patient}",),
    )


on_both = pytest.mark.parametrize("clinic", sorted(ENGINES), indirect=True)
"""Tests that do nothing to files hold on each database adapter."""


@pytest.fixture
async def clinic(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Clinic]:
    clock, engine = SetClock(), getattr(request, "param", "sqlite")
    documents = await ENGINES[engine](tmp_path, clock)
    file = await AUDIT_FILES[engine](tmp_path, HARBOUR, clock)
    clinic = Clinic(tmp_path, documents, file)
    clinic.clock = clock
    yield clinic
    await file.close()
    await documents.close()

"""A real trail, and its files as someone who got hold of them sees them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import apsw
import pytest

from careflow.audit.entry import AuditEntry
from careflow.audit.trail import Trail, record
from careflow.database.sqlite import SqliteDocuments, open_documents
from careflow.database.sqlite.audit_file import SqliteAuditFile, open_audit_file
from careflow.database.sqlite.bodies import NUMBER_BYTES, RAW, Bodies
from careflow.database.sqlite.connection import connect
from careflow.database.work import Work

HARBOUR = "harbour"
KEY = bytes(32)
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

    def __init__(self, folder: Path, documents: SqliteDocuments, file: SqliteAuditFile) -> None:
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
        return meddle(self.folder / "clinic.db", statement, values)

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


@pytest.fixture
async def clinic(tmp_path: Path) -> AsyncIterator[Clinic]:
    clock = SetClock()
    documents = await open_documents(tmp_path / "clinic.db", key=KEY, clock=clock)
    file = await open_audit_file(tmp_path / "audit.db", key=KEY, clock=clock)
    clinic = Clinic(tmp_path, documents, file)
    clinic.clock = clock
    yield clinic
    await file.close()
    await documents.close()

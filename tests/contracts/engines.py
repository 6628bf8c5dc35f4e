"""The adapters under test: one entry here is all that a new one needs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from careflow.audit.file import AuditFile
from careflow.clock import Clock
from careflow.database import mongo, sqlite
from careflow.database.documents import Documents
from tests.mongo_server import database_url

Open = Callable[[Path, Clock], Awaitable[Documents]]
OpenAudit = Callable[[Path, str, Clock], Awaitable[AuditFile]]

KEY = bytes(range(32))


async def open_sqlite(folder: Path, clock: Clock) -> Documents:
    return await sqlite.open_documents(folder / "careflow.db", key=KEY, clock=clock)


async def open_mongo(folder: Path, clock: Clock) -> Documents:
    return await mongo.open_documents(database_url(folder), key=KEY, clock=clock)


async def open_sqlite_audit(folder: Path, organisation: str, clock: Clock) -> AuditFile:
    return await sqlite.open_audit_file(folder / "audit.db", key=KEY, clock=clock)


async def open_mongo_audit(folder: Path, organisation: str, clock: Clock) -> AuditFile:
    return await mongo.open_audit_file(
        database_url(folder), key=KEY, organisation=organisation, clock=clock
    )


ENGINES: dict[str, Open] = {"sqlite": open_sqlite, "mongo": open_mongo}
AUDIT_FILES: dict[str, OpenAudit] = {"sqlite": open_sqlite_audit, "mongo": open_mongo_audit}


class SetClock:
    """A clock that goes only where a test moves it."""

    def __init__(self) -> None:
        self.instant = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.instant

    def move(self, **by: float) -> None:
        self.instant += timedelta(**by)

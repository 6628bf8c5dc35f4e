"""The adapters under test: one entry here is all that a new one needs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from careflow.clock import Clock
from careflow.database.documents import Documents
from careflow.database.mongo import open_documents as open_in_mongo
from careflow.database.sqlite import open_documents
from tests.mongo_server import database_url

Open = Callable[[Path, Clock], Awaitable[Documents]]

KEY = bytes(range(32))


async def open_sqlite(folder: Path, clock: Clock) -> Documents:
    return await open_documents(folder / "careflow.db", key=KEY, clock=clock)


async def open_mongo(folder: Path, clock: Clock) -> Documents:
    return await open_in_mongo(database_url(folder), key=KEY, clock=clock)


ENGINES: dict[str, Open] = {"sqlite": open_sqlite, "mongo": open_mongo}


class SetClock:
    """A clock that goes only where a test moves it."""

    def __init__(self) -> None:
        self.instant = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.instant

    def move(self, **by: float) -> None:
        self.instant += timedelta(**by)

"""The port of the audit file: entries of reads, in a file of their own with its own writer.

The adapter lives beside its database (``database/sqlite/audit_file.py``); on a database that takes
many small appends well, a stream collection may serve instead.
"""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from typing import Protocol

from careflow.database.documents import StreamEntry


class AuditFile(Protocol):
    """An append-only, encrypted list of entries of one organisation. Safe to call concurrently."""

    def append(self, bodies: Sequence[bytes]) -> Awaitable[None]:
        """Append the entries in order; done once they are durable (synced to the disk).

        Callers that wait at the same time share a sync; one that is cancelled may still be stored.
        """
        ...

    async def read(self, *, after: int = 0, count: int = 1000) -> list[StreamEntry]:
        """Return durable entries after a position, in order; positions start at 1 and rise."""
        ...

    async def last(self) -> int:
        """Return the position of the newest durable entry, 0 if there is none."""
        ...

    async def close(self) -> None:
        """Finish what was accepted and release the file."""
        ...

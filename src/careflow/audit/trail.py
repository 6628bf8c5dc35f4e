"""The trail of one organisation: what rooms write to it, and what is read from it.

An entry of a write is staged on the write's own unit of work, so neither is stored without the
other. An entry of a read is durable in the audit file before the answer leaves.
"""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from datetime import datetime
from pathlib import Path

from careflow.audit import actions
from careflow.audit.encoding import encode
from careflow.audit.entry import AuditEntry
from careflow.audit.file import AuditFile
from careflow.audit.head import HeadFile
from careflow.audit.reading import AuditPage, Filter, read_entry, read_page
from careflow.audit.sealing import Sealing
from careflow.audit.sources import STREAM, Sources
from careflow.audit.verifying import Verification, verify
from careflow.clock import Clock, now
from careflow.database.documents import Append, Documents
from careflow.database.work import Work
from careflow.keys import derive


def record(work: Work, entry: AuditEntry) -> None:
    """Stage the entry of a write; it commits together with what it describes."""
    actions.check(entry.action)
    work.append(Append(entry.organisation, STREAM, encode(entry)))


class Trail:
    """The trail of one organisation.

    Args:
        file: Where entries of reads go; this organisation's own.
        master_key: 32 bytes from outside the database; the chain's key is derived from it.
        head_path: The head file, outside the database's folder.
        is_shared: Whether other machines may write to the same database, each with a head file of
            its own.
    """

    def __init__(
        self,
        documents: Documents,
        file: AuditFile,
        *,
        organisation: str,
        master_key: bytes,
        head_path: Path,
        is_shared: bool = False,
        clock: Clock = now,
    ) -> None:
        self.organisation = organisation
        self._file = file
        self._sources = Sources(documents, file, organisation)
        self._key = derive(master_key, "audit chain")
        self._head_file = HeadFile(head_path, self._key)
        self._clock = clock
        self._sealing = Sealing(
            self._sources,
            self._head_file,
            self._key,
            on_joining=self._record_joining if is_shared else None,
        )

    def note(self, entry: AuditEntry) -> Awaitable[None]:
        """Keep the entry of a read; awaited, it is durable and the answer may leave."""
        actions.check(entry.action)
        if entry.organisation != self.organisation:
            msg = "This trail belongs to another organisation."
            raise ValueError(msg)
        return self._file.append([encode(entry)])

    async def entries(
        self,
        *,
        patient: str | None = None,
        actor: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        after: str | None = None,
        count: int = 50,
    ) -> AuditPage:
        """Return entries of reads and writes together, newest first.

        Args:
            patient: Only entries that name this patient id.
            actor: Only entries of this account or machine client.
            since: Only entries from this instant on.
            until: Only entries up to this instant.
            after: ``next`` of an earlier page with the same conditions.
            count: Entries at most. A page that had to look through very many entries is shorter,
                possibly empty, and still has a ``next``.

        Raises:
            careflow.database.documents.BadCursorError: ``after`` came from elsewhere.
        """
        wanted = Filter(patient=patient, actor=actor, since=since, until=until)
        return await read_page(self._sources, wanted, after=after, count=count)

    async def entry(self, id: str) -> AuditEntry | None:
        """Return one entry by the id that a page gave it, ``None`` if there is none."""
        return await read_entry(self._sources, id)

    async def seal(self, work: Work) -> Mapping[str, int]:
        """Stage the sealing of what is new; a job's handler. Returns how many entries it seals.

        Raises:
            ChainDamagedError: The chain no longer ends where the head file says; nothing is sealed.
        """
        return {"sealed": await self._sealing.stage(work)}

    async def verify(self) -> Verification:
        """Check every entry against the chain and the chain against its head."""
        return await verify(self._sources, self._head_file, self._key)

    def _record_joining(self, work: Work) -> None:
        entry = AuditEntry(
            at=self._clock(),
            action="audit:trail:join",
            organisation=self.organisation,
            actor="platform",
            role="machine",
        )
        record(work, entry)

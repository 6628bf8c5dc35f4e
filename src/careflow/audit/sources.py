"""Where entries and the chain lie: two sources of entries, one stream of blocks, one head."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

import msgspec

from careflow.audit.chain import Block, Head, Source, decode_head, encode_block, encode_head
from careflow.audit.errors import ChainDamagedError
from careflow.audit.file import AuditFile
from careflow.database.documents import Append, Documents, Put, StreamEntry
from careflow.database.scope import organisation_scope
from careflow.database.work import Work

STREAM = "audit"
CHAIN_STREAM = "audit-chain"
HEAD_KIND = "audit-chain"
HEAD_ID = "head"

PAGE = 1000
"""Entries read at once, and links in a block."""


@dataclass(frozen=True, slots=True)
class StoredHead:
    """The head as the database has it, with the version a change must expect."""

    head: Head
    version: int


class Sources:
    """The stored parts of one organisation's trail."""

    def __init__(self, documents: Documents, file: AuditFile, organisation: str) -> None:
        self._documents = documents
        self._file = file
        self._organisation = organisation

    async def read(self, source: Source, *, after: int, count: int = PAGE) -> list[StreamEntry]:
        """Return entries of a source after a position, in order."""
        if source == "reads":
            return await self._file.read(after=after, count=count)
        return await self._documents.stream(STREAM, self._organisation, after=after, count=count)

    async def last(self, source: Source) -> int:
        """Return the position of the newest entry of a source, 0 if there is none."""
        if source == "reads":
            return await self._file.last()
        # Streams are only read forward; the head spares reading what is sealed.
        last = (await self.head()).head.writes
        async for page in pages(self._writes, after=last):
            last = page[-1].position
        return last

    async def blocks(self) -> AsyncIterator[StreamEntry]:
        """Yield the chain's blocks as stored, in order."""
        async for page in pages(self._chain, count=20):
            for entry in page:
                yield entry

    async def head(self) -> StoredHead:
        """Return where the database says the chain ends.

        Raises:
            ChainDamagedError: What stands there is no head.
        """
        scope = organisation_scope(self._organisation)
        document = await self._documents.read(HEAD_KIND, HEAD_ID, scope)
        if document is None or document.deleted:
            return StoredHead(Head(), 0)
        try:
            return StoredHead(decode_head(document.body), document.version)
        except msgspec.MsgspecError as error:
            raise ChainDamagedError from error

    def stage_block(self, work: Work, block: Block) -> None:
        """Stage a block of links."""
        work.append(Append(self._organisation, CHAIN_STREAM, encode_block(block)))

    def stage_head(self, work: Work, head: Head, *, expected: int) -> None:
        """Stage the new head; of two that seal at once, one commits."""
        body = encode_head(head)
        change = Put(
            HEAD_KIND, HEAD_ID, body, self._organisation, expected=expected, keep_history=False
        )
        work.put(change)

    async def _writes(self, after: int, count: int) -> list[StreamEntry]:
        return await self.read("writes", after=after, count=count)

    async def _chain(self, after: int, count: int) -> list[StreamEntry]:
        return await self._documents.stream(
            CHAIN_STREAM, self._organisation, after=after, count=count
        )


async def pages(
    read: Callable[[int, int], Awaitable[list[StreamEntry]]], *, after: int = 0, count: int = PAGE
) -> AsyncIterator[list[StreamEntry]]:
    """Yield full pages and the last, shorter one, until there is nothing more."""
    while page := await read(after, count):
        yield page
        if len(page) < count:
            return
        after = page[-1].position

"""Sealing: what is new in both sources is appended to the chain, and the head moves on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import msgspec

from careflow.audit.chain import SOURCES, Block, Head, Link, decode_block, extend
from careflow.audit.errors import ChainDamagedError
from careflow.audit.head import HeadFile
from careflow.audit.sources import PAGE, Sources
from careflow.database.work import Work

ENTRIES_MAX = 100_000
"""Entries of one source sealed by one run, so that a backlog does not become one huge commit."""


class Sealing:
    """Appends to the chain, unless the chain is not what was sealed before."""

    def __init__(self, sources: Sources, head_file: HeadFile, key: bytes) -> None:
        self._sources = sources
        self._head_file = head_file
        self._key = key

    async def stage(self, work: Work) -> int:
        """Stage blocks and head for what is new; return how many entries that is.

        The head file follows after the commit. A crash between the two leaves it behind, which
        the next run finds, checks and makes good.
        """
        stored = await self._sources.head()
        head = stored.head
        await self._agree(head)
        async for links in self._new_links(head):
            self._sources.stage_block(work, Block(head.count, tuple(links)))
            head = head.after(links)
        if head != stored.head:
            self._sources.stage_head(work, head, expected=stored.version)

        async def advance_head_file() -> None:
            await self._head_file.advance(head)

        work.after_commit(advance_head_file)
        return head.count - stored.head.count

    async def _new_links(self, head: Head) -> AsyncIterator[list[Link]]:
        mac = head.mac
        for source in SOURCES:
            position, taken = head.sealed(source), 0
            while taken < ENTRIES_MAX:
                entries = await self._sources.read(source, after=position)
                if not entries:
                    break
                links = await asyncio.to_thread(extend, self._key, mac, source, entries)
                yield links
                position, mac, taken = links[-1].position, links[-1].mac, taken + len(links)
                if len(entries) < PAGE:
                    break

    async def _agree(self, head: Head) -> None:
        """Refuse to go on from a chain that does not hold what the head file says."""
        outside = await self._head_file.read()
        if outside is None and head.count == 0:
            # Written before the first link: from then on, a missing file is a loss.
            await self._head_file.advance(head)
            return
        if outside is None:
            agrees = False
        elif outside.count < head.count:
            agrees = outside.mac == await self._mac_at(outside.count)
        else:
            agrees = outside == head
        if not agrees:
            raise ChainDamagedError

    async def _mac_at(self, count: int) -> bytes | None:
        """Return the MAC of the ``count``-th link, ``None`` if the chain does not reach it."""
        if count == 0:
            return Head().mac
        async for stored in self._sources.blocks():
            try:
                block = decode_block(stored.body)
            except msgspec.MsgspecError as error:
                raise ChainDamagedError from error
            if block.first < count <= block.first + len(block.links):
                return block.links[count - block.first - 1].mac
        return None

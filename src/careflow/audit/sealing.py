"""Sealing: what is new in both sources is appended to the chain, and the head moves on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

import msgspec

from careflow.audit.chain import SOURCES, Block, Head, Link, decode_block, extend
from careflow.audit.errors import ChainDamagedError
from careflow.audit.head import HeadFile
from careflow.audit.sources import PAGE, Sources
from careflow.audit.verifying import Problem, verify
from careflow.database.work import Work

ENTRIES_MAX = 100_000
"""Entries of one source sealed by one run, so that a backlog does not become one huge commit."""


class Sealing:
    """Appends to the chain, unless the chain is not what was sealed before.

    Args:
        on_joining: Stages the entry that says a machine began to keep a head of its own; only where
            several machines share a database. Elsewhere a missing head file is a loss.
    """

    def __init__(
        self,
        sources: Sources,
        head_file: HeadFile,
        key: bytes,
        *,
        on_joining: Callable[[Work], None] | None = None,
    ) -> None:
        self._on_joining = on_joining
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
        await self._agree(head, work)
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

    async def _agree(self, head: Head, work: Work) -> None:
        """Refuse to go on from a chain that does not hold what the head file says."""
        outside = await self._head_file.read()
        if outside is None and head.count == 0:
            # Written before the first link: from then on, a missing file is a loss.
            await self._head_file.advance(head)
            return
        if outside is None:
            agrees = await self._join(head, work)
        elif outside.count < head.count:
            agrees = outside.mac == await self._mac_at(outside.count)
        else:
            agrees = outside == head
        if not agrees:
            raise ChainDamagedError

    async def _join(self, head: Head, work: Work) -> bool:
        """Let a machine that has no head file yet keep one, once it has checked every link.

        Other machines hold the chain against heads of their own, and the trail tells who joined: a
        head file that was taken away shows as a machine that nobody added.
        """
        if self._on_joining is None:
            return False
        found = await verify(self._sources, self._head_file, self._key)
        if found.problems != (Problem("head"),):
            return False
        await self._head_file.advance(head)
        self._on_joining(work)
        return True

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

"""Verifying: every entry against its link, every link against the one before, and the end."""

from __future__ import annotations

import asyncio
import hmac
from dataclasses import dataclass, field
from typing import Literal

import msgspec

from careflow.audit.chain import SOURCES, Head, Link, Source, decode_block, mac_of
from careflow.audit.errors import ChainDamagedError, HeadForgedError
from careflow.audit.head import HeadFile
from careflow.audit.sources import Sources
from careflow.database.documents import StreamEntry

PROBLEMS_MAX = 100
"""Problems listed; all are counted."""

Kind = Literal["altered", "removed", "inserted", "recomputed", "cut", "head"]

MEANINGS: dict[Kind, str] = {
    "altered": "This line, or the link that seals it, is not what was sealed.",
    "removed": "A sealed line is no longer there.",
    "inserted": "This line was never sealed, though later ones were.",
    "recomputed": "From this line on the chain is not the one that was sealed.",
    "cut": "The chain ends before the place where its head was.",
    "head": "The head of the chain is missing or was not written with the key.",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is not as it was sealed.

    Attributes:
        link: Number of the link in the chain, from 1, where there is one.
        position: Position of the entry in its source, where there is one.
    """

    kind: Kind
    source: Source | None = None
    position: int | None = None
    link: int | None = None

    @property
    def message(self) -> str:
        """Say it in a sentence, with the place to look at."""
        places = [
            f"{self.source} {self.position}" if self.source else None,
            f"link {self.link}" if self.link else None,
        ]
        where = ", ".join(place for place in places if place)
        return f"{MEANINGS[self.kind]} ({where})" if where else MEANINGS[self.kind]


@dataclass(frozen=True, slots=True)
class Verification:
    """What checking the trail found.

    Attributes:
        sealed: Entries that match their link.
        unsealed: Entries newer than the chain: durable, and not yet protected by it.
        problems: The first :data:`PROBLEMS_MAX`.
        problems_total: All of them.
    """

    sealed: int
    unsealed: int
    problems: tuple[Problem, ...]
    problems_total: int

    @property
    def is_sound(self) -> bool:
        """Report whether nothing was found."""
        return self.problems_total == 0


async def verify(sources: Sources, head_file: HeadFile, key: bytes) -> Verification:
    """Walk chain and sources side by side, once."""
    walk = _Walk(sources, key)
    # Read first: what is sealed meanwhile lies beyond these heads.
    outside = await _outside(head_file)
    inside = await _inside(sources, walk.found)
    heads = dict.fromkeys(head for head in (outside, inside) if head is not None)
    walk.marks = {head.count for head in heads}
    await walk.blocks()
    unsealed = await walk.rest()
    for head in heads:
        walk.hold_against(head)
    if outside is None and walk.count:
        walk.found.add(Problem("head"))
    return Verification(
        sealed=walk.sealed,
        unsealed=unsealed,
        problems=tuple(walk.found.problems),
        problems_total=walk.found.total,
    )


async def _outside(head_file: HeadFile) -> Head | None:
    try:
        return await head_file.read()
    except HeadForgedError:
        return None


async def _inside(sources: Sources, found: _Found) -> Head | None:
    try:
        return (await sources.head()).head
    except ChainDamagedError:
        found.add(Problem("head"))
        return None


@dataclass(slots=True)
class _Found:
    problems: list[Problem] = field(default_factory=list)
    total: int = 0

    def add(self, problem: Problem) -> None:
        self.total += 1
        if len(self.problems) < PROBLEMS_MAX:
            self.problems.append(problem)


class _Walk:
    """Goes along the chain, pulling from each source the entry that the next link names."""

    def __init__(self, sources: Sources, key: bytes) -> None:
        self._sources = sources
        self._key = key
        self._ahead = {source: _Ahead(sources, source) for source in SOURCES}
        self._mac = Head().mac
        self._mismatched: list[Problem] = []
        self._macs: dict[int, bytes] = {0: Head().mac}
        self.marks: set[int] = set()
        self.found = _Found()
        self.count = 0
        self.sealed = 0

    async def blocks(self) -> None:
        """Check every link, up to a block that is none."""
        async for stored in self._sources.blocks():
            try:
                block = decode_block(stored.body)
            except msgspec.MsgspecError:
                block = None
            if block is None or block.first != self.count:
                self._settle(is_end=False)
                self.found.add(Problem("recomputed", link=self.count + 1))
                return
            pairs = [(link, await self._entry_of(link)) for link in block.links]
            await asyncio.to_thread(self._check, pairs)
        self._settle(is_end=True)

    async def rest(self) -> int:
        """Return how many entries lie beyond the chain."""
        count = 0
        for ahead in self._ahead.values():
            while await ahead.take():
                count += 1
        return count

    def hold_against(self, head: Head) -> None:
        """Compare the chain with what a head says of it."""
        if head.count > self.count:
            self.found.add(Problem("cut", link=self.count + 1))
        elif self._macs.get(head.count) != head.mac:
            self.found.add(Problem("recomputed", link=head.count))

    async def _entry_of(self, link: Link) -> StreamEntry | None:
        ahead = self._ahead[link.source]
        while (entry := await ahead.peek()) is not None and entry.position < link.position:
            self.found.add(Problem("inserted", link.source, entry.position))
            await ahead.take()
        if entry is None or entry.position != link.position:
            return None
        return await ahead.take()

    def _check(self, pairs: list[tuple[Link, StreamEntry | None]]) -> None:
        for link, entry in pairs:
            self.count += 1
            self._check_one(link, entry)
            # The stored MAC goes on, so that one altered line is one problem.
            self._mac = link.mac
            if self.count in self.marks:
                self._macs[self.count] = link.mac

    def _check_one(self, link: Link, entry: StreamEntry | None) -> None:
        if entry is None:
            self._settle(is_end=False)
            self.found.add(Problem("removed", link.source, link.position, self.count))
            return
        expected = mac_of(self._key, self._mac, link.source, link.position, entry.body)
        if hmac.compare_digest(expected, link.mac):
            self._settle(is_end=False)
            self.sealed += 1
        else:
            self._mismatched.append(Problem("altered", link.source, link.position, self.count))

    def _settle(self, *, is_end: bool) -> None:
        """Say what a run of links that do not match means."""
        run, self._mismatched = self._mismatched, []
        if is_end and len(run) > 1:
            # To the very end: not lines, but the chain was written anew, without the key.
            first = run[0]
            self.found.add(Problem("recomputed", first.source, first.position, first.link))
            return
        for problem in run:
            self.found.add(problem)


class _Ahead:
    """The entries of one source in order, with a look at the next."""

    def __init__(self, sources: Sources, source: Source) -> None:
        self._sources = sources
        self._source = source
        self._page: list[StreamEntry] = []
        self._next = 0
        self._after = 0

    async def peek(self) -> StreamEntry | None:
        """Return the next entry without taking it."""
        if self._next == len(self._page):
            self._page = await self._sources.read(self._source, after=self._after)
            self._next = 0
            if not self._page:
                return None
            self._after = self._page[-1].position
        return self._page[self._next]

    async def take(self) -> StreamEntry | None:
        """Return the next entry."""
        entry = await self.peek()
        if entry is not None:
            self._next += 1
        return entry

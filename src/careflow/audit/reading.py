"""Reading the trail: both sources together, newest first, page by page."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime

from careflow.audit.chain import SOURCES, Source
from careflow.audit.encoding import decode
from careflow.audit.entry import AuditEntry
from careflow.audit.sources import PAGE, Sources
from careflow.database.documents import BadCursorError, StreamEntry

LOOKED_AT_MAX = 200_000
"""Entries that one page looks through at most, so that a rare name cannot hold up everyone."""

_CURSOR = re.compile(r"w(\d{1,18})r(\d{1,18})")
_ID = re.compile(r"([wr])([1-9]\d{0,17})")


@dataclass(frozen=True, slots=True)
class Filter:
    """Which entries are wanted; ``None`` means any."""

    patient: str | None = None
    actor: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def takes(self, entry: AuditEntry) -> bool:
        """Report whether the entry is wanted."""
        return (
            (self.patient is None or self.patient in entry.patients)
            and (self.actor is None or self.actor == entry.actor)
            and (self.since is None or entry.at >= self.since)
            and (self.until is None or entry.at <= self.until)
        )

    def may_take(self, body: bytes) -> bool:
        """Report, without reading it, whether an entry may be wanted."""
        return all(word.encode() in body for word in (self.patient, self.actor) if word is not None)


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Entries, newest first; ``next`` is ``None`` on the last page.

    ``ids`` names each of them for :func:`read_entry`.
    """

    entries: list[AuditEntry]
    next: str | None = None
    ids: list[str] = field(default_factory=list)


async def read_page(
    sources: Sources, wanted: Filter, *, after: str | None, count: int
) -> AuditPage:
    """Return one page; see :meth:`careflow.audit.trail.Trail.entries`."""
    starts = await _starts(sources, after)
    readers = [_Backwards(sources, source, wanted, starts[source]) for source in SOURCES]
    entries: list[AuditEntry] = []
    ids: list[str] = []
    while len(entries) < count:
        for reader in readers:
            await reader.look()
        # A reader that gave up looking may still hold the newest: nothing older may go first.
        if any(reader.gave_up for reader in readers):
            break
        waiting = [reader for reader in readers if reader.found]
        if not waiting:
            break
        newest = max(waiting, key=_newest_at)
        ids.append(newest.id)
        entries.append(newest.take())
    is_last = all(reader.is_done for reader in readers)
    return AuditPage(entries, None if is_last else _cursor(readers), ids)


async def read_entry(sources: Sources, id: str) -> AuditEntry | None:
    """Return the entry of this id, ``None`` if there is none."""
    parts = _ID.fullmatch(id)
    if parts is None:
        return None
    source: Source = "writes" if parts[1] == "w" else "reads"
    position = int(parts[2])
    for stored in await sources.read(source, after=position - 1, count=1):
        if stored.position == position:
            return decode(stored.body)
    return None


class _Backwards:
    """One source from its newest entry to its oldest, keeping what is wanted.

    ``low`` is the lowest position looked at so far; everything before it is still to come.
    """

    def __init__(self, sources: Sources, source: Source, wanted: Filter, low: int) -> None:
        self._sources = sources
        self._source = source
        self._wanted = wanted
        self._window = PAGE
        self._looked_at = 0
        self.low = low
        self.found: deque[tuple[int, AuditEntry]] = deque()

    @property
    def is_done(self) -> bool:
        """Report whether nothing is held and nothing is left."""
        return not self.found and self.low <= 1

    @property
    def gave_up(self) -> bool:
        """Report whether nothing is held though more is left."""
        return not self.found and self.low > 1

    @property
    def id(self) -> str:
        """Return the id of the newest entry held."""
        return f"{self._source[0]}{self.found[0][0]}"

    @property
    def resume(self) -> int:
        """Return the position before which a next page goes on."""
        return self.found[0][0] + 1 if self.found else self.low

    def take(self) -> AuditEntry:
        """Return the newest entry held."""
        return self.found.popleft()[1]

    async def look(self) -> None:
        """Look for an entry, unless one is held."""
        while self.gave_up and self._looked_at < LOOKED_AT_MAX:
            await self._look_once()

    async def _look_once(self) -> None:
        after = max(0, self.low - 1 - self._window)
        page = await self._sources.read(self._source, after=after, count=self._window)
        page = [stored for stored in page if stored.position < self.low]
        # Positions may have gaps; wide ones are crossed in wider steps.
        self._window = PAGE if page else min(self._window * 2, 16 * PAGE)
        self._looked_at += len(page)
        self.low = after + 1
        for stored in reversed(page):
            self._keep(stored)
        since = self._wanted.since
        if page and since is not None and page[0].stored_at < since:
            self.low = 1

    def _keep(self, stored: StreamEntry) -> None:
        if not self._wanted.may_take(stored.body):
            return
        entry = decode(stored.body)
        if self._wanted.takes(entry):
            self.found.append((stored.position, entry))


def _newest_at(reader: _Backwards) -> datetime:
    return reader.found[0][1].at


async def _starts(sources: Sources, cursor: str | None) -> dict[Source, int]:
    newest: dict[Source, int] = {source: await sources.last(source) + 1 for source in SOURCES}
    if cursor is None:
        return newest
    parts = _CURSOR.fullmatch(cursor)
    if parts is None:
        raise BadCursorError
    return {
        "writes": min(int(parts[1]), newest["writes"]),
        "reads": min(int(parts[2]), newest["reads"]),
    }


def _cursor(readers: list[_Backwards]) -> str:
    writes, reads = (reader.resume for reader in readers)
    return f"w{writes}r{reads}"

"""Reads and draws files in processes of their own, a few at a time."""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field

from careflow.ai.apart import Limits
from careflow.ai.reading.isolated import read_pages_isolated, render_page_isolated
from careflow.ai.reading.page import PageText
from careflow.ai.reading.recogniser import Recogniser

_WIDTH_PX = 1240
"""150 dots per inch of a usual page: small print is legible, and a scan stays below a megabyte."""

_PAGES_KEPT = 24
"""Pictures of pages kept in memory, so that who turns back to a page does not wait again."""

Drawn = OrderedDict[tuple[bytes, int, int | None], bytes]


@dataclass(frozen=True, slots=True)
class IsolatedReader:
    """A :class:`careflow.ai.context.Reader` whose work cannot take this process down.

    Attributes:
        recogniser: Reads pictures; without one a scan comes back with its problem said.
        at_once: Readers that may run together; each may take ``limits.memory_bytes``.
        drawing: The same for drawers, so that nobody who looks waits for a scan being read.
    """

    recogniser: Recogniser | None = None
    limits: Limits = field(default_factory=Limits)
    at_once: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(2))
    drawing: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(2))
    drawn: Drawn = field(default_factory=OrderedDict)

    async def pages(self, content: bytes, media_type: str) -> Sequence[PageText]:
        """Return the words of every page, or raise one of :mod:`careflow.ai.reading.errors`."""
        async with self.at_once:
            return await asyncio.to_thread(
                read_pages_isolated,
                content,
                media_type,
                recogniser=self.recogniser,
                limits=self.limits,
            )

    async def page_image(
        self, content: bytes, media_type: str, number: int, rotation: int | None
    ) -> bytes:
        """Return a page (from 1) upright as PNG."""
        key = (hashlib.sha256(content).digest(), number, rotation)
        if key not in self.drawn:
            async with self.drawing:
                self.drawn[key] = await asyncio.to_thread(
                    render_page_isolated,
                    content,
                    media_type,
                    number,
                    _WIDTH_PX,
                    rotation=rotation,
                    limits=self.limits,
                )
        self.drawn.move_to_end(key)
        image = self.drawn[key]
        while len(self.drawn) > _PAGES_KEPT:
            self.drawn.popitem(last=False)
        return image

"""Reads documents off the event loop, each in a process of its own."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from careflow.ai.reading.isolated import Limits, read_pages_isolated, render_page_isolated
from careflow.ai.reading.ocr import Recogniser
from careflow.ai.reading.page import PageText

SHOWN_WIDTH = 1200
"""Pixels of a page on the review screen; enough to read nine-point print."""


@dataclass(frozen=True, slots=True)
class IsolatedReader:
    """What the rest of the product needs of reading: pages of words, and pages as pictures.

    Attributes:
        recogniser: Reads pictures of text; None where tesseract is not installed.
        limits: What one document may take.
    """

    recogniser: Recogniser | None = None
    limits: Limits = field(default_factory=Limits)

    async def pages(self, content: bytes, media_type: str) -> list[PageText]:
        """Return the pages of a document; raises as `careflow.ai.reading.pages.read_pages`."""
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
        """Return one page as an upright PNG; ``rotation`` as read, or None to find it again."""
        return await asyncio.to_thread(
            render_page_isolated,
            content,
            media_type,
            number,
            SHOWN_WIDTH,
            rotation=rotation,
            recogniser=self.recogniser,
            limits=self.limits,
        )

"""The words of pages as one text, line by line, and the way back from a span to its page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from careflow.ai.reading.page import Box, PageText, union
from careflow.ai.task import Span


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """A line of a page, and where it stands in the whole text."""

    text: str
    start: int
    page: int
    box: Box

    @property
    def end(self) -> int:
        """Return the offset behind its last character."""
        return self.start + len(self.text)


def lines_of_pages(pages: Sequence[PageText]) -> Iterator[PlacedLine]:
    """Yield the lines of pages as they stand in the whole text, each with its place on a page."""
    from careflow.ai.reading.lines import lines_of

    start = 0
    for page in pages:
        for line in lines_of(page):
            box = union([token.box for token in line.tokens])
            placed = PlacedLine(line.text, start, page.number, box)
            yield placed
            start = placed.end + 1


def words_of_pages(pages: Sequence[PageText]) -> str:
    """Return the words of pages as one text; what nobody sees on a page is not in it."""
    return "\n".join(line.text for line in lines_of_pages(pages))


def line_around(pages: Sequence[PageText], span: Span) -> PlacedLine | None:
    """Return the line in which a span of the whole text begins."""
    return next((one for one in lines_of_pages(pages) if one.start <= span[0] < one.end), None)

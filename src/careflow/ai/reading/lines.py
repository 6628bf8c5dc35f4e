"""Puts words into lines, and lines into cells that stand apart."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from statistics import median

from careflow.ai.reading.page import Box, PageText, Word, union

_LEADERS = re.compile(r"[.·…_]{3,}|…+|(?:\.\s){2,}")
_SPECKS = "~|_°`‘’“”„«»'\""
"""What remnants of ruled lines and grain look like to a recogniser at the ends of words."""
_APART = 0.9
"""Words further apart than this many line heights belong to different cells."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word in points of the upright page, so that distances compare in both directions."""

    text: str
    x0: float
    x1: float
    y0: float
    y1: float
    box: Box
    confidence: float

    @property
    def middle(self) -> float:
        """Vertical middle."""
        return (self.y0 + self.y1) / 2


@dataclass(slots=True)
class Line:
    """Words of one page that stand on one line, from left to right."""

    page: int
    tokens: list[Token]
    from_picture: bool = False
    cells: list[list[Token]] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The line as printed, with one blank between words."""
        return " ".join(token.text for token in self.tokens)

    @property
    def height(self) -> float:
        """Typical height of the words."""
        return median(token.y1 - token.y0 for token in self.tokens)

    @property
    def middle(self) -> float:
        """Vertical middle."""
        return median(token.middle for token in self.tokens)

    @property
    def x0(self) -> float:
        """Left end."""
        return self.tokens[0].x0

    @property
    def x1(self) -> float:
        """Right end."""
        return max(token.x1 for token in self.tokens)


def box_of(tokens: Iterable[Token]) -> Box:
    """Return the box around the tokens, in fractions of the page."""
    return union([token.box for token in tokens])


def lines_of(page: PageText) -> list[Line]:
    """Return the lines of a page from top to bottom."""
    words = [_without_specks(word) for word in page.words] if page.source == "ocr" else page.words
    tokens = [token for word in words if word.text for token in _tokens(word, page)]
    rows: list[list[Token]] = []
    for token in sorted(tokens, key=lambda one: one.middle):
        row = _row_of(token, rows)
        if row is None:
            rows.append([token])
        else:
            row.append(token)
    lines = [
        Line(page.number, sorted(row, key=lambda one: one.x0), page.source == "ocr") for row in rows
    ]
    for line in lines:
        line.cells = _cells(line)
    return sorted(lines, key=lambda line: line.middle)


def _without_specks(word: Word) -> Word:
    """Take off what remnants of ruled lines look like to a recogniser; no print is only that."""
    text = word.text.strip(_SPECKS)
    if not re.search(r"[^\W_]|[<>≤≥%*+=–—-]", text):
        text = ""
    return word if text == word.text else replace(word, text=text)


def _row_of(token: Token, rows: list[list[Token]]) -> list[Token] | None:
    """Return the row the token stands on; only the latest few can be meant."""
    best: tuple[float, list[Token]] | None = None
    for row in rows[-4:]:
        middle = median(one.middle for one in row)
        height = max(median(one.y1 - one.y0 for one in row), token.y1 - token.y0)
        distance = abs(token.middle - middle)
        if distance < 0.38 * height and (best is None or distance < best[0]):
            best = (distance, row)
    return best[1] if best else None


def _tokens(word: Word, page: PageText) -> list[Token]:
    """Return the word as tokens; dotted leaders are no part of what they lead to."""
    leaders = [(found.start(), found.end()) for found in _LEADERS.finditer(word.text)]
    edges = [0, *(edge for leader in leaders for edge in leader), len(word.text)]
    pieces = [
        (start, end) for start, end in zip(edges[::2], edges[1::2], strict=True) if start < end
    ]
    tokens = []
    x0, y0, x1, y1 = word.box
    step = (x1 - x0) / max(len(word.text), 1)
    for start, end in pieces:
        text = word.text[start:end]
        if not text.strip(".·…_ ") and len(word.text) > 1:
            continue
        box = (x0 + start * step, y0, x0 + end * step, y1)
        across, down = _levelled(box, page)
        tokens.append(
            Token(
                text,
                across - (box[2] - box[0]) * page.width / 2,
                across + (box[2] - box[0]) * page.width / 2,
                down - (y1 - y0) * page.height / 2,
                down + (y1 - y0) * page.height / 2,
                box,
                word.confidence,
            )
        )
    return tokens


def _levelled(box: Box, page: PageText) -> tuple[float, float]:
    """Return the middle of a box in points, as if the page had been scanned straight."""
    x, y = (box[0] + box[2]) / 2 * page.width, (box[1] + box[3]) / 2 * page.height
    if not page.lean:
        return x, y
    angle = math.radians(page.lean)
    dx, dy = x - page.width / 2, y - page.height / 2
    return (
        dx * math.cos(angle) + dy * math.sin(angle) + page.width / 2,
        -dx * math.sin(angle) + dy * math.cos(angle) + page.height / 2,
    )


def _cells(line: Line) -> list[list[Token]]:
    height = line.height
    cells = [[line.tokens[0]]]
    for token in line.tokens[1:]:
        if token.x0 - cells[-1][-1].x1 > _APART * height:
            cells.append([])
        cells[-1].append(token)
    return cells

"""What a page says: its words and where they stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Box = tuple[float, float, float, float]
"""x0, y0, x1, y1 as fractions (0..1) of the page as shown upright; the origin is top left."""

Source = Literal["text", "ocr"]


@dataclass(frozen=True, slots=True)
class Word:
    """A run of characters without a blank.

    Attributes:
        text: The characters as printed, control characters and invisible ones taken out.
        box: Where it stands.
        confidence: 0..1; 1 for a text layer, the recogniser's own estimate for a picture.
    """

    text: str
    box: Box
    confidence: float = 1.0

    @property
    def height(self) -> float:
        """Height as a fraction of the page's height."""
        return self.box[3] - self.box[1]

    @property
    def middle(self) -> float:
        """Vertical middle."""
        return (self.box[1] + self.box[3]) / 2


@dataclass(frozen=True, slots=True)
class PageText:
    """One page as read.

    Attributes:
        number: From 1.
        width: Width of the page as shown upright, in points (pictures: pixels).
        height: Height of the page as shown upright.
        rotation: Clockwise degrees (0, 90, 180, 270) by which the page as stored must be turned,
            beyond what the file itself says, to stand upright.
        words: In reading order of the file; `careflow.ai.reading.lines` puts them into lines.
        source: "text" from the text layer, "ocr" from the picture, None where neither could be had.
        hidden: Words that are in the file but that nobody sees (invisible, white on white); they
            are never read as content.
        problem: Why the page could not be read, if so.
        lean: Degrees by which the lines of a scan slope, clockwise positive; boxes stand where the
            words stand on the sloping page.
    """

    number: int
    width: float
    height: float
    rotation: int = 0
    words: tuple[Word, ...] = ()
    source: Source | None = "text"
    hidden: tuple[Word, ...] = ()
    problem: str | None = None
    lean: float = 0.0


def union(boxes: list[Box]) -> Box:
    """Return the smallest box around all of them."""
    return (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )

"""A run of neighbouring words of one kind, and the words of a line it is cut from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from careflow.ai.reading.lines import Token

Kind = Literal[
    "text",
    "value",
    "range",
    "bound",
    "unit",
    "flag",
    "words",
    "label",
    "date",
    "odd",
    "code",
    "none",
]


EDGES = "()[]{};,:"


LONGEST = 8


@dataclass(frozen=True, slots=True)
class Segment:
    """Neighbouring words of one kind.

    Attributes:
        kind: "bound" is a comparator with a number: a value or an open range; "words" is a
            qualitative result; "label" names a group or band of a range; "odd" holds digits but is
            no number.
        tokens: The words.
        text: Their text, brackets and colons at the ends taken off.
        cell: Index of the cell the first word stands in.
    """

    kind: Kind
    tokens: tuple[Token, ...]
    text: str
    cell: int

    @property
    def x0(self) -> float:
        """Left end in points."""
        return self.tokens[0].x0

    @property
    def x1(self) -> float:
        """Right end in points."""
        return self.tokens[-1].x1


@dataclass(slots=True)
class Cursor:
    """The words of a line with the cell of each, and what has been seen so far."""

    tokens: list[Token]
    cells: list[int]
    from_picture: bool
    seen_value: bool = False
    seen_text: bool = False
    seen_range: bool = False

    def joined(self, start: int, end: int) -> str:
        """Return the words from ``start`` up to ``end`` as one text."""
        return " ".join(token.text for token in self.tokens[start:end])

    def cell_end(self, start: int) -> int:
        """Return the index after the last word of the cell."""
        end = start + 1
        while end < len(self.tokens) and self.cells[end] == self.cells[start]:
            end += 1
        return end

    def starts_cell(self, index: int) -> bool:
        """Report whether a word is the first of its cell."""
        return index == 0 or self.cells[index - 1] != self.cells[index]

    def ends_cell(self, end: int) -> bool:
        """Report whether the word before ``end`` is the last of its cell."""
        return end >= len(self.tokens) or self.cells[end] != self.cells[end - 1]


def cut(cursor: Cursor, kind: Kind, start: int, end: int, text: str | None = None) -> Segment:
    """Return the words as a segment, its text with edges trimmed unless it is a name."""
    plain = cursor.joined(start, end) if text is None else text
    return Segment(
        kind,
        tuple(cursor.tokens[start:end]),
        plain.strip(" " + EDGES) if kind != "text" else plain,
        cursor.cells[start],
    )

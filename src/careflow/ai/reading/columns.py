"""The columns of a table, and which of them a word belongs to."""

from __future__ import annotations

from dataclasses import dataclass

from careflow.ai.reading.segments import Kind, Segment
from careflow.ai.reading.vocabulary import Role

IMPLIED = "(names)"
"""Text of the name column where no head names it."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its head: what stands in it, and the extent of the head in points."""

    role: Role
    x0: float
    x1: float
    text: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """The columns of one table; two tables may stand side by side under one line of heads."""

    columns: tuple[Column, ...]
    x0: float
    x1: float

    def has(self, role: Role) -> bool:
        """Report whether there is such a column."""
        return any(column.role == role for column in self.columns)

    def column(self, role: Role) -> Column | None:
        """Return the first column of that role."""
        return next((column for column in self.columns if column.role == role), None)


_WRONG: dict[Role, dict[Kind, float]] = {
    "serial": {"value": 0},
    "test": {
        "text": 0,
        "label": 1,
        "value": 2,
        "range": 2.5,
        "unit": 2,
        "words": 2,
        "odd": 1.5,
        "flag": 3,
    },
    "value": {
        "value": 0,
        "words": 0,
        "bound": 0.2,
        "odd": 0.2,
        "range": 1.2,
        "text": 1.2,
        "flag": 2.2,
    },
    "unit": {"unit": 0, "text": 1.5},
    "range": {
        "range": 0,
        "bound": 0,
        "label": 0,
        "words": 0.5,
        "unit": 0.8,
        "text": 1.5,
        "odd": 1.5,
        "flag": 2,
        "value": 3,
    },
    "low": {"value": 0, "bound": 0.2, "odd": 1},
    "high": {"value": 0, "bound": 0.2, "odd": 1},
    "flag": {"flag": 0, "text": 1, "words": 1, "label": 1},
    "previous": {
        "value": 0,
        "bound": 0,
        "words": 0,
        "range": 1,
        "date": 0,
        "flag": 1,
        "text": 1.5,
        "odd": 0.5,
        "unit": 2,
    },
    "dated": {
        "value": 0,
        "bound": 0,
        "words": 0,
        "range": 1,
        "date": 1,
        "flag": 1,
        "text": 1.5,
        "odd": 0.5,
        "unit": 2,
    },
    "other": {"code": 0, "text": 0.4, "date": 0.2, "unit": 2, "words": 1.2, "value": 2, "label": 1},
}


_OUT_OF_PLACE = 4.5


def roles_of(segments: list[Segment], panel: Panel, height: float) -> list[Column]:
    """Return the column of each segment, columns going from left to right as the segments do.

    The best assignment is found by dynamic programming over what a segment looks like and how
    far it stands from each head; heads and cells may be left-, right- or centre-aligned.
    """
    columns = sorted(panel.columns, key=lambda column: column.x0)
    best = [[(0.0, -1)] * len(columns) for _ in segments]
    for row, segment in enumerate(segments):
        for index, column in enumerate(columns):
            own = _cost(segment, column, height)
            if row == 0:
                best[row][index] = (own, -1)
                continue
            before = min(range(index + 1), key=lambda at: best[row - 1][at][0])
            best[row][index] = (best[row - 1][before][0] + own, before)
    chosen: list[Column] = []
    at = min(range(len(columns)), key=lambda index: best[-1][index][0]) if segments else 0
    for row in range(len(segments) - 1, -1, -1):
        chosen.append(columns[at])
        at = best[row][at][1]
    return chosen[::-1]


def _cost(segment: Segment, column: Column, height: float) -> float:
    wrong = _WRONG[column.role].get(segment.kind, _OUT_OF_PLACE)
    if column.text == IMPLIED:
        return wrong if segment.x0 < column.x1 else wrong + _OUT_OF_PLACE
    edges = (
        abs(segment.x0 - column.x0),
        abs(segment.x1 - column.x1),
        abs(segment.x0 + segment.x1 - column.x0 - column.x1) / 2,
    )
    overlaps = min(segment.x1, column.x1) > max(segment.x0, column.x0)
    return wrong + min(min(edges) / height, 14) * 0.3 + (0 if overlaps else 0.5)

"""What a measure says: figures with the least that is acceptable and what is aimed at."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

Json = dict[str, Any]
Ask = Callable[[Json], Awaitable[Json | None]]
"""Gives an input to the task's engine; returns the output, or ``None`` where there is none."""


@dataclass(frozen=True, slots=True)
class Score:
    """One figure over a set.

    Attributes:
        cases: How many cases it was counted over.
        floor: The least that is acceptable; the most, where less is better.
        better: Which direction is better.
    """

    name: str
    value: float
    cases: int
    floor: float | None = None
    aim: float | None = None
    better: Literal["more", "less"] = "more"
    unit: str = ""

    @property
    def stands(self) -> str:
        """Return where it stands between floor and aim, in words."""
        if self.floor is None:
            return ""
        if self.aim is not None and self._reaches(self.aim):
            return "aim"
        return "floor" if self._reaches(self.floor) else "below"

    def _reaches(self, bar: float) -> bool:
        return self.value >= bar if self.better == "more" else self.value <= bar

    def as_json(self) -> Json:
        """Return it as plain data."""
        return {
            "name": self.name,
            "value": round(self.value, 4),
            "cases": self.cases,
            "floor": self.floor,
            "aim": self.aim,
            "better": self.better,
            "unit": self.unit,
            "stands": self.stands,
        }


def share(part: int, whole: int) -> float:
    """Return a part of a whole; nothing of nothing is nothing."""
    return part / whole if whole else 0.0


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How one task is measured.

    Attributes:
        sets: What it is measured on, and files of the data folder by the names ``measure`` uses.
        method: How figures are counted, in one sentence.
        measure: Asks every case of the sets and counts.
    """

    task: str
    sets: Mapping[str, str]
    method: str
    measure: Callable[[Mapping[str, Path], Ask], Awaitable[list[Score]]]

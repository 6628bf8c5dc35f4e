"""One analyte over time: points of one unit, the range, and what was started when."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """One measured value; ``value`` is for drawing, never for printing."""

    at: str
    value: float
    value_text: str
    flag: str | None
    observation_id: str


@dataclass(frozen=True, slots=True)
class TrendEvent:
    """Something that may explain a turn in the line, e.g. a medicine started."""

    at: str
    label: str


@dataclass(frozen=True, slots=True)
class Trend:
    """Values of one analyte in one unit, oldest first.

    Attributes:
        low: Lower end of the range printed with the newest value, for drawing.
        left_out: How many values were in another unit and therefore not joined.
    """

    code: str
    name: str
    unit: str | None
    low: float | None
    high: float | None
    points: list[TrendPoint]
    events: list[TrendEvent]
    change_text: str | None
    left_out: int

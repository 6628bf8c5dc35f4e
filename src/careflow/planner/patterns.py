"""How a clinic grows: the guide's three patterns, and curves of one's own."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from careflow.errors import BadInputError


@dataclass(frozen=True, slots=True)
class Step:
    """Some months of a pattern.

    Attributes:
        users: At the start of the step and at its end.
        guide: What the guide recommends there, in its words, and the line.
    """

    first: int
    last: int
    users: tuple[int, int]
    ai_requests: int
    guide: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Pattern:
    """A curve of users and AI requests over months."""

    name: str
    steps: tuple[Step, ...]

    @property
    def months(self) -> int:
        """Return the last month."""
        return self.steps[-1].last

    def step(self, month: int) -> Step:
        """Return the step of a month; after the last it goes on as it ended."""
        for one in self.steps:
            if month <= one.last:
                return one
        return self.steps[-1]

    def users(self, month: int) -> int:
        """Return the users of a month, growing by an equal factor each month within a step."""
        one = self.step(month)
        low, high = one.users
        length = one.last - one.first + 1
        share = min(1.0, (month - one.first + 1) / length)
        return round(low * (high / low) ** share) if low else round(high * share)


_BASIC, _PRODUCTION, _FLEET = "Basic", "Production + Gemini", "Load Balancer + Gemini"

PATTERNS = {
    "low": Pattern(
        "low",
        (
            Step(1, 3, (10, 30), 100, _BASIC, 1068),
            Step(4, 12, (30, 100), 1_000, _PRODUCTION, 1069),
            Step(13, 24, (100, 500), 5_000, _PRODUCTION, 1070),
            Step(25, 36, (500, 2_000), 20_000, _PRODUCTION, 1071),
        ),
    ),
    "medium": Pattern(
        "medium",
        (
            Step(1, 3, (10, 50), 500, _BASIC, 1079),
            Step(4, 6, (50, 200), 2_000, _PRODUCTION, 1080),
            Step(7, 12, (200, 1_000), 10_000, _PRODUCTION, 1081),
            Step(13, 24, (1_000, 5_000), 50_000, _PRODUCTION, 1082),
            Step(25, 36, (5_000, 20_000), 200_000, _FLEET, 1083),
        ),
    ),
    "high": Pattern(
        "high",
        (
            Step(1, 3, (50, 200), 2_000, _PRODUCTION, 1091),
            Step(4, 6, (200, 1_000), 10_000, _PRODUCTION, 1092),
            Step(7, 12, (1_000, 5_000), 50_000, _PRODUCTION, 1093),
            Step(13, 18, (5_000, 20_000), 200_000, _FLEET, 1094),
            Step(19, 36, (20_000, 100_000), 1_000_000, "Multi-Region + Gemini", 1095),
        ),
    ),
}


def pattern(name: str) -> Pattern:
    """Return one of the guide's patterns."""
    if name not in PATTERNS:
        raise BadInputError(f"There is no growth pattern {name!r}: use low, medium or high.")
    return PATTERNS[name]


def own_curve(points: Sequence[tuple[int, int, int]]) -> Pattern:
    """Make a pattern of points (month, users, AI requests a month), in order of months."""
    if not points or any(a[0] >= b[0] for a, b in itertools.pairwise(points)):
        raise BadInputError("A growth curve is a list of months in rising order.")
    if points[0][0] < 1 or any(number < 0 for point in points for number in point):
        raise BadInputError("Months start at 1, and users and AI requests are not negative.")
    steps, before, first = [], points[0][1], 1
    for month, users, calls in points:
        steps.append(Step(first, month, (before, users), calls))
        first, before = month + 1, users
    return Pattern("own", tuple(steps))


def crossed(before: Decimal, after: Decimal, threshold: Decimal) -> bool:
    """Report whether a threshold lies between two months."""
    return before <= threshold < after

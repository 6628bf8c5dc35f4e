"""Ranges of numbers, exact: what the guide states as "19-24" and what bills are made of."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from careflow.errors import BadInputError

CENT = Decimal("0.01")
Number = Decimal | int | str


@dataclass(frozen=True, slots=True)
class Span:
    """A closed range; a single figure has equal ends."""

    low: Decimal
    high: Decimal

    def __post_init__(self) -> None:
        """Refuse ends in the wrong order."""
        if self.low > self.high:
            raise BadInputError(f"A range runs upwards: {self.low} is above {self.high}.")

    def __add__(self, other: Span) -> Span:
        """Add end to end."""
        return Span(self.low + other.low, self.high + other.high)

    def __sub__(self, other: Span) -> Span:
        """Subtract the honest way: the least minus the most, the most minus the least."""
        return Span(self.low - other.high, self.high - other.low)

    def __mul__(self, factor: Number) -> Span:
        """Multiply both ends by a number that is not negative."""
        by = Decimal(factor)
        return Span(self.low * by, self.high * by)

    def times(self, other: Span) -> Span:
        """Multiply two ranges of numbers that are not negative."""
        return Span(self.low * other.low, self.high * other.high)

    def union(self, other: Span) -> Span:
        """Return the smallest range that holds both."""
        return Span(min(self.low, other.low), max(self.high, other.high))

    def holds(self, other: Span) -> bool:
        """Report whether the other range lies inside this one."""
        return self.low <= other.low and other.high <= self.high

    def rounded(self, step: Decimal = CENT) -> Span:
        """Round both ends half up."""
        return Span(round_to(self.low, step), round_to(self.high, step))

    def as_numbers(self) -> list[float | int]:
        """Return ``[low, high]`` for JSON; whole numbers stay whole."""
        return [plain(self.low), plain(self.high)]


def span(low: Number, high: Number | None = None) -> Span:
    """Make a range from one or two numbers."""
    return Span(Decimal(low), Decimal(low if high is None else high))


def round_to(value: Decimal, step: Decimal = CENT) -> Decimal:
    """Round half up, as money is rounded."""
    return value.quantize(step, ROUND_HALF_UP)


def plain(value: Decimal) -> float | int:
    """Return a number for JSON: an integer where it is one."""
    return int(value) if value == value.to_integral_value() else float(value)


ZERO = span(0)

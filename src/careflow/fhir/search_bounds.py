"""Prefixes and precision: from ``ge2024-03`` to the bounds that an interval must keep.

Semantics of http://hl7.org/fhir/R4/search.html#prefix. The search value is an interval [a, b]; a
resource's value is one too. ``ge`` and ``le`` are read as "reaches a or later" and "begins at b or
earlier", so that a stay which goes on into the day asked for is found.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import astuple, dataclass
from datetime import datetime
from decimal import Decimal

from careflow.fhir.times import Span, span_of

_PREFIXED = re.compile(r"^(eq|ne|gt|lt|ge|le|sa|eb|ap)?(?=[-+0-9])(.*)$", re.DOTALL)
_NUMBER = re.compile(r"^[-+]?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]{1,3})?$")
_DATE = re.compile(
    r"^[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2}"
    r"(?:T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:Z|[-+ ][0-9]{2}:[0-9]{2})?)?)?)?$"
)
_APPROXIMATELY = 0.1
"""``ap`` widens by a tenth, as R4 recommends: of the number, or of the time from now."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Bounds on the two ends of an interval; inclusive, ``None`` is open."""

    low_min: float | None = None
    low_max: float | None = None
    high_min: float | None = None
    high_max: float | None = None


def split_prefix(text: str) -> tuple[str, str] | None:
    """Return (prefix, rest), ``eq`` where none is written; ``None`` if neither can be read."""
    match = _PREFIXED.match(text)
    return (match[1] or "eq", match[2]) if match else None


def date_span(text: str) -> Span | None:
    """Return the span of a date as searches write it, or ``None`` if it is none."""
    if not _DATE.match(text):
        return None
    try:
        # A plus sign in a query string often arrives as a space.
        return span_of(text.replace(" ", "+"))
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Number:
    """A number as searches write it: its digits say that [low, high) is meant.

    Attributes:
        near_low: Together with ``near_high`` the interval that ``ap`` accepts.
    """

    low: float
    high: float
    value: float
    near_low: float
    near_high: float

    def converted(self, convert: Callable[[float], float]) -> Number:
        """Return the number in another unit; the conversion keeps the order."""
        return Number(*(convert(each) for each in astuple(self)))


def number_of(text: str) -> Number | None:
    """Return a number with its digits' precision, ``5.4`` as [5.35, 5.45), or ``None``."""
    if not _NUMBER.match(text):
        return None
    number = Decimal(text)
    half = Decimal((0, (5,), _last_digit(text, number) - 1))
    value, low, high = float(number), float(number - half), float(number + half)
    if not math.isfinite(value):
        return None
    margin = abs(value) * _APPROXIMATELY
    return Number(low, high, value, min(low, value - margin), max(high, value + margin))


def _last_digit(text: str, number: Decimal) -> int:
    """Return the exponent of ten of the last digit that counts.

    R4 reads ``1e2`` as [95, 105): a power of ten without a fraction has one digit more.
    """
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int):
        return 0
    return exponent - 1 if "e" in text.lower() and "." not in text else exponent


def bounds_of(prefix: str, span: Span) -> tuple[Bounds, ...]:
    """Return the bounds one of which a resource's interval must keep."""
    low, high = span
    below, above = math.nextafter(low, -math.inf), math.nextafter(high, math.inf)
    return {
        "eq": (Bounds(low_min=low, high_max=high),),
        "ne": (Bounds(low_max=below), Bounds(high_min=above)),
        "gt": (Bounds(high_min=above),),
        "lt": (Bounds(low_max=below),),
        "ge": (Bounds(high_min=low),),
        "le": (Bounds(low_max=high),),
        "sa": (Bounds(low_min=above),),
        "eb": (Bounds(high_max=below),),
        "ap": (Bounds(low_max=high, high_min=low),),
    }[prefix]


def number_bounds(prefix: str, number: Number) -> tuple[Bounds, ...]:
    """Return the bounds for a number: only ``eq`` and ``ne`` look at its precision."""
    if prefix in {"eq", "ne"}:
        # More digits than a float has leave nothing between the ends but the number itself.
        low = min(number.low, number.value)
        high = max(math.nextafter(number.high, -math.inf), number.value)
        return bounds_of(prefix, (low, high))
    if prefix == "ap":
        return bounds_of(prefix, (number.near_low, number.near_high))
    return bounds_of(prefix, (number.value, number.value))


def date_bounds(prefix: str, span: Span, now: datetime | None) -> tuple[Bounds, ...]:
    """Return the bounds for a date; ``ap`` is wider the further it lies from ``now``."""
    if prefix == "ap" and now is not None:
        margin = abs(now.timestamp() * 1000 - span[0]) * _APPROXIMATELY
        span = (span[0] - margin, span[1] + margin)
    return bounds_of(prefix, span)

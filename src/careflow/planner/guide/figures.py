"""Reads a figure as the guide prints it: ``$19-24/month``, ``~99.5%``, ``1 million tokens``."""

from __future__ import annotations

import re
from decimal import Decimal

from careflow.planner.spans import Span

_NUMBER = r"\$?(\d[\d,]*(?:\.\d+)?)\s?(K\b|K\+|M\b|M\+|million\b)?"
_FIGURE = re.compile(rf"{_NUMBER}(?:-{_NUMBER})?")
_TIMES = re.compile(r"^\s*\d+x\b")
_SCALE = {"K": 1_000, "M": 1_000_000, "million": 1_000_000}
_NO_FIGURE = ("None", "N/A", "Shared", "<")


def read_figure(text: str) -> Span | None:
    """Return the first figure or range outside brackets, or None where there is none.

    Factors (``2x CPU``) and conditions (``<1K users, <500MB data``) are words, not figures.
    """
    words = text.split("(", maxsplit=1)[0]
    if words.startswith(_NO_FIGURE) or _TIMES.match(words):
        return None
    found = _FIGURE.search(words)
    if found is None:
        return None
    low, low_scale, high, high_scale = found.groups()
    if high is None:
        value = _value(low, low_scale)
        return Span(value, value)
    return Span(_value(low, low_scale), _value(high, high_scale))


def _value(digits: str, scale: str | None) -> Decimal:
    return Decimal(digits.replace(",", "")) * _SCALE.get((scale or "").rstrip("+"), 1)


def read_band(text: str) -> tuple[Decimal, Decimal | None] | None:
    """Return a band of the decision framework: ``< 20 users`` and ``10,000+ users`` are open."""
    span = read_figure(text.lstrip("< "))
    if span is None:
        return None
    if text.startswith("<"):
        return Decimal(0), span.high
    return span.low, None if "+" in text else span.high

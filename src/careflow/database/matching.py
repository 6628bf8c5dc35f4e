"""What every adapter keeps and asks alike: texts without case and accents, intervals by width."""

from __future__ import annotations

import unicodedata
from math import inf

AFTER_ANY_TEXT = "\U0010ffff"
"""Appended to a prefix, it sorts after every text that begins with the prefix."""

DAY_MS = 86_400_000.0
SPANS = (0.0, DAY_MS, 32 * DAY_MS, 367 * DAY_MS, inf)
"""Widths by which intervals are grouped, chosen for dates by their precision: within a group an
overlap bounds ``low`` from both sides, so a search reads only rows near its answer."""


def normalise(text: str) -> str:
    """Return the text without case and accents, as texts are stored and asked for."""
    if text.isascii():
        return text.lower()
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(part for part in parts if not unicodedata.combining(part))


def span_of(low: float, high: float) -> int:
    """Return the group of an interval by its width."""
    if low == high:
        return 0
    width = high - low
    return next((number for number, most in enumerate(SPANS) if width <= most), len(SPANS) - 1)

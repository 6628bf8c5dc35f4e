"""What every adapter keeps and asks alike: texts without case and accents, intervals by width."""

from __future__ import annotations

import unicodedata
from math import inf

AFTER_ANY_TEXT = "\U0010ffff"
"""Appended to a prefix, it sorts after every text that begins with the prefix."""

AS_WRITTEN = "\x1e"
"""Between a text without case and accents and the text as written; it sorts before every letter."""

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


def indexed(text: str) -> str:
    """Return what is kept of a text: as it is asked for, and behind a mark as it was written.

    One row so answers prefixes, parts and the exact text; most searches never reach the mark.
    """
    plain = normalise(text)
    return plain if plain == text else f"{plain}{AS_WRITTEN}{text}"


def without_case(kept: str) -> str:
    """Return of a kept text what sorts it."""
    return kept.partition(AS_WRITTEN)[0]


def span_of(low: float, high: float) -> int:
    """Return the group of an interval by its width."""
    if low == high:
        return 0
    width = high - low
    if width <= DAY_MS:
        return 1
    return next((number for number, most in enumerate(SPANS) if width <= most), len(SPANS) - 1)

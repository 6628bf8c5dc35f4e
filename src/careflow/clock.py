"""The time, from one place, so that tests can set it."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache

Clock = Callable[[], datetime]


def now() -> datetime:
    """Return this instant, aware, in UTC, to the millisecond (what FHIR instants carry)."""
    ms = time.time_ns() // 1_000_000
    return datetime.fromtimestamp(ms / 1000, UTC)


@lru_cache(maxsize=256)
def instant_text(instant: datetime) -> str:
    """Write an aware instant as FHIR does: ``2026-11-24T09:48:41.123Z``."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds")[:-6] + "Z"


def letters(at: datetime) -> str:
    """Return the zone's letters at an instant, as ``EST``; an offset where it has none."""
    name = at.tzname() or ""
    return name if name[:1].isalpha() else f"UTC{at:%z}"[:6] + ":" + f"{at:%z}"[3:5]

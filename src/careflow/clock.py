"""The time, from one place, so that tests can set it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def now() -> datetime:
    """Return this instant, aware, in UTC, to the millisecond (what FHIR instants carry)."""
    instant = datetime.now(UTC)  # noqa: TID251 - the one place that may ask the machine.
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)


def instant_text(instant: datetime) -> str:
    """Write an aware instant as FHIR does: ``2026-11-24T09:48:41.123Z``."""
    utc = instant.astimezone(UTC)
    return f"{utc:%Y-%m-%dT%H:%M:%S}.{utc.microsecond // 1000:03d}Z"

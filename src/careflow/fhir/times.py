"""FHIR dates as closed spans of milliseconds since 1970.

A date says as much as its digits: ``2024-03`` is all of March. A date without a zone is taken as
UTC, as the store has no better place for it; a ``dateTime`` with a clock always has a zone.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache

Span = tuple[float, float]
"""[low, high], both inclusive, in ms since 1970."""

OPEN_LOW = -62_135_596_800_000.0
"""Start of year 1: the low end of a period without a start."""
OPEN_HIGH = 253_402_300_799_999.0
"""End of year 9999: the high end of a period without an end."""

_DAY_MS = 86_400_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)


@lru_cache(maxsize=4096)
def span_of(text: str) -> Span:
    """Return the span of a valid FHIR date, dateTime or instant; ``ValueError`` if it is none.

    A clock without seconds (allowed in searches only) spans its minute.
    """
    if "T" in text:
        return _moment_span(text)
    if len(text) == 10:
        low = _ms(datetime.fromisoformat(text).replace(tzinfo=UTC))
        return low, low + _DAY_MS - 1
    if len(text) == 7:
        year, month = int(text[:4]), int(text[5:])
        following = (year + 1, 1) if month == 12 else (year, month + 1)
        return _between((year, month), following)
    if len(text) == 4:
        year = int(text)
        return _between((year, 1), (year + 1, 1))
    raise ValueError("not a date")


def moment_of(text: str) -> datetime:
    """Return a FHIR instant; ``ValueError`` if it is none, or has no zone."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("no zone")
    return moment


def _moment_span(text: str) -> Span:
    leap_second = text[17:19] == "60"
    moment = datetime.fromisoformat(f"{text[:17]}59{text[19:]}" if leap_second else text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    low = _ms(moment) + (1000 if leap_second else 0)
    return low, low + _precision_ms(text) - 1


def _precision_ms(text: str) -> int:
    """Return how many milliseconds a clock time stands for: ``10:00:00.5`` for a hundred."""
    if text[16:17] != ":":
        return 60_000
    if text[19:20] != ".":
        return 1000
    digits = len(text[20:]) - len(text[20:].lstrip("0123456789"))
    return int(10 ** max(0, 3 - digits))


def _between(start: tuple[int, int], following: tuple[int, int]) -> Span:
    low = _ms(datetime(*start, 1, tzinfo=UTC))
    if following[0] > 9999:
        return low, OPEN_HIGH
    return low, _ms(datetime(*following, 1, tzinfo=UTC)) - 1


def _ms(moment: datetime) -> float:
    try:
        return float((moment - _EPOCH) // _MS)
    except OverflowError:
        raise ValueError("date out of range") from None

"""Wall clocks and instants: which real minutes of a day carry which label, in which zone.

Instants are minutes since 1970 in UTC. Every zone's offset is a whole number of minutes since 1972
(tz database), so nothing is lost, and intervals of time are intervals of integers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import ClassVar, Final
from zoneinfo import ZoneInfo

from careflow.errors import UnprocessableError

Interval = tuple[int, int]
"""``[begin, end)`` in minutes since 1970, UTC."""

DAY: Final = 1440
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MINUTE = timedelta(minutes=1)
_REACH = 15 * 60
"""No zone is further than this from UTC."""


class NoSuchTimeError(UnprocessableError):
    """The clocks skip this time on that day.

    Attributes:
        nearest: The last valid instant before it and the first after.
    """

    code: ClassVar[str] = "scheduling-no-such-time"

    def __init__(self, wall: datetime, nearest: tuple[datetime, datetime]) -> None:
        before, after = (one.strftime("%H:%M") for one in nearest)
        super().__init__(
            f"{wall:%H:%M} does not exist on {wall:%Y-%m-%d}, when the clocks go forward:"
            f" choose {before} or earlier, or {after} or later."
        )
        self.nearest = nearest


@dataclass(frozen=True, slots=True)
class Stretch:
    """Real minutes of one calendar day during which the offset stays the same.

    Attributes:
        offset: Minutes to add to an instant to get what the clock shows.
    """

    begin: int
    end: int
    offset: int


def minutes_of(at: datetime) -> int:
    """Return an aware instant in minutes, rounded down."""
    return (at - _EPOCH) // _MINUTE


def minutes_up(at: datetime) -> int:
    """Return an aware instant in minutes, rounded up."""
    return -((_EPOCH - at) // _MINUTE)


def instant_of(minutes: int, zone: ZoneInfo | None = None) -> datetime:
    """Return minutes as an aware instant, shown in a zone."""
    return (_EPOCH + minutes * _MINUTE).astimezone(zone or UTC)


def day_of(minutes: int, zone: ZoneInfo) -> date:
    """Return the calendar day of an instant at a place."""
    return instant_of(minutes, zone).date()


@lru_cache(maxsize=8192)
def stretches_of(day: date, zone: ZoneInfo) -> tuple[Stretch, ...]:
    """Return the real minutes of a calendar day: one stretch, or more where clocks change in it.

    A day that a zone left out altogether has none.
    """
    noon_less = (day.toordinal() - _EPOCH.toordinal()) * DAY
    found: list[Stretch] = []
    at, last = noon_less - _REACH, noon_less + DAY + _REACH
    for begin, end, offset in _constant(at, last, zone):
        first, after = max(begin, noon_less - offset), min(end, noon_less + DAY - offset)
        if first < after:
            found.append(Stretch(first, after, offset))
    return tuple(found)


def _constant(begin: int, end: int, zone: ZoneInfo) -> list[tuple[int, int, int]]:
    """Return [begin, end) cut where the offset changes, looking every hour and then closer."""
    cut: list[tuple[int, int, int]] = []
    start, offset = begin, _offset(begin, zone)
    for at in range(begin + 60, end + 60, 60):
        changed = _offset(min(at, end), zone)
        if changed == offset:
            continue
        low, high = at - 60, min(at, end)
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if _offset(middle, zone) == offset else (low, middle)
        cut.append((start, high, offset))
        start, offset = high, changed
    return [*cut, (start, end, offset)]


def _offset(minutes: int, zone: ZoneInfo) -> int:
    offset = instant_of(minutes, zone).utcoffset()
    return (offset or timedelta()) // _MINUTE


def between(day: date, begin: int, end: int, zone: ZoneInfo) -> list[Stretch]:
    """Return the real minutes of a day whose label lies in ``[begin, end)`` minutes of the day.

    A label that comes twice counts twice, one that the clocks skip not at all.
    """
    midnight = (day.toordinal() - _EPOCH.toordinal()) * DAY
    found: list[Stretch] = []
    for one in stretches_of(day, zone):
        first = max(one.begin, midnight + begin - one.offset)
        after = min(one.end, midnight + end - one.offset)
        if first < after:
            found.append(Stretch(first, after, one.offset))
    return found


def whole_day(day: date, zone: ZoneInfo) -> Interval | None:
    """Return the first minute of a day at a place and the one after its last."""
    found = stretches_of(day, zone)
    return (found[0].begin, found[-1].end) if found else None


def instant_at(wall: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant of a naive wall time at a place; ``fold`` 1 is the second of two.

    Raises:
        NoSuchTimeError: The clocks skip it.
    """
    at = wall.replace(tzinfo=zone)
    back = at.astimezone(UTC).astimezone(zone)
    if back.replace(tzinfo=None, fold=0) != wall.replace(fold=0):
        raise NoSuchTimeError(wall, _around(wall, zone))
    return back


def later_if_skipped(wall: datetime, zone: ZoneInfo) -> tuple[datetime, bool]:
    """Return the instant of a wall time, moved on by the gap where the clocks skip it.

    As RFC 5545, section 3.3.5, has it; the second value tells whether it was moved.
    """
    at = wall.replace(tzinfo=zone, fold=0).astimezone(UTC).astimezone(zone)
    return at, at.replace(tzinfo=None, fold=0) != wall.replace(fold=0)


def _around(wall: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return the last minute before a gap and the first after it."""
    after = minutes_of(wall.replace(tzinfo=zone, fold=1).astimezone(UTC))
    while _offset(after - 1, zone) == _offset(after, zone):
        after += 1
    return instant_of(after - 1, zone), instant_of(after, zone)

"""A place in line under a provider's limits: requests and tokens a minute, requests a day.

A call does not poll for room, it books the first instant at which it fits, and waits until then.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import ClassVar
from zoneinfo import ZoneInfo

import msgspec

from careflow.ai.call import Priority
from careflow.errors import UnavailableError

PACIFIC = ZoneInfo("America/Los_Angeles")
"""Where a day's quota begins anew (ai.google.dev/gemini-api/docs/rate-limits, read 2026-11-20)."""

WINDOW_MS = 63_000
"""A minute and the longest that two requests may close up on their way over there."""

BATCH_SHARE = 0.8
"""How much of each limit work that nobody waits for may take."""


class QuotaForTodayError(UnavailableError):
    """The day's quota is used up; nothing helps but its renewal."""

    code: ClassVar[str] = "ai-quota-for-today"

    def __init__(self, renewed_at: datetime) -> None:
        super().__init__("Today's AI quota is used up: this can go on after it is renewed.")
        self.renewed_at = renewed_at


@dataclass(frozen=True, slots=True)
class Limits:
    """What a provider allows; ``None`` where it sets no limit."""

    requests_minute: int | None = None
    tokens_minute: int | None = None
    requests_day: int | None = None

    def for_priority(self, priority: Priority) -> Limits:
        """Return the limits that calls of a priority keep to among themselves."""
        if priority == "waiting":
            return self
        return Limits(*(_shared(one) for one in _each(self)))


class Booking(msgspec.Struct, array_like=True, frozen=True, order=True):
    """A call's place: when it goes out (ms since 1970), and the tokens it may take."""

    at: int
    call: str
    tokens: int
    is_batch: bool = False


class Quota(msgspec.Struct, frozen=True):
    """What is booked with one model, and the requests of each Pacific day.

    Attributes:
        not_before: No call goes out before this (ms), because the provider asked for a pause.
    """

    bookings: tuple[Booking, ...] = ()
    days: dict[str, tuple[int, int]] = msgspec.field(default_factory=dict)
    not_before: int = 0


def booked(
    quota: Quota, limits: Limits, *, call: str, tokens: int, now: int, priority: Priority
) -> tuple[Quota, int]:
    """Return the quota with a place for the call, and when (ms) it may go out.

    Raises:
        QuotaForTodayError: No request is left today.
    """
    kept = [one for one in quota.bookings if one.at > now - WINDOW_MS]
    is_batch = priority == "batch"
    start = max(now, quota.not_before)
    at = next(
        one
        for one in _candidates(kept, start)
        if _fits(kept, limits, one, tokens)
        and (not is_batch or _fits(_batch(kept), limits.for_priority("batch"), one, tokens))
    )
    insort(kept, Booking(at, call, tokens, is_batch))
    days = _counted(quota.days, limits, at, is_batch=is_batch)
    return Quota(tuple(kept), days, quota.not_before), at


def settled(quota: Quota, *, call: str, tokens: int) -> Quota:
    """Return the quota with the tokens that a call really took."""
    bookings = tuple(
        Booking(one.at, one.call, tokens, one.is_batch) if one.call == call else one
        for one in quota.bookings
    )
    return Quota(bookings, quota.days, quota.not_before)


def paused(quota: Quota, until: int) -> Quota:
    """Return the quota with nothing going out before an instant (ms)."""
    return Quota(quota.bookings, quota.days, max(quota.not_before, until))


def renewal_after(now: int) -> datetime:
    """Return the instant at which the day's quota begins anew: midnight in the Pacific zone."""
    local = datetime.fromtimestamp(now / 1000, UTC).astimezone(PACIFIC)
    midnight = datetime.combine(local.date() + timedelta(days=1), datetime.min.time(), PACIFIC)
    return midnight.astimezone(UTC)


def day_of(at: int) -> str:
    """Return the Pacific day of an instant (ms)."""
    return datetime.fromtimestamp(at / 1000, UTC).astimezone(PACIFIC).date().isoformat()


def _each(limits: Limits) -> tuple[int | None, ...]:
    return limits.requests_minute, limits.tokens_minute, limits.requests_day


def _shared(limit: int | None) -> int | None:
    return None if limit is None else max(1, int(limit * BATCH_SHARE))


def _batch(bookings: Iterable[Booking]) -> list[Booking]:
    return [one for one in bookings if one.is_batch]


def _candidates(bookings: Sequence[Booking], start: int) -> list[int]:
    """Return the instants at which room may come free, in order; at the last there always is."""
    return [start, *sorted(one.at + WINDOW_MS for one in bookings if one.at + WINDOW_MS > start)]


def _fits(bookings: Sequence[Booking], limits: Limits, at: int, tokens: int) -> bool:
    """Report whether no window around an instant would hold too many requests or tokens."""
    near = [one for one in bookings if at - WINDOW_MS < one.at < at + WINDOW_MS]
    times = [one.at for one in near]
    sums = [0, *accumulate(one.tokens for one in near)]
    first_later = bisect_right(times, at)
    windows = [
        (index, bisect_left(times, times[index] + WINDOW_MS)) for index in range(first_later)
    ]
    windows.append((first_later, bisect_left(times, at + WINDOW_MS)))
    for first, end in windows:
        count, taken = end - first, sums[end] - sums[first]
        if limits.requests_minute is not None and count + 1 > limits.requests_minute:
            return False
        # One call larger than the whole limit goes out alone rather than never.
        if limits.tokens_minute is not None and count and taken + tokens > limits.tokens_minute:
            return False
    return True


def _counted(
    days: dict[str, tuple[int, int]], limits: Limits, at: int, *, is_batch: bool
) -> dict[str, tuple[int, int]]:
    """Return the requests (all, and those nobody waits for) of each day from this one on."""
    today = day_of(at)
    everyone, batch = days.get(today, (0, 0))
    share = limits.for_priority("batch").requests_day
    is_full = limits.requests_day is not None and everyone >= limits.requests_day
    if is_full or (is_batch and share is not None and batch >= share):
        raise QuotaForTodayError(renewal_after(at))
    later = {day: count for day, count in days.items() if day > today}
    return {**later, today: (everyone + 1, batch + is_batch)}

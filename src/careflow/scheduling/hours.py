"""The minutes in which a clinician sees patients at a place, as their calendar has it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from careflow.scheduling.intervals import united, without
from careflow.scheduling.plan import Calendar, Hours, Place
from careflow.scheduling.wall import (
    DAY,
    Interval,
    Stretch,
    between,
    day_of,
    minutes_of,
    minutes_up,
)


def worked(calendar: Calendar, place: Place, within: Interval) -> list[Interval]:
    """Return when a clinician sees patients at a place: hours less closures and leave."""
    begin, end = within
    open_ = united(
        (max(one.begin, begin), min(one.end, end))
        for day in days_in(within, place)
        for one, _ in sessions(calendar, place, day)
    )
    return without(open_, away(calendar))


def away(calendar: Calendar) -> list[Interval]:
    """Return when a clinician is on leave, whole minutes outwards."""
    return united((minutes_of(one.begin), minutes_up(one.end)) for one in calendar.leave)


def days_in(within: Interval, place: Place) -> Iterator[date]:
    """Yield the calendar days at a place that have a minute in the interval."""
    begin, end = within
    if begin >= end:
        return
    zone = place.clock
    day, last = day_of(begin, zone), day_of(end - 1, zone)
    while day <= last:
        yield day
        day += timedelta(days=1)


def sessions(calendar: Calendar, place: Place, day: date) -> Iterator[tuple[Stretch, int]]:
    """Yield the stretches worked on a day, each with the minute of the day that starts count from.

    What began the evening before counts from midnight.
    """
    if any(one.day == day for one in place.closed):
        return
    zone = place.clock
    for first, after in _spans(calendar, place, day):
        for stretch in between(day, first, min(after, DAY), zone):
            yield stretch, first
    for first, after in _spans(calendar, place, day - timedelta(days=1)):
        if after > DAY and first < DAY:
            for stretch in between(day, 0, after - DAY, zone):
                yield stretch, 0


def _spans(calendar: Calendar, place: Place, day: date) -> Iterator[tuple[int, int]]:
    """Yield the hours that begin on a day, in minutes of the day; an end may lie in the next."""
    odd = [one for one in calendar.odd_days if one.day == day and one.place == place.id]
    if odd:
        for one in odd:
            for begin, end in one.spans:
                yield begin, _end(begin, end)
        return
    for hours in calendar.hours:
        if hours.place == place.id and _holds_on(hours, day):
            yield hours.begin, _end(hours.begin, hours.end)


def _end(begin: int, end: int) -> int:
    return end if end > begin else end + DAY


def _holds_on(hours: Hours, day: date) -> bool:
    return (
        day.isoweekday() in hours.weekdays
        and (hours.since is None or hours.since <= day)
        and (hours.until is None or day <= hours.until)
    )

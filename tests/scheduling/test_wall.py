"""Labels and instants: over years and zones, no bookable minute is missing, doubled or shifted."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careflow.clock import letters
from careflow.scheduling.hours import worked
from careflow.scheduling.plan import Calendar, Hours, OddDay, Place
from careflow.scheduling.wall import (
    NoSuchTimeError,
    instant_at,
    instant_of,
    later_if_skipped,
    minutes_of,
    stretches_of,
    whole_day,
)

ZONES = (
    "America/New_York",
    "America/Phoenix",
    "America/St_Johns",
    "America/Santiago",
    "Europe/London",
    "Europe/Madrid",
    "Africa/Casablanca",
    "Asia/Gaza",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Chatham",
    "Pacific/Kiritimati",
)
FIRST, YEARS = date(2021, 1, 1), 10
NEW_YORK = ZoneInfo("America/New_York")
wall = datetime.fromisoformat


def place(zone: str) -> Place:
    return Place(id="site", name="Site", zone=zone)


def working(begin: int, end: int) -> Calendar:
    hours = Hours(place="site", weekdays=(1, 2, 3, 4, 5, 6, 7), begin=begin, end=end)
    return Calendar(practitioner="ada", name="Dr Ada", hours=(hours,))


def labelled(begin: int, end: int, site: Place, days: tuple[date, date]) -> set[int]:
    """Return, by looking at every minute, those whose label is within the hours."""
    zone = site.clock
    first = minutes_of(datetime.combine(days[0], datetime.min.time(), UTC)) - 1000
    last = minutes_of(datetime.combine(days[1], datetime.min.time(), UTC)) + 1000
    found = set()
    for minute in range(first, last):
        at = instant_of(minute, zone)
        label = at.hour * 60 + at.minute
        if days[0] <= at.date() < days[1] and begin <= label < end:
            found.add(minute)
    return found


def changes(zone: ZoneInfo, year: int) -> list[date]:
    """Return the days of a year on which the offset changes."""
    found = []
    day = date(year, 1, 1)
    while day.year == year:
        noon = datetime.combine(day, datetime.min.time(), zone)
        if noon.utcoffset() != (noon + timedelta(days=1)).utcoffset():
            found.append(day)
        day += timedelta(days=1)
    return found


@pytest.mark.parametrize("zone", ZONES)
def test_every_day_of_ten_years_is_cut_into_all_its_minutes_once(zone: str) -> None:
    clock = ZoneInfo(zone)
    day, expected = FIRST, None
    while day < FIRST.replace(year=FIRST.year + YEARS):
        found = stretches_of(day, clock)
        for one in found:
            assert expected in (None, one.begin)
            assert instant_of(one.begin, clock).date() == day
            assert instant_of(one.end - 1, clock).date() == day
            expected = one.end
        day += timedelta(days=1)


@pytest.mark.parametrize("zone", ZONES)
def test_hours_hold_exactly_the_minutes_with_their_labels_around_every_change(zone: str) -> None:
    site = place(zone)
    days = [day for year in (2021, 2024, 2026) for day in changes(site.clock, year)]
    for day in days or [FIRST]:
        around = (day, day + timedelta(days=1))
        expected = labelled(30, 240, site, around)
        window = whole_day(day, site.clock)
        assert window is not None
        found = worked(working(30, 240), site, window)
        minutes = [m for begin, end in found for m in range(begin, end)]
        assert len(minutes) == len(set(minutes))
        assert set(minutes) == expected


@settings(max_examples=60, deadline=None)
@given(
    zone=st.sampled_from(ZONES),
    day=st.dates(FIRST, FIRST.replace(year=FIRST.year + YEARS)),
    begin=st.integers(0, 1439),
    length=st.integers(1, 1440),
)
def test_hours_hold_exactly_the_minutes_with_their_labels(
    zone: str, day: date, begin: int, length: int
) -> None:
    site, end = place(zone), min(begin + length, 1440)
    window = whole_day(day, site.clock)
    assert window is not None
    found = worked(working(begin, end), site, window)
    assert {m for low, high in found for m in range(low, high)} == labelled(
        begin, end, site, (day, day + timedelta(days=1))
    )


def test_e1_a_spring_night_from_one_to_four_has_two_real_hours() -> None:
    night = date(2026, 3, 8)
    window = whole_day(night, NEW_YORK)
    assert window is not None
    (one,) = worked(working(60, 240), place("America/New_York"), window)
    assert one[1] - one[0] == 120


def test_e1_a_time_that_the_clocks_skip_is_refused_with_the_nearest_valid_ones() -> None:
    with pytest.raises(NoSuchTimeError) as refused:
        instant_at(wall("2026-03-08T02:30"), NEW_YORK)
    before, after = refused.value.nearest
    assert (before.strftime("%H:%M"), after.strftime("%H:%M")) == ("01:59", "03:00")


def test_e2_an_hour_that_comes_twice_is_two_hours_and_the_first_is_meant_by_default() -> None:
    first = instant_at(wall("2026-11-01T01:30"), NEW_YORK)
    second = instant_at(wall("2026-11-01T01:30").replace(fold=1), NEW_YORK)
    assert minutes_of(second) - minutes_of(first) == 60
    assert (letters(first), letters(second)) == ("EDT", "EST")


def test_e4_a_series_keeps_its_wall_time_and_moves_out_of_a_gap() -> None:
    before, moved_before = later_if_skipped(wall("2026-03-07T02:30"), NEW_YORK)
    inside, moved_inside = later_if_skipped(wall("2026-03-08T02:30"), NEW_YORK)
    assert (before.strftime("%H:%M"), moved_before) == ("02:30", False)
    assert (inside.strftime("%H:%M"), moved_inside) == ("03:30", True)


def test_e28_hours_past_midnight_belong_to_both_days() -> None:
    site, calendar = place("America/New_York"), working(23 * 60 + 30, 30)
    for day in (date(2026, 5, 5), date(2026, 5, 6)):
        window = whole_day(day, site.clock)
        assert window is not None
        found = worked(calendar, site, window)
        assert [(b - window[0], e - window[0]) for b, e in found] == [(0, 30), (1410, 1440)]


def test_an_odd_day_replaces_the_weekly_hours() -> None:
    site = place("America/New_York")
    calendar = Calendar(
        practitioner="ada",
        name="Dr Ada",
        hours=working(540, 1020).hours,
        odd_days=(OddDay(day=date(2026, 5, 5), place="site", spans=((600, 660),)),),
    )
    window = whole_day(date(2026, 5, 5), site.clock)
    assert window is not None
    assert [(b - window[0], e - window[0]) for b, e in worked(calendar, site, window)] == [
        (600, 660)
    ]

"""Visits that come back: by wall time, previewed, all or nothing, and changed by part."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from careflow.scheduling.series.booking import Choice, SeriesConflictError, SeriesDesk
from careflow.scheduling.series.rule import BadRuleError, occurrences
from careflow.scheduling.visit import DECODER
from careflow.scheduling.wall import instant_of
from tests.contracts.engines import SetClock
from tests.scheduling.clinic import FIN, NEW_YORK, Clinic, asked, at

WEEKLY = "FREQ=WEEKLY;COUNT=4"


@pytest.fixture
def series(clinic: Clinic, clock: SetClock) -> SeriesDesk:
    numbers = iter(range(1, 100))
    return SeriesDesk(clinic.desk, clock, lambda: f"series-{next(numbers)}")


def walls(rule: str, first: str, zone: str = "America/New_York") -> list[str]:
    found = occurrences(rule, datetime.fromisoformat(first), ZoneInfo(zone))
    return [f"{instant_of(one.begin, ZoneInfo(zone)):%Y-%m-%d %H:%M}" for one in found]


def test_e4_a_series_keeps_its_wall_time_over_a_clock_change() -> None:
    assert walls(WEEKLY, "2026-02-24T09:20") == [
        "2026-02-24 09:20",
        "2026-03-03 09:20",
        "2026-03-10 09:20",
        "2026-03-17 09:20",
    ]


def test_e4_a_date_whose_time_the_clocks_skip_moves_on_by_the_gap_and_says_so() -> None:
    found = occurrences("FREQ=DAILY;COUNT=3", datetime.fromisoformat("2026-03-07T02:30"), NEW_YORK)
    assert [one.is_moved for one in found] == [False, True, False]
    assert f"{instant_of(found[1].begin, NEW_YORK):%H:%M}" == "03:30"


def test_e32_a_month_without_the_day_takes_its_last() -> None:
    assert walls("FREQ=MONTHLY;COUNT=4", "2028-01-31T10:00") == [
        "2028-01-31 10:00",
        "2028-02-29 10:00",
        "2028-03-31 10:00",
        "2028-04-30 10:00",
    ]


@pytest.mark.parametrize(
    ("rule", "dates"),
    [
        ("FREQ=DAILY;INTERVAL=10;COUNT=3", ["1997-09-02", "1997-09-12", "1997-09-22"]),
        (
            "FREQ=WEEKLY;UNTIL=19970920T000000Z;WKST=SU;BYDAY=TU,TH",
            [
                "1997-09-02",
                "1997-09-04",
                "1997-09-09",
                "1997-09-11",
                "1997-09-16",
                "1997-09-18",
            ],
        ),
        ("FREQ=MONTHLY;COUNT=3;BYDAY=1FR", ["1997-09-05", "1997-10-03", "1997-11-07"]),
        ("FREQ=MONTHLY;BYMONTHDAY=-3;COUNT=3", ["1997-09-28", "1997-10-29", "1997-11-28"]),
        (
            "FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3",
            [
                "1997-09-04",
                "1997-10-07",
                "1997-11-06",
            ],
        ),
    ],
)
def test_rules_give_the_dates_of_rfc_5545(rule: str, dates: list[str]) -> None:
    # Examples of section 3.8.5.3, cut to a few dates.
    assert [one[:10] for one in walls(rule, "1997-09-02T09:00")] == dates


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=WEEKLY",
        "FREQ=SECONDLY;COUNT=3",
        "COUNT=3",
        "FREQ=WEEKLY;COUNT=500",
        "FREQ=YEARLY;COUNT=5",
        "FREQ=WEEKLY;COUNT=x",
        "FREQ=WEEKLY;COUNT=3;COUNT=4",
        "FREQ=WEEKLY;BYDAY=XX;COUNT=3",
        "every Tuesday",
        "",
    ],
)
def test_a_rule_that_cannot_be_used_is_refused(rule: str) -> None:
    with pytest.raises(BadRuleError):
        occurrences(rule, datetime.fromisoformat("2026-03-03T09:00"), NEW_YORK)


async def test_e16_every_date_is_looked_at_before_any_is_booked(
    clinic: Clinic, series: SeriesDesk
) -> None:
    await clinic.desk.book(asked(at(17, 9), patient="p2"), actor=FIN)
    seen = await series.preview(asked(at(3, 9)), WEEKLY, actor=FIN)
    assert [one.problem for one in seen] == [None, None, "scheduling-slot-taken", None]
    assert seen[2].instead[0].begin == at(17, 9, 40)


async def test_e16_a_series_is_booked_whole_or_not_at_all(
    clinic: Clinic, series: SeriesDesk
) -> None:
    await clinic.desk.book(asked(at(17, 9), patient="p2"), actor=FIN)
    with pytest.raises(SeriesConflictError) as refused:
        await series.book(asked(at(3, 9)), WEEKLY, {}, actor=FIN)
    assert refused.value.dates == ("2026-03-17",)
    await clinic.desk.book(asked(at(3, 9), patient="p3"), actor=FIN)


async def test_e16_a_date_in_the_way_is_left_out_or_shifted(
    clinic: Clinic, series: SeriesDesk
) -> None:
    await clinic.desk.book(asked(at(17, 9), patient="p2"), actor=FIN)
    shifted = {"2026-03-17": Choice(begin=at(17, 10)), "2026-03-24": Choice(leave_out=True)}
    visits = await series.book(asked(at(3, 9)), WEEKLY, shifted, actor=FIN)
    starts = [str(DECODER.decode(one.body).start) for one in visits]
    assert [one[:16] for one in starts] == [
        "2026-03-03 09:00",
        "2026-03-10 09:00",
        "2026-03-17 10:00",
    ]


async def test_e17_this_following_and_all_change_what_they_say(
    clinic: Clinic, series: SeriesDesk, clock: SetClock
) -> None:
    visits = await series.book(asked(at(3, 9)), WEEKLY, {}, actor=FIN)
    await series.move(visits[1].id, "this", at(10, 11), {}, actor=FIN)
    clock.move(days=2)
    moved = await series.move(visits[2].id, "following", at(17, 13), {}, actor=FIN)
    assert [one.id for one in moved] == [visits[2].id, visits[3].id]
    starts = {one.id: DECODER.decode(one.body).noted()["wall"] for one in moved}
    assert starts == {visits[2].id: "2026-03-17T13:00", visits[3].id: "2026-03-24T13:00"}
    gone = await series.cancel(visits[3].id, "all", actor=FIN)
    assert [one.id for one in gone] == [visits[1].id, visits[2].id, visits[3].id]


async def test_e17_a_change_of_many_is_previewed_and_stops_at_a_conflict(
    clinic: Clinic, series: SeriesDesk
) -> None:
    visits = await series.book(asked(at(3, 9)), WEEKLY, {}, actor=FIN)
    await clinic.desk.book(asked(at(10, 14), patient="p2"), actor=FIN)
    seen = await series.preview_move(visits[0].id, "all", at(3, 14), actor=FIN)
    assert [one.problem for one in seen] == [None, "scheduling-slot-taken", None, None]
    with pytest.raises(SeriesConflictError):
        await series.move(visits[0].id, "all", at(3, 14), {}, actor=FIN)
    again = await series.preview_move(visits[0].id, "all", at(3, 9), actor=FIN)
    assert [one.problem for one in again] == [None, None, None, None]

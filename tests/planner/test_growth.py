"""Growth: the guide's patterns lived month by month, and how far apart the months may lie."""

from __future__ import annotations

from decimal import Decimal

import pytest

from careflow.errors import BadInputError
from careflow.planner.bands import cost_bands
from careflow.planner.constraints import Request
from careflow.planner.growth import Growth, grow
from careflow.planner.patterns import PATTERNS, own_curve, pattern
from careflow.planner.prices import catalogue
from careflow.planner.workload import Workload

CURRENT = catalogue("current")


def lived(name: str) -> Growth:
    return grow(pattern(name), Request(Workload()), CURRENT)


@pytest.mark.parametrize("name", PATTERNS)
def test_a_pattern_has_36_months_that_all_fit(name: str) -> None:
    growth = lived(name)

    assert len(growth.months) == 36
    assert all(month.running.fits for month in growth.months)
    assert growth.total.high == sum(month.bill.total.high for month in growth.months)


def test_users_reach_the_end_of_each_step() -> None:
    medium = pattern("medium")

    assert [medium.users(month) for month in (3, 6, 12, 24, 36)] == [50, 200, 1_000, 5_000, 20_000]


def test_the_month_of_each_threshold_is_named() -> None:
    growth = lived("medium")

    seen = {trigger.row: month.month for month in growth.months for trigger in month.crossings}

    assert seen["upgrade_from_basic/concurrent_users"] < seen["upgrade_to_ha/concurrent_users"]
    assert 13 <= seen["atlas_upgrade_triggers/m0_to_m10_users"] <= 14
    assert seen["atlas_upgrade_triggers/m10_to_m20_users"] == 25


def test_the_database_tier_follows_the_users() -> None:
    tiers = [month.running.capacity.shape.tier for month in lived("medium").months]

    assert tiers[0] == "m0"
    assert "m10" in tiers
    assert tiers[-1] == "m20"
    assert tiers == sorted(tiers)


def test_a_move_says_why_and_months_between_stay() -> None:
    growth = lived("high")

    assert growth.moves[0].month == 1
    assert all(month.moved for month in growth.moves)
    assert len(growth.moves) < 10


def test_a_move_that_saves_a_tenth_is_made_and_said() -> None:
    growth = lived("medium")

    assert any("less from here" in month.moved for month in growth.moves)
    assert growth.months[-1].running.architecture.name != growth.months[0].running.architecture.name


def test_own_curves_are_lived_too() -> None:
    growth = grow(own_curve([(6, 100, 0), (12, 400, 2_000)]), Request(Workload()), CURRENT)

    assert [growth.months[5].workload.users, growth.months[11].workload.users] == [100, 400]


@pytest.mark.parametrize("points", [[], [(3, 1, 1), (2, 1, 1)], [(0, 1, 1)], [(1, -1, 1)]])
def test_a_curve_that_makes_no_sense_is_one_sentence(points: list[tuple[int, int, int]]) -> None:
    with pytest.raises(BadInputError):
        own_curve(points)


def test_bands_are_ordered_repeatable_and_hold_the_plan() -> None:
    growth = lived("medium")

    bands = cost_bands(growth, CURRENT, seed=4, runs=2_000)

    assert bands == cost_bands(growth, CURRENT, seed=4, runs=2_000)
    assert bands != cost_bands(growth, CURRENT, seed=5, runs=2_000)
    assert all(band.p10 <= band.p50 <= band.p90 for band in (*bands.months, bands.total))
    assert bands.total.p10 < growth.total.high < bands.total.p90


def test_ten_thousand_runs_stand_around_the_planned_total() -> None:
    growth = lived("low")

    bands = cost_bands(growth, CURRENT)

    assert bands.total.p50 > Decimal(500)

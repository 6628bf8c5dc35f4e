"""Availability by arithmetic."""

from __future__ import annotations

from decimal import Decimal

from careflow.planner.architectures import architecture
from careflow.planner.availability import PROMISES, availability, in_parallel, in_series
from careflow.planner.shape import default_shape


def test_parts_in_series_multiply() -> None:
    both = in_series(PROMISES["ec2"].percent, PROMISES["gemini"].percent)

    assert round(both, 1) == Decimal("99.4")


def test_parts_in_parallel_fail_together() -> None:
    assert in_parallel(Decimal(99), 2) == Decimal("99.99")
    assert in_parallel(Decimal("99.5"), 1) == Decimal("99.5")


def test_one_box_is_below_a_fleet_and_a_fleet_below_two_regions() -> None:
    found = [
        availability(default_shape(architecture(name))).platform
        for name in ("production", "high-availability", "multi-region")
    ]

    assert found == sorted(found)
    assert found[0] < Decimal("99.5") < Decimal("99.9") < found[1]


def test_ai_is_available_less_often_than_the_platform() -> None:
    gemini = availability(default_shape(architecture("gemini"), hipaa=True))

    assert gemini.with_ai < gemini.platform
    assert gemini.minutes_down > 200

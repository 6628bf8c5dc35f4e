"""Printed dates; an order that is not clear is said to be so, never guessed."""

from __future__ import annotations

import pytest

from careflow.ai.reading.dates import day_first, read_date


@pytest.mark.parametrize(
    ("printed", "iso"),
    [
        ("2026-06-01", "2026-06-01"),
        ("12-Jan-2026", "2026-01-12"),
        ("March 14, 1961", "1961-03-14"),
        ("1st April 2026", "2026-04-01"),
        ("03/14/1961", "1961-03-14"),
        ("14/03/1961", "1961-03-14"),
        ("14.03.61", None),
        ("2024-11-11 07:30", "2024-11-11T07:30"),
        ("11/20/2026 08:15 PM", "2026-11-20T20:15"),
        ("05/05/2026", "2026-05-05"),
        ("31/02/2026", None),
    ],
)
def test_dates_are_read_as_printed(printed: str, iso: str | None) -> None:
    found = read_date(printed, birth=printed.endswith("61"))

    assert found is not None
    assert found.iso == iso
    assert (found.problem is None) == (iso is not None)


def test_day_and_month_that_could_be_either_are_left_open() -> None:
    found = read_date("03/04/2026")

    assert found is not None
    assert found.iso is None
    assert found.problem is not None
    assert "day and month" in found.problem


def test_another_date_of_the_report_settles_the_order() -> None:
    order = day_first(["Collected 03/04/2026", "DOB 25/12/1970"])

    found = read_date("03/04/2026", day_comes_first=order)

    assert found is not None
    assert found.iso == "2026-04-03"


def test_dates_that_contradict_each_other_settle_nothing() -> None:
    assert day_first(["25/12/1970", "12/25/1970"]) is None
    assert day_first(["no date"]) is None


def test_a_text_without_a_date_has_none() -> None:
    assert read_date("pending") is None

"""A date stands for all of the time that its digits leave open."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from careflow.fhir.times import OPEN_HIGH, OPEN_LOW, span_of


def ms(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000


@pytest.mark.parametrize(
    ("text", "first", "after"),
    [
        ("2024", "2024-01-01", "2025-01-01"),
        ("2024-02", "2024-02-01", "2024-03-01"),
        ("2024-12", "2024-12-01", "2025-01-01"),
        ("2024-02-29", "2024-02-29", "2024-03-01"),
        ("2024-02-29T10:00Z", "2024-02-29T10:00", "2024-02-29T10:01"),
        ("2024-02-29T10:00:07Z", "2024-02-29T10:00:07", "2024-02-29T10:00:08"),
        ("2024-02-29T10:00:07", "2024-02-29T10:00:07", "2024-02-29T10:00:08"),
        ("2024-02-29T10:00:07.5Z", "2024-02-29T10:00:07.500", "2024-02-29T10:00:07.600"),
        ("2024-02-29T10:00:07.123Z", "2024-02-29T10:00:07.123", "2024-02-29T10:00:07.124"),
        ("2024-02-29T10:00:07.1234567Z", "2024-02-29T10:00:07.123", "2024-02-29T10:00:07.124"),
        ("2024-02-29T00:30:00+02:00", "2024-02-28T22:30:00", "2024-02-28T22:30:01"),
        ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00", "2017-01-01T00:00:01"),
        ("1950-06-01", "1950-06-01", "1950-06-02"),
    ],
)
def test_the_span_runs_from_the_first_to_the_last_millisecond(
    text: str, first: str, after: str
) -> None:
    assert span_of(text) == (ms(first), ms(after) - 1)


def test_the_ends_of_the_calendar_are_within_reach() -> None:
    assert span_of("0001")[0] == OPEN_LOW
    assert span_of("9999")[1] == OPEN_HIGH
    assert span_of("9999-12")[1] == OPEN_HIGH


@pytest.mark.parametrize("text", ["", "24", "2024-13", "2024-02-30", "2024-1-1", "x", "0000"])
def test_what_is_no_date_is_an_error(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the parser's own.
        span_of(text)


def test_days_follow_each_other_without_gap() -> None:
    day = datetime(2023, 12, 30, tzinfo=UTC)

    spans = [span_of(f"{day + timedelta(days=n):%Y-%m-%d}") for n in range(5)]

    assert all(later[0] == earlier[1] + 1 for earlier, later in pairwise(spans))

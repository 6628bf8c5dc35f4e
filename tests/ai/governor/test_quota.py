from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careflow.ai.call import Priority
from careflow.ai.governor.quota import (
    WINDOW_MS,
    Limits,
    Quota,
    QuotaForTodayError,
    booked,
    paused,
    renewal_after,
    settled,
)

NOON = 1_790_000_000_000
MINUTE_MS = 60_000
CALLS = st.lists(
    st.tuples(
        st.integers(0, 20_000),
        st.integers(1, 400),
        st.sampled_from(["waiting", "batch"]),
    ),
    max_size=60,
)


def most_in_a_minute(times: list[int]) -> int:
    return max(sum(start <= one < start + MINUTE_MS for one in times) for start in times)


@given(CALLS, st.integers(1, 12), st.integers(400, 1500))
def test_no_minute_ever_holds_more_than_the_limits(
    calls: list[tuple[int, int, Priority]], requests: int, tokens_minute: int
) -> None:
    limits = Limits(requests_minute=requests, tokens_minute=tokens_minute)
    quota, now, gone = Quota(), NOON, []
    for number, (step, tokens, priority) in enumerate(calls):
        now += step
        quota, at = booked(
            quota, limits, call=str(number), tokens=tokens, now=now, priority=priority
        )
        assert at >= now
        gone.append((at, tokens))
    for start, _ in gone:
        inside = [tokens for at, tokens in gone if start <= at < start + MINUTE_MS]
        assert len(inside) <= requests
        assert sum(inside) <= tokens_minute


def test_a_hundred_calls_at_once_go_out_fifteen_a_minute_and_no_slower() -> None:
    quota, times = Quota(), []
    for number in range(100):
        quota, at = booked(
            quota,
            Limits(requests_minute=15),
            call=str(number),
            tokens=1,
            now=NOON,
            priority="waiting",
        )
        times.append(at)
    assert most_in_a_minute(times) == 15
    assert max(times) == NOON + 6 * WINDOW_MS


def test_someone_who_waits_is_not_behind_a_batch() -> None:
    quota, limits = Quota(), Limits(requests_minute=10)
    for number in range(50):
        quota, _ = booked(
            quota, limits, call=f"batch {number}", tokens=1, now=NOON, priority="batch"
        )
    for number in range(2):
        quota, at = booked(
            quota, limits, call=f"nurse {number}", tokens=1, now=NOON + 5, priority="waiting"
        )
        assert at == NOON + 5


def test_a_call_larger_than_the_whole_limit_goes_out_alone() -> None:
    quota, limits = Quota(), Limits(tokens_minute=100)
    quota, first = booked(quota, limits, call="a", tokens=900, now=NOON, priority="waiting")
    _, second = booked(quota, limits, call="b", tokens=1, now=NOON, priority="waiting")
    assert (first, second) == (NOON, NOON + WINDOW_MS)


def test_tokens_that_were_not_taken_are_free_again() -> None:
    quota, limits = Quota(), Limits(tokens_minute=100)
    quota, _ = booked(quota, limits, call="a", tokens=90, now=NOON, priority="waiting")
    quota = settled(quota, call="a", tokens=10)
    _, at = booked(quota, limits, call="b", tokens=90, now=NOON + 1, priority="waiting")
    assert at == NOON + 1


def test_a_day_ends_at_midnight_in_the_pacific_zone_also_when_clocks_change() -> None:
    summer = datetime(2026, 7, 1, 12, tzinfo=UTC)
    autumn = datetime(2026, 11, 1, 12, tzinfo=UTC)  # clocks go back on this day
    assert renewal_after(int(summer.timestamp() * 1000)) == datetime(2026, 7, 2, 7, tzinfo=UTC)
    assert renewal_after(int(autumn.timestamp() * 1000)) == datetime(2026, 11, 2, 8, tzinfo=UTC)


def test_a_used_up_day_names_its_renewal_and_the_next_day_goes_on() -> None:
    quota, limits = Quota(), Limits(requests_day=2)
    for call in "ab":
        quota, _ = booked(quota, limits, call=call, tokens=1, now=NOON, priority="waiting")
    with pytest.raises(QuotaForTodayError) as used_up:
        booked(quota, limits, call="c", tokens=1, now=NOON, priority="waiting")
    tomorrow = int(used_up.value.renewed_at.timestamp() * 1000)
    assert used_up.value.renewed_at == renewal_after(NOON)
    _, at = booked(quota, limits, call="c", tokens=1, now=tomorrow, priority="waiting")
    assert at == tomorrow


def test_a_pause_that_the_provider_asks_for_is_kept() -> None:
    quota = paused(Quota(), NOON + 9_000)
    _, at = booked(quota, Limits(), call="a", tokens=1, now=NOON, priority="waiting")
    assert at == NOON + 9_000

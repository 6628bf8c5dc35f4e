from __future__ import annotations

import pytest

from careflow.ai.governor.breaker import (
    FAILURES,
    OPEN_MS,
    PROBE_MS,
    WITHIN_MS,
    Breaker,
    BreakerOpenError,
    admitted,
    failed,
    succeeded,
)

NOW = 1_790_000_000_000


def opened() -> Breaker:
    breaker = Breaker()
    for number in range(FAILURES):
        breaker = failed(breaker, now=NOW + number)
    return breaker


def test_it_opens_after_failures_close_together() -> None:
    with pytest.raises(BreakerOpenError):
        admitted(opened(), call="a", now=NOW + 10)


def test_failures_far_apart_do_not_open_it() -> None:
    breaker = Breaker()
    for number in range(FAILURES * 2):
        breaker = failed(breaker, now=NOW + number * WITHIN_MS)
    assert admitted(breaker, call="a", now=NOW) == breaker


def test_one_probe_goes_out_and_the_others_wait_for_it() -> None:
    later = NOW + OPEN_MS + 100
    probing = admitted(opened(), call="probe", now=later)
    for call in "abc":
        with pytest.raises(BreakerOpenError):
            admitted(probing, call=call, now=later + 1)


def test_a_probe_that_succeeds_closes_it_and_one_that_fails_opens_it_again() -> None:
    later = NOW + OPEN_MS + 100
    probing = admitted(opened(), call="probe", now=later)
    assert succeeded(probing) == Breaker()
    with pytest.raises(BreakerOpenError):
        admitted(failed(probing, now=later + 5), call="a", now=later + 6)


def test_a_probe_that_is_lost_does_not_keep_it_open_for_ever() -> None:
    later = NOW + OPEN_MS + 100
    probing = admitted(opened(), call="lost", now=later)
    assert admitted(probing, call="next", now=later + PROBE_MS + 1).probe == "next"

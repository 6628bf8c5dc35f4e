from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from careflow.ai.governor.budget import (
    HELD_MS,
    BudgetSpentError,
    Spend,
    held,
    is_nearly_spent,
    settled,
)
from careflow.ai.governor.prices import Prices, PriceUnknownError, Rate
from careflow.ai.model import Tokens

NOW = 1_790_000_000_000
DAY = date(2026, 11, 24)


def test_the_last_call_allowed_is_the_one_whose_worst_case_fits() -> None:
    spend = Spend()
    for call in ("a", "b"):
        spend = held(spend, budget="the clinic", limit=100, call=call, amount=50, now=NOW)
    with pytest.raises(BudgetSpentError, match="the clinic"):
        held(spend, budget="the clinic", limit=100, call="c", amount=1, now=NOW)


def test_what_a_call_did_not_cost_is_free_again() -> None:
    spend = held(Spend(), budget="x", limit=100, call="a", amount=100, now=NOW)
    spend = settled(spend, call="a", cost=30)
    assert held(spend, budget="x", limit=100, call="b", amount=70, now=NOW).at_worst == 100


def test_a_call_that_is_lost_counts_as_spent() -> None:
    spend = held(Spend(), budget="x", limit=100, call="lost", amount=60, now=NOW)
    with pytest.raises(BudgetSpentError):
        held(spend, budget="x", limit=100, call="b", amount=50, now=NOW + HELD_MS)


def test_people_are_told_before_it_is_used_up() -> None:
    assert not is_nearly_spent(Spend(spent=79), 100)
    assert is_nearly_spent(Spend(spent=80), 100)
    assert not is_nearly_spent(Spend(spent=10**9), None)


def test_tokens_cost_what_the_list_says_cached_and_thinking_too() -> None:
    tokens = Tokens(input=1_000_000, cached=400_000, output=100_000, thinking=100_000)
    # 600,000 at 0.75, 400,000 at 0.075 and 200,000 at 3.75 dollars a million.
    assert Prices().cost("gemini-3.8-flash", tokens, DAY) == 450_000 + 30_000 + 750_000


def test_the_last_day_of_the_year_and_the_first_of_the_next_cost_differently() -> None:
    tokens = Tokens(input=1_000, output=1_000)
    before = Prices().cost("gemini-3.8-flash", tokens, date(2026, 12, 31))
    after = Prices().cost("gemini-3.8-flash", tokens, date(2027, 1, 1))
    assert (before, after) == (4_500, 9_000)


def test_a_part_of_a_micro_dollar_is_never_lost() -> None:
    assert Prices().cost("gemini-3.8-flash", Tokens(input=1), DAY) == 1


def test_a_model_without_a_price_is_refused_rather_than_free() -> None:
    with pytest.raises(PriceUnknownError, match="my-model"):
        Prices().cost("my-model", Tokens(input=1), DAY)
    own = Prices(own={"my-model": Rate(Decimal(2), Decimal(1), Decimal(4))})
    assert own.cost("my-model", Tokens(input=3, output=1), DAY) == 10
    assert Prices(is_free=True).cost("my-model", Tokens(input=3, output=1), DAY) == 0

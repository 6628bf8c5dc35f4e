"""What tokens cost on a day, in whole micro-dollars, by the planner's dated price list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_CEILING, Decimal
from typing import ClassVar

from careflow.ai.model import Tokens
from careflow.errors import UnavailableError
from careflow.planner.prices import catalogue


class PriceUnknownError(UnavailableError):
    """Nobody knows what this model costs, so no budget can hold it."""

    code: ClassVar[str] = "ai-price-unknown"

    def __init__(self, model: str) -> None:
        super().__init__(f"There is no price for {model}: name its price in the AI policy.")


@dataclass(frozen=True, slots=True)
class Rate:
    """US dollars for a million tokens."""

    input: Decimal
    cached: Decimal
    output: Decimal


FREE = Rate(Decimal(0), Decimal(0), Decimal(0))


@dataclass(frozen=True, slots=True)
class Prices:
    """Rates by model and day; an operator's own rates come first.

    Attributes:
        own: Rates by model id, for servers of one's own or other agreements.
        is_free: Whether nothing costs anything (unpaid quota).
    """

    own: Mapping[str, Rate] = field(default_factory=dict)
    is_free: bool = False

    def rate(self, model: str, on: date) -> Rate:
        """Return a model's rate on a day.

        Raises:
            PriceUnknownError: Neither the operator nor the price list knows the model.
        """
        if self.is_free:
            return FREE
        if model in self.own:
            return self.own[model]
        return _listed(model, on)

    def cost(self, model: str, tokens: Tokens, on: date) -> int:
        """Return what tokens cost, in micro-dollars, rounded up; thinking bills as output."""
        rate = self.rate(model, on)
        # Dollars for a million tokens are micro-dollars for one.
        micro = (
            rate.input * (tokens.input - tokens.cached)
            + rate.cached * tokens.cached
            + rate.output * (tokens.output + tokens.thinking)
        )
        return int(micro.to_integral_value(ROUND_CEILING))

    def worst(self, model: str, *, tokens_in: int, tokens_out: int, on: date) -> int:
        """Return the most that a call can cost, in micro-dollars."""
        return self.cost(model, Tokens(input=tokens_in, output=tokens_out), on)


def _listed(model: str, on: date) -> Rate:
    name = model.removeprefix("models/").removeprefix("gemini-")
    listed = catalogue("current")
    rows = [listed.find(f"gemini.{name}.{kind}", on) for kind in ("input", "output")]
    if rows[0] is None or rows[1] is None:
        raise PriceUnknownError(model)
    cached = listed.find(f"gemini.{name}.cached_input", on) or rows[0]
    return Rate(rows[0].price.high, cached.price.high, rows[1].price.high)

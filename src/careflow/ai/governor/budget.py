"""Money: what a call may cost at worst is set aside before it goes out, and settled after."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from careflow.errors import UnavailableError

WARN_AT = 0.8
"""Share of a budget from which people are told."""

HELD_MS = 15 * 60_000
"""How long money stays set aside for a call that is not heard of; then it counts as spent."""


class BudgetSpentError(UnavailableError):
    """What the call may cost at worst does not fit into a budget any more."""

    code: ClassVar[str] = "ai-budget-spent"

    def __init__(self, budget: str) -> None:
        super().__init__(f"The AI budget of {budget} for this month is used up: raise it or wait.")
        self.budget = budget


class Held(msgspec.Struct, array_like=True, frozen=True):
    """Micro-dollars set aside for a call, until an instant (ms since 1970)."""

    amount: int
    until: int


class Spend(msgspec.Struct, frozen=True):
    """What one budget has given out in one month, in micro-dollars."""

    spent: int = 0
    held: dict[str, Held] = msgspec.field(default_factory=dict)

    @property
    def at_worst(self) -> int:
        """Return what is spent if every call that is out costs what it may."""
        return self.spent + sum(one.amount for one in self.held.values())


def held(
    spend: Spend, *, budget: str, limit: int | None, call: str, amount: int, now: int
) -> Spend:
    """Return the spend with the call's worst case set aside.

    Raises:
        BudgetSpentError: It does not fit.
    """
    current = _expired(spend, now)
    if limit is not None and current.at_worst + amount > limit:
        raise BudgetSpentError(budget)
    return Spend(current.spent, {**current.held, call: Held(amount, now + HELD_MS)})


def settled(spend: Spend, *, call: str, cost: int) -> Spend:
    """Return the spend with a call's real cost in place of what was set aside."""
    return Spend(spend.spent + cost, {one: kept for one, kept in spend.held.items() if one != call})


def is_nearly_spent(spend: Spend, limit: int | None) -> bool:
    """Report whether people should be told."""
    return limit is not None and spend.at_worst >= limit * WARN_AT


def _expired(spend: Spend, now: int) -> Spend:
    """Count what nobody settled in time as spent: the provider may have charged for it."""
    lost = sum(one.amount for one in spend.held.values() if one.until <= now)
    kept = {call: one for call, one in spend.held.items() if one.until > now}
    return Spend(spend.spent + lost, kept)

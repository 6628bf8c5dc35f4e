"""Money: exact amounts in one currency, as ranges; never floats, never two currencies in one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from careflow.errors import BadInputError
from careflow.planner.spans import CENT, Number, Span, span


class CurrencyMixError(BadInputError):
    """Two currencies met in one sum."""

    code: ClassVar[str] = "planner-currency-mix"


@dataclass(frozen=True, slots=True)
class Money:
    """An amount between two ends, in one currency."""

    amount: Span
    currency: str = "USD"

    @property
    def low(self) -> Decimal:
        """Return the low end."""
        return self.amount.low

    @property
    def high(self) -> Decimal:
        """Return the high end."""
        return self.amount.high

    def __add__(self, other: Money) -> Money:
        """Add amounts of one currency."""
        self._same(other)
        return Money(self.amount + other.amount, self.currency)

    def __sub__(self, other: Money) -> Money:
        """Subtract amounts of one currency; the ends cross, as honest ranges do."""
        self._same(other)
        return Money(self.amount - other.amount, self.currency)

    def __mul__(self, factor: Number) -> Money:
        """Multiply by a number that is not negative."""
        return Money(self.amount * factor, self.currency)

    def union(self, other: Money) -> Money:
        """Return the smallest range that holds both."""
        self._same(other)
        return Money(self.amount.union(other.amount), self.currency)

    def rounded(self, step: Decimal = CENT) -> Money:
        """Round to cents, half up."""
        return Money(self.amount.rounded(step), self.currency)

    def difference(self, other: Money) -> tuple[Decimal, Decimal]:
        """Return this minus the other, low from low and high from high (either may be negative)."""
        self._same(other)
        return self.low - other.low, self.high - other.high

    def text(self) -> str:
        """Write ``$21.23`` or ``$19.00-24.00``."""
        sign = "$" if self.currency == "USD" else f"{self.currency} "
        if self.low == self.high:
            return f"{sign}{self.low:,.2f}"
        return f"{sign}{self.low:,.2f}-{self.high:,.2f}"

    def _same(self, other: Money) -> None:
        if self.currency != other.currency:
            raise CurrencyMixError(f"{self.currency} and {other.currency} cannot be added.")


def dollars(low: Number, high: Number | None = None) -> Money:
    """Make an amount of US dollars."""
    return Money(span(low, high))


def total(amounts: Iterable[Money], currency: str = "USD") -> Money:
    """Add amounts of one currency; nothing is zero."""
    low, high = Decimal(0), Decimal(0)
    for one in amounts:
        if one.currency != currency:
            raise CurrencyMixError(f"{currency} and {one.currency} cannot be added.")
        low += one.amount.low
        high += one.amount.high
    return Money(Span(low, high), currency)

"""Bills by line: the core bill (what the guide counts, complete) and the deployed bill (all)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal

from careflow.planner.components import Component
from careflow.planner.guide_prices import guide_lines
from careflow.planner.money import Money, total
from careflow.planner.prices import HOURLY, PER_UNIT, Catalogue, MissingPriceError, Price
from careflow.planner.shape import ACCUMULATING, Shape, amounts
from careflow.planner.workload import Workload

Scope = Literal["core", "deployed"]
_METERED = frozenset({"cpu_credit_hours"})
_MAY_LACK_PRICE = frozenset({"gemini.{model}.cached_input"})


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a bill, rounded to cents.

    Attributes:
        quantity: Single things billed in the month, what is free taken off.
        source: Where the price was read, with the day.
    """

    item: str
    label: str
    why: str
    quantity: Decimal
    unit: str
    amount: Money
    source: str
    source_url: str
    read_on: date
    confidence: str


@dataclass(frozen=True, slots=True)
class Bill:
    """A month's bill of one shape."""

    shape: Shape
    scope: Scope
    catalogue: str
    on: date
    lines: tuple[Line, ...]

    @property
    def total(self) -> Money:
        """Return the sum of the lines."""
        return total((line.amount for line in self.lines), self.currency)

    @property
    def currency(self) -> str:
        """Return the currency of the lines."""
        return self.lines[0].amount.currency if self.lines else "USD"

    @property
    def oldest(self) -> date | None:
        """Return the day the oldest price was read."""
        return min((line.read_on for line in self.lines), default=None)

    @property
    def unconfirmed(self) -> tuple[Line, ...]:
        """Return lines whose price was recalled or derived, not read."""
        return tuple(one for one in self.lines if one.confidence in {"recalled", "derived"})


def make_bill(
    shape: Shape,
    workload: Workload,
    prices: Catalogue,
    *,
    scope: Scope = "core",
    on: date | None = None,
    month: int = 1,
) -> Bill:
    """Return the bill of a month.

    Args:
        shape: What runs.
        workload: What it serves.
        prices: The catalogue; the guide's knows only what the guide counts.
        scope: Core or deployed.
        on: The day whose prices apply; the catalogue's own by default.
        month: How long it has run, for what accumulates (logs kept).
    """
    day = on or prices.compiled
    if prices.name == "guide":
        lines = tuple(
            _line(prices.price(item), label, "the guide counts it", count, standing=True)
            for item, label, count in guide_lines(shape, workload, complete=scope == "deployed")
        )
        return Bill(shape, scope, prices.name, day, lines)
    measures = amounts(shape, workload, month)
    made = (
        _priced(part, shape, measures, prices, day)
        for part in shape.architecture.components
        if _counts(part, shape, scope)
    )
    return Bill(shape, scope, prices.name, day, tuple(line for line in made if line is not None))


def not_priced(shape: Shape) -> tuple[str, ...]:
    """Say what a shape may cost beside its lines, for which no price is held."""
    found = ["tax, support plans and people's time"]
    if shape.tier in {"m10", "m20", "m30"}:
        found.insert(0, "Atlas backup storage and transfer")
    if shape.architecture.zones > 1:
        found.insert(0, "transfer between zones")
    return tuple(found)


def carried_on(bill: Bill, workload: Workload, prices: Catalogue, *, on: date, month: int) -> Bill:
    """Return a later month of a bill at the same prices: only what accumulates is counted anew."""
    if prices.name == "guide":
        return replace(bill, on=on)
    measures = amounts(bill.shape, workload, month)
    anew = {
        line.item: line
        for part in bill.shape.architecture.components
        if part.count in ACCUMULATING and _counts(part, bill.shape, bill.scope)
        for line in [_priced(part, bill.shape, measures, prices, on)]
        if line is not None
    }
    return replace(bill, on=on, lines=tuple(anew.get(line.item, line) for line in bill.lines))


def _counts(part: Component, shape: Shape, scope: Scope) -> bool:
    return shape.chosen(part.only) and (scope == "deployed" or shape.chosen(part.core))


def _priced(
    part: Component, shape: Shape, measures: dict[str, Decimal], prices: Catalogue, day: date
) -> Line | None:
    count = _amount(part.count, measures) * _amount(part.size, measures)
    if count == 0:
        return None
    item = part.item.format(instance=shape.instance, tier=shape.tier, model=shape.model)
    label = part.label.format(instance=shape.instance, TIER=shape.tier.upper(), model=shape.model)
    found = prices.find(item, day)
    if found is None and part.item in _MAY_LACK_PRICE:
        item = f"gemini.{shape.model}.input"  # no rebate is known: cached tokens cost as read
        found = prices.find(item, day)
    if found is None:
        raise MissingPriceError(f"The catalogue {prices.name!r} has no price for {item}.")
    return _line(found, label, part.why, count, standing=part.count not in _METERED,
                 hours=prices.hours, currency=prices.currency)  # fmt: skip


def _amount(of: int | str, measures: dict[str, Decimal]) -> Decimal:
    return measures[of] if isinstance(of, str) else Decimal(of)


def _line(
    price: Price,
    label: str,
    why: str,
    count: Decimal,
    *,
    standing: bool,
    hours: int = 730,
    currency: str = "USD",
) -> Line:
    billed = max(Decimal(0), count - price.free)
    times = billed / PER_UNIT.get(price.unit, 1)
    if standing and price.unit in HOURLY:
        times *= hours
    return Line(
        item=price.id,
        label=label,
        why=why,
        quantity=billed,
        unit=price.unit,
        amount=Money(price.price * times, currency).rounded(),
        source=price.source,
        source_url=price.source_url,
        read_on=price.read_on,
        confidence=price.confidence,
    )

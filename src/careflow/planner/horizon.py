"""Bills over months: each month with the prices of its day, and what accumulates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from careflow.errors import BadInputError
from careflow.planner.bill import Bill, Scope, carried_on, make_bill
from careflow.planner.money import Money, total
from careflow.planner.prices import Catalogue
from careflow.planner.shape import Shape
from careflow.planner.workload import Workload

MONTHS_MOST = 120


@dataclass(frozen=True, slots=True)
class Horizon:
    """The months of one shape, oldest first."""

    bills: tuple[Bill, ...]

    @property
    def total(self) -> Money:
        """Return the sum of all months."""
        return total(bill.total for bill in self.bills)

    @property
    def dearest(self) -> Bill:
        """Return the month that costs most."""
        return max(self.bills, key=lambda bill: bill.total.high)

    def changes(self) -> tuple[tuple[date, Money, Money], ...]:
        """Return the months whose bill moves by a dollar or more: the day, before, after."""
        pairs = zip(self.bills, self.bills[1:], strict=False)
        return tuple(
            (after.on, before.total, after.total)
            for before, after in pairs
            if abs(after.total.high - before.total.high) >= 1
        )


def month_after(day: date, months: int) -> date:
    """Return the first day of the month that many months on."""
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def require_months(months: int) -> int:
    """Return a number of months, or raise a sentence."""
    if not 1 <= months <= MONTHS_MOST:
        raise BadInputError(f"A horizon is 1 to {MONTHS_MOST} months, not {months}.")
    return months


def over(
    shape: Shape,
    workload: Workload,
    prices: Catalogue,
    *,
    months: int,
    start: date | None = None,
    scope: Scope = "deployed",
) -> Horizon:
    """Return the bills of a shape that starts on a day and runs for months under one workload."""
    first = start or prices.compiled
    days = [
        month_after(first, index) if index else first for index in range(require_months(months))
    ]
    changes = set(prices.changes(first, days[-1]))
    bills: list[Bill] = []
    for month, day in enumerate(days, start=1):
        if not bills or any(bills[-1].on < change <= day for change in changes):
            bills.append(make_bill(shape, workload, prices, scope=scope, on=day, month=month))
        else:
            bills.append(carried_on(bills[-1], workload, prices, on=day, month=month))
    return Horizon(tuple(bills))

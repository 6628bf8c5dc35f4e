"""A bill in ranges, for inputs that are ranges: from the least demand to the most."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from careflow.planner.bill import Bill, Line, Scope, make_bill
from careflow.planner.money import Money
from careflow.planner.prices import Catalogue
from careflow.planner.shape import Shape
from careflow.planner.spans import Span
from careflow.planner.workload import Workload


def bill_between(
    shape: Shape,
    least: Workload,
    most: Workload,
    prices: Catalogue,
    *,
    scope: Scope = "deployed",
    on: date | None = None,
) -> Bill:
    """Return one bill whose lines run from the least demand's amount to the most's.

    The shape is that of the most, since it must carry it; cost never falls as demand rises.
    """
    low = {
        (line.item, line.label): line.amount
        for line in make_bill(shape, least, prices, scope=scope, on=on).lines
    }
    bill = make_bill(shape, most, prices, scope=scope, on=on)
    return replace(bill, lines=tuple(_stretched(line, low) for line in bill.lines))


def _stretched(line: Line, low: dict[tuple[str, str], Money]) -> Line:
    least = low.get((line.item, line.label))
    bottom = line.amount.low * 0 if least is None else least.low
    return replace(
        line, amount=Money(Span(min(bottom, line.amount.low), line.amount.high),
                           line.amount.currency)
    )  # fmt: skip

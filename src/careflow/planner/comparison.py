"""Architectures side by side: bills, capacity, promises, effort and the guide's words."""

from __future__ import annotations

from dataclasses import dataclass

from careflow.planner.architecture import Architecture
from careflow.planner.availability import Availability, availability
from careflow.planner.bill import Bill, make_bill
from careflow.planner.capacity import Capacity, sizes
from careflow.planner.constraints import Request
from careflow.planner.horizon import over
from careflow.planner.money import Money
from careflow.planner.prices import MissingPriceError, catalogue
from careflow.planner.words import Words, words


@dataclass(frozen=True, slots=True)
class Column:
    """One architecture of a comparison.

    Attributes:
        guide: What the guide's own bill of it adds up to; None where the guide has none.
        over_months: The deployed bills over the horizon.
    """

    architecture: Architecture
    capacity: Capacity
    core: Bill
    deployed: Bill
    guide: Money | None
    over_months: Money
    availability: Availability
    words: Words


def compare(several: tuple[Architecture, ...], request: Request) -> tuple[Column, ...]:
    """Return architectures side by side, each at its first size that serves the load."""
    return tuple(_column(one, request) for one in several)


def _column(one: Architecture, request: Request) -> Column:
    prices = catalogue("current")
    tried = list(sizes(one, request.demand, prices, hipaa=request.hipaa))
    made = next((size for size in tried if not size.problems), tried[-1])
    horizon = over(made.shape, request.demand, prices, months=request.months, start=request.start)
    return Column(
        architecture=one,
        capacity=made,
        core=make_bill(made.shape, request.demand, prices, on=request.start),
        deployed=horizon.bills[0],
        guide=_guide(made, request),
        over_months=horizon.total,
        availability=availability(made.shape),
        words=words(one),
    )


def _guide(made: Capacity, request: Request) -> Money | None:
    if made.shape.architecture.name == "multi-region":
        return None
    try:
        return make_bill(made.shape, request.demand, catalogue("guide")).total
    except MissingPriceError:
        return None

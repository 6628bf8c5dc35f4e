"""Architectures side by side: bills, capacity, promises, effort and the guide's words."""

from __future__ import annotations

from dataclasses import dataclass

from careflow.planner.architecture import Architecture
from careflow.planner.availability import Availability
from careflow.planner.bill import Bill, make_bill
from careflow.planner.capacity import Capacity
from careflow.planner.constraints import Request, Violation
from careflow.planner.decision import candidate
from careflow.planner.money import Money
from careflow.planner.prices import Catalogue, MissingPriceError, catalogue
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
    violations: tuple[Violation, ...]
    words: Words


def compare(
    several: tuple[Architecture, ...], request: Request, prices: Catalogue
) -> tuple[Column, ...]:
    """Return architectures side by side, each at the size a decision would give it."""
    return tuple(_column(one, request, prices) for one in several)


def _column(one: Architecture, request: Request, prices: Catalogue) -> Column:
    made = candidate(one, request, prices)
    return Column(
        architecture=one,
        capacity=made.capacity,
        core=made.core,
        deployed=made.bill,
        guide=_guide(made.capacity, request),
        over_months=made.horizon.total,
        availability=made.availability,
        violations=made.violations,
        words=words(one),
    )


def _guide(made: Capacity, request: Request) -> Money | None:
    if made.shape.architecture.name == "multi-region":
        return None
    try:
        return make_bill(made.shape, request.demand, catalogue("guide")).total
    except MissingPriceError:
        return None

"""The cheapest architecture that meets every constraint, and why each other one does not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from careflow.planner import framework
from careflow.planner.architecture import Architecture
from careflow.planner.architectures import ARCHITECTURES
from careflow.planner.availability import Availability, availability
from careflow.planner.bill import Bill, make_bill
from careflow.planner.capacity import Capacity, NothingFitsError, sizes
from careflow.planner.constraints import Request, Violation, violations
from careflow.planner.horizon import Horizon, over, require_months
from careflow.planner.money import Money, dollars
from careflow.planner.prices import Catalogue
from careflow.planner.spans import Span

_FREE = dollars(0)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One architecture at its best size, beside what is asked."""

    architecture: Architecture
    capacity: Capacity
    bill: Bill
    core: Bill
    horizon: Horizon
    availability: Availability
    violations: tuple[Violation, ...]

    @property
    def fits(self) -> bool:
        """Report whether it meets every constraint."""
        return not self.violations

    @property
    def missed(self) -> tuple[int, Decimal]:
        """Return how many constraints are missed, and by how much together."""
        return _missed(self.violations)


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer.

    Attributes:
        best: The cheapest that fits, or None.
        runner_up: The next that fits, or None.
        rejected: The others, each with the constraints that it violates.
        nearest: Where nothing fits, the one that misses least.
        guide: The rows of the guide's framework that apply.
    """

    request: Request
    best: Candidate | None
    runner_up: Candidate | None
    fitting: tuple[Candidate, ...]
    rejected: tuple[Candidate, ...]
    nearest: Candidate | None
    guide: tuple[framework.Row, ...]

    @property
    def gap(self) -> Money | None:
        """Return what the runner-up costs more over the horizon."""
        if self.best is None or self.runner_up is None:
            return None
        low, high = self.runner_up.horizon.total.difference(self.best.horizon.total)
        return replace(self.best.horizon.total, amount=_ordered(low, high))

    def required(self) -> Candidate:
        """Return the best, or raise one sentence that names the nearest and what it misses."""
        if self.best is not None:
            return self.best
        near = self.nearest
        if near is None:
            raise NothingFitsError("Nothing fits: there is no architecture to choose from.")
        misses = " ".join(one.sentence for one in near.violations)
        raise NothingFitsError(
            f"Nothing fits; the nearest is {near.architecture.name} at"
            f" {near.horizon.dearest.total.text()} a month, and it misses: {misses}"
        )


def decide(request: Request, prices: Catalogue) -> Decision:
    """Return the cheapest architecture that satisfies a request, and how the others fare."""
    require_months(request.months)
    found = [candidate(one, request, prices) for one in ARCHITECTURES]
    fitting = sorted((one for one in found if one.fits), key=_cost)
    rejected = [one for one in found if not one.fits]
    nearest = min(rejected, key=lambda one: (*one.missed, *_cost(one)), default=None)
    return Decision(
        request=request,
        best=fitting[0] if fitting else None,
        runner_up=fitting[1] if len(fitting) > 1 else None,
        fitting=tuple(fitting),
        rejected=tuple(rejected),
        nearest=None if fitting else nearest,
        guide=guide_rows(request),
    )


def candidate(one: Architecture, request: Request, prices: Catalogue) -> Candidate:
    """Return an architecture at the cheapest size that serves the load, or at its largest."""
    made = best_size(one, request, prices)
    horizon = over(made.shape, request.demand, prices, months=request.months, start=request.start)
    up = availability(made.shape)
    return Candidate(
        architecture=one,
        capacity=made,
        bill=horizon.bills[0],
        core=make_bill(made.shape, request.demand, prices, scope="core", on=request.start),
        horizon=horizon,
        availability=up,
        violations=violations(request, made, up, horizon.dearest.total),
    )


def best_size(one: Architecture, request: Request, prices: Catalogue) -> Capacity:
    """Return the size that violates least and then costs least; the budget is judged later."""
    found = list(_sizes(one, request, prices))
    unbound = replace(request, budget=None)
    broken = {made.shape: _missed(violations(unbound, made, availability(made.shape), _FREE))
              for made in found}  # fmt: skip
    least = min(broken.values())
    serving = [made for made in found if broken[made.shape] == least]
    if len({made.shape.instances for made in serving}) == 1:
        return serving[0]  # sizes come from the cheapest up
    return min(serving, key=lambda made: _first_month(made, request, prices))


def _sizes(one: Architecture, request: Request, prices: Catalogue) -> Iterator[Capacity]:
    # A free tier promises less than a dedicated one, so both are tried where uptime is asked.
    for tier in ("m0", "m10") if request.uptime is not None else ("m0",):
        yield from sizes(
            one,
            request.demand,
            prices,
            hipaa=request.hipaa,
            private_subnets=request.private_subnets,
            managed_redis=request.managed_redis,
            at_least=tier,
        )


def _missed(broken: tuple[Violation, ...]) -> tuple[int, Decimal]:
    return len(broken), sum((one.short for one in broken), Decimal(0))


def _first_month(made: Capacity, request: Request, prices: Catalogue) -> Decimal:
    return make_bill(made.shape, request.demand, prices, scope="deployed").total.high


def _cost(one: Candidate) -> tuple[Decimal, Decimal]:
    return one.horizon.total.high, one.horizon.total.low


def guide_rows(request: Request) -> tuple[framework.Row, ...]:
    """Return the rows of the guide's framework that apply to a request."""
    found = [framework.by_stage(request.at_stage)]
    if request.budget is not None:
        found.append(framework.by_budget(request.budget))
    found.append(framework.by_users(request.workload.users))
    found += [framework.by_ai(request.need), framework.by_compliance(request.compliance)]
    return tuple(found)


def _ordered(low: Decimal, high: Decimal) -> Span:
    return Span(min(low, high), max(low, high))

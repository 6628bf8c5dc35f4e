"""Growth month by month: what runs, what it costs, and which thresholds are crossed when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from careflow.planner import workload as demand
from careflow.planner.bill import Bill, make_bill
from careflow.planner.constraints import Request
from careflow.planner.decision import Candidate, candidate, decide
from careflow.planner.horizon import month_after, require_months
from careflow.planner.money import Money, total
from careflow.planner.patterns import Pattern, crossed
from careflow.planner.prices import Catalogue
from careflow.planner.triggers import TRIGGERS, Trigger
from careflow.planner.workload import Workload

WORTH_MOVING = Decimal("0.1")
"""Share of a month's bill that must be saved for a move to be worth its work."""
_FOLLOWED = ("concurrent_users", "active_users", "storage_mb")


@dataclass(frozen=True, slots=True)
class GrowthMonth:
    """One month.

    Attributes:
        bill: The month's deployed bill, with the logs and files kept since the first month.
        moved: Why the architecture changed this month; empty if it stayed.
        crossings: The guide's thresholds that are crossed this month.
        guide: What the guide recommends for the month, in its words.
    """

    month: int
    on: date
    workload: Workload
    running: Candidate
    bill: Bill
    moved: str
    crossings: tuple[Trigger, ...]
    guide: str


@dataclass(frozen=True, slots=True)
class Growth:
    """A pattern lived through."""

    pattern: Pattern
    months: tuple[GrowthMonth, ...]

    @property
    def total(self) -> Money:
        """Return the cost of all months."""
        return total(month.bill.total for month in self.months)

    @property
    def moves(self) -> tuple[GrowthMonth, ...]:
        """Return the months in which the architecture or its size changes, the first included."""
        return tuple(month for month in self.months if month.moved)


def grow(
    pattern: Pattern, request: Request, prices: Catalogue, *, months: int | None = None
) -> Growth:
    """Return the months of a pattern under the constraints of a request.

    What runs stays as long as it meets every constraint and nothing else saves a tenth of the
    month; then the cheapest follows.
    """
    length = require_months(months or pattern.months)
    start = request.start or prices.compiled
    lived: list[GrowthMonth] = []
    for month in range(1, length + 1):
        on = start if month == 1 else month_after(start, month - 1)
        asked = replace(
            request, workload=workload_of(pattern, month, request.workload), months=1, start=on
        )
        before = lived[-1] if lived else None
        running, moved = _running(asked, prices, before)
        lived.append(
            GrowthMonth(
                month=month,
                on=on,
                workload=asked.workload,
                running=running,
                bill=make_bill(
                    running.capacity.shape,
                    asked.demand,
                    prices,
                    scope="deployed",
                    on=on,
                    month=month,
                ),
                moved=moved,
                crossings=tuple(_crossings(before, asked.workload)),
                guide=pattern.step(month).guide,
            )
        )
    return Growth(pattern, tuple(lived))


def workload_of(pattern: Pattern, month: int, like: Workload) -> Workload:
    """Return the workload of a month; everything but users and AI calls is as given."""
    return replace(
        like,
        users=pattern.users(month),
        ai_requests_per_month=pattern.step(month).ai_requests,
        concurrent=None,
        requests_per_second=None,
        data_gb=None,
        visits_per_day=None,
        documents_per_day=None,
    )


def _running(
    asked: Request, prices: Catalogue, before: GrowthMonth | None
) -> tuple[Candidate, str]:
    if before is None:
        return decide(asked, prices).required(), "it starts"
    same = candidate(before.running.architecture, asked, prices)
    if not same.fits:
        return decide(asked, prices).required(), same.violations[0].sentence
    best = decide(asked, prices).required()
    saved = same.bill.total.high - best.bill.total.high
    if saved > same.bill.total.high * WORTH_MOVING:
        return best, f"{best.architecture.name} costs ${saved:,.2f} less from here"
    old, new = before.running.capacity.shape, same.capacity.shape
    if (old.instance, old.instances) != (new.instance, new.instances):
        return same, f"more load: {new.text()}"
    if old.tier != new.tier:
        return same, f"more data and users: {new.tier.upper()} follows {old.tier.upper()}"
    return same, ""


def _crossings(before: GrowthMonth | None, now: Workload) -> Iterator[Trigger]:
    if before is None:
        return
    old, new = measures_of(before.workload), measures_of(now)
    for trigger in TRIGGERS:
        if trigger.above is not None and trigger.measure in _FOLLOWED:
            name = trigger.measure
            if crossed(old[name], new[name], trigger.above):
                yield trigger


def measures_of(workload: Workload) -> dict[str, Decimal]:
    """Return what the guide's thresholds look at."""
    return {
        "concurrent_users": Decimal(demand.concurrent_users(workload)),
        "active_users": Decimal(workload.users),
        "storage_mb": demand.stored_gb(workload) * 1024,
    }

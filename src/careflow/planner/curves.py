"""Curves for a page: cost and latency over demand, and cost stacked over months."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from careflow.planner.architecture import Architecture
from careflow.planner.bill import make_bill
from careflow.planner.capacity import NETWORK_MS, NothingFitsError, box_load, fit
from careflow.planner.constraints import Request
from careflow.planner.growth import Growth, GrowthMonth
from careflow.planner.prices import Catalogue
from careflow.planner.queueing import latency
from careflow.planner.shape import Shape
from careflow.planner.workload import Workload

GROUPS = (
    ("compute", ("ec2.", "ebs.", "fargate.", "lambda.")),
    ("database", ("atlas.", "docdb.", "elasticache.")),
    ("network", ("alb.", "nat.", "route53.", "cloudfront.", "s3.", "waf.", "web.")),
    ("AI", ("gemini.",)),
    ("safeguards", ("kms.", "secrets.", "cloudwatch.")),
)
_ADDRESSES = {"ec2.public_ipv4": "network", "ec2.transfer_out": "network",
              "ec2.transfer_region": "network", "ebs.snapshot": "safeguards"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class CostPoint:
    """The deployed bill of an architecture for a number of users; None where it cannot serve."""

    users: int
    monthly: Decimal | None
    size: str


@dataclass(frozen=True, slots=True)
class LatencyPoint:
    """Milliseconds at a load; None where the boxes cannot keep up."""

    per_s: float
    mean_ms: float | None
    p95_ms: float | None


def cost_curve(
    one: Architecture, request: Request, prices: Catalogue, users: tuple[int, ...]
) -> tuple[CostPoint, ...]:
    """Return an architecture's bill over numbers of users; AI calls grow with them."""
    at = max(request.workload.users, 1)
    return tuple(
        _cost(one, _scaled(request.demand, Decimal(number) / at, number), request, prices)
        for number in users
    )


def _scaled(workload: Workload, factor: Decimal, users: int) -> Workload:
    return replace(workload.scaled(factor), users=users)


def _cost(one: Architecture, workload: Workload, request: Request, prices: Catalogue) -> CostPoint:
    try:
        made = fit(
            one,
            workload,
            prices,
            hipaa=request.hipaa,
            private_subnets=request.private_subnets,
            managed_redis=request.managed_redis,
        )
    except NothingFitsError:
        return CostPoint(workload.users, None, "")
    bill = make_bill(made.shape, workload, prices, scope="deployed", on=request.start)
    return CostPoint(workload.users, bill.total.high, made.shape.text())


def latency_curve(
    shape: Shape, workload: Workload, prices: Catalogue, points: int = 20
) -> tuple[LatencyPoint, ...]:
    """Return latency from nothing to nine tenths of what the cores can do."""
    load = box_load(shape, workload, prices)
    tasks = load.tasks_per_s * load.task_s
    most = max(0.0, 0.9 * load.cores - tasks) / load.cpu_s
    found = []
    for step in range(1, points + 1):
        per_s = most * step / points
        took = latency(replace(load, per_s=per_s))
        found.append(
            LatencyPoint(
                per_s * shape.instances,
                None if took is None else took.mean_s * 1000 + NETWORK_MS,
                None if took is None else took.p95_s * 1000 + NETWORK_MS,
            )
        )
    return tuple(found)


def stacked(growth: Growth) -> tuple[dict[str, Decimal], ...]:
    """Return each month's bill by group, for a stacked curve; groups add up to the bill."""
    return tuple(_by_group(month) for month in growth.months)


def _by_group(month: GrowthMonth) -> dict[str, Decimal]:
    totals = {name: Decimal(0) for name, _ in GROUPS}
    for line in month.bill.lines:
        totals[group_of(line.item)] += line.amount.high
    return totals


def group_of(item: str) -> str:
    """Return the group of a price."""
    if item in _ADDRESSES:
        return _ADDRESSES[item]
    return next((name for name, heads in GROUPS if item.startswith(heads)), "network")

"""From one architecture to another: ordered steps, downtime, risk, rollback, data and cost."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from careflow.errors import BadInputError
from careflow.planner.architecture import Architecture
from careflow.planner.bill import make_bill
from careflow.planner.constraints import Request
from careflow.planner.decision import best_size
from careflow.planner.migration_steps import Step, steps_between
from careflow.planner.prices import Catalogue
from careflow.planner.shape import Shape
from careflow.planner.spans import ZERO, Span


class NoMigrationError(BadInputError):
    """There is no way between these two."""

    code: ClassVar[str] = "planner-no-migration"


@dataclass(frozen=True, slots=True)
class Migration:
    """A plan to move.

    Attributes:
        downtime_min: Minutes in which nobody can work, least and most.
        rollback_min: Minutes back to what ran before, while the old is kept.
        cost_difference: Dollars a month, low from low and high from high; negative saves.
        guide: The row of the guide's table that speaks of it, and what it says; may be empty.
        checks: What "if done correctly" means, each a thing to see before going on.
    """

    before: Shape
    after: Shape
    steps: tuple[Step, ...]
    downtime_min: Span
    difficulty: str
    risk: str
    rollback_min: Span
    data: str
    cost_difference: tuple[Decimal, Decimal]
    guide: str
    checks: tuple[str, ...]


CHECKS = (
    "The backup made today restores: the drill compares counts and hashes.",
    "Both releases read and write the same form of documents, so both can run at once.",
    "Sessions are signed with one key from the parameter store, so nobody is signed out.",
    "Files are in S3, not on the old box's disk.",
    "Jobs are leased in the database, so none runs twice on two boxes.",
    "/api/health/ready of every new box names the new version for two minutes.",
    "CloudFront's origin is changed, not DNS; its old origin is written down.",
    "Errors and latency of the new boxes are as before for an hour; the old box is kept a day.",
)
_SAID = {
    ("basic", "production"): "Basic → Production: Easy, downtime 2-5 min, rollback 2-5 min (L1426)",
    ("production", "gemini"): "Production → Gemini API: Easy, no downtime, rollback immediate "
    "(L1427)",
    ("production", "self-hosted-ai"): "Production → Self-Hosted AI: Hard, downtime 30-60 min, "
    "rollback 30 min (L1428)",
}
_TO_FLEET = "Any → Load Balancer: Very Hard, no downtime if done correctly, rollback 30 min (L1429)"


def migrate(
    before: Architecture, after: Architecture, request: Request, prices: Catalogue
) -> Migration:
    """Return the plan from one architecture to another under a workload."""
    if before == after:
        raise NoMigrationError(f"{before.title} already runs; there is nothing to migrate.")
    if after.comparison_only:
        raise NoMigrationError(f"{after.title} is priced for comparison; nothing deploys it.")
    old, new = _shape(before, request, prices), _shape(after, request, prices)
    steps = steps_between(old, new)
    fleet = after.zones > 1 and before.zones == 1
    return Migration(
        before=old,
        after=new,
        steps=steps,
        downtime_min=_added(steps),
        difficulty=_difficulty(before, after),
        risk="Medium" if fleet or after.ai == "local" or before.comparison_only else "Low",
        rollback_min=_rollback(before, after),
        data=_data(old, new),
        cost_difference=_difference(old, new, request, prices),
        guide=_TO_FLEET
        if after.name == "high-availability"
        else _SAID.get((before.name, after.name), ""),
        checks=CHECKS if fleet or before.zones > 1 else CHECKS[:2],
    )


def _shape(one: Architecture, request: Request, prices: Catalogue) -> Shape:
    return best_size(one, request, prices).shape


def _added(steps: tuple[Step, ...]) -> Span:
    result = ZERO
    for step in steps:
        result = result + step.downtime_min
    return result


def _difficulty(before: Architecture, after: Architecture) -> str:
    if before.comparison_only or after.regions > 1:
        return "Very Hard"
    if after.zones != before.zones:
        return "Very Hard" if after.zones > before.zones else "Medium"
    return "Hard" if after.ai == "local" else "Easy"


def _rollback(before: Architecture, after: Architecture) -> Span:
    if after.zones != before.zones or after.ai == "local" or before.comparison_only:
        return Span(Decimal(5), Decimal(30))
    if before.sizes != after.sizes:
        return Span(Decimal(2), Decimal(5))
    return Span(Decimal(0), Decimal(1))


def _data(old: Shape, new: Shape) -> str:
    if old.tier == new.tier:
        return "No records move: the database stays where it is."
    if old.tier == "docdb":
        return "All records are copied to Atlas and checked by counts and hashes."
    if old.tier == "m0":
        return f"Atlas moves the records from M0 to {new.tier.upper()}: same address, new cluster."
    return f"Atlas resizes {old.tier.upper()} to {new.tier.upper()} in place, member by member."


def _difference(
    old: Shape, new: Shape, request: Request, prices: Catalogue
) -> tuple[Decimal, Decimal]:
    bills = [
        make_bill(shape, request.demand, prices, scope="deployed", on=request.start).total
        for shape in (new, old)
    ]
    return bills[0].difference(bills[1])

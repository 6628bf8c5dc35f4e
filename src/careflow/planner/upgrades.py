"""When to move on, as pure functions of measured numbers: the guide's triggers and our own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from decimal import Decimal

from careflow.errors import BadInputError
from careflow.planner.architecture import Architecture
from careflow.planner.architectures import architecture
from careflow.planner.constraints import Request
from careflow.planner.migration import Migration, migrate
from careflow.planner.prices import Catalogue
from careflow.planner.shape import Shape
from careflow.planner.triggers import TRIGGERS, Trigger

WEEKS_AHEAD = 26
BUSY_MOST = Decimal(70)
"""Percent of CPU in the busy hour above which the queueing model calls a box too busy."""
IDLE_MOST = Decimal(15)
"""Percent below which a size less still has room."""


@dataclass(frozen=True, slots=True)
class Trend:
    """A measured number and how it changes."""

    now: Decimal
    per_week: Decimal = Decimal(0)

    def weeks_until(self, threshold: Decimal) -> Decimal | None:
        """Return weeks until it exceeds a threshold; zero if it does, None if it will not."""
        if self.now > threshold:
            return Decimal(0)
        if self.per_week <= 0:
            return None
        weeks = (threshold - self.now) / self.per_week
        return weeks if weeks <= WEEKS_AHEAD else None


@dataclass(frozen=True, slots=True)
class Observed:
    """What was measured of a running platform; None is "not measured".

    Attributes:
        response_ms: 95th percentile of answers in the busy hour.
        uptime_percent: What is asked, not what was measured.
    """

    concurrent_users: Trend | None = None
    response_ms: Trend | None = None
    memory_percent: Trend | None = None
    cpu_percent: Trend | None = None
    storage_mb: Trend | None = None
    active_users: Trend | None = None
    uptime_percent: Trend | None = None
    background_jobs: bool = False
    real_users: bool = False
    critical: bool = False
    no_downtime: bool = False
    geographic: bool = False
    slow_database: bool = False
    needs_backups: bool = False
    needs_iops: bool = False

    def __post_init__(self) -> None:
        """Refuse negative measurements."""
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, Trend) and value.now < 0:
                name = field.name.replace("_", " ")
                raise BadInputError(f"{name} cannot be negative: {value.now}.")


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to do, and when.

    Attributes:
        reason: The trigger's sentence, with its line of the guide where it is the guide's.
        weeks: Weeks until it is due; zero now.
        to: An architecture, a tier or an instance size.
        difference: Dollars a month, or None where nothing changes the bill.
        migration: The steps, where an architecture changes.
    """

    reason: str
    weeks: Decimal
    to: str
    difference: Decimal | None
    migration: Migration | None
    sentence: str


def notices(
    running: Shape, observed: Observed, request: Request, prices: Catalogue
) -> tuple[Notice, ...]:
    """Return what is due now or within half a year, soonest first; one for each goal."""
    found = [*_guides(running, observed, request, prices), *_own(running, observed, prices)]
    soonest: dict[str, Notice] = {}
    for notice in sorted(found, key=lambda one: one.weeks):
        soonest.setdefault(notice.to, notice)
    return tuple(soonest.values())


def _guides(
    running: Shape, observed: Observed, request: Request, prices: Catalogue
) -> Iterator[Notice]:
    for trigger in TRIGGERS:
        weeks = _weeks(trigger, observed)
        if weeks is None or not _applies(trigger, running):
            continue
        reason = f"{trigger.sentence} (the guide, L{trigger.line})"
        goal = trigger.leads[1]
        if goal.startswith("m"):
            yield _tier_notice(running, goal, reason, weeks, prices)
        else:
            plan = migrate(running.architecture, architecture(goal), request, prices)
            yield _move_notice(plan, reason, weeks)


def _weeks(trigger: Trigger, observed: Observed) -> Decimal | None:
    value = getattr(observed, trigger.measure)
    if isinstance(value, Trend) and trigger.above is not None:
        return value.weeks_until(trigger.above)
    return Decimal(0) if value is True else None


def _applies(trigger: Trigger, running: Shape) -> bool:
    start = trigger.leads[0]
    one: Architecture = running.architecture
    return start in {one.name, running.tier} or (start == "any" and one.zones == 1)


def _own(running: Shape, observed: Observed, prices: Catalogue) -> Iterator[Notice]:
    cpu, memory = observed.cpu_percent, observed.memory_percent
    larger, smaller = _neighbour(running, 1), _neighbour(running, -1)
    if cpu is not None and larger is not None:
        weeks = cpu.weeks_until(BUSY_MOST)
        if weeks is not None:
            reason = f"CPU in the busy hour above {BUSY_MOST}%: answers begin to queue"
            yield _size_notice(running, larger, reason, weeks, prices)
    idle = cpu is not None and cpu.now < IDLE_MOST and cpu.per_week <= 0
    roomy = memory is not None and memory.now < 40 and memory.per_week <= 0
    if idle and roomy and smaller is not None:
        reason = f"CPU below {IDLE_MOST}% and memory below 40%, not growing"
        yield _size_notice(running, smaller, reason, Decimal(0), prices)


def _neighbour(running: Shape, step: int) -> str | None:
    known = running.architecture.sizes
    if running.instance not in known:
        return None
    place = known.index(running.instance) + step
    return known[place] if 0 <= place < len(known) else None


def _size_notice(
    running: Shape, instance: str, reason: str, weeks: Decimal, prices: Catalogue
) -> Notice:
    hours = prices.hours * running.instances
    was = prices.price(f"ec2.{running.instance}").price.high
    difference = (prices.price(f"ec2.{instance}").price.high - was) * hours
    verb = "go up to" if difference > 0 else "go down to"
    return Notice(
        reason, weeks, instance, difference, None,
        f"You can {verb} {instance} {_when(weeks)}, {_money(difference)}, 2-5 minutes of downtime:"
        f" {reason}.",
    )  # fmt: skip


def _tier_notice(
    running: Shape, tier: str, reason: str, weeks: Decimal, prices: Catalogue
) -> Notice:
    was = prices.price(f"atlas.{running.tier}").price.high
    difference = (prices.price(f"atlas.{tier}").price.high - was) * prices.hours
    return Notice(
        reason, weeks, tier, difference, None,
        f"Move the database to {tier.upper()} {_when(weeks)}, {_money(difference)}: {reason}.",
    )  # fmt: skip


def _move_notice(plan: Migration, reason: str, weeks: Decimal) -> Notice:
    difference = plan.cost_difference[1]
    low, high = plan.downtime_min.as_numbers()
    down = "no downtime" if high == 0 else f"{low}-{high} minutes of downtime"
    name = plan.after.architecture.name
    return Notice(
        reason, weeks, name, difference, plan,
        f"Upgrade to {name} {_when(weeks)}, {_money(difference)}, {down}, {len(plan.steps)} steps:"
        f" {reason}.",
    )  # fmt: skip


def _when(weeks: Decimal) -> str:
    if weeks < 1:
        return "now"
    return f"in about {round(weeks)} week{'s' if round(weeks) != 1 else ''}"


def _money(difference: Decimal) -> str:
    sign = "+" if difference >= 0 else "-"
    return f"{sign}${abs(difference):,.2f} a month"

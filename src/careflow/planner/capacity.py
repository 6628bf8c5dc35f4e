"""From demand to boxes: what a shape carries, how long answers take, and which size fits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import ClassVar

from careflow.errors import BadInputError
from careflow.planner import workload as demand
from careflow.planner.architecture import Architecture
from careflow.planner.measurements import measurements
from careflow.planner.prices import Catalogue, MissingPriceError, catalogue
from careflow.planner.queueing import Latency, Load, latency
from careflow.planner.shape import Shape, default_shape
from careflow.planner.workload import Workload

BUSY_MOST = Decimal("0.7")
"""Share of the cores that the busiest minutes may need."""
P95_MOST_MS = 500
NETWORK_MS = 25
"""To the box and to the database and back; assumed until observed."""
TIERS = ("m0", "m10", "m20", "m30")
TIER_FULL = Decimal("0.8")
"""Share of a tier's storage at which the next is due, as the guide's 400 of 512 MB."""
TIER_USERS = {"m0": 1_000, "m10": 5_000, "m20": 20_000, "m30": None}
FLUSH = 3
"""Boxes of a fleet of which one may be missing without the rest being too busy."""


class NothingFitsError(BadInputError):
    """An architecture that cannot serve the load at any of its sizes."""

    code: ClassVar[str] = "planner-nothing-fits"


@dataclass(frozen=True, slots=True)
class Capacity:
    """What a shape does under a workload.

    Attributes:
        carries_per_s: Requests a second at which the boxes are as busy as they may be.
        busy: Share of the cores in the busiest minutes.
        latency: Without the network; None where the boxes cannot keep up.
        ai_per_hour: AI tasks an hour that the boxes themselves can run; None where others run
            them.
        problems: Why it does not serve the workload; empty if it does.
        claim: What the guide says of concurrent users, beside what is asked.
    """

    shape: Shape
    asked_per_s: Decimal
    carries_per_s: Decimal
    busy: Decimal
    latency: Latency | None
    memory_mb: Decimal
    memory_needed_mb: Decimal
    ai_per_hour: Decimal | None
    credit_hours_left: Decimal | None
    problems: tuple[str, ...]
    claim: str

    @property
    def p95_ms(self) -> float | None:
        """Return the 95th percentile of an answer in milliseconds, the network included."""
        return None if self.latency is None else self.latency.p95_s * 1000 + NETWORK_MS


def capacity(shape: Shape, workload: Workload, prices: Catalogue) -> Capacity:
    """Return what a shape does under a workload."""
    load = box_load(shape, workload, prices)
    cpu = measurements().request_cpu_s(shape.family)
    cores = Decimal(str(load.cores))
    tasks = Decimal(str(load.tasks_per_s * load.task_s))
    room = max(Decimal(0), cores * BUSY_MOST - tasks)
    took = latency(load) if load.busy <= BUSY_MOST else None
    memory, needed = _memory(shape, prices)
    made = Capacity(
        shape=shape,
        asked_per_s=demand.busy_requests_per_second(workload),
        carries_per_s=room / cpu * shape.instances,
        busy=Decimal(str(round(load.busy, 4))),
        latency=took,
        memory_mb=memory,
        memory_needed_mb=needed,
        ai_per_hour=_ai_per_hour(shape, prices),
        credit_hours_left=credit_hours_left(shape, load),
        problems=(),
        claim=claim(shape.architecture, workload),
    )
    return replace(made, problems=tuple(_problems(made, workload)))


def box_load(shape: Shape, workload: Workload, prices: Catalogue) -> Load:
    """Return what each box is asked in the busiest minutes."""
    local = shape.architecture.ai == "local"
    tasks = demand.ai_calls_in_busy_hour(workload) / demand.SECONDS_PER_HOUR if local else 0
    speed = measurements().machine(shape.family).speed
    return Load(
        per_s=float(demand.busy_requests_per_second(workload) / shape.instances),
        cpu_s=float(measurements().request_cpu_s(shape.family)),
        cores=float(cores_of(shape, prices)),
        tasks_per_s=float(tasks),
        task_s=float(measurements().assumed["ai_task_cpu_s"] / speed),
        tasks_at_once=_workers(shape, prices) if local else 0,
    )


def cores_of(shape: Shape, prices: Catalogue) -> Decimal:
    """Return the vCPUs of one box."""
    if shape.family.startswith("fargate"):
        return Decimal("0.5")
    return _fact(f"ec2.{shape.instance}", "vcpu", prices)


def credit_hours_left(shape: Shape, load: Load) -> Decimal | None:
    """Return hours until full credits are gone at this load; None if they never are.

    Credits are earned at the baseline and spent by use: the balance falls by the difference.
    """
    machine = measurements().machine(shape.family)
    used, earned = load.busy * load.cores, float(machine.baseline) * load.cores
    if machine.baseline >= 1 or used <= earned:
        return None
    return machine.credits_max / Decimal(str((used - earned) * 60))


def claim(one: Architecture, workload: Workload) -> str:
    """Say what the guide rates an architecture at, beside what is asked."""
    asked = demand.concurrent_users(workload)
    rated = one.rating.users
    if rated is None:
        return f"The guide gives no number of users for {one.title}; {asked:,} at once are asked."
    low, high = (f"{end:,}" for end in rated.as_numbers())
    return f"The guide rates {one.title} at {low}-{high} users at once; {asked:,} are asked."


def database_tier(
    workload: Workload, prices: Catalogue, *, at_least: str = "m0"
) -> tuple[str, str | None]:
    """Return the smallest tier that holds the data and the users, and why none does."""
    stored = demand.stored_gb(workload)
    for tier in TIERS[TIERS.index(at_least) :]:
        holds = _fact(f"atlas.{tier}", "storage_gb", prices) * TIER_FULL
        users = TIER_USERS[tier]
        if stored <= holds and (users is None or workload.users <= users):
            return tier, None
    return "m30", f"{stored:,.1f} GB of records are more than M30 holds, the largest tier priced."


def sizes(
    one: Architecture,
    workload: Workload,
    prices: Catalogue,
    *,
    hipaa: bool = False,
    private_subnets: bool = False,
    managed_redis: bool = False,
    at_least: str = "m0",
) -> Iterator[Capacity]:
    """Yield the sizes of an architecture from the cheapest up, each with what it does.

    Boxes are made larger where there is one, and more of them where there may be more. A tier of
    the database can be asked for that is larger than data and users need.
    """
    smallest = default_shape(
        one, hipaa=hipaa, private_subnets=private_subnets, managed_redis=managed_redis
    )
    tier = smallest.tier
    if tier in TIERS:
        least = max(tier, at_least, key=TIERS.index)
        tier, _ = database_tier(workload, prices, at_least=least)
    for instance in one.sizes:
        shape = replace(smallest, instance=instance, tier=tier)
        boxes = _boxes(shape, workload, prices)
        yield capacity(replace(shape, instances=boxes), workload, prices)


def fit(
    one: Architecture,
    workload: Workload,
    prices: Catalogue,
    *,
    hipaa: bool = False,
    private_subnets: bool = False,
    managed_redis: bool = False,
) -> Capacity:
    """Return the first size that serves the workload, or raise `NothingFitsError`."""
    last: Capacity | None = None
    for made in sizes(
        one,
        workload,
        prices,
        hipaa=hipaa,
        private_subnets=private_subnets,
        managed_redis=managed_redis,
    ):
        if not made.problems:
            return made
        last = made
    why = last.problems[0] if last else "It has no sizes."
    raise NothingFitsError(f"{one.title} cannot serve this load at any size: {why}")


def _boxes(shape: Shape, workload: Workload, prices: Catalogue) -> int:
    fewest, most = shape.architecture.instances
    if fewest == most:
        return fewest
    needed = demand.busy_requests_per_second(workload) * measurements().request_cpu_s(shape.family)
    boxes = int(-(-needed // (cores_of(shape, prices) * BUSY_MOST)))
    spare = 1 if boxes >= FLUSH else 0
    return max(fewest, min(most, boxes + spare))


def _problems(made: Capacity, workload: Workload) -> Iterator[str]:
    asked = demand.ai_calls_in_busy_hour(workload)
    if made.ai_per_hour is not None and asked > made.ai_per_hour * BUSY_MOST:
        yield (
            f"{asked:,.0f} AI tasks come in the busy hour and its workers end"
            f" {made.ai_per_hour:,.0f}."
        )
    if made.busy > BUSY_MOST:
        yield (
            f"{made.asked_per_s:,.1f} requests a second are asked and {made.shape.text()} carries"
            f" {made.carries_per_s:,.1f}."
        )
    elif made.latency is None:
        yield "AI tasks pile up faster than its workers end them."
    elif made.p95_ms is not None and made.p95_ms > P95_MOST_MS:
        yield f"One answer in twenty takes longer than {P95_MOST_MS} ms ({made.p95_ms:,.0f} ms)."
    if made.memory_needed_mb > made.memory_mb:
        yield f"It needs {made.memory_needed_mb:,.0f} MB of memory and has {made.memory_mb:,.0f}."
    if made.shape.tier == TIERS[-1]:
        held = Decimal(40) * TIER_FULL
        if demand.stored_gb(workload) > held:
            yield f"{demand.stored_gb(workload):,.1f} GB of records are more than M30 holds."


def _memory(shape: Shape, prices: Catalogue) -> tuple[Decimal, Decimal]:
    assumed = measurements().assumed
    if shape.family.startswith("fargate"):
        return Decimal(1024), measurements().memory_mb
    has = _fact(f"ec2.{shape.instance}", "ram_gb", prices) * 1024
    needs = assumed["system_memory_mb"] + measurements().memory_mb * 2  # two during a restart
    if shape.architecture.ai == "local":
        needs += assumed["model_memory_mb"]
    return has, needs


def _workers(shape: Shape, prices: Catalogue) -> int:
    """Return how many local AI tasks run at once: one for each core, at most the guide's three."""
    return min(3, int(cores_of(shape, prices)))


def _ai_per_hour(shape: Shape, prices: Catalogue) -> Decimal | None:
    if shape.architecture.ai != "local":
        return None
    each = measurements().assumed["ai_task_cpu_s"] / measurements().machine(shape.family).speed
    return _workers(shape, prices) * demand.SECONDS_PER_HOUR / each


def _fact(item: str, name: str, prices: Catalogue) -> Decimal:
    """Return a fact of a machine or tier; the guide does not give all, so today's fill in."""
    for known in (prices, catalogue("current")):
        found = known.find(item)
        value = None if found is None else found.fact(name)
        if value is not None:
            return value
    raise MissingPriceError(f"No catalogue says the {name} of {item}.")

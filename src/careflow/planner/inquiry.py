"""Every question that the command line and the web page ask, answered in one place for both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from careflow.planner.answer import Answer, answer
from careflow.planner.architecture import Architecture
from careflow.planner.architectures import ARCHITECTURES, architecture
from careflow.planner.asked import Asked, pattern_of, prices_of, request_of, workload_of
from careflow.planner.bands import RUNS, Bands, cost_bands
from careflow.planner.breakeven import Band, bands
from careflow.planner.capacity import P95_MOST_MS
from careflow.planner.comparison import Column, compare
from careflow.planner.compliance import Report, check
from careflow.planner.curves import CostPoint, LatencyPoint, cost_curve, latency_curve
from careflow.planner.decision import Candidate, Decision, best_size, candidate, decide
from careflow.planner.diagram import Diagram, diagram
from careflow.planner.growth import Growth, grow
from careflow.planner.migration import Migration, migrate
from careflow.planner.prices import Catalogue, Price, catalogue
from careflow.planner.shape import Shape

_SHARES = (Decimal("0.1"), Decimal("0.25"), Decimal("0.5"), Decimal(1), Decimal("1.5"), Decimal(2),
           Decimal(3), Decimal(5), Decimal(8), Decimal(12), Decimal(20))  # fmt: skip
"""Numbers of users beside what is asked, for which a curve is drawn."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Architectures side by side, and the safeguards of each where rules are named."""

    columns: tuple[Column, ...]
    safeguards: tuple[Report, ...]


@dataclass(frozen=True, slots=True)
class Lived:
    """Growth with its cost bands."""

    growth: Growth
    bands: Bands


@dataclass(frozen=True, slots=True)
class CostCurve:
    """One architecture's bill over numbers of users."""

    architecture: Architecture
    points: tuple[CostPoint, ...]


@dataclass(frozen=True, slots=True)
class Curves:
    """What a page draws of load.

    Attributes:
        running: The shape whose latency is drawn, with what is asked of it and what it carries.
        p95_most_ms: The time within which nineteen of twenty answers must come.
    """

    running: Candidate
    p95_most_ms: int
    latency: tuple[LatencyPoint, ...]
    cost: tuple[CostCurve, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """An architecture's shape and its picture."""

    shape: Shape
    diagram: Diagram


@dataclass(frozen=True, slots=True)
class AgedPrice:
    """A price, and how many days ago it was read."""

    price: Price
    age_days: int


@dataclass(frozen=True, slots=True)
class PriceList:
    """Every price of a catalogue."""

    catalogue: Catalogue
    prices: tuple[AgedPrice, ...]


def answered(
    wanted: Asked,
    today: date,
    *,
    rules: str | None = None,
    growth: str | None = None,
    evidence: Mapping[str, str] | None = None,
) -> Answer:
    """Return the whole answer, or raise one sentence that names what almost fits."""
    return answer(
        request_of(wanted, today),
        prices_of(wanted),
        today,
        least=workload_of(wanted, high=False),
        rules=rules,
        pattern=None if growth is None else pattern_of(growth, None),
        evidence=evidence,
    )


def decided(wanted: Asked, today: date) -> Decision:
    """Return the decision alone, also where nothing fits."""
    return decide(request_of(wanted, today), prices_of(wanted))


def compared(
    wanted: Asked,
    names: tuple[str, ...],
    today: date,
    *,
    rules: str | None = None,
    evidence: Mapping[str, str] | None = None,
) -> Comparison:
    """Set architectures side by side, all where none is named."""
    prices = prices_of(wanted)
    several = tuple(architecture(name) for name in names) or ARCHITECTURES
    columns = compare(several, request_of(wanted, today), prices)
    reports = [
        check(one.capacity.shape, rules, prices, evidence=evidence) for one in columns if rules
    ]
    return Comparison(columns, tuple(reports))


def grown(
    wanted: Asked,
    today: date,
    *,
    growth: str = "medium",
    curve: str | None = None,
    seed: int = 1,
    runs: int = RUNS,
) -> Lived:
    """Live through a pattern or an own curve, with cost bands."""
    prices = prices_of(wanted)
    request = request_of(wanted, today)
    lived = grow(pattern_of(growth, curve), request, prices, months=wanted.whole("months"))
    return Lived(lived, cost_bands(lived, prices, seed=seed, runs=runs))


def curves(wanted: Asked, today: date, name: str | None = None) -> Curves:
    """Return the curves of an architecture, by default of the one that is decided for."""
    request, prices = request_of(wanted, today), prices_of(wanted)
    if name is None:
        decision = decide(request, prices)
        running = decision.best or decision.nearest or candidate(ARCHITECTURES[0], request, prices)
    else:
        running = candidate(architecture(name), request, prices)
    users = tuple(sorted({max(1, int(request.workload.users * share)) for share in _SHARES}))
    offered = [one for one in ARCHITECTURES if request.need in one.serves]
    return Curves(
        running,
        P95_MOST_MS,
        latency_curve(running.capacity.shape, request.demand, prices),
        tuple(CostCurve(one, cost_curve(one, request, prices, users)) for one in offered),
    )


def drawn(wanted: Asked, name: str, today: date) -> Picture:
    """Return an architecture's shape for a workload, and its picture."""
    shape = best_size(architecture(name), request_of(wanted, today), prices_of(wanted)).shape
    return Picture(shape, diagram(shape))


def migrated(wanted: Asked, names: tuple[str, str], today: date) -> Migration:
    """Return the plan from one architecture to another."""
    before, after = (architecture(name) for name in names)
    return migrate(before, after, request_of(wanted, today), prices_of(wanted))


def broken_even(wanted: Asked, names: tuple[str, ...], today: date) -> tuple[Band, ...]:
    """Return which architecture is cheapest from how many AI tasks a month to how many."""
    request = request_of(wanted, today)
    several = tuple(architecture(name) for name in names or ("3A", "3A-alternative", "3B"))
    return bands(
        several,
        request.workload,
        prices_of(wanted),
        hipaa=request.hipaa,
        private_subnets=request.private_subnets,
        managed_redis=request.managed_redis,
    )


def safeguarded(
    wanted: Asked,
    name: str,
    rules: str,
    today: date,
    *,
    evidence: Mapping[str, str] | None = None,
) -> Report:
    """Return what rules ask of an architecture under a workload."""
    prices = prices_of(wanted)
    request = request_of(replace(wanted, values={**wanted.values, "compliance": rules}), today)
    shape = best_size(architecture(name), request, prices).shape
    return check(shape, rules, prices, evidence=evidence)


def priced(name: str, today: date) -> PriceList:
    """Return every price of a catalogue with its age."""
    prices = catalogue(name)
    rows = (price for rows in prices.prices.values() for price in rows)
    return PriceList(prices, tuple(AgedPrice(price, price.age_days(today)) for price in rows))

"""Cost bands by Monte Carlo: how far the months may lie apart if growth is not as expected.

Each run draws how much faster or slower the clinic grows, how much more or less AI it uses, and
noise for each month. A month's bill is read from tables made by the bill engine at nine factors,
in whole cents.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, replace
from decimal import Decimal

from careflow.errors import BadInputError
from careflow.planner.bill import make_bill
from careflow.planner.capacity import sizes
from careflow.planner.growth import Growth, GrowthMonth
from careflow.planner.prices import Catalogue
from careflow.planner.shape import Shape
from careflow.planner.workload import Workload

RUNS = 10_000
LEVEL_SPREAD = 0.15
"""Standard deviation of the logarithm of the users at the start."""
YEARLY_SPREAD = 0.25
"""Of the growth of each year."""
AI_SPREAD = 0.40
"""Of AI calls per user."""
MONTHLY_SPREAD = 0.05
_REACH = math.log(6)
_POINTS = 9
_STEP = 2 * _REACH / (_POINTS - 1)
_QUANTILES = (0.10, 0.50, 0.90)


@dataclass(frozen=True, slots=True)
class Band:
    """The amount that a tenth, half and nine tenths of the runs stay below."""

    p10: Decimal
    p50: Decimal
    p90: Decimal


@dataclass(frozen=True, slots=True)
class Bands:
    """Bands of each month and of the total."""

    runs: int
    seed: int
    months: tuple[Band, ...]
    total: Band


Table = tuple[list[int], list[int]]
"""A month's cents at each factor of users, and what AI adds at each factor of its calls."""


def cost_bands(growth: Growth, prices: Catalogue, *, seed: int = 1, runs: int = RUNS) -> Bands:
    """Return the bands of a growth; the same seed gives the same bands."""
    if not 100 <= runs <= 1_000_000:
        raise BadInputError(f"A simulation has 100 to 1,000,000 runs, not {runs}.")
    tables = [_table(month, prices) for month in growth.months]
    dice = random.Random(seed)  # noqa: S311 - a simulation, not a secret.
    months: list[list[int]] = [[] for _ in tables]
    totals = [_run(dice, tables, months) for _ in range(runs)]
    return Bands(runs, seed, tuple(_band(one) for one in months), _band(totals))


def _run(dice: random.Random, tables: list[Table], months: list[list[int]]) -> int:
    level, yearly, ai = (
        dice.gauss(0, LEVEL_SPREAD),
        dice.gauss(0, YEARLY_SPREAD) / 12,
        dice.gauss(0, AI_SPREAD),
    )
    gauss, spent = dice.gauss, 0
    for month, (by_users, by_calls) in enumerate(tables):
        people = level + yearly * month + gauss(0, MONTHLY_SPREAD)
        cents = _read(by_users, people) + _read(by_calls, people + ai)
        months[month].append(cents)
        spent += cents
    return spent


def _read(table: list[int], factor: float) -> int:
    """Return a table's cents between the two factors next to a logarithm of a factor."""
    place = (factor + _REACH) / _STEP
    left = min(max(int(place), 0), _POINTS - 2)
    share = min(max(place - left, 0.0), 1.0)
    return round(table[left] + (table[left + 1] - table[left]) * share)


def _table(month: GrowthMonth, prices: Catalogue) -> Table:
    factors = [Decimal(str(math.exp(-_REACH + _STEP * point))) for point in range(_POINTS)]
    asked = month.workload
    shape = month.running.capacity.shape
    here = _cents(shape, asked, month, prices)
    by_users, by_calls = [], []
    for factor in factors:
        people = asked.scaled(factor)
        with_ai = replace(asked, ai_requests_per_month=_times(asked, factor))
        only_people = replace(people, ai_requests_per_month=asked.ai_requests_per_month)
        by_users.append(_cents(_larger(shape, only_people, prices), only_people, month, prices))
        by_calls.append(_cents(shape, with_ai, month, prices) - here)
    return by_users, by_calls


def _times(workload: Workload, factor: Decimal) -> int:
    return int(workload.ai_requests_per_month * factor)


def _larger(shape: Shape, workload: Workload, prices: Catalogue) -> Shape:
    """Return the size of the same architecture that serves a workload, or its largest."""
    tried = list(sizes(shape.architecture, workload, prices, hipaa=shape.hipaa,
                       private_subnets=shape.private_subnets,
                       managed_redis=shape.managed_redis))  # fmt: skip
    return next((made.shape for made in tried if not made.problems), tried[-1].shape)


def _cents(shape: Shape, workload: Workload, month: GrowthMonth, prices: Catalogue) -> int:
    bill = make_bill(shape, workload, prices, scope="deployed", on=month.on, month=month.month)
    return int(bill.total.high * 100)


def _band(cents: list[int]) -> Band:
    ordered = sorted(cents)
    low, middle, high = (
        Decimal(ordered[min(int(len(ordered) * q), len(ordered) - 1)]) / 100 for q in _QUANTILES
    )
    return Band(low, middle, high)

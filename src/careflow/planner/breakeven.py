"""At how many AI tasks a month one architecture becomes cheaper than another."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from decimal import Decimal

from careflow.errors import BadInputError
from careflow.planner.architecture import Architecture
from careflow.planner.bill import Scope, make_bill
from careflow.planner.capacity import capacity
from careflow.planner.prices import Catalogue
from careflow.planner.shape import Shape, default_shape
from careflow.planner.workload import Workload

TASKS_MOST = 1_000_000
_STEPS_A_DECADE = 40
_GRID = (0, *(round(10 ** (2 + step / _STEPS_A_DECADE)) for step in range(4 * _STEPS_A_DECADE + 1)))
"""Numbers of tasks that are looked at, six percent apart; between them a turn is searched."""


@dataclass(frozen=True, slots=True)
class Band:
    """From how many tasks a month to how many which architecture is cheapest."""

    first: int
    last: int
    architecture: Architecture
    cost_first: Decimal
    cost_last: Decimal


def bands(
    several: tuple[Architecture, ...],
    workload: Workload,
    prices: Catalogue,
    *,
    hipaa: bool = False,
    private_subnets: bool = False,
    managed_redis: bool = False,
    scope: Scope = "core",
) -> tuple[Band, ...]:
    """Return which of several is cheapest at each number of tasks, from none to a million.

    Each has its smallest size, and drops out where that no longer carries the tasks.
    """
    if len(set(several)) < 2:
        raise BadInputError("A break-even needs two different architectures.")
    shapes = [
        default_shape(
            one, hipaa=hipaa, private_subnets=private_subnets, managed_redis=managed_redis
        )
        for one in several
    ]
    found: list[Band] = []
    first = 0
    for start, end in itertools.pairwise(_GRID):
        low = start
        while True:
            here = _cheapest(shapes, workload, prices, low, scope)
            if _cheapest(shapes, workload, prices, end, scope) == here:
                break
            turn = _turn(shapes, workload, prices, (low, end), scope)
            found.append(_band(first, turn - 1, here, workload, prices, scope))
            first = low = turn
    last = _cheapest(shapes, workload, prices, TASKS_MOST, scope)
    found.append(_band(first, TASKS_MOST, last, workload, prices, scope))
    return tuple(found)


def _turn(
    shapes: list[Shape],
    workload: Workload,
    prices: Catalogue,
    between: tuple[int, int],
    scope: Scope,
) -> int:
    """Return the first number of tasks at which another one is cheapest."""
    low, high = between
    here = _cheapest(shapes, workload, prices, low, scope)
    while high - low > 1:
        middle = (low + high) // 2
        if _cheapest(shapes, workload, prices, middle, scope) == here:
            low = middle
        else:
            high = middle
    return high


def _cheapest(
    shapes: list[Shape], workload: Workload, prices: Catalogue, tasks: int, scope: Scope
) -> Shape:
    asked = replace(workload, ai_requests_per_month=tasks)
    able = [shape for shape in shapes if not capacity(shape, asked, prices).problems]
    return min(able or shapes, key=lambda shape: _cost(shape, workload, prices, tasks, scope))


def _cost(shape: Shape, workload: Workload, prices: Catalogue, tasks: int, scope: Scope) -> Decimal:
    asked = replace(workload, ai_requests_per_month=tasks)
    return make_bill(shape, asked, prices, scope=scope).total.high


def _band(
    first: int, last: int, shape: Shape, workload: Workload, prices: Catalogue, scope: Scope
) -> Band:
    return Band(
        first,
        last,
        shape.architecture,
        _cost(shape, workload, prices, first, scope),
        _cost(shape, workload, prices, last, scope),
    )

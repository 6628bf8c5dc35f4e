"""One queueing model for latency at load: cores shared by requests and by tasks behind them.

A box's cores are shared equally among all requests under way and all tasks running behind them,
as an operating system shares them; requests come at random. Then the number under way is a
birth-death process: its mean gives the mean latency (Little), and following one request through
it gives every percentile (uniformization). No constants are fitted. `simulation` checks it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

_TAIL = 1e-9
_MOST_UNDER_WAY = 600
_STEP_TAIL = 1e-3
_BUSIEST = 0.97
"""Above this share of the cores the model is not asked: the answer is "too busy"."""


@dataclass(frozen=True, slots=True)
class Load:
    """What one box is asked.

    Attributes:
        per_s: Requests a second.
        cpu_s: CPU seconds of the mean request.
        cores: Cores of the box.
        tasks_per_s: Tasks a second behind the requests; ``task_s`` CPU seconds of each;
            ``tasks_at_once`` how many run together, the rest waits.
    """

    per_s: float
    cpu_s: float
    cores: float
    tasks_per_s: float = 0.0
    task_s: float = 0.0
    tasks_at_once: int = 0

    @property
    def busy(self) -> float:
        """Return the share of the cores that requests and tasks need together."""
        return (self.per_s * self.cpu_s + self.tasks_per_s * self.task_s) / self.cores

    @property
    def is_stable(self) -> bool:
        """Report whether the box can keep up."""
        return self.busy < _BUSIEST and (self.tasks_per_s == 0 or self.tasks_at_once > 0)


@dataclass(frozen=True, slots=True)
class Latency:
    """Seconds from arrival to answer, without the network."""

    mean_s: float
    p95_s: float


@dataclass(frozen=True, slots=True)
class _Behind:
    """The requests' view while some number of tasks runs."""

    share: float
    mean_s: float
    step_s: float
    alive: tuple[float, ...]

    def survival(self, t: float) -> float:
        """Return the probability that a request takes longer than t."""
        mean = t / self.step_s
        weight = math.exp(-mean) if mean < 700 else 0.0
        if weight == 0.0:
            return self.alive[min(round(mean), len(self.alive) - 1)]
        total, weights = 0.0, 0.0
        for step, alive in enumerate(self.alive):
            total += weight * alive
            weights += weight
            weight *= mean / (step + 1)
        return total + max(0.0, 1 - weights) * self.alive[-1]


@lru_cache(maxsize=512)
def latency(load: Load) -> Latency | None:
    """Return mean and 95th percentile, or None where the box cannot keep up."""
    if not load.is_stable:
        return None
    views = [_view(load, running, share) for running, share in tasks_running(load)]
    if not views:
        return None
    mean = sum(view.share * view.mean_s for view in views)
    return Latency(mean, _percentile(views, 0.05, mean))


def tasks_running(load: Load) -> list[tuple[int, float]]:
    """Return how many tasks run at once, each with its share of the time; none if they pile up.

    Tasks are long beside requests, so each count of tasks sees requests in their own balance;
    what requests leave a task is the speed at which it ends.
    """
    if load.tasks_per_s == 0:
        return [(0, 1.0)]
    weights = [1.0]
    for running in range(1, load.tasks_at_once + 1):
        ends = running * _task_speed(load, running) / load.task_s
        weights.append(weights[-1] * load.tasks_per_s / ends)
    last = weights[-1] / weights[-2]
    if last >= _BUSIEST:
        return []
    weights[-1] /= 1 - last  # as many run while more wait
    total = sum(weights)
    return [(n, weight / total) for n, weight in enumerate(weights)]


def _task_speed(load: Load, running: int) -> float:
    chances = _under_way(load, running)
    return sum(chance * _each(n, running, load) for n, chance in enumerate(chances))


def _under_way(load: Load, running: int) -> list[float]:
    """Return the probabilities of 0, 1, 2 … requests under way while tasks run."""
    weights = [1.0]
    for n in range(1, _MOST_UNDER_WAY):
        rate = n * _each(n, running, load) / load.cpu_s
        weights.append(weights[-1] * load.per_s / rate)
        if weights[-1] < _TAIL * weights[0] and n > load.cores:
            break
    total = sum(weights)
    return [weight / total for weight in weights]


def _each(n: int, running: int, load: Load) -> float:
    """Return the share of a core that each of n requests and the running tasks gets."""
    return min(1.0, load.cores / max(n + running, 1))


def _mean(chances: list[float], load: Load) -> float:
    if load.per_s == 0:
        return load.cpu_s
    return sum(n * chance for n, chance in enumerate(chances)) / load.per_s


def _view(load: Load, running: int, share: float) -> _Behind:
    chances = _under_way(load, running)
    rate = load.per_s + load.cores / load.cpu_s
    alive = tuple(_steps(load, running, chances, rate))
    return _Behind(share, _mean(chances, load), 1 / rate, alive)


def _steps(load: Load, running: int, chances: list[float], rate: float) -> Iterable[float]:
    """Yield the chance that a request met on arrival is still there after each step."""
    size = len(chances)
    shares = [_each(n + 1, running, load) / load.cpu_s / rate for n in range(size)]
    comes = load.per_s / rate
    here = chances
    while True:
        left = sum(here)
        yield left
        if left < _STEP_TAIL:
            return
        after = [0.0] * size
        for n, chance in enumerate(here):
            if chance == 0.0:
                continue
            goes = n * shares[n]
            up = comes if n + 1 < size else 0.0
            if n:
                after[n - 1] += chance * goes
            if up:
                after[n + 1] += chance * up
            after[n] += chance * (1 - goes - up - shares[n])
        here = after


def _percentile(views: list[_Behind], beyond: float, mean: float) -> float:
    low, high = 0.0, mean
    while _survival(views, high) > beyond:
        low, high = high, high * 2
    for _ in range(24):
        middle = (low + high) / 2
        if _survival(views, middle) > beyond:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _survival(views: list[_Behind], t: float) -> float:
    return sum(view.share * view.survival(t) for view in views)

"""A discrete-event simulator of one box: the check of `queueing`, with which it shares no code.

Every request and task is followed by itself: all under way get equal shares of the cores, tasks
beyond the workers' number wait, and a burstable box spends credits above its baseline and falls
back to the baseline when they are gone.
"""

from __future__ import annotations

import heapq
import random
from collections import deque
from dataclasses import dataclass, field

_SECONDS_PER_CREDIT = 60.0
"""A CPU credit is one vCPU at full speed for a minute."""
_FOREVER = float("inf")


@dataclass(frozen=True, slots=True)
class Credits:
    """CPU credits of a burstable box.

    Attributes:
        baseline: Share of each core it may use for ever.
        saved: Credits at the start; ``most`` the most it can save.
    """

    baseline: float
    saved: float
    most: float


@dataclass(frozen=True, slots=True)
class Scenario:
    """What to simulate.

    Attributes:
        request_cpu_s: Mean CPU seconds of a request, exponential.
        task_cpu_s: Mean CPU seconds of a task behind the requests, exponential.
        workers: Tasks that run at once.
    """

    requests_per_s: float
    request_cpu_s: float
    cores: float
    seconds: float
    seed: int
    tasks_per_s: float = 0.0
    task_cpu_s: float = 1.0
    workers: int = 0
    credits: Credits | None = None
    warm_up_share: float = 0.05


@dataclass(frozen=True, slots=True)
class Outcome:
    """What happened.

    Attributes:
        exhausted_at_s: When the credits were gone for the first time, or None.
    """

    requests: int
    mean_s: float
    p95_s: float
    tasks: int
    task_mean_s: float
    exhausted_at_s: float | None


@dataclass(slots=True)
class _Box:
    """The box between two events."""

    scenario: Scenario
    now: float = 0.0
    served: float = 0.0
    credits: float = 0.0
    throttled: bool = False
    exhausted_at: float | None = None
    running: list[tuple[float, int, bool, float]] = field(default_factory=list)
    waiting: deque[tuple[float, float]] = field(default_factory=deque)
    tasks_running: int = 0
    serial: int = 0

    def speed(self) -> float:
        """Return the speed at which each one under way is served now."""
        if not self.running:
            return 0.0
        cores = self.scenario.cores
        if self.throttled and self.scenario.credits is not None:
            cores *= self.scenario.credits.baseline
        return min(1.0, cores / len(self.running))

    def start(self, work: float, *, is_task: bool, came: float) -> None:
        """Begin to serve; all that follows is served equally."""
        self.serial += 1
        heapq.heappush(self.running, (self.served + work, self.serial, is_task, came))
        self.tasks_running += is_task

    def next_end(self) -> float:
        """Return when the first under way ends if nothing else happens."""
        speed = self.speed()
        return self.now + (self.running[0][0] - self.served) / speed if speed else _FOREVER

    def _credit_slope(self) -> float:
        rules = self.scenario.credits
        if rules is None:
            return 0.0
        used = self.speed() * len(self.running)
        return (rules.baseline * self.scenario.cores - used) / _SECONDS_PER_CREDIT

    def next_credit_event(self) -> float:
        """Return when the credits run out, or when a throttled box has saved one."""
        slope = self._credit_slope()
        if self.throttled:
            return self.now + (1.0 - self.credits) / slope if slope > 0 else _FOREVER
        return self.now + self.credits / -slope if slope < 0 else _FOREVER

    def advance(self, until: float) -> None:
        """Serve up to an instant."""
        passed = until - self.now
        rules = self.scenario.credits
        if rules is not None:
            gained = self.credits + self._credit_slope() * passed
            self.credits = min(rules.most, max(0.0, gained))
        self.served += self.speed() * passed
        self.now = until

    def turn(self) -> None:
        """Throttle, or end it."""
        self.throttled = not self.throttled
        if self.throttled and self.exhausted_at is None:
            self.exhausted_at = self.now


def simulate(scenario: Scenario) -> Outcome:
    """Run a scenario; the same seed gives the same outcome."""
    dice = random.Random(scenario.seed)  # noqa: S311 - a simulation, not a secret.
    box = _Box(scenario)
    if scenario.credits is not None:
        box.credits = scenario.credits.saved
    request_at = _after(dice, scenario.requests_per_s, 0.0)
    task_at = _after(dice, scenario.tasks_per_s, 0.0)
    requests: list[float] = []
    tasks: list[float] = []
    warm = scenario.seconds * scenario.warm_up_share
    while True:
        ends, turns = box.next_end(), box.next_credit_event()
        at = min(ends, turns, request_at, task_at)
        if at > scenario.seconds:
            return _outcome(requests, tasks, box)
        box.advance(at)
        if at == ends:
            _finish(box, requests, tasks, warm)
        elif at == turns:
            box.turn()
        elif at == request_at:
            box.start(dice.expovariate(1 / scenario.request_cpu_s), is_task=False, came=at)
            request_at = _after(dice, scenario.requests_per_s, at)
        else:
            _begin_task(box, dice.expovariate(1 / scenario.task_cpu_s), at)
            task_at = _after(dice, scenario.tasks_per_s, at)


def _after(dice: random.Random, per_s: float, now: float) -> float:
    return now + dice.expovariate(per_s) if per_s > 0 else _FOREVER


def _begin_task(box: _Box, work: float, came: float) -> None:
    if box.tasks_running < box.scenario.workers:
        box.start(work, is_task=True, came=came)
    else:
        box.waiting.append((work, came))


def _finish(box: _Box, requests: list[float], tasks: list[float], warm: float) -> None:
    _, _, is_task, came = heapq.heappop(box.running)
    if came >= warm:
        (tasks if is_task else requests).append(box.now - came)
    if is_task:
        box.tasks_running -= 1
        if box.waiting:
            work, waited_since = box.waiting.popleft()
            box.start(work, is_task=True, came=waited_since)


def _outcome(requests: list[float], tasks: list[float], box: _Box) -> Outcome:
    ordered = sorted(requests)
    return Outcome(
        requests=len(ordered),
        mean_s=sum(ordered) / len(ordered) if ordered else 0.0,
        p95_s=ordered[int(len(ordered) * 0.95)] if ordered else 0.0,
        tasks=len(tasks),
        task_mean_s=sum(tasks) / len(tasks) if tasks else 0.0,
        exhausted_at_s=box.exhausted_at,
    )

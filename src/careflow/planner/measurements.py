"""What our own benchmarks measured, and what is assumed until the running system is observed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Machine:
    """One class of machines.

    Attributes:
        speed: CPU speed of one vCPU beside the machine that was measured.
        basis: ``measured`` or ``assumed``.
        baseline: Share of each vCPU that a burstable machine may use for ever; 1 if not burstable.
        credits_max: CPU credits (vCPU-minutes) that can be saved up.
    """

    speed: Decimal
    basis: str
    baseline: Decimal = Decimal(1)
    credits_max: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Measurements:
    """CPU and memory that the application needs, and the speeds of machines."""

    measured_on: date
    source: str
    cpu_ms: dict[str, Decimal]
    mix: dict[str, Decimal]
    memory_mb: Decimal
    machines: dict[str, Machine]
    assumed: dict[str, Decimal]
    reasons: dict[str, str]

    def request_cpu_s(self, family: str) -> Decimal:
        """Return CPU seconds of the mean request on one vCPU of a family (``t3``)."""
        mean = sum((self.cpu_ms[kind] * share for kind, share in self.mix.items()), Decimal(0))
        return mean * self.assumed["overhead"] / 1000 / self.machine(family).speed

    def machine(self, family: str) -> Machine:
        """Return a class of machines; an unknown one is taken as the slowest."""
        slowest = min(self.machines.values(), key=lambda one: one.speed)
        return self.machines.get(family, slowest)


@cache
def measurements() -> Measurements:
    """Load the committed measurements."""
    text = files("careflow.planner").joinpath("measurements.json").read_text("utf-8")
    raw = json.loads(text)
    return Measurements(
        measured_on=date.fromisoformat(raw["measured_on"]),
        source=raw["source"],
        cpu_ms={k: Decimal(v) for k, v in raw["cpu_ms"].items()},
        mix={k: Decimal(v) for k, v in raw["mix"].items()},
        memory_mb=Decimal(raw["memory_mb"]["after_load"]),
        machines={
            name: Machine(
                Decimal(one["speed"]),
                one["basis"],
                Decimal(one.get("baseline", 1)),
                Decimal(one.get("credits_max", 0)),
            )
            for name, one in raw["machines"].items()
        },
        assumed={k: Decimal(v["value"]) for k, v in raw["assumed"].items()},
        reasons={k: v["why"] for k, v in raw["assumed"].items()},
    )

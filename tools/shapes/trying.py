"""A shape under load while things befall it, and what is said of it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tools.shapes.checking import what_is_wrong
from tools.shapes.faults import Fault
from tools.shapes.load import Load, Told
from tools.shapes.standing import Shape


@dataclass
class Tried:
    """What became of a shape.

    Attributes:
        wrong: What was acknowledged and is lost, or stands twice.
        refused: What was said instead of an answer, by fault; each was asked again.
    """

    shape: str
    told: Told
    wrong: list[str]
    cpu_ms: float
    memory_mb: int
    survived: list[str] = field(default_factory=list)
    refused: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


async def under_load(
    shape: Shape,
    starts: list[tuple[str, str]],
    faults: Mapping[str, Fault],
    *,
    rate: float,
    between_s: float,
) -> Tried:
    """Return what became of a shape: load before, between and after faults, then a look at all."""
    load = Load(shape, starts, rate=rate)
    spent = shape.cpu_s()
    asking = asyncio.create_task(load.run())
    refused: dict[str, dict[str, int]] = {}
    await asyncio.sleep(between_s)
    for name, befall in faults.items():
        before = load.told.refused.copy()
        await befall(shape)
        await asyncio.sleep(between_s)
        refused[name] = dict(load.told.refused - before)
    load.stop()
    await asking
    spent, memory = shape.cpu_s() - spent, shape.resident_mb()
    wrong = await what_is_wrong(load)
    each_ms = 1000 * spent / max(1, load.told.answered)
    survived = list(faults) if not wrong else []
    return Tried(shape.name, load.told, wrong, each_ms, memory, survived, refused)


def table(rows: Sequence[Tried]) -> str:
    """Return shapes as a table of Markdown."""
    lines = [
        "| shape | answered | CPU ms a request | memory, MB | survived | asked again |"
        " lost or twice |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        again = row.told.refused.total()
        lines.append(
            f"| {row.shape} | {row.told.answered} | {row.cpu_ms:.1f} | {row.memory_mb} |"
            f" {', '.join(row.survived) or '—'} | {again} | {len(row.wrong)} |"
        )
    return "\n".join(lines)

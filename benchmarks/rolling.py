"""A release rolls over on one box while requests come in: ``python -m benchmarks.rolling``.

Behind the rendered nginx, on SQLite: two hundred requests a second, nineteen reads to a write, sent
when they are due whether or not earlier ones were answered. Prints how many failed and the longest.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from pathlib import Path

from tools.shapes import faults
from tools.shapes.clinic import prepare, settings_of
from tools.shapes.load import Load
from tools.shapes.standing import Shape, stand_up

RATE, BEFORE_S, AFTER_S = 200.0, 3.0, 3.0
MIX = "r" * 19 + "w"


async def rolled(shape: Shape, starts: list[tuple[str, str]], rate: float) -> Load:
    """Return a load under which a release rolled over."""
    load = Load(shape, starts, rate=rate)
    asking = asyncio.create_task(load.run(MIX))
    await asyncio.sleep(BEFORE_S)
    began = time.monotonic()
    await faults.roll_a_release(shape)
    print(f"the roll took {time.monotonic() - began:.1f} s")
    await asyncio.sleep(AFTER_S)
    load.stop()
    await asking
    return load


def main() -> None:
    """Run and print."""
    rate = float(sys.argv[1]) if len(sys.argv) > 1 else RATE
    with tempfile.TemporaryDirectory(prefix="cf-") as name:
        told = settings_of(Path(name))
        starts = asyncio.run(prepare(told))
        shape = stand_up("one box", Path(name), told)
        try:
            load = asyncio.run(rolled(shape, starts, rate))
        finally:
            shape.close()
    told_of = load.told
    failed = told_of.refused.total()
    print(
        f"{told_of.answered} answered at {rate:.0f} a second asked, {failed} failed"
        f" {dict(told_of.refused)}, longest {1000 * told_of.longest_s:.0f} ms"
    )


if __name__ == "__main__":
    main()

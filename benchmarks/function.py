"""Measures what a warm function adds to a task: the same call in process, and through AWS's client.

The function is a process of AWS's own runtime client on this machine, the service a stand-in, and
boto3 speaks to it over a real socket, signatures and all; the network of AWS is not in the figure.
Calls are made in turn, so that whatever else the machine does falls on both. The overhead is the
difference of the medians.

    python -m benchmarks.function [--calls 300]
"""

from __future__ import annotations

import argparse
import asyncio
import os
import platform as machine
import statistics
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.ai_tasks import report
from careflow import clock
from careflow.ai.asking import TASKS, given_of
from careflow.ai.call import Call
from careflow.ai.engine import Engine
from careflow.ai.engines.aws_lambda import LambdaEngine
from careflow.ai.engines.local import METHODS, LocalEngine
from careflow.ai.reading.plain_text import page_of_text
from careflow.ai.task import Given
from tests.ai.samples import SAMPLES
from tests.standins.lambda_runtime import FUNCTION, LambdaStandin, lambda_standin

RESULTS = Path(__file__).resolve().parent / "results"
WARM_UP = 20
FLOOR_MS, AIM_MS = 15.0, 5.0


def inputs() -> dict[str, Given]:
    """Return one input for each task; the reports are as long as those of the other measure."""
    data = {name: SAMPLES[name] for name in METHODS}
    data["lab-results"] = data["document-analysis"] = {"text": report(1)}
    found = {}
    for name, one in data.items():
        given = given_of(TASKS[name], one)
        pages = [page_of_text(given.text)] if given.text else None
        found[name] = replace(given, pages=pages)
    return found


async def took_ms(engine: Engine, name: str, given: Given) -> float:
    """Return the milliseconds of one call."""
    call = Call("harbour", "nora", name, "synthetic")
    begun = time.perf_counter()
    await engine.answer(TASKS[name], given, call)
    return 1000 * (time.perf_counter() - begun)


async def measured(address: str, calls: int) -> tuple[float, list[dict[str, Any]]]:
    """Return the first call's milliseconds, and a row for each task."""
    local = LocalEngine()
    there = LambdaEngine(
        FUNCTION, tasks=METHODS, clock=clock.now, region="us-east-1", endpoint_url=address
    )
    given = inputs()
    cold = await took_ms(there, "sentiment", given["sentiment"])
    rows = []
    for name, one in given.items():
        for _ in range(WARM_UP):
            await took_ms(there, name, one)
            await took_ms(local, name, one)
        pairs = [
            (await took_ms(local, name, one), await took_ms(there, name, one)) for _ in range(calls)
        ]
        here, away = (sorted(side) for side in zip(*pairs, strict=True))
        cpu = time.process_time()
        for _ in range(50):
            METHODS[name](one)
        cpu = (time.process_time() - cpu) / 50
        rows.append(
            {
                "task": name,
                "in_process": round(statistics.median(here), 2),
                "function": round(statistics.median(away), 2),
                "p95": round(away[int(len(away) * 0.95)], 2),
                "overhead": round(statistics.median(away) - statistics.median(here), 2),
                "cpu": round(1000 * cpu, 2),
            }
        )
    await there.close()
    return cold, rows


def main() -> None:
    """Measure, print and write the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=300)
    arguments = parser.parse_args()
    os.environ.update(AWS_ACCESS_KEY_ID="nobody", AWS_SECRET_ACCESS_KEY="nothing")  # noqa: TID251
    standin = LambdaStandin()
    with lambda_standin(standin) as address:
        cold, rows = asyncio.run(measured(address, arguments.calls))
    written = "\n".join(page(rows, cold, arguments.calls))
    print(written)
    day = date.today().isoformat()  # noqa: DTZ011 - the day it was run, for people.
    (RESULTS / f"function-{day}.md").write_text(written + "\n", encoding="utf-8")


def page(rows: list[dict[str, Any]], cold: float, calls: int) -> Iterator[str]:
    """Yield the lines of the results."""
    load = ", ".join(f"{one:.2f}" for one in os.getloadavg())
    yield "# A task in a function, beside the same call in process"
    yield ""
    yield (
        f"{machine.machine()}, {os.cpu_count()} processors shared with others, Python"
        f" {machine.python_version()}; load {load}. {calls} calls of each task on each side, in"
        " turn, after a warm-up; AWS's runtime client in a process of its own, boto3 over a real"
        " socket, no network. Milliseconds, medians."
    )
    yield ""
    yield "| task | in process | function | p95 | overhead | CPU of the method |"
    yield "|---|---|---|---|---|---|"
    for row in rows:
        yield "| " + " | ".join(str(one) for one in row.values()) + " |"
    yield ""
    worst = max(row["overhead"] for row in rows)
    yield f"Worst overhead {worst} ms (floor {FLOOR_MS:g}, aim {AIM_MS:g})."
    yield f"First call, with the start of function and client: {cold:.0f} ms."


if __name__ == "__main__":
    main()

"""Times the pure rules that people wait for, beside a yardstick of the same run.

The yardstick is a fixed sum in plain Python: a figure of 20 means as long as twenty of those.

    python -m benchmarks.rules
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal

from careflow.ai.reading.lab_rows import find_rows
from careflow.ai.reading.pages import read_pages
from careflow.demo.people import people
from careflow.demo.reports import waiting_reports
from careflow.planner.bands import cost_bands
from careflow.planner.constraints import Request
from careflow.planner.decision import decide
from careflow.planner.growth import grow
from careflow.planner.patterns import pattern
from careflow.planner.prices import catalogue
from careflow.planner.workload import Workload

ROUNDS = 5


def main() -> None:
    """Print seconds of CPU and shares of the yardstick."""
    yardstick = seconds(lambda: sum(range(1_000_000)))
    prices = catalogue("current")
    clinic = Workload(users=300)
    asked = Request(clinic, budget=Decimal(100), compliance="hipaa", months=36)
    lived = grow(pattern("low"), Request(Workload()), prices)
    report = waiting_reports(people(7, date(2026, 11, 24)), 7, date(2026, 11, 24))[0].content
    rules: dict[str, Callable[[], object]] = {
        "decide over all architectures, 36 months": lambda: decide(asked, prices),
        "10,000 runs of 36 months": lambda: cost_bands(lived, prices),
        "read a page of text and its rows": lambda: find_rows(
            read_pages(report, "application/pdf")
        ),
    }
    print(f"{'yardstick: a sum over a million':44}{yardstick * 1000:9.1f} ms")
    for name, rule in rules.items():
        taken = seconds(rule)
        print(f"{name:44}{taken * 1000:9.1f} ms{taken / yardstick:9.1f} times the yardstick")


def seconds(rule: Callable[[], object]) -> float:
    """Return the least CPU time of a few rounds."""
    times = []
    for _ in range(ROUNDS):
        before = time.process_time()
        rule()
        times.append(time.process_time() - before)
    return min(times)


if __name__ == "__main__":
    main()

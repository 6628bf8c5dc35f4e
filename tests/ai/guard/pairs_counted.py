"""Counts what is caught of the pairs, and what is a false alarm.

python -m tests.ai.guard.pairs_counted [--held-out] [--show]
"""

from __future__ import annotations

import argparse
from collections import Counter

from tests.ai.guard.pairs import Pair, findings, pairs


def main() -> None:
    """Count what is caught and what is a false alarm."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--held-out", action="store_true")
    parser.add_argument("--show", action="store_true", help="print what goes wrong")
    parser.add_argument("--count", type=int, default=20)
    options = parser.parse_args()
    every, caught, false = Counter[str](), Counter[str](), Counter[str]()
    for pair in pairs(held_out=options.held_out, count=options.count):
        key = f"{pair.task}/{pair.kind}"
        before, after = findings(pair, pair.faithful), findings(pair, pair.changed)
        every[key] += 1
        false[key] += bool(before)
        is_caught = bool(set(after) - set(before))
        caught[key] += is_caught
        if options.show and (before or not is_caught):
            print("FALSE" if before else "MISSED", key, before or "")
            print("   ", str(pair.data)[:600], [one.text for one in pair.record])
            print("   ", pair.faithful if before else _difference(pair))
    for key in sorted(every):
        print(f"{key:36}{every[key]:6}{caught[key]:6}{false[key]:6}")
    print(f"{'all':36}{every.total():6}{caught.total():6}{false.total():6}")


def _difference(pair: Pair) -> str:
    right, wrong = str(pair.faithful), str(pair.changed)
    at = next((n for n, (a, b) in enumerate(zip(right, wrong, strict=False)) if a != b), 0)
    return f"{right[max(0, at - 90) : at + 60]} -> {wrong[max(0, at - 20) : at + 60]}"


if __name__ == "__main__":
    main()

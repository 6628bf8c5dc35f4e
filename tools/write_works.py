"""Writes README's tables: what works, from the last tests, and how fast, from the last measurement.

Reads the JUnit report that ``make test`` leaves in ``test-results/``, and ``docs/what-works.toml``.
A row is written only if it has tests, none of them failed and at least one passed; skipped ones are
not counted.
"""

from __future__ import annotations

import json
import sys
import tomllib
import xml.etree.ElementTree as ET
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REPORT = ROOT / "test-results" / "junit.xml"
BEGIN, END = "<!-- works:begin -->", "<!-- works:end -->"
SPEED_BEGIN, SPEED_END = "<!-- speed:begin -->", "<!-- speed:end -->"
RESULTS = ROOT / "benchmarks" / "results"
PEERS = {
    "read by id": "0.7–1.1",
    "patient + code, newest 10": "1.9–2.6",
    "patient by family + birthdate": "1.4–2.2",
    "create": "5.1",
    "transaction of 100 (per resource)": "7–8",
}
"""CPU ms a request of Medplum 5.0 with PostgreSQL 15 and Redis 7, database and load generator
included, on two shared CPUs; measured in 2026-11 for this project's design, not in this run."""


def main() -> int:
    """Rewrite the table; return 1 where there is no report to write it from."""
    if not REPORT.is_file():
        print("There is no test report yet: run make test first.")
        return 1
    readme = ROOT / "README.md"
    text = _between(readme.read_text(encoding="utf-8"), BEGIN, END, rows(_outcomes()))
    text = _between(text, SPEED_BEGIN, SPEED_END, speeds())
    readme.write_text(text, encoding="utf-8")
    return 0


def _between(text: str, begin: str, end: str, lines: list[str]) -> str:
    head, rest = text.split(begin)
    _, tail = rest.split(end)
    table = "\n".join(lines)
    return f"{head}{begin}\n{table}\n{end}{tail}"


def speeds() -> list[str]:
    """Return the lines of the last committed measurement beside what a peer was measured at."""
    newest = max(RESULTS.glob("2*.json"))
    report = json.loads(newest.read_text(encoding="utf-8"))
    lines = [
        f"| {report['date']} | a second of CPU | of H | CPU ms | Medplum 5.0, CPU ms |",
        "|---|---:|---:|---:|---:|",
    ]
    for one in report["figures"]:
        if one["of_h"] is None or one["name"] not in PEERS:
            continue
        lines.append(
            f"| {one['name']} | {one['per_cpu_s']:,} | {one['of_h']:.2f} | {one['cpu_ms']:.2f}"
            f" | {PEERS[one['name']]} |"
        )
    imported = report["import"]["per_cpu_s"]
    lines.append(f"| import, command line | {imported:,} | | {1000 / imported:.2f} | 7–8 |")
    return lines


def rows(outcomes: dict[str, str]) -> list[str]:
    """Return the table's lines."""
    works = tomllib.loads((ROOT / "docs" / "what-works.toml").read_text(encoding="utf-8"))["works"]
    lines = ["| what works today | tests passed |", "|---|---|"]
    for one in works:
        found = [o for name, o in outcomes.items() if name.startswith(tuple(one["tests"]))]
        passed = found.count("passed")
        if passed and "failed" not in found:
            lines.append(f"| {one['what']} | {passed} |")
    return lines


def _outcomes() -> dict[str, str]:
    found: dict[str, str] = {}
    for case in ET.parse(REPORT).getroot().iter("testcase"):
        module = case.get("classname", "").replace(".", "/")
        name = f"{module}.py::{case.get('name', '')}"
        states = {child.tag for child in case}
        failed = bool(states & {"failure", "error"})
        found[name] = "failed" if failed else "skipped" if "skipped" in states else "passed"
    return found


if __name__ == "__main__":
    sys.exit(main())

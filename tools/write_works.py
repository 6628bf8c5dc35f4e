"""Writes README's table of what works from the tests that passed in the last run.

Reads the JUnit report that ``make test`` leaves in ``test-results/``, and ``docs/what-works.toml``.
A row is written only if it has tests, none of them failed and at least one passed; skipped ones are
not counted.
"""

from __future__ import annotations

import sys
import tomllib
import xml.etree.ElementTree as ET
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REPORT = ROOT / "test-results" / "junit.xml"
BEGIN, END = "<!-- works:begin -->", "<!-- works:end -->"


def main() -> int:
    """Rewrite the table; return 1 where there is no report to write it from."""
    if not REPORT.is_file():
        print("There is no test report yet: run make test first.")
        return 1
    readme = ROOT / "README.md"
    text = readme.read_text(encoding="utf-8")
    head, rest = text.split(BEGIN)
    _, tail = rest.split(END)
    table = "\n".join(rows(_outcomes()))
    readme.write_text(f"{head}{BEGIN}\n{table}\n{END}{tail}", encoding="utf-8")
    return 0


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

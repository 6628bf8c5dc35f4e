"""Prints how the code is cut: sizes of files and functions, and the largest of each.

A report for people; it fails nothing.
"""

from __future__ import annotations

import ast
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
SHOWN = 10


def main() -> None:
    """Print the report."""
    files = sorted((ROOT / "src" / "careflow").rglob("*.py"))
    lengths = {
        str(f.relative_to(ROOT)): len(f.read_text(encoding="utf-8").splitlines()) for f in files
    }
    functions = {name: size for f in files for name, size in _functions(f)}
    _print("files", lengths)
    _print("functions", functions)


def _functions(file: Path) -> list[tuple[str, int]]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return [
        (
            f"{file.relative_to(ROOT)}:{node.lineno} {node.name}",
            (node.end_lineno or 0) - node.lineno + 1,
        )
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def _print(what: str, sizes: dict[str, int]) -> None:
    ordered = sorted(sizes.values())
    p95 = ordered[int(len(ordered) * 0.95)]
    print(
        f"{len(ordered)} {what}: median {median(ordered):.0f}, p95 {p95}, max {ordered[-1]} lines"
    )
    for name, size in sorted(sizes.items(), key=lambda item: -item[1])[:SHOWN]:
        print(f"  {size:5} {name}")


if __name__ == "__main__":
    main()

"""Fails when a function that returns documents can be called without an access scope.

Looks at the documents port and at the rooms that read patient data: every public function whose
return type mentions ``Document`` or ``Page`` must take ``scope: AccessScope`` without a default.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

READERS = ("database/documents.py", "database/sqlite", "records")
RETURNED = ("Document", "Page")
# Results of a write (the caller staged them), not reads of somebody's record.
WRITES = {"commit", "document"}


def main() -> int:
    """Print each function that breaks the rule; return 1 if there is one."""
    root = Path(__file__).resolve().parent.parent / "src" / "careflow"
    files = [f for place in READERS for f in _files(root / place)]
    broken = [f"{file.relative_to(root)}:{line}" for file in files for line in unscoped(file)]
    for place in broken:
        print(f"{place} returns documents but can be called without an AccessScope")
    return 1 if broken else 0


def _files(place: Path) -> list[Path]:
    return sorted(place.rglob("*.py")) if place.is_dir() else [place]


def unscoped(file: Path) -> Iterator[str]:
    """Yield ``line name`` of each public reader in a file that lacks a scope."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.AsyncFunctionDef) and _reads(node) and not _has_scope(node):
            yield f"{node.lineno} {node.name}"


def _reads(node: ast.AsyncFunctionDef) -> bool:
    if node.name.startswith("_") or node.name in WRITES or node.returns is None:
        return False
    names = {n.id for n in ast.walk(node.returns) if isinstance(n, ast.Name)}
    return bool(names & set(RETURNED))


def _has_scope(node: ast.AsyncFunctionDef) -> bool:
    arguments = node.args
    positional = arguments.posonlyargs + arguments.args
    required = positional[: len(positional) - len(arguments.defaults)]
    required += [
        a for a, d in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True) if d is None
    ]
    return any(
        a.arg == "scope" and a.annotation is not None and ast.unparse(a.annotation) == "AccessScope"
        for a in required
    )


if __name__ == "__main__":
    sys.exit(main())

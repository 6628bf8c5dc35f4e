"""The guide's tables as quotations: what stands where, word for word."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from careflow.planner.guide.figures import read_figure
from careflow.planner.spans import Span


@dataclass(frozen=True, slots=True)
class QuotedRow:
    """One row.

    Attributes:
        nth: Which row of this key it is; the guide repeats some (months 1-12, months 13-24).
        says: Text by the path at which it stands in the row; lists are joined with "; ".
    """

    key: str
    nth: int
    label: str
    line: int
    says: dict[str, str]


@dataclass(frozen=True, slots=True)
class QuotedTable:
    """One table."""

    id: str
    kind: str
    section: str
    lines: tuple[int, int]
    rows: tuple[QuotedRow, ...]
    total: QuotedRow | None


@cache
def quoted() -> tuple[QuotedTable, ...]:
    """Return all 61 tables in the guide's order."""
    text = files("careflow.planner.guide").joinpath("quotes.json").read_text("utf-8")
    return tuple(_table(raw) for raw in json.loads(text)["tables"])


def _table(raw: dict[str, Any]) -> QuotedTable:
    seen: dict[str, int] = {}
    rows = []
    for row in raw["rows"]:
        seen[row["key"]] = seen.get(row["key"], 0) + 1
        rows.append(_row(row, seen[row["key"]]))
    total = raw.get("total")
    return QuotedTable(
        id=raw["id"],
        kind=raw["kind"],
        section=raw["section"],
        lines=(raw["lines"][0], raw["lines"][1]),
        rows=tuple(rows),
        total=None
        if total is None
        else QuotedRow("total", 1, total["label"], total["line"], {"value": total["text"]}),
    )


def _row(raw: dict[str, Any], nth: int) -> QuotedRow:
    says = {
        path: "; ".join(text) if isinstance(text, list) else str(text)
        for path, text in raw["says"].items()
    }
    return QuotedRow(raw["key"], nth, raw["label"], raw["line"], says)


def place(table: str, row: QuotedRow, path: str) -> str:
    """Name a cell: ``tco_arch1/monthly#2/value``."""
    return f"{table}/{row.key}{'' if row.nth == 1 else f'#{row.nth}'}/{path}"


@cache
def _texts() -> dict[str, str]:
    texts = {}
    for table in quoted():
        rows = table.rows if table.total is None else (*table.rows, table.total)
        for row in rows:
            for path, text in row.says.items():
                texts[place(table.id, row, path)] = text
    return texts


def text_at(cell: str) -> str:
    """Return what the guide says in a cell; the path is ``value`` unless named."""
    return _texts()[cell if cell.count("/") > 1 else f"{cell}/value"]


def stated(cell: str) -> Span:
    """Return the figure of a cell."""
    found = read_figure(text_at(cell))
    if found is None:
        raise KeyError(cell)
    return found


def lines_of(table: str) -> dict[str, Span]:
    """Return the figures of a bill's lines, by row; the total and what follows it left out."""
    rows = next(one for one in quoted() if one.id == table).rows
    return {
        row.key: stated(f"{table}/{row.key}") for row in rows if row.key not in {"total", "annual"}
    }

"""The guide's 61 tables, each cell beside what its own parts give."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from careflow.planner import framework
from careflow.planner.guide.figures import read_band, read_figure
from careflow.planner.guide.identities import identities
from careflow.planner.guide.quotes import QuotedRow, QuotedTable, place, quoted
from careflow.planner.guide.remarks import CONTRADICTED, DIFFERS, TODAY
from careflow.planner.guide.repeats import repeated
from careflow.planner.spans import Span

Band = tuple[Decimal, Decimal | None]
_WORDS = frozenset({"cells.when_to_use", "os", "instance_type", "recommend", "careful"})


@dataclass(frozen=True, slots=True)
class Figure:
    """One cell.

    Attributes:
        path: Where it stands in its row.
        range: What its text says, if it says a figure.
        computed: What follows from the guide's own parts; None where the guide only states.
        agrees: False where the computed differs or another statement contradicts it.
        note: Why it does not agree.
        today: What has become false since.
    """

    path: str
    text: str
    line: int
    range: Band | None
    computed: Span | None
    agrees: bool
    note: str
    today: str


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row."""

    key: str
    label: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """One table; ``total`` stands below it where the guide has one."""

    id: str
    section: str
    lines: tuple[int, int]
    rows: tuple[TableRow, ...]
    total: Figure | None


@dataclass(frozen=True, slots=True)
class _Finding:
    computed: Span
    agrees: bool
    note: str


@cache
def tables() -> tuple[Table, ...]:
    """Return all tables in the guide's order."""
    findings = _findings()
    return tuple(_table(one, findings) for one in quoted())


def _findings() -> dict[str, _Finding]:
    found: dict[str, _Finding] = {}
    for cell, compute in repeated().items():
        computed = compute()
        found[cell] = _Finding(computed, agrees=True, note=DIFFERS.get(cell, ""))
    for one in identities():
        cell = one.at if one.at.count("/") > 1 else f"{one.at}/value"
        found[cell] = _Finding(one.computed, agrees=one.holds, note=one.note)
    return found


def _table(one: QuotedTable, findings: dict[str, _Finding]) -> Table:
    return Table(
        id=one.id,
        section=one.section,
        lines=one.lines,
        rows=tuple(
            TableRow(
                row.key,
                row.label,
                tuple(_figure(one.id, row, path, findings) for path in row.says),
            )
            for row in one.rows
        ),
        total=None if one.total is None else _figure(one.id, one.total, "value", findings),
    )


def _figure(table: str, row: QuotedRow, path: str, findings: dict[str, _Finding]) -> Figure:
    cell = place(table, row, path)
    text = row.says[path]
    stated = _range(path, text)
    finding = findings.get(cell)
    if finding is None or stated is None:
        computed, agrees, note = None, _framework_agrees(table, row, path), ""
    else:
        computed, note = finding.computed, finding.note
        within = cell.endswith(("gemini_api/value",)) or table == "gemini_strategy_examples"
        same = stated == (computed.low, computed.high)
        agrees = finding.agrees and (same or (within and finding.agrees))
    if cell in CONTRADICTED:
        agrees, note = False, CONTRADICTED[cell]
    return Figure(path, text, row.line, stated, computed, agrees, note, _today(table, row.key))


def _range(path: str, text: str) -> Band | None:
    if path == "range":
        return read_band(text)
    if path in _WORDS or path.startswith("items."):
        return None
    if path == "months" and text.endswith("+"):
        return Decimal(text[:-1]), None
    found = read_figure(text)
    return None if found is None else (found.low, found.high)


def _framework_agrees(table: str, row: QuotedRow, path: str) -> bool:
    """A row of the decision framework agrees if our own framework recommends the same."""
    if path not in {"recommend", "careful"}:
        return True
    for one in framework.rows():
        if one.table == f"{table}/{row.key}":
            ours = one.recommend if path == "recommend" else one.careful
            return "; ".join(ours) == row.says[path]
    return False


def _today(table: str, key: str) -> str:
    return TODAY.get(f"{table}/{key}", "") or TODAY.get(table, "") or TODAY.get(key, "")


def contradictions() -> tuple[tuple[str, Figure], ...]:
    """Return every cell that does not agree, with its table and row."""
    return tuple(
        (f"{table.id} / {label}", figure)
        for table in tables()
        for label, figure in _all_figures(table)
        if not figure.agrees
    )


def _all_figures(table: Table) -> list[tuple[str, Figure]]:
    found = [(row.label, figure) for row in table.rows for figure in row.figures]
    return found if table.total is None else [*found, ("Total", table.total)]

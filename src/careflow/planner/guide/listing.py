"""The guide reproduced, in the format of ``careflow plan guide --json``."""

from __future__ import annotations

from typing import Any

from careflow.planner.guide.identities import Identity, identities
from careflow.planner.guide.tables import Band, Figure, Table, tables
from careflow.planner.spans import Span, plain


def listing() -> dict[str, Any]:
    """Return tables and identities as plain values for JSON."""
    return {
        "tables": [_table(one) for one in tables()],
        "identities": [_identity(one) for one in identities()],
    }


def _table(one: Table) -> dict[str, Any]:
    written: dict[str, Any] = {
        "id": one.id,
        "section": one.section,
        "lines": list(one.lines),
        "rows": [
            {"key": row.key, "label": row.label, "figures": [_figure(f) for f in row.figures]}
            for row in one.rows
        ],
    }
    if one.total is not None:
        written["total"] = _figure(one.total)
    return written


def _figure(one: Figure) -> dict[str, Any]:
    return {
        "path": one.path,
        "text": one.text,
        "line": one.line,
        "range": _band(one.range),
        "computed": _span(one.computed),
        "agrees": one.agrees,
        "note": one.note or None,
        "today": one.today or None,
    }


def _identity(one: Identity) -> dict[str, Any]:
    return {
        "id": one.id,
        "kind": one.kind,
        "formula": one.formula,
        "holds": one.holds,
        "stated": _span(one.stated),
        "computed": _span(one.computed),
        "note": one.note or None,
    }


def _span(one: Span | None) -> list[float | int] | None:
    return None if one is None else one.as_numbers()


def _band(one: Band | None) -> list[float | int | None] | None:
    if one is None:
        return None
    return [plain(one[0]), None if one[1] is None else plain(one[1])]

"""What a person may change in a draft: rows checked, corrected or removed; what was read stays."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from careflow.ai.explaining import explained
from careflow.ai.lab_checks import checked, settled
from careflow.ai.lab_report import LabReport, Reading, Row, RowStatus
from careflow.errors import BadInputError

_EDITABLE = frozenset({"test", "loinc", "value", "unit", "low", "high"})


class NoSuchRowError(BadInputError):
    """The draft has no row of this number."""

    code: ClassVar[str] = "ai-no-such-row"

    def __init__(self) -> None:
        super().__init__("The draft has no such row: read it again.", place="rows.index")


@dataclass(frozen=True, slots=True)
class RowEdit:
    """What a person says about one row.

    Attributes:
        changes: New texts by field; fields that are not named stay as they are.
    """

    index: int
    status: RowStatus
    changes: Mapping[str, str | None]


def edited(report: LabReport, edits: Sequence[RowEdit]) -> LabReport:
    """Return the report with the edits made and every changed row looked up anew."""
    rows = {row.index: row for row in report.rows}
    for edit in edits:
        if edit.index not in rows:
            raise NoSuchRowError
        rows[edit.index] = edited_row(rows[edit.index], edit)
    changed = replace(report, rows=tuple(rows[row.index] for row in report.rows))
    return replace(changed, explanation=explained(changed))


def edited_row(row: Row, edit: RowEdit) -> Row:
    """Return one row after an edit.

    Other values than were read make it corrected, whatever was asked; a row that is back at what
    was read is no longer corrected.
    """
    before = reading_of(row)
    after = _changed(before, edit.changes)
    if after == before:
        return settled(replace(row, status=_honest(edit.status, row.read_as)))
    original = row.read_as or before
    fresh = replace(
        row,
        test=after.test,
        value=after.value,
        unit=after.unit,
        low=after.low,
        high=after.high,
        loinc=_code(before, after, edit.changes),
        analyte=row.analyte if after.test == before.test else None,
        range_text=_range_text(row, before, after),
        read_as=None if after == original else original,
    )
    return checked(replace(fresh, status=_honest(edit.status, fresh.read_as)))


def reading_of(row: Row) -> Reading:
    """Return the parts of a row that a person may change."""
    return Reading(row.test, row.value, row.unit, row.low, row.high, row.loinc)


def _changed(before: Reading, changes: Mapping[str, str | None]) -> Reading:
    said = {key: _trimmed(text) for key, text in changes.items() if key in _EDITABLE}
    if not said.get("test", before.test):
        raise BadInputError("A row needs the name of its test.", place="rows.test")
    return replace(before, **said)  # type: ignore[arg-type]


def _trimmed(text: str | None) -> str | None:
    typed = (text or "").strip()
    if any(unicodedata.category(sign).startswith("C") for sign in typed):
        # Signs that turn the direction of writing make 139 of what is stored as 931.
        raise BadInputError("This holds characters that do not print.", place="rows")
    return typed or None


def _honest(asked: RowStatus, read_as: Reading | None) -> RowStatus:
    """Return the state to keep: a row that differs from what was read is never merely checked."""
    if asked in {"checked", "corrected"}:
        return "corrected" if read_as else "checked"
    return asked


def _code(before: Reading, after: Reading, changes: Mapping[str, str | None]) -> str | None:
    """Return the code that stands; another test or unit asks the tables again."""
    if "loinc" in changes and after.loinc != before.loinc:
        return after.loinc
    same = (before.test, before.unit) == (after.test, after.unit)
    return before.loinc if same else None


def _range_text(row: Row, before: Reading, after: Reading) -> str | None:
    if (before.low, before.high) == (after.low, after.high):
        return row.range_text
    if after.low and after.high:
        return f"{after.low} - {after.high}"
    if after.high:
        return f"<= {after.high}"
    return f">= {after.low}" if after.low else None

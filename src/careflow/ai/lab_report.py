"""A laboratory report as read from its pages: rows, what could not be read, and whose it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from careflow.ai.draft import Box
from careflow.knowledge.labs import Flag

RowStatus = Literal["to-check", "checked", "corrected", "removed"]


@dataclass(frozen=True, slots=True)
class Reading:
    """The parts of a row that a person may change, as text, exactly as printed or typed."""

    test: str
    value: str | None
    unit: str | None
    low: str | None
    high: str | None
    loinc: str | None


@dataclass(frozen=True, slots=True)
class Previous:
    """The same analyte's newest signed value in the patient's chart."""

    value: str
    unit: str | None
    at: str | None


@dataclass(frozen=True, slots=True)
class Row:
    """One result of the report.

    Attributes:
        value: As printed, ``"6.1"``, ``"<5"`` or ``"Negative"``; never a float.
        loinc: Set only where test and unit name exactly one code.
        range_text: The range as printed.
        critical: The value lies beyond a limit at which someone must be told at once.
        text: The line as read.
        problem: One sentence that a person must answer before the row can be filed.
        read_as: What was read, once a person has changed it.
        number: The value for drawing, where it is a plain number.
        must_check: The row stands in the way of signing.
        must_change: Looking at it is not enough: it has to be corrected or removed.
        analyte: Key of the known analyte, which the place of the row on the report may decide.
    """

    index: int
    test: str
    loinc: str | None
    loinc_name: str | None
    value: str | None
    unit: str | None
    low: str | None
    high: str | None
    range_text: str | None
    flag: Flag | None
    critical: bool
    page: int | None
    box: Box | None
    confidence: float
    text: str
    status: RowStatus
    problem: str | None
    previous: Previous | None
    read_as: Reading | None
    number: float | None
    must_check: bool
    must_change: bool
    analyte: str | None


def fresh_row(
    index: int,
    reading: Reading,
    *,
    text: str,
    range_text: str | None = None,
    page: int | None = None,
    box: Box | None = None,
    confidence: float = 1.0,
    analyte: str | None = None,
) -> Row:
    """Return a row as just read: nobody has looked at it, no table has been asked."""
    return Row(
        index=index,
        test=reading.test,
        loinc=reading.loinc,
        loinc_name=None,
        value=reading.value,
        unit=reading.unit,
        low=reading.low,
        high=reading.high,
        range_text=range_text,
        flag=None,
        critical=False,
        page=page,
        box=box,
        confidence=confidence,
        text=text,
        status="to-check",
        problem=None,
        previous=None,
        read_as=None,
        number=None,
        must_check=False,
        must_change=False,
        analyte=analyte,
    )


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A line that looks like a result and could not be read; nothing is guessed from it."""

    page: int | None
    box: Box | None
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class ReportHead:
    """Whose report it is and where it came from, as printed."""

    lab: str | None
    collected_at: str | None
    issued_at: str | None
    name: str | None
    birth_date: str | None
    record_number: str | None


@dataclass(frozen=True, slots=True)
class LabReport:
    """Everything that was read from one report."""

    rows: tuple[Row, ...]
    unreadable: tuple[Unreadable, ...]
    head: ReportHead
    explanation: str | None

    @property
    def kept(self) -> tuple[Row, ...]:
        """Return the rows that were not removed."""
        return tuple(row for row in self.rows if row.status != "removed")

    @property
    def must_check(self) -> int:
        """Return how many rows stand in the way of signing."""
        return sum(row.must_check for row in self.rows)

    @property
    def critical(self) -> bool:
        """Report whether somebody must be told at once."""
        return any(row.critical for row in self.kept)


NOTHING_KNOWN = ReportHead(None, None, None, None, None, None)

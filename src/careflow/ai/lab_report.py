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

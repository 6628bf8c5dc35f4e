"""What was read from a laboratory report: rows, what could not be read, and whose report it is."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from careflow.ai.reading.page import Box
from careflow.knowledge.labs import Flag


@dataclass(frozen=True, slots=True)
class LabRow:
    """One result as printed, with what is understood of it.

    Attributes:
        test: Name as printed.
        value: Result exactly as printed, without its flag.
        unit: Unit as printed, or None.
        low: Lower end of the range that applies, or None.
        high: Upper end.
        range_text: Range as printed, or None.
        printed_flag: The laboratory's own flag as printed ("H", "Low", "*"), or None.
        page: Page number from 1.
        box: Around the words of the row.
        value_box: Around the result alone.
        confidence: 0..1, of the least certain word of name, value, unit and range.
        text: The whole line as printed.
        section: Heading above the row, if any.
        analyte: Key of the analyte in `careflow.knowledge.labs`, or None.
        loinc: LOINC code where certain, or printed on the report.
        number: The value as a number in the printed unit; None for words and refused values.
        flag: Where the value stands, computed from the printed range and critical limits.
        problem: What a person must look at before this row can be trusted; None if nothing.
    """

    test: str
    value: str
    unit: str | None
    low: Decimal | None
    high: Decimal | None
    range_text: str | None
    printed_flag: str | None
    page: int
    box: Box
    value_box: Box
    confidence: float
    text: str
    section: str | None = None
    analyte: str | None = None
    loinc: str | None = None
    number: Decimal | None = None
    flag: Flag | None = None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A place where a result stands that could not be read; its text is never a result."""

    page: int
    box: Box
    text: str
    reason: str
    test: str | None = None


@dataclass(frozen=True, slots=True)
class PrintedDate:
    """A date as printed.

    Attributes:
        text: As printed.
        iso: YYYY-MM-DD, or YYYY-MM-DDTHH:MM when a time is printed; None when it cannot be told.
        problem: Why not ("the order of day and month is not clear").
    """

    text: str
    iso: str | None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose report it is and when it was made, as printed; None where not found."""

    lab: str | None = None
    name: str | None = None
    birth_date: PrintedDate | None = None
    sex: str | None = None
    age_text: str | None = None
    record_number: str | None = None
    collected: PrintedDate | None = None
    issued: PrintedDate | None = None


@dataclass(frozen=True, slots=True)
class ReadReport:
    """A laboratory report as read.

    Attributes:
        rows: Results in reading order.
        unreadable: Places that hold a result nobody could read for certain.
        identity: Whose report, from which laboratory, of when.
        problems: What concerns the report as a whole (a page without text, hidden text).
    """

    rows: tuple[LabRow, ...]
    unreadable: tuple[Unreadable, ...]
    identity: Identity
    problems: tuple[str, ...] = ()

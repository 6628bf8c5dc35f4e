"""What knowledge says of one row: code, flag, and whatever stands against it.

The tables decide; no model does. The same checks run when a row is read and when a person has
changed it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from careflow.ai.lab_report import Reading, Row
from careflow.knowledge.labs import (
    Analyte,
    Flag,
    Range,
    Unit,
    Value,
    analyte,
    check,
    flag_range,
    match,
    parse_number,
    parse_range,
    parse_unit,
    parse_value,
)

CERTAIN = 1.0
"""Confidence from which a row may be signed without a person having looked at it by itself: that of
text which the document itself carries. Words read from a picture never reach it, however clear they
look, because a smudge may take a decimal point and leave a perfectly clear number."""

_LOINC = re.compile(r"(\d{1,5})-(\d)")


@dataclass(frozen=True, slots=True)
class Findings:
    """What the tables say of a row.

    Attributes:
        analyte: Key of the analyte, where it is certain.
        problem: One sentence for whoever reviews.
        must_change: The row cannot be right as it stands; looking at it is not enough.
        number: The value for drawing.
    """

    analyte: str | None
    loinc: str | None
    loinc_name: str | None
    flag: Flag | None
    critical: bool
    problem: str | None
    must_change: bool
    number: float | None


def findings(reading: Reading, range_text: str | None, *, key: str | None = None) -> Findings:
    """Look a row up in the tables.

    Args:
        reading: What the row says. A LOINC code in it stands; otherwise there is one only where
            test and unit leave a single choice.
        range_text: The range as printed.
        key: The analyte, where the report itself decides it (a heading that says urine).
    """
    value = parse_value(reading.value) if reading.value else None
    unit = parse_unit(reading.unit) if reading.unit else None
    matched = match(reading.test, unit or reading.unit)
    meant = analyte(key) if key else (matched.analyte if matched else None)
    known = meant if key or (matched and matched.certain) else None
    problem, must_change = _problem(reading, value, unit, meant)
    placed = None
    if value is not None and not must_change:
        placed = flag_range(value, printed_range(reading, range_text), analyte=known, unit=unit)
    loinc = reading.loinc or (matched.loinc if matched and matched.certain else None)
    return Findings(
        analyte=known.key if known else None,
        loinc=loinc,
        loinc_name=known.name if known and loinc else None,
        flag=placed,
        critical=placed in {"CRITICAL_LOW", "CRITICAL_HIGH"},
        problem=problem,
        must_change=must_change,
        number=_drawable(value),
    )


def checked(row: Row) -> Row:
    """Return a row with its code, flag and problems worked out anew from what it says now."""
    reading = Reading(row.test, row.value, row.unit, row.low, row.high, row.loinc)
    found = findings(reading, row.range_text, key=row.analyte)
    fresh = replace(
        row,
        analyte=found.analyte,
        loinc=found.loinc,
        loinc_name=found.loinc_name,
        flag=found.flag,
        critical=found.critical,
        problem=found.problem,
        must_change=found.must_change,
        number=found.number,
    )
    return settled(fresh)


def settled(row: Row) -> Row:
    """Return the row with ``must_check`` worked out: whether it stands in the way of signing."""
    return replace(row, must_check=_stands_in_the_way(row))


def _stands_in_the_way(row: Row) -> bool:
    if row.status == "removed":
        return False
    if row.must_change:
        return True
    doubtful = row.problem is not None or row.critical or row.confidence < CERTAIN
    return row.status == "to-check" and doubtful


def is_loinc(code: str) -> bool:
    """Report whether a text has the form of a LOINC code and its check digit is right."""
    found = _LOINC.fullmatch(code)
    if not found:
        return False
    odd = found[1][::-1][0::2]
    even = found[1][::-1][1::2]
    doubled = sum(sum(divmod(2 * int(digit), 10)) for digit in odd)
    return (doubled + sum(map(int, even)) + int(found[2])) % 10 == 0


def _drawable(value: Value | None) -> float | None:
    if value is None or value.number is None or value.comparator:
        return None
    return float(value.number)


def _problem(
    reading: Reading, value: Value | None, unit: Unit | None, known: Analyte | None
) -> tuple[str | None, bool]:
    if not reading.value:
        return "The value is missing.", True
    if reading.loinc and not is_loinc(reading.loinc):
        return "This is not a LOINC code.", True
    upside_down = _range_problem(reading)
    if upside_down:
        return upside_down, True
    if known and known.unit and value is None:
        return "A number is measured here, and this is neither a number nor a usual word.", True
    if known and value and value.number is not None:
        refused = check(value.number, unit, known)
        if refused:
            return refused, True
    return _doubt(reading, value, unit, known), False


def _range_problem(reading: Reading) -> str | None:
    ends = (reading.low, reading.high)
    low, high = (parse_number(end) if end else None for end in ends)
    if any(text and number is None for text, number in zip(ends, (low, high), strict=True)):
        return "An end of the range is not a number."
    if low is not None and high is not None and low > high:
        return "The lower end of the range lies above its upper end."
    return None


def _doubt(
    reading: Reading, value: Value | None, unit: Unit | None, known: Analyte | None
) -> str | None:
    if value is None:
        return "The value is neither a number nor a usual word: compare it with the page."
    if known and value.number is not None and reading.unit and unit is None:
        return "The unit is not known here: compare it with the page."
    needs_unit = known is not None and known.unit is not None and not known.unitless
    if needs_unit and value.number is not None and not reading.unit:
        return "No unit was read: compare the row with the page."
    return None


def printed_range(reading: Reading, range_text: str | None) -> Range | None:
    """Return the range as printed; the ends alone where the text says otherwise."""
    low, high = (parse_number(end) if end else None for end in (reading.low, reading.high))
    said = parse_range(range_text) if range_text else None
    if said and (said.low, said.high) == (low, high):
        return said
    if low is None and high is None:
        return said
    return Range(low=low, high=high)

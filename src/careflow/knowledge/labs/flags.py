"""Says where a result stands: low, normal, high, or critical."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from careflow.knowledge.labs.analytes import Analyte
from careflow.knowledge.labs.analytes import analyte as analyte_of
from careflow.knowledge.labs.plausible import check, in_own_unit
from careflow.knowledge.labs.ranges import Range, parse_range
from careflow.knowledge.labs.units import Unit, parse_unit
from careflow.knowledge.labs.values import Comparator, DecimalMark, Value, parse_number, parse_value

Flag = Literal["LOW", "NORMAL", "HIGH", "CRITICAL_LOW", "CRITICAL_HIGH"]
Side = Literal["LOW", "NORMAL", "HIGH"]


def flag(
    value: str | Decimal,
    low: str | Decimal | None,
    high: str | Decimal | None,
    *,
    analyte: str | Analyte | None = None,
    unit: str | Unit | None = None,
) -> Flag | None:
    """Return where a value stands against a range and the critical limits of its analyte.

    Range ends count as normal. Without a range the answer is a critical flag or None: no range
    is ever made up. A censored value ("<0.01") is flagged only where every number it may stand
    for gets the same flag.

    Args:
        value: The result as printed, or its number.
        low: Lower end of the range as printed, or None when open.
        high: Upper end.
        analyte: The analyte or its key, for critical limits and impossible values.
        unit: The unit as printed or as understood; needed for critical limits.
    """
    result = _value(value)
    ends = _ends(low, high)
    if result is None:
        return None
    return flag_range(result, ends, analyte=analyte, unit=unit)


def flag_range(
    value: Value | str,
    range_: Range | str | None,
    *,
    analyte: str | Analyte | None = None,
    unit: str | Unit | None = None,
    mark: DecimalMark | None = None,
) -> Flag | None:
    """Return where a value stands against a printed range; see `flag`."""
    result = parse_value(value, mark=mark) if isinstance(value, str) else value
    ends = parse_range(range_, mark=mark) if isinstance(range_, str) else range_
    known = analyte_of(analyte) if isinstance(analyte, str) else analyte
    measured = parse_unit(unit) if isinstance(unit, str) else unit
    if result is None:
        return None
    if result.number is None:
        return _words(result, ends)
    if known is not None and check(result.number, measured, known) is not None:
        return None
    critical = _critical(result, known, measured)
    if critical is not None:
        return critical
    return _side(result.number, result.comparator, ends) if ends is not None else None


def _value(value: str | Decimal) -> Value | None:
    if isinstance(value, str):
        return parse_value(value)
    return Value(text=str(value), number=value)


def _ends(low: str | Decimal | None, high: str | Decimal | None) -> Range | None:
    lower, upper = _end(low), _end(high)
    if lower is None and upper is None:
        return None
    if lower is not None and upper is not None and lower > upper:
        return None
    return Range(low=lower, high=upper)


def _end(end: str | Decimal | None) -> Decimal | None:
    return parse_number(end) if isinstance(end, str) else end


def _words(result: Value, ends: Range | None) -> Flag | None:
    """A result in words is normal when it is the expected one; otherwise neither low nor high."""
    if ends is None or ends.words is None or result.words is None:
        return None
    return "NORMAL" if result.words == ends.words else None


def _critical(result: Value, known: Analyte | None, unit: Unit | None) -> Flag | None:
    if known is None or known.critical is None or result.number is None:
        return None
    own = in_own_unit(result.number, unit, known)
    if own is None:
        return None
    low, high = known.critical.low, known.critical.high
    if low is not None and own <= low and result.comparator not in {">", ">="}:
        return "CRITICAL_LOW"
    if high is not None and own >= high and result.comparator not in {"<", "<="}:
        return "CRITICAL_HIGH"
    return None


def _side(number: Decimal, comparator: Comparator | None, ends: Range) -> Side | None:
    if comparator is None:
        return _exact_side(number, ends)
    if comparator in {"<", "<="}:
        return _below_side(number, comparator, ends)
    return _above_side(number, comparator, ends)


def _exact_side(number: Decimal, ends: Range) -> Side | None:
    if ends.low is None and ends.high is None:
        return None
    if ends.low is not None and (
        number < ends.low or (number == ends.low and not ends.includes_low)
    ):
        return "LOW"
    if ends.high is not None and (
        number > ends.high or (number == ends.high and not ends.includes_high)
    ):
        return "HIGH"
    return "NORMAL"


def _below_side(number: Decimal, comparator: Comparator, ends: Range) -> Side | None:
    """The true value lies somewhere from zero up to the number."""
    if ends.low is not None and (number < ends.low or (number == ends.low and comparator == "<")):
        return "LOW"
    open_below = ends.low is None or ends.low <= 0
    top = _exact_side(number, ends)
    inside = top == "NORMAL" or (comparator == "<" and number == ends.high)
    return "NORMAL" if open_below and inside and ends.high is not None else None


def _above_side(number: Decimal, comparator: Comparator, ends: Range) -> Side | None:
    """The true value lies somewhere from the number upwards."""
    if ends.high is not None and (
        number > ends.high or (number == ends.high and comparator == ">")
    ):
        return "HIGH"
    if ends.high is None and ends.low is not None and number >= ends.low:
        return "NORMAL" if ends.includes_low or number > ends.low or comparator == ">" else None
    return None

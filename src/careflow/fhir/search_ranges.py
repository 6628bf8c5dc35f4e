"""Conditions on dates, numbers and quantities, and on what the store keeps itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from careflow.fhir.conditions import (
    Condition,
    IdIn,
    Not,
    RangeWithin,
    StoredBetween,
    any_of,
)
from careflow.fhir.definitions import (
    SearchParameter,
)
from careflow.fhir.index_values import CANONICAL
from careflow.fhir.search_asked import Asked, refuse_modifier, split_escaped, unescape
from careflow.fhir.search_bounds import (
    Bounds,
    Number,
    date_bounds,
    date_span,
    number_bounds,
    number_of,
    split_prefix,
)
from careflow.fhir.units import UCUM, unit_of

_ID = re.compile(r"^[A-Za-z0-9\-.]{1,64}$")


def date_condition(parameter: SearchParameter, asked: Asked) -> Condition:
    """Return the condition of a date parameter."""
    refuse_modifier(asked)
    ranges = [
        within(parameter.code, bounds, None)
        for value in asked.values
        for bounds in bounds_of_date(value, asked)
    ]
    return any_of(ranges)


def number_condition(parameter: SearchParameter, asked: Asked) -> Condition:
    """Return the condition of a number parameter."""
    refuse_modifier(asked)
    ranges = [
        within(parameter.code, bounds, None)
        for value in asked.values
        for bounds in bounds_of_number(value, asked)
    ]
    return any_of(ranges)


def quantity_condition(parameter: SearchParameter, asked: Asked) -> Condition:
    """Return the condition of a quantity parameter, with its unit if one is named."""
    refuse_modifier(asked)
    ranges: list[Condition] = []
    for value in asked.values:
        quantity = quantity_of(value, asked)
        code = parameter.code + (CANONICAL if quantity.is_canonical else "")
        qualifiers = (quantity.unit,) if quantity.unit else None
        ranges += [within(code, bounds, qualifiers) for bounds in quantity.bounds]
    return any_of(ranges)


def bounds_of_date(value: str, asked: Asked) -> tuple[Bounds, ...]:
    """Return what a date with its prefix asks of an interval."""
    split = split_prefix(value)
    span = date_span(split[1]) if split else None
    if split is None or span is None:
        raise asked.bad("A date is written 2024, 2024-03, 2024-03-14 or 2024-03-14T09:30:00Z.")
    return date_bounds(split[0], span, asked.at.now)


def bounds_of_number(value: str, asked: Asked) -> tuple[Bounds, ...]:
    """Return what a number with its prefix asks of an interval."""
    return number_bounds(*_prefixed_number(value, asked))


def _prefixed_number(value: str, asked: Asked) -> tuple[str, Number]:
    split = split_prefix(value)
    number = number_of(split[1]) if split else None
    if split is None or number is None:
        raise asked.bad("A number is written 5.4, or gt5.4 with one of FHIR's prefixes.")
    return split[0], number


@dataclass(frozen=True, slots=True)
class AskedQuantity:
    """What a quantity asks of an interval.

    Attributes:
        unit: As indexed; empty where any will do.
        is_canonical: The bounds are in base units, and the unit is a dimension.
    """

    bounds: tuple[Bounds, ...]
    unit: str
    is_canonical: bool = False


def quantity_of(value: str, asked: Asked) -> AskedQuantity:
    """Read ``5.4``, ``5.4||mg`` (as written) or ``5.4|http://unitsofmeasure.org|mg``."""
    parts = [unescape(part) for part in split_escaped(value, "|")]
    prefix, number = _prefixed_number(parts[0], asked)
    if len(parts) == 1:
        return AskedQuantity(number_bounds(prefix, number), "")
    if len(parts) != 3 or not parts[2]:
        raise asked.bad("A quantity is number, number|system|code or number||unit.")
    _, system, code = parts
    unit = unit_of(code) if system == UCUM else None
    if unit is not None:
        bounds = number_bounds(prefix, number.converted(unit.canonical))
        return AskedQuantity(bounds, unit.dimension, is_canonical=True)
    return AskedQuantity(number_bounds(prefix, number), f"{system}|{code}" if system else code)


def within(code: str, bounds: Bounds, qualifiers: tuple[str, ...] | None) -> RangeWithin:
    """Return the condition that an interval keeps the bounds."""
    return RangeWithin(
        code, bounds.low_min, bounds.low_max, bounds.high_min, bounds.high_max, qualifiers
    )


# --- what the store keeps itself -----------------------------------------------------------


def id_condition(asked: Asked) -> Condition:
    """Return the condition of ``_id``."""
    ids = tuple(unescape(value) for value in asked.values)
    if not all(_ID.match(id) for id in ids):
        raise asked.bad("An id has 1 to 64 letters, digits, hyphens and dots.")
    if asked.modifier == "not":
        return Not(IdIn(ids))
    refuse_modifier(asked)
    return IdIn(ids)


def stored_condition(asked: Asked) -> Condition:
    """Return the condition of ``_lastUpdated``."""
    refuse_modifier(asked)
    return any_of([_stored(value, asked) for value in asked.values])


def _stored(value: str, asked: Asked) -> Condition:
    split = split_prefix(value)
    span = date_span(split[1]) if split else None
    if split is None or span is None:
        raise asked.bad("A date is written 2024, 2024-03, 2024-03-14 or 2024-03-14T09:30:00Z.")
    prefix, (low, high) = split[0], span
    if prefix == "ne":
        return Not(StoredBetween(_instant(low), _instant(high)))
    if prefix in {"gt", "sa"}:
        return StoredBetween(after=_instant(high + 1))
    if prefix in {"lt", "eb"}:
        return StoredBetween(before=_instant(low - 1))
    after = _instant(low) if prefix in {"eq", "ap", "ge"} else None
    before = _instant(high) if prefix in {"eq", "ap", "le"} else None
    return StoredBetween(after, before)


def _instant(ms: float) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms)

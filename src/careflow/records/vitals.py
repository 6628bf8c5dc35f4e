"""Vital signs: the newest of each, with the one before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from careflow.knowledge.labs import Flag
from careflow.records.elements import (
    LOINC,
    Json,
    codes_of,
    day_text,
    display_of,
    effective_text,
    instant_of,
    number_of,
    order_of,
    quantity_text,
    unit_text,
)
from careflow.records.measured import flag_of, is_signed, range_of

_PRESSURE, _SYSTOLIC, _DIASTOLIC = "85354-9", "8480-6", "8462-4"


@dataclass(frozen=True, slots=True)
class Vital:
    """The newest measurement of one vital sign.

    Attributes:
        value: For drawing (the systolic of a blood pressure); ``value_text`` is what is printed.
        previous_text: The measurement before, with its date.
    """

    code: str
    name: str
    value: float | None
    value_text: str
    unit: str | None
    flag: Flag | None
    low: float | None
    high: float | None
    range_text: str | None
    taken_at: str | None
    taken_by: str | None
    previous_text: str | None


@dataclass(frozen=True, slots=True)
class Sign:
    """A vital sign by its LOINC codes, the first being the one shown.

    Source: FHIR R4 vital signs profile, https://hl7.org/fhir/R4/observation-vitalsigns.html.
    """

    name: str
    codes: tuple[str, ...]


SIGNS = (
    Sign("Blood pressure", (_PRESSURE,)),
    Sign("Heart rate", ("8867-4",)),
    Sign("Oxygen saturation", ("59408-5", "2708-6")),
    Sign("Temperature", ("8310-5",)),
    Sign("Weight", ("29463-7",)),
    Sign("BMI", ("39156-5",)),
)
TOKENS = tuple(f"{LOINC}|{code}" for sign in SIGNS for code in sign.codes)


def vitals_of(observations: Iterable[Json], *, zone: ZoneInfo) -> list[Vital]:
    """Return the newest of each vital sign that was ever measured, in the usual order."""
    signed = sorted(
        (one for one in observations if is_signed(one)),
        key=lambda one: order_of(effective_text(one), zone),
        reverse=True,
    )
    found = ((sign, [one for one in signed if _is(one, sign)]) for sign in SIGNS)
    return [_vital(sign, measured, zone) for sign, measured in found if measured]


def _is(observation: Json, sign: Sign) -> bool:
    return bool(codes_of(observation.get("code")) & set(sign.codes))


def _vital(sign: Sign, measured: Sequence[Json], zone: ZoneInfo) -> Vital:
    newest = measured[0]
    part = _drawn(newest)
    low, high, printed = range_of(part)
    return Vital(
        code=sign.codes[0],
        name=sign.name,
        value=number_of(part.get("valueQuantity")),
        value_text=_text(newest),
        unit=unit_text(part.get("valueQuantity")),
        flag=_worst(newest),
        low=low,
        high=high,
        range_text=printed,
        taken_at=effective_text(newest),
        taken_by=display_of(newest.get("performer")),
        previous_text=_previous(measured, zone),
    )


def _component(observation: Json, code: str) -> Json | None:
    parts: list[Json] = observation.get("component", [])
    return next((part for part in parts if code in codes_of(part.get("code"))), None)


def _drawn(observation: Json) -> Json:
    return _component(observation, _SYSTOLIC) or observation


def _text(observation: Json) -> str:
    upper, lower = (_component(observation, code) for code in (_SYSTOLIC, _DIASTOLIC))
    if upper and lower:
        return "/".join(_plain(part) or "?" for part in (upper, lower))
    return _plain(_drawn(observation)) or "No value"


def _plain(part: Json) -> str | None:
    """Return a measurement without trailing zeros: 30, not 30.0."""
    text = quantity_text(part.get("valueQuantity"))
    return text.rstrip("0").rstrip(".") if text and "." in text else text


_GRAVITY: dict[Flag | None, int] = {
    None: 0,
    "NORMAL": 1,
    "LOW": 2,
    "HIGH": 2,
    "CRITICAL_LOW": 3,
    "CRITICAL_HIGH": 3,
}


def _worst(observation: Json) -> Flag | None:
    """Return the gravest flag of a measurement and its parts; either pressure alone may be high."""
    flags = [flag_of(observation), *(flag_of(part) for part in observation.get("component", ()))]
    return max(flags, key=lambda flag: _GRAVITY[flag])


def _previous(measured: Sequence[Json], zone: ZoneInfo) -> str | None:
    if len(measured) < 2:
        return None
    before = measured[1]
    taken = instant_of(effective_text(before), zone)
    unit = unit_text(_drawn(before).get("valueQuantity")) or ""
    when = f", {day_text(taken, zone)}" if taken else ""
    return f"{_text(before)} {unit}".rstrip() + when

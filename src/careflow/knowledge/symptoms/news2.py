"""The National Early Warning Score 2 of adults.

Source: Royal College of Physicians, National Early Warning Score (NEWS) 2, London 2017, chart 1
(read 2026-11-24). Oxygen and consciousness are not asked for here, so a score may be too low.
Younger people are held to limits of their age: NICE guideline NG143, Fever in under 5s, table 1
(facts: which rates and saturation are amber or red).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

ADULT_YEARS: Final = 16
"""NEWS2 is not for younger people, nor in pregnancy."""

_BANDS: Final[Mapping[str, tuple[tuple[float, int], ...]]] = {
    # Upper end of each band, and its score; the last has no end.
    "respiratory_rate": ((8, 3), (11, 1), (20, 0), (24, 2), (float("inf"), 3)),
    "spo2": ((91, 3), (93, 2), (95, 1), (float("inf"), 0)),
    "systolic": ((90, 3), (100, 2), (110, 1), (219, 0), (float("inf"), 3)),
    "heart_rate": ((40, 3), (50, 1), (90, 0), (110, 1), (130, 2), (float("inf"), 3)),
    "temperature": ((35.0, 3), (36.0, 1), (38.0, 0), (39.0, 1), (float("inf"), 2)),
}
_POSSIBLE: Final = {
    "respiratory_rate": (2, 80),
    "spo2": (40, 100),
    "systolic": (40, 300),
    "heart_rate": (15, 300),
    "temperature": (25, 45),
}
_NAMES: Final = {
    "rr": "respiratory_rate",
    "respiration_rate": "respiratory_rate",
    "breathing_rate": "respiratory_rate",
    "oxygen_saturation": "spo2",
    "sats": "spo2",
    "systolic_bp": "systolic",
    "systolic_blood_pressure": "systolic",
    "sbp": "systolic",
    "pulse": "heart_rate",
    "hr": "heart_rate",
    "temp": "temperature",
    "temperature_c": "temperature",
    "temperature_f": "temperature",
}
_ALONE: Final = {"spo2": (0, 91), "systolic": (0, 90), "respiratory_rate": (30, 80)}
"""One value that needs help at once, whatever the others are."""
_FAHRENHEIT: Final = (77, 113)
_UNIT_NAMED: Final = {"temperature_c": (25, 45), "temperature_f": _FAHRENHEIT}
"""A name that says its unit holds: a value of the other unit is asked about, not turned."""
_CHILD_PULSE: Final = ((1, 160), (2, 150), (5, 140), (ADULT_YEARS, 130))
_CHILD_BREATHS: Final = ((1, 50), (5, 40), (ADULT_YEARS, 30))
"""Ages below which more than this is looked at today."""
_CHILD_BREATHS_MAX: Final = 60
_CHILD_SPO2: Final = 95
_EMERGENCY, _URGENT = 7, 5


@dataclass(frozen=True, slots=True)
class Vitals:
    """What vital signs say.

    Attributes:
        score: The sum over what was given.
        odd: Names of values that nobody has; they were left out.
    """

    score: int
    level: Literal["emergency", "urgent"] | None
    worst: str | None
    odd: tuple[str, ...]


def vitals_of(given: Mapping[str, float], *, age: float | None) -> Vitals:
    """Return the score of vital signs by name; a temperature above 77 is taken as Fahrenheit."""
    known: dict[str, float] = {}
    odd: list[str] = []
    for name, value in given.items():
        plain = name.strip().lower().replace(" ", "_")
        sign = _NAMES.get(plain, plain)
        if sign not in _BANDS:
            continue
        low, high = _UNIT_NAMED.get(plain, (float("-inf"), float("inf")))
        if not low <= value <= high:
            odd.append(name)
            continue
        if sign == "temperature" and _FAHRENHEIT[0] <= value <= _FAHRENHEIT[1]:
            value = round((value - 32) * 5 / 9, 1)  # noqa: PLW2901 - the same in Celsius
        if not _POSSIBLE[sign][0] <= value <= _POSSIBLE[sign][1]:
            odd.append(name)
            continue
        known[sign] = value
    scores = {sign: _score(sign, value) for sign, value in known.items()}
    alone = [s for s, (low, high) in _ALONE.items() if s in known and low <= known[s] <= high]
    if age is not None and age < ADULT_YEARS:
        return _of_a_child(known, age, lacks_oxygen="spo2" in alone, odd=tuple(odd))
    total = sum(scores.values())
    worst = max(scores, key=lambda sign: scores[sign], default=None)
    if total >= _EMERGENCY or alone:
        return Vitals(total, "emergency", alone[0] if alone else worst, tuple(odd))
    if total >= _URGENT or 3 in scores.values():
        return Vitals(total, "urgent", worst, tuple(odd))
    return Vitals(total, None, worst, tuple(odd))


def _of_a_child(
    known: Mapping[str, float], age: float, *, lacks_oxygen: bool, odd: tuple[str, ...]
) -> Vitals:
    """Return what limits of an age say; bands of adults do not fit children."""
    breaths, pulse = known.get("respiratory_rate", 0), known.get("heart_rate", 0)
    if lacks_oxygen:
        return Vitals(0, "emergency", "spo2", odd)
    if breaths > _CHILD_BREATHS_MAX:
        return Vitals(0, "emergency", "respiratory_rate", odd)
    if known.get("spo2", 100) <= _CHILD_SPO2:
        return Vitals(0, "urgent", "spo2", odd)
    if breaths > _limit(_CHILD_BREATHS, age):
        return Vitals(0, "urgent", "respiratory_rate", odd)
    if pulse > _limit(_CHILD_PULSE, age):
        return Vitals(0, "urgent", "heart_rate", odd)
    return Vitals(0, None, None, odd)


def _limit(limits: tuple[tuple[float, int], ...], age: float) -> int:
    return next(limit for below, limit in limits if age < below)


def _score(sign: str, value: float) -> int:
    return next(score for end, score in _BANDS[sign] if value <= end)

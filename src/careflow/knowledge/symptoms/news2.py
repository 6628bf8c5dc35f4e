"""The National Early Warning Score 2 of adults.

Source: Royal College of Physicians, National Early Warning Score (NEWS) 2, London 2017, chart 1
(read 2026-11-24). Oxygen and consciousness are not asked for here, so a score may be too low.
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
        if sign == "temperature" and _FAHRENHEIT[0] <= value <= _FAHRENHEIT[1]:
            value = round((value - 32) * 5 / 9, 1)  # noqa: PLW2901 - the same in Celsius
        if not _POSSIBLE[sign][0] <= value <= _POSSIBLE[sign][1]:
            odd.append(name)
            continue
        known[sign] = value
    scores = {sign: _score(sign, value) for sign, value in known.items()}
    alone = [s for s, (low, high) in _ALONE.items() if s in known and low <= known[s] <= high]
    if age is not None and age < ADULT_YEARS:
        # Bands of adults do not fit children; too little oxygen is too little for anyone.
        level: Literal["emergency", "urgent"] | None = "emergency" if "spo2" in alone else None
        return Vitals(0, level, "spo2" if level else None, tuple(odd))
    total = sum(scores.values())
    worst = max(scores, key=lambda sign: scores[sign], default=None)
    if total >= _EMERGENCY or alone:
        return Vitals(total, "emergency", alone[0] if alone else worst, tuple(odd))
    if total >= _URGENT or 3 in scores.values():
        return Vitals(total, "urgent", worst, tuple(odd))
    return Vitals(total, None, worst, tuple(odd))


def _score(sign: str, value: float) -> int:
    return next(score for end, score in _BANDS[sign] if value <= end)

"""Vital signs of Harbour's patients: what a body varies around, and how it is written down."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from careflow.demo.coded import CATEGORY, INTERPRETATION, LOINC, coded, quantity, reference_to
from careflow.demo.people import NIA, Person, Resource


@dataclass(slots=True)
class Body:
    """What a person's measurements vary around."""

    height_cm: float
    weight_kg: float
    systolic: float
    pulse: float

    @classmethod
    def of(cls, person: Person, age: int, systolic_more: float, random: Random) -> Body:
        """Return a body of this age; ``systolic_more`` is what the person's conditions add."""
        if age < 18:
            height = 82 + 6.1 * age
            return cls(height, 11.5 + 2.6 * age, 92 + age * 1.4, 112 - 2.5 * age)
        height = random.gauss(163 if person.sex == "female" else 176, 6)
        mass = random.gauss(27, 3.2) * (height / 100) ** 2
        systolic = 116 + max(0, age - 40) * 0.3 + systolic_more
        if person.number == 1:
            height, mass = 165, 82.5
        return cls(height, mass, systolic, random.gauss(73, 5))


def body_at(body: Body, share: float, random: Random) -> dict[str, float]:
    """Return one set of measurements; ``share`` runs from 0 (first visit) to 1 (last)."""
    weight = body.weight_kg * (1 - 0.015 * share) + random.gauss(0, 0.5)
    systolic = body.systolic - 4 * share + random.gauss(0, 4)
    return {
        "height": body.height_cm,
        "weight": weight,
        "systolic": systolic,
        "diastolic": systolic * 0.56 + 9 + random.gauss(0, 2),
        "pulse": body.pulse + random.gauss(0, 3),
        "oxygen": min(99.0, 97.6 + random.gauss(0, 0.7)),
        "temperature": 36.7 + random.gauss(0, 0.15),
    }


# What the clinic prints beside an adult's vital signs: low, high, words. Invented for Harbour.
_VITAL_RANGES: dict[str, tuple[float | None, float | None, str]] = {
    "pulse": (60, 100, "60–100"),
    "spo2": (95, 100, "95–100, on air"),
    "temp": (36.1, 37.5, "36.1–37.5"),
    "bmi": (18.5, 24.9, "18.5–24.9"),
    "systolic": (90, 129, "Target under 130/80"),
    "diastolic": (50, 79, "Target under 130/80"),
}


def vitals(person: Person, visit: str, at: str, measured: dict[str, float]) -> list[Resource]:
    """Return the observations of one set of vital signs, taken by the nurse."""
    bmi = measured["weight"] / (measured["height"] / 100) ** 2
    adult = person.prefix not in {"Master", "Miss"}
    simple = (
        ("pulse", "8867-4", "Heart rate", f"{measured['pulse']:.0f}", "/min", "/min"),
        ("spo2", "59408-5", "Oxygen saturation", f"{measured['oxygen']:.0f}", "%", "%"),
        ("temp", "8310-5", "Body temperature", f"{measured['temperature']:.1f}", "°C", "Cel"),
        ("weight", "29463-7", "Body weight", f"{measured['weight']:.1f}", "kg", "kg"),
        ("height", "8302-2", "Body height", f"{measured['height']:.0f}", "cm", "cm"),
        ("bmi", "39156-5", "Body mass index", f"{bmi:.1f}", "kg/m2", "kg/m2"),
    )
    result = [
        _vital(person, visit, at, key, loinc, name)
        | _measured_quantity(key, value, unit, ucum, adult=adult)
        for key, loinc, name, value, unit, ucum in simple
    ]
    pressure = _vital(person, visit, at, "bp", "85354-9", "Blood pressure")
    pressure["component"] = [
        {"code": coded(LOINC, loinc, name)}
        | _measured_quantity(key, f"{measured[key]:.0f}", "mmHg", "mm[Hg]", adult=adult)
        for key, loinc, name in (
            ("systolic", "8480-6", "Systolic blood pressure"),
            ("diastolic", "8462-4", "Diastolic blood pressure"),
        )
    ]
    return [pressure, *result]


def _measured_quantity(key: str, value: str, unit: str, ucum: str, *, adult: bool) -> Resource:
    """Return a value with the range the clinic prints and its flag, for adults."""
    found: Resource = {"valueQuantity": quantity(value, unit, ucum)}
    if not adult or key not in _VITAL_RANGES:
        return found
    low, high, text = _VITAL_RANGES[key]
    flag = "L" if low is not None and float(value) < low else "N"
    flag = "H" if high is not None and float(value) > high else flag
    range_: Resource = {"text": text}
    for end, bound in (("low", low), ("high", high)):
        if bound is not None:
            range_[end] = quantity(f"{bound:g}", unit, ucum)
    interpretation = [{"coding": [{"system": INTERPRETATION, "code": flag}]}]
    return found | {"referenceRange": [range_], "interpretation": interpretation}


def _vital(person: Person, visit: str, at: str, key: str, loinc: str, name: str) -> Resource:
    return {
        "resourceType": "Observation",
        "id": f"{visit}-{key}",
        "status": "final",
        "category": [{"coding": [{"system": CATEGORY, "code": "vital-signs"}]}],
        "code": coded(LOINC, loinc, name),
        "subject": reference_to(person),
        "encounter": {"reference": f"Encounter/{visit}"},
        "effectiveDateTime": at,
        "performer": [{"reference": f"Practitioner/{NIA.id}", "display": NIA.name}],
    }

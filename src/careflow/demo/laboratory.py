"""Laboratory results of Harbour's past: panels by what a patient lives with, and their course."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from careflow.demo.analytes import ANALYTES, PANELS, Analyte
from careflow.demo.coded import (
    CATEGORY,
    INTERPRETATION,
    LOINC,
    doctor_of,
    instant,
    quantity,
    reference_to,
)
from careflow.demo.conditions import Condition, Course
from careflow.demo.people import Person, Resource


def bloods(
    person: Person,
    conditions: Sequence[Condition],
    index: int,
    day: date,
    share: float,
    random: Random,
) -> list[Resource]:
    """Return the reports of one visit; ``share`` runs from 0 (first visit) to 1 (last)."""
    panels = {p for c in conditions for p in c.panels}
    if not panels and index == 0 and not conditions:
        panels = {"metabolic", "blood-count"}
    courses = {course.analyte: course for c in conditions for course in c.courses}
    resources: list[Resource] = []
    for panel in sorted(panels):
        values = {
            key: _value(ANALYTES[key], courses.get(key), share, random) for key in PANELS[panel][1]
        }
        resources += lab_report(person, f"{person.id}-lab-{index + 1}-{panel}", panel, day, values)
    return resources


def _value(analyte: Analyte, course: Course | None, share: float, random: Random) -> float:
    if course is None:
        return max(0.0, random.gauss(analyte.typical, analyte.spread * 0.6))
    # Most of a treatment's effect comes early, so the line bends rather than drops straight.
    level = course.start + (course.end - course.start) * float(share**0.8)
    return max(0.0, level + random.gauss(0, course.noise))


def lab_report(
    person: Person, id_: str, panel: str, day: date, values: dict[str, float]
) -> list[Resource]:
    """Return a signed report with its observations, as an earlier laboratory sent it."""
    observations = [
        lab_observation(person, f"{id_}-{key}", ANALYTES[key], value, day)
        for key, value in values.items()
    ]
    report: Resource = {
        "resourceType": "DiagnosticReport",
        "id": id_,
        "status": "final",
        "category": [
            {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0074", "code": "LAB"}]}
        ],
        "code": {
            "coding": [{"system": LOINC, "code": "11502-2", "display": "Laboratory report"}],
            "text": PANELS[panel][0],
        },
        "subject": reference_to(person),
        "effectiveDateTime": instant(day, 8, 15),
        "issued": instant(day + timedelta(days=1), 14),
        "performer": [{"display": "Tideline Laboratory"}],
        "resultsInterpreter": [doctor_of(person)],
        "result": [{"reference": f"Observation/{o['id']}"} for o in observations],
    }
    return [*observations, report]


def lab_observation(
    person: Person, id_: str, analyte: Analyte, value: float, day: date
) -> Resource:
    """Return one laboratory result with the range that was printed and its flag."""
    range_: Resource = {"text": analyte.range_text}
    for end, bound in (("low", analyte.low), ("high", analyte.high)):
        if bound is not None:
            range_[end] = quantity(analyte.value_text(bound), analyte.unit, analyte.ucum)
    flag = analyte.flag(value) or "N"
    return {
        "resourceType": "Observation",
        "id": id_,
        "status": "final",
        "category": [{"coding": [{"system": CATEGORY, "code": "laboratory"}]}],
        "code": {
            "coding": [{"system": LOINC, "code": analyte.loinc, "display": analyte.loinc_name}],
            "text": analyte.name,
        },
        "subject": reference_to(person),
        "effectiveDateTime": instant(day, 8, 15),
        "issued": instant(day + timedelta(days=1), 14),
        "performer": [{"display": "Tideline Laboratory"}],
        "valueQuantity": quantity(analyte.value_text(value), analyte.unit, analyte.ucum),
        "interpretation": [{"coding": [{"system": INTERPRETATION, "code": flag}]}],
        "referenceRange": [range_],
    }

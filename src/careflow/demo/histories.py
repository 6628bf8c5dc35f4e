"""Two plausible years for each patient of Harbour, the same for the same seed and day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

from careflow.demo.analytes import ANALYTES, PANELS, Analyte
from careflow.demo.conditions import (
    ALLERGIES,
    CONDITIONS,
    NO_KNOWN_ALLERGY,
    Condition,
    Course,
)
from careflow.demo.people import ADA, BO, NIA, ORGANISATION, ZONE, Person, Resource

LOINC = "http://loinc.org"
SNOMED = "http://snomed.info/sct"
UCUM = "http://unitsofmeasure.org"
ICD10 = "http://hl7.org/fhir/sid/icd-10-cm"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical"
ALLERGY_CLINICAL = "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical"
CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
INTERPRETATION = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation"

MONTHS = 24
_DAYS_A_MONTH = 30.4


@dataclass(frozen=True, slots=True)
class History:
    """A patient with what they live with and when they came.

    Attributes:
        visits: Days of past visits, oldest first; blood is taken three days before each.
    """

    person: Person
    conditions: tuple[Condition, ...]
    visits: tuple[date, ...]
    today: date

    def measured(self, seed: int, share: float, random: Random) -> dict[str, float]:
        """Return one set of vital signs; ``share`` runs from 0 (first visit) to 1 (last)."""
        body = _Body.of(self, Random(f"body:{seed}:{self.person.number}"))  # noqa: S311
        return _body_at(body, share, random)


def histories(people: list[Person], seed: int, today: date) -> list[History]:
    """Decide for each patient what they live with and when they came."""
    return [_history(person, seed, today) for person in people]


def _history(person: Person, seed: int, today: date) -> History:
    random = Random(f"history:{seed}:{person.number}")  # noqa: S311 - synthetic data.
    if person.number == 1:
        keys = ["diabetes", "hypertension", "hyperlipidaemia"]
        return History(
            person, tuple(CONDITIONS[k] for k in keys), _visits(today, 3.1, MONTHS - 2), today
        )
    age = person.age_on(today)
    if age < 18:
        keys = random.sample(["asthma"], random.randint(0, 1))
    else:
        likely = 0 if age < 35 else 1 if age < 55 else 2
        keys = random.sample(sorted(CONDITIONS), min(3, likely + random.randint(0, 1)))
    gap = random.uniform(3.5, 7.5)
    conditions = tuple(CONDITIONS[k] for k in keys)
    return History(person, conditions, _visits(today, gap, random.uniform(14, MONTHS)), today)


def _visits(today: date, gap_months: float, first_months_ago: float) -> tuple[date, ...]:
    days: list[date] = []
    months = first_months_ago
    while months > 0.4:
        day = today - timedelta(days=round(months * _DAYS_A_MONTH))
        days.append(day + timedelta(days=(7 - day.weekday()) if day.weekday() > 4 else 0))
        months -= gap_months
    return tuple(days)


def history_resources(history: History, seed: int) -> list[Resource]:
    """Return everything the chart holds about the past."""
    random = Random(f"chart:{seed}:{history.person.number}")  # noqa: S311 - synthetic data.
    resources = [
        *_allergies(history, random),
        *_problems(history),
        *_medicines(history),
    ]
    for index, day in enumerate(history.visits):
        share = index / max(1, len(history.visits) - 1)
        resources += _visit(history, index, day, share, seed, random)
        resources += _bloods(history, index, day - timedelta(days=3), share, random)
    return resources + _due(history, random)


def instant(day: date, hour: int, minute: int = 0, zone: str = ZONE) -> str:
    """Return a wall time at the clinic as an instant with its offset."""
    return datetime.combine(day, time(hour, minute), ZoneInfo(zone)).isoformat()


def _reference(person: Person) -> Resource:
    return {
        "reference": f"Patient/{person.id}",
        "display": f"{person.given} {person.family}",
    }


def _doctor(person: Person) -> Resource:
    doctor = BO if person.prefix in {"Master", "Miss"} else ADA
    return {"reference": f"Practitioner/{doctor.id}", "display": doctor.name}


def _coded(system: str, code: str, display: str) -> Resource:
    return {"coding": [{"system": system, "code": code, "display": display}], "text": display}


# --- what stays in the chart -------------------------------------------------------------------


def _allergies(history: History, random: Random) -> list[Resource]:
    person = history.person
    if person.number == 1:
        known = [ALLERGIES[0], ALLERGIES[1]]
    elif person.number % 5 == 0:
        return []  # Nobody has asked yet: "not recorded" is a state of its own.
    else:
        known = random.sample(ALLERGIES, random.choice((0, 0, 1, 1, 2)))
    active = {"coding": [{"system": ALLERGY_CLINICAL, "code": "active"}]}
    base: Resource = {
        "resourceType": "AllergyIntolerance",
        "clinicalStatus": active,
        "patient": _reference(person),
        "recordedDate": instant(history.visits[0], 10) if history.visits else None,
    }
    if base["recordedDate"] is None:
        del base["recordedDate"]
    if not known:
        none = _coded(SNOMED, NO_KNOWN_ALLERGY, "No known allergies")
        return [base | {"id": f"{person.id}-allergy-none", "code": none}]
    return [
        base
        | {
            "id": f"{person.id}-allergy-{index}",
            "code": _coded(SNOMED, code, substance),
            "criticality": criticality,
            "reaction": [{"manifestation": [{"text": reaction}]}],
        }
        for index, (substance, code, reaction, criticality) in enumerate(known, 1)
    ]


def _problems(history: History) -> list[Resource]:
    since = history.visits[0] if history.visits else None
    resources = []
    for offset, condition in enumerate(history.conditions):
        problem: Resource = {
            "resourceType": "Condition",
            "id": f"{history.person.id}-{condition.key}",
            "clinicalStatus": {"coding": [{"system": CLINICAL, "code": "active"}]},
            "category": [
                {
                    "coding": [
                        {
                            "system": "http://terminology.hl7.org/CodeSystem/condition-category",
                            "code": "problem-list-item",
                        }
                    ]
                }
            ],
            "code": {
                "coding": [
                    {"system": SNOMED, "code": condition.snomed, "display": condition.name},
                    {"system": ICD10, "code": condition.icd10},
                ],
                "text": condition.name,
            },
            "subject": _reference(history.person),
        }
        if since:
            problem["onsetDateTime"] = str(since.year - 1 - 2 * offset)
        resources.append(problem)
    return resources


def _medicines(history: History) -> list[Resource]:
    if not history.visits:
        return []
    resources: list[Resource] = []
    for condition in history.conditions:
        for index, medicine in enumerate(condition.medicines):
            last = index == len(condition.medicines) - 1
            start = history.visits[0] + timedelta(days=round(medicine.after_months * _DAYS_A_MONTH))
            resources.append(
                {
                    "resourceType": "MedicationRequest",
                    "id": f"{history.person.id}-{condition.key}-medicine-{index + 1}",
                    "status": "active" if last else "stopped",
                    "intent": "order",
                    "medicationCodeableConcept": _coded(RXNORM, medicine.rxnorm, medicine.name),
                    "subject": _reference(history.person),
                    "authoredOn": start.isoformat(),
                    "requester": _doctor(history.person),
                    "reasonReference": [
                        {"reference": f"Condition/{history.person.id}-{condition.key}"}
                    ],
                    "dosageInstruction": [{"text": medicine.dose}],
                }
            )
    return resources


def _due(history: History, random: Random) -> list[Resource]:
    if not history.visits:
        return []
    names = {"diabetes": ("Eye screening", "Foot exam"), "asthma": ("Inhaler check",)}
    wanted = [n for c in history.conditions for n in names.get(c.key, ())] + ["Flu vaccine"]
    last = history.visits[-1]
    return [
        {
            "resourceType": "ServiceRequest",
            "id": f"{history.person.id}-due-{index}",
            "status": "completed" if name == "Flu vaccine" else "active",
            "intent": "plan",
            "code": {"text": name},
            "subject": _reference(history.person),
            "occurrenceDateTime": (last + timedelta(days=random.randint(-20, 120))).isoformat(),
            "authoredOn": last.isoformat(),
        }
        for index, name in enumerate(wanted, 1)
    ]


# --- visits and vitals -------------------------------------------------------------------------


@dataclass(slots=True)
class _Body:
    """What a person's measurements vary around."""

    height_cm: float
    weight_kg: float
    systolic: float
    pulse: float

    @classmethod
    def of(cls, history: History, random: Random) -> _Body:
        person, age = history.person, history.person.age_on(history.today)
        if age < 18:
            height = 82 + 6.1 * age
            return cls(height, 11.5 + 2.6 * age, 92 + age * 1.4, 112 - 2.5 * age)
        height = random.gauss(163 if person.sex == "female" else 176, 6)
        mass = random.gauss(27, 3.2) * (height / 100) ** 2
        systolic = (
            116 + max(0, age - 40) * 0.3 + max((c.systolic for c in history.conditions), default=0)
        )
        if person.number == 1:
            height, mass = 165, 82.5
        return cls(height, mass, systolic, random.gauss(73, 5))


def _visit(
    history: History, index: int, day: date, share: float, seed: int, random: Random
) -> list[Resource]:
    person = history.person
    id_ = f"{person.id}-visit-{index + 1}"
    hour = 8 + index % 8
    condition = history.conditions[index % len(history.conditions)] if history.conditions else None
    encounter: Resource = {
        "resourceType": "Encounter",
        "id": id_,
        "status": "finished",
        "class": {
            "system": "http://terminology.hl7.org/CodeSystem/v3-ActCode",
            "code": "AMB",
            "display": "ambulatory",
        },
        "subject": _reference(person),
        "participant": [{"individual": _doctor(person)}],
        "period": {"start": instant(day, hour), "end": instant(day, hour, 20)},
        "reasonCode": [{"text": condition.visit_reason if condition else "Check-up"}],
        "serviceProvider": {"reference": f"Organization/{ORGANISATION}"},
        "location": [{"location": {"reference": "Location/harbour-point"}}],
    }
    return [
        encounter,
        *vitals(person, id_, instant(day, hour, 4), history.measured(seed, share, random)),
    ]


def _body_at(body: _Body, share: float, random: Random) -> dict[str, float]:
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
        {"code": _coded(LOINC, loinc, name)}
        | _measured_quantity(key, f"{measured[key]:.0f}", "mmHg", "mm[Hg]", adult=adult)
        for key, loinc, name in (
            ("systolic", "8480-6", "Systolic blood pressure"),
            ("diastolic", "8462-4", "Diastolic blood pressure"),
        )
    ]
    return [pressure, *result]


def _measured_quantity(key: str, value: str, unit: str, ucum: str, *, adult: bool) -> Resource:
    """Return a value with the range the clinic prints and its flag, for adults."""
    found: Resource = {"valueQuantity": _quantity(value, unit, ucum)}
    if not adult or key not in _VITAL_RANGES:
        return found
    low, high, text = _VITAL_RANGES[key]
    flag = "L" if low is not None and float(value) < low else "N"
    flag = "H" if high is not None and float(value) > high else flag
    range_: Resource = {"text": text}
    for end, bound in (("low", low), ("high", high)):
        if bound is not None:
            range_[end] = _quantity(f"{bound:g}", unit, ucum)
    interpretation = [{"coding": [{"system": INTERPRETATION, "code": flag}]}]
    return found | {"referenceRange": [range_], "interpretation": interpretation}


def _vital(person: Person, visit: str, at: str, key: str, loinc: str, name: str) -> Resource:
    return {
        "resourceType": "Observation",
        "id": f"{visit}-{key}",
        "status": "final",
        "category": [{"coding": [{"system": CATEGORY, "code": "vital-signs"}]}],
        "code": _coded(LOINC, loinc, name),
        "subject": _reference(person),
        "encounter": {"reference": f"Encounter/{visit}"},
        "effectiveDateTime": at,
        "performer": [{"reference": f"Practitioner/{NIA.id}", "display": NIA.name}],
    }


def _quantity(value: str, unit: str, ucum: str) -> Resource:
    return {"value": Decimal(value), "unit": unit, "system": UCUM, "code": ucum}


# --- laboratory --------------------------------------------------------------------------------


def _bloods(
    history: History, index: int, day: date, share: float, random: Random
) -> list[Resource]:
    panels = {p for c in history.conditions for p in c.panels}
    if not panels and index == 0 and not history.conditions:
        panels = {"metabolic", "blood-count"}
    courses = {course.analyte: course for c in history.conditions for course in c.courses}
    resources: list[Resource] = []
    for panel in sorted(panels):
        values = {
            key: _value(ANALYTES[key], courses.get(key), share, random) for key in PANELS[panel][1]
        }
        resources += lab_report(
            history.person, f"{history.person.id}-lab-{index + 1}-{panel}", panel, day, values
        )
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
        "subject": _reference(person),
        "effectiveDateTime": instant(day, 8, 15),
        "issued": instant(day + timedelta(days=1), 14),
        "performer": [{"display": "Tideline Laboratory"}],
        "resultsInterpreter": [_doctor(person)],
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
            range_[end] = _quantity(analyte.value_text(bound), analyte.unit, analyte.ucum)
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
        "subject": _reference(person),
        "effectiveDateTime": instant(day, 8, 15),
        "issued": instant(day + timedelta(days=1), 14),
        "performer": [{"display": "Tideline Laboratory"}],
        "valueQuantity": _quantity(analyte.value_text(value), analyte.unit, analyte.ucum),
        "interpretation": [{"coding": [{"system": INTERPRETATION, "code": flag}]}],
        "referenceRange": [range_],
    }

"""Two plausible years for each patient of Harbour, the same for the same seed and day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from careflow.demo.coded import (
    ALLERGY_CLINICAL,
    CLINICAL,
    ICD10,
    RXNORM,
    SNOMED,
    coded,
    doctor_of,
    instant,
    reference_to,
)
from careflow.demo.conditions import ALLERGIES, CONDITIONS, NO_KNOWN_ALLERGY, Condition
from careflow.demo.laboratory import bloods
from careflow.demo.people import ORGANISATION, Person, Resource
from careflow.demo.vital_signs import Body, body_at, vitals

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
        more = max((condition.systolic for condition in self.conditions), default=0.0)
        own = Random(f"body:{seed}:{self.person.number}")  # noqa: S311 - synthetic data.
        body = Body.of(self.person, self.person.age_on(self.today), more, own)
        return body_at(body, share, random)


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
        resources += bloods(
            history.person, history.conditions, index, day - timedelta(days=3), share, random
        )
    return resources + _due(history, random)


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
        "patient": reference_to(person),
        "recordedDate": instant(history.visits[0], 10) if history.visits else None,
    }
    if base["recordedDate"] is None:
        del base["recordedDate"]
    if not known:
        none = coded(SNOMED, NO_KNOWN_ALLERGY, "No known allergies")
        return [base | {"id": f"{person.id}-allergy-none", "code": none}]
    return [
        base
        | {
            "id": f"{person.id}-allergy-{index}",
            "code": coded(SNOMED, code, substance),
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
            "subject": reference_to(history.person),
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
                    "medicationCodeableConcept": coded(RXNORM, medicine.rxnorm, medicine.name),
                    "subject": reference_to(history.person),
                    "authoredOn": start.isoformat(),
                    "requester": doctor_of(history.person),
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
            "subject": reference_to(history.person),
            "occurrenceDateTime": (last + timedelta(days=random.randint(-20, 120))).isoformat(),
            "authoredOn": last.isoformat(),
        }
        for index, name in enumerate(wanted, 1)
    ]


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
        "subject": reference_to(person),
        "participant": [{"individual": doctor_of(person)}],
        "period": {"start": instant(day, hour), "end": instant(day, hour, 20)},
        "reasonCode": [{"text": condition.visit_reason if condition else "Check-up"}],
        "serviceProvider": {"reference": f"Organization/{ORGANISATION}"},
        "location": [{"location": {"reference": "Location/harbour-point"}}],
    }
    return [
        encounter,
        *vitals(person, id_, instant(day, hour, 4), history.measured(seed, share, random)),
    ]

"""``drug-interactions``: which of a patient's medicines must not meet, and which they react to."""

from __future__ import annotations

from typing import Literal

from careflow.ai.draft import Maker
from careflow.ai.engine import Answer
from careflow.ai.task import AbstainedError, Given, Task, TaskInput, TaskOutput

Severity = Literal["contraindicated", "major", "moderate", "minor"]


class Medication(TaskInput, frozen=True, kw_only=True):
    """A medicine by name, and by its RxNorm code where that is known."""

    name: str
    rxnorm: str | None = None


class MedicationsInput(TaskInput, frozen=True, kw_only=True):
    """Everything the patient takes, and what they react to."""

    medications: tuple[str | Medication, ...]
    allergies: tuple[str, ...] = ()


class Interaction(TaskOutput, frozen=True, kw_only=True):
    """Two medicines that should not meet, or only with care."""

    a: str
    b: str
    severity: Severity
    mechanism: str
    management: str
    source: str


class AllergyAlert(TaskOutput, frozen=True, kw_only=True):
    """A medicine that the patient may react to."""

    medication: str
    allergy: str
    reason: str
    source: str


class DrugInteractions(TaskOutput, frozen=True, kw_only=True):
    """What was found; ``unknown`` names the medicines that no table knows."""

    interactions: tuple[Interaction, ...]
    allergy_alerts: tuple[AllergyAlert, ...] = ()
    unknown: tuple[str, ...] = ()


DRUG_INTERACTIONS: Task[DrugInteractions] = Task(
    name="drug-interactions",
    title="Check medicines against each other and against allergies",
    version="1",
    input=MedicationsInput,
    output=DrugInteractions,
    reads=("MedicationRequest", "MedicationStatement", "AllergyIntolerance"),
)

METHOD = Maker("local", "tables", "drug-interactions/1")
_MEDICINES_MAX = 150
"""More than anyone takes; each is checked with each."""


def checked_by_tables(given: Given) -> Answer[DrugInteractions]:
    """Check the medicines by the tables of interactions and of allergies.

    Raises:
        AbstainedError: No medicine is named, or more than can be checked with one another.
    """
    asked = given.asked
    if not isinstance(asked, MedicationsInput) or not any(map(str.strip, _names(asked))):
        raise AbstainedError("No medicine is named: give the list of what the patient takes.")
    if len(asked.medications) > _MEDICINES_MAX or len(asked.allergies) > _MEDICINES_MAX:
        raise AbstainedError("There are too many entries to be one patient's: give one list.")
    found = table_findings(asked)
    usage = {"medications": len(asked.medications), "pairs": len(found.interactions)}
    return Answer(found, METHOD, usage=usage)


def _names(asked: MedicationsInput) -> list[str]:
    return [one if isinstance(one, str) else one.name for one in asked.medications]


def table_findings(asked: MedicationsInput) -> DrugInteractions:
    """Return what the tables say of a list of medicines."""
    # The tables are read with the first list, not with the server.
    from careflow.knowledge.interactions import checked, sources

    names = _names(asked)
    found = checked(names, asked.allergies)

    def cited(codes: tuple[str, ...]) -> str:
        return " · ".join(sources()[code].cited for code in codes)

    return DrugInteractions(
        interactions=tuple(
            Interaction(
                a=names[pair.first].strip(),
                b=names[pair.second].strip(),
                severity=pair.severity,
                mechanism=pair.mechanism,
                management=pair.management,
                source=cited(pair.sources),
            )
            for pair in found.pairs
        ),
        allergy_alerts=tuple(
            AllergyAlert(
                medication=names[alert.medicine].strip(),
                allergy=asked.allergies[alert.allergy].strip(),
                reason=alert.reason,
                source=cited(alert.sources),
            )
            for alert in found.alerts
        ),
        unknown=found.unknown,
    )

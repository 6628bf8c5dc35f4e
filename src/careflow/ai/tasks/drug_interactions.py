"""``drug-interactions``: which of a patient's medicines must not meet, and which they react to."""

from __future__ import annotations

from typing import Literal

from careflow.ai.task import Task, TaskInput, TaskOutput

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

"""``decision-support`` and ``treatment-plan``: what a chart suggests, for a clinician to weigh."""

from __future__ import annotations

from typing import Any

from careflow.ai.task import Task, TaskInput, TaskOutput


class ChartInput(TaskInput, frozen=True, kw_only=True):
    """A patient by id, or a FHIR Bundle of their record."""

    alternatives = ("patient", "bundle")
    patient: str | None = None
    bundle: dict[str, Any] | None = None


class Card(TaskOutput, frozen=True, kw_only=True):
    """One thing to consider, and what says so."""

    summary: str
    detail: str
    source: str
    suggestion: str | None = None


class DecisionSupport(TaskOutput, frozen=True, kw_only=True):
    """Cards, the weightiest first."""

    cards: tuple[Card, ...]


class TreatmentPlan(TaskOutput, frozen=True, kw_only=True):
    """A plan to be discussed; ``open_questions`` is what the chart does not answer."""

    goals: tuple[str, ...]
    activities: tuple[str, ...]
    monitoring: tuple[str, ...]
    open_questions: tuple[str, ...]


_CHART = (
    "Patient",
    "Condition",
    "Observation",
    "MedicationRequest",
    "AllergyIntolerance",
    "Procedure",
    "Immunization",
    "DiagnosticReport",
)

DECISION_SUPPORT: Task[DecisionSupport] = Task(
    name="decision-support",
    title="Point out what a chart suggests",
    version="1",
    input=ChartInput,
    output=DecisionSupport,
    reads=_CHART,
    role="best",
)

TREATMENT_PLAN: Task[TreatmentPlan] = Task(
    name="treatment-plan",
    title="Draft a treatment plan",
    version="1",
    input=ChartInput,
    output=TreatmentPlan,
    reads=_CHART,
    role="best",
)

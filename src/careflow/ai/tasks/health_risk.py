"""``health-risk``: published scores from a patient's values; what is missing is named."""

from __future__ import annotations

from typing import Any

import msgspec

from careflow.ai.task import Task, TaskInput, TaskOutput


class RiskInput(TaskInput, frozen=True, kw_only=True):
    """One calculator with its values, or a patient whose chart has them."""

    alternatives = ("calculator", "patient")
    calculator: str | None = None
    inputs: dict[str, Any] = msgspec.field(default_factory=dict)
    patient: str | None = None


class Score(TaskOutput, frozen=True, kw_only=True):
    """One published score."""

    calculator: str
    value: float | None
    unit: str | None = None
    category: str | None = None
    inputs: dict[str, Any]
    missing: tuple[str, ...] = ()
    source: str


class HealthRisk(TaskOutput, frozen=True, kw_only=True):
    """Scores, each with what it was computed from."""

    scores: tuple[Score, ...]


HEALTH_RISK: Task[HealthRisk] = Task(
    name="health-risk",
    title="Compute published risk scores",
    version="1",
    input=RiskInput,
    output=HealthRisk,
    reads=("Patient", "Observation", "Condition", "MedicationRequest"),
)

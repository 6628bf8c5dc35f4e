"""``prescription``: the medicines that a prescription names, each part with its place."""

from __future__ import annotations

from careflow.ai.task import PaperInput, Span, Task, TaskOutput


class PrescribedMedication(TaskOutput, frozen=True, kw_only=True):
    """One line of a prescription; what is not written stays ``None``."""

    drug: str
    dose: str | None = None
    unit: str | None = None
    route: str | None = None
    frequency: str | None = None
    duration: str | None = None
    as_needed: bool = False
    quantity: str | None = None
    refills: int | None = None
    spans: tuple[Span, ...]


class Prescription(TaskOutput, frozen=True, kw_only=True):
    """What a prescription says, and what is wrong with it."""

    medications: tuple[PrescribedMedication, ...]
    problems: tuple[str, ...] = ()


PRESCRIPTION: Task[Prescription] = Task(
    name="prescription",
    title="Read a prescription",
    version="1",
    input=PaperInput,
    output=Prescription,
)

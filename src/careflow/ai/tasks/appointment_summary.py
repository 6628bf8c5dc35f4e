"""``appointment-summary``: a visit in four sections, every claim with the words behind it."""

from __future__ import annotations

from careflow.ai.task import Span, Task, TaskInput, TaskOutput, Words


class VisitInput(TaskInput, frozen=True, kw_only=True):
    """What was said in a visit, or the visit's id."""

    alternatives = ("dialogue", "encounter")
    dialogue: Words | None = None
    encounter: str | None = None


class NoteSections(TaskOutput, frozen=True, kw_only=True):
    """The four sections of a note."""

    subjective: str
    objective: str
    assessment: str
    plan: str


class Claim(TaskOutput, frozen=True, kw_only=True):
    """One statement of the note and where it was said."""

    text: str
    spans: tuple[Span, ...]


class AppointmentSummary(TaskOutput, frozen=True, kw_only=True):
    """A note to be read, corrected and signed."""

    sections: NoteSections
    claims: tuple[Claim, ...]


APPOINTMENT_SUMMARY: Task[AppointmentSummary] = Task(
    name="appointment-summary",
    title="Draft a note of a visit",
    version="1",
    input=VisitInput,
    output=AppointmentSummary,
    reads=("Encounter", "Observation", "Condition", "MedicationRequest"),
)

"""``patient-chat`` and ``health-tutor``: answers for patients, each with what it rests on."""

from __future__ import annotations

from typing import Literal

from careflow.ai.task import Task, TaskInput, TaskOutput, Words


class Message(TaskInput, frozen=True, kw_only=True):
    """One turn of a conversation."""

    role: Literal["patient", "assistant", "staff"]
    text: Words


class ChatInput(TaskInput, frozen=True, kw_only=True):
    """The conversation so far; with ``patient``, about their own record."""

    messages: tuple[Message, ...]
    patient: str | None = None


class TutorInput(TaskInput, frozen=True, kw_only=True):
    """A term to explain, how plainly, and in which language."""

    term: str
    level: Literal["plain", "detailed"] = "plain"
    language: str = "en"


class Citation(TaskOutput, frozen=True, kw_only=True):
    """What an answer rests on: a resource of the record, or a published entry."""

    source: str
    text: str


class PatientAnswer(TaskOutput, frozen=True, kw_only=True):
    """An answer; ``escalation`` says why a person must take over."""

    answer: str
    citations: tuple[Citation, ...]
    escalation: str | None = None


PATIENT_CHAT: Task[PatientAnswer] = Task(
    name="patient-chat",
    title="Answer a patient's question from their record",
    version="1",
    input=ChatInput,
    output=PatientAnswer,
    reads=(
        "Patient",
        "AllergyIntolerance",
        "Condition",
        "MedicationRequest",
        "MedicationStatement",
        "Encounter",
        "Observation",
        "DiagnosticReport",
        "Procedure",
        "Immunization",
        "Appointment",
    ),
    audience="patient",
)

HEALTH_TUTOR: Task[PatientAnswer] = Task(
    name="health-tutor",
    title="Explain a medical term in plain words",
    version="1",
    input=TutorInput,
    output=PatientAnswer,
    audience="patient",
)

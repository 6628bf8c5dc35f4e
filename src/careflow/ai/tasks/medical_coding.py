"""``medical-coding``: the codes that a note supports, each with the words that support it."""

from __future__ import annotations

from typing import Literal

from careflow.ai.task import Span, Task, TaskInput, TaskOutput, Words


class CodingInput(TaskInput, frozen=True, kw_only=True):
    """A note, and the system to code it in."""

    text: Words
    system: Literal["icd-10-cm"] = "icd-10-cm"


class SuggestedCode(TaskOutput, frozen=True, kw_only=True):
    """A code and its evidence in the note."""

    code: str
    display: str
    score: float
    evidence: tuple[Span, ...]


class MedicalCoding(TaskOutput, frozen=True, kw_only=True):
    """Codes, the best supported first."""

    codes: tuple[SuggestedCode, ...]


MEDICAL_CODING: Task[MedicalCoding] = Task(
    name="medical-coding",
    title="Suggest codes for a note",
    version="1",
    input=CodingInput,
    output=MedicalCoding,
)

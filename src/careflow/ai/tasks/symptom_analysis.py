"""``symptom-analysis``: how soon someone with these symptoms should be seen."""

from __future__ import annotations

from typing import Literal

import msgspec

from careflow.ai.task import Span, Task, TaskInput, TaskOutput, Words

Level = Literal["emergency", "urgent", "routine", "self-care"]


class SymptomInput(TaskInput, frozen=True, kw_only=True):
    """What a person says is wrong; vital signs by name (``heart_rate``, ``spo2``)."""

    text: Words
    age: float | None = None
    sex: str | None = None
    vitals: dict[str, float] = msgspec.field(default_factory=dict)
    language: str | None = None


class RedFlag(TaskOutput, frozen=True, kw_only=True):
    """Words that no one may overlook, and the rule that says so."""

    phrase: str
    span: Span
    rule: str


class SymptomAnalysis(TaskOutput, frozen=True, kw_only=True):
    """How soon, why, and what to ask next."""

    level: Level
    red_flags: tuple[RedFlag, ...] = ()
    advice: str
    questions: tuple[str, ...] = ()


SYMPTOM_ANALYSIS: Task[SymptomAnalysis] = Task(
    name="symptom-analysis",
    title="Say how soon symptoms should be seen",
    version="1",
    input=SymptomInput,
    output=SymptomAnalysis,
    audience="patient",
)

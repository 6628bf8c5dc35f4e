"""``translation``: a draft in another language, with what a translator must look at."""

from __future__ import annotations

from careflow.ai.task import Task, TaskInput, TaskOutput, Words


class TranslationInput(TaskInput, frozen=True, kw_only=True):
    """A text and two languages by their ISO 639-1 codes."""

    text: Words
    source: str
    target: str


class TranslationChecks(TaskOutput, frozen=True, kw_only=True):
    """Whether numbers, negations and doses are the same on both sides."""

    numbers: bool
    negations: bool
    doses: bool


class Translation(TaskOutput, frozen=True, kw_only=True):
    """A draft; a qualified translator signs what matters."""

    text: str
    back_translation: str | None = None
    checks: TranslationChecks


TRANSLATION: Task[Translation] = Task(
    name="translation",
    title="Draft a translation",
    version="1",
    input=TranslationInput,
    output=Translation,
)

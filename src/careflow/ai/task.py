"""What a task is: a name that stays, what it may read, and the version of how it is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Generic, TypeVar

from careflow.ai.reading.page import PageText
from careflow.errors import BadInputError, NotFoundError, UnavailableError, UnprocessableError

O = TypeVar("O")  # noqa: E741 - output

BUILT_LATER = frozenset(
    {
        "drug-interactions",
        "prescription",
        "health-risk",
        "symptom-analysis",
        "medical-coding",
        "radiology-report",
        "appointment-summary",
        "patient-chat",
        "health-tutor",
        "decision-support",
        "treatment-plan",
        "literature-search",
        "translation",
        "image-analysis",
        "audio-transcription",
        "video-analysis",
        "text-classification",
        "sentiment",
        "entities",
        "prediction",
    }
)
"""Names of tasks that are kept for them and not built."""


class NoSuchTaskError(NotFoundError):
    """No task has this name."""

    code: ClassVar[str] = "ai-no-such-task"

    def __init__(self) -> None:
        super().__init__("There is no AI task of this name.")


class TaskNotAvailableError(UnavailableError):
    """A task that is planned and not built."""

    code: ClassVar[str] = "ai-task-not-available"
    issue: ClassVar[str] = "not-supported"

    def __init__(self) -> None:
        super().__init__("This AI task is not available yet: please do it by hand.")


class NoEngineError(UnavailableError):
    """No engine can run the task now."""

    code: ClassVar[str] = "ai-no-engine"

    def __init__(self, reason: str) -> None:
        super().__init__(f"No AI engine can do this now ({reason}): please do it by hand.")


class BadTaskInputError(BadInputError):
    """The input does not have the form the task takes."""

    code: ClassVar[str] = "ai-bad-input"


class AbstainedError(UnprocessableError):
    """The engine cannot say: the input is empty, unreadable or not about what was asked."""

    code: ClassVar[str] = "ai-abstained"


@dataclass(frozen=True, slots=True)
class GivenFile:
    """A file to read; ``key`` names it in sources and never tells its name."""

    content: bytes
    media_type: str
    key: str


@dataclass(frozen=True, slots=True)
class GivenResult:
    """One result to look at, as text."""

    test: str
    value: str | None
    unit: str | None = None
    low: str | None = None
    high: str | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """What a task is given: a file, its pages, a text or results.

    Attributes:
        pages: The file's pages once they were read, so that two tasks read them once.
    """

    file: GivenFile | None = None
    pages: Sequence[PageText] | None = None
    text: str | None = None
    results: Sequence[GivenResult] | None = None


@dataclass(frozen=True, slots=True)
class Task(Generic[O]):
    """One thing that can be asked of an engine.

    Attributes:
        version: Of the task's own contract: input and output.
        prompt: Version of the prompt, or of the method where no model is asked.
        reads: Parts of a patient's record that the task may see.
        takes: Which of ``file``, ``text`` and ``results`` it can be given.
        output: What it answers with.
    """

    name: str
    title: str
    version: str
    prompt: str
    reads: tuple[str, ...]
    takes: frozenset[str]
    output: type[O]

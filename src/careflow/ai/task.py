"""What a task is: a name that stays, what it may read, and the version of how it is done."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, Generic, TypeVar

import msgspec

from careflow.ai.call import Audience
from careflow.ai.model import Role
from careflow.ai.reading.page import PageText
from careflow.errors import BadInputError, NotFoundError, UnavailableError, UnprocessableError

O = TypeVar("O")  # noqa: E741 - output

Words = Annotated[str, msgspec.Meta(max_length=200_000)]
"""A text of any length that a person would send."""
Span = tuple[int, int]
"""``[start, end)`` offsets, in characters, into the text that was given."""


class NoSuchTaskError(NotFoundError):
    """No task has this name."""

    code: ClassVar[str] = "ai-no-such-task"

    def __init__(self) -> None:
        super().__init__("There is no AI task of this name.")


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


class TooLargeToSendError(UnprocessableError):
    """An engine elsewhere does not take so much at once; nothing was sent."""

    code: ClassVar[str] = "ai-too-large-to-send"

    def __init__(self) -> None:
        super().__init__("This is too much for an AI engine elsewhere to take: send less at once.")


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


class TaskInput(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a task takes, as JSON outside; unknown fields are refused.

    ``alternatives`` names the fields of which exactly one must be given.
    """

    alternatives: ClassVar[tuple[str, ...]] = ()

    def __post_init__(self) -> None:
        """Refuse an input that gives none of the alternatives, or several."""
        given = [name for name in self.alternatives if getattr(self, name) is not None]
        if self.alternatives and len(given) != 1:
            msg = f"exactly one of {' or '.join(self.alternatives)} must be given"
            raise ValueError(msg)


class TextInput(TaskInput, frozen=True, kw_only=True):
    """A text alone."""

    text: Words


class PaperInput(TaskInput, frozen=True, kw_only=True):
    """A file by its name, or a text."""

    alternatives: ClassVar[tuple[str, ...]] = ("file", "text")
    file: str | None = None
    text: Words | None = None


class FileInput(TaskInput, frozen=True, kw_only=True):
    """A file by its name."""

    file: str


class TaskOutput(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a task answers, as JSON outside; its JSON Schema binds every model."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of a patient's record, in words; ``source`` is the resource, ``Observation/7``."""

    source: str
    text: str


@dataclass(frozen=True, slots=True)
class Given:
    """What a task is given.

    Attributes:
        asked: The whole input, as the task's own type.
        pages: The file's pages once they were read, so that two tasks read them once.
        record: What the task may see of the patient's record, the newest first.
        left_out: How many resources of each kind were not shown, where there were too many.
    """

    file: GivenFile | None = None
    pages: Sequence[PageText] | None = None
    text: str | None = None
    results: Sequence[GivenResult] | None = None
    asked: TaskInput | None = None
    record: Sequence[Passage] = ()
    left_out: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Task(Generic[O]):
    """One thing that can be asked of an engine.

    Attributes:
        version: Of the task's own contract: input and output.
        reads: Kinds of a patient's record that the task may see, by the patient's id.
        input: What it takes.
        output: What it answers with.
        role: Which model of an engine it asks for, where one is asked.
        audience: Who reads the answer; a patient's is bound by more rules.
        wire: What a model answers with, where that is not the output itself.
        taken: Makes the output of what a model answered, and of what it was given.
        is_device: Whether regulators count it as a device's work: off until the operator turns it
            on.
    """

    name: str
    title: str
    version: str
    input: type[TaskInput]
    output: type[O]
    reads: tuple[str, ...] = ()
    role: Role = "standard"
    audience: Audience = "clinic"
    is_device: bool = False
    wire: type[TaskOutput] | None = None
    taken: Callable[[Any, Given], O] | None = None

"""The engine port: whatever answers tasks, on this machine or elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar, runtime_checkable

from careflow.ai.call import Call
from careflow.ai.draft import Maker, Source
from careflow.ai.finding import Finding
from careflow.ai.policy import Route
from careflow.ai.task import Given, Passage, Task

O = TypeVar("O")  # noqa: E741 - output


@dataclass(frozen=True, slots=True)
class Answer(Generic[O]):
    """What an engine answered, and what made it.

    Attributes:
        usage: Counted things, e.g. pages or tokens.
        findings: What a person has to look at before they may sign.
        redacted: How many identifiers of each label were taken out on the way to the engine.
        left_out: How many resources of each kind the engine was not shown.
        notice: What goes along with an answer that a patient reads.
        given: The words that it was made from, identifiers in place.
    """

    output: O
    made_by: Maker
    sources: tuple[Source, ...] = ()
    usage: Mapping[str, int] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    redacted: Mapping[str, int] = field(default_factory=dict)
    left_out: Mapping[str, int] = field(default_factory=dict)
    notice: str | None = None
    given: tuple[Passage, ...] = ()


@dataclass(frozen=True, slots=True)
class Serving:
    """Whether an engine can run a task now, and why not."""

    engine: str
    available: bool
    reason: str | None = None


class Engine(Protocol):
    """Answers tasks."""

    @property
    def name(self) -> str:
        """Return the name that settings and drafts use."""
        ...

    def serving(self, task: str) -> Serving:
        """Report, without calling anything, whether this engine can run the task now."""
        ...

    @property
    def route(self) -> Route:
        """Return the engine as the policy sees it."""
        ...

    async def answer(self, task: Task[O], given: Given, call: Call) -> Answer[O]:
        """Run the task.

        Raises:
            careflow.ai.task.AbstainedError: It cannot say, and the message tells what is missing.
            careflow.errors.CareFlowError: The input cannot be read; nothing was made up.
        """
        ...


@runtime_checkable
class KeepsModels(Protocol):
    """An engine that serves models of the operator's own."""

    @property
    def refused(self) -> Mapping[str, str]:
        """Return the files that are not served, and why."""
        ...

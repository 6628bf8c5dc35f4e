"""The life of a task: what it may see, an engine that serves it, and the guard over its answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar, cast

from careflow.ai.context import Reader, gathered
from careflow.ai.engine import Answer, Engine, Serving
from careflow.ai.guard import guarded
from careflow.ai.lab_report import LabReport
from careflow.ai.task import (
    BUILT_LATER,
    BadTaskInputError,
    Given,
    NoEngineError,
    NoSuchTaskError,
    Task,
    TaskNotAvailableError,
)
from careflow.ai.tasks.document_analysis import DOCUMENT_ANALYSIS, DocumentAnalysis
from careflow.ai.tasks.lab_results import LAB_RESULTS

O = TypeVar("O")  # noqa: E741 - output

TASKS: Mapping[str, Task[Any]] = {task.name: task for task in (LAB_RESULTS, DOCUMENT_ANALYSIS)}


@dataclass(frozen=True, slots=True)
class Tasks:
    """The tasks that are built, and the engines that may serve them, in order of preference."""

    engines: Sequence[Engine]
    reader: Reader

    def listed(self) -> list[Task[Any]]:
        """Return every task that is built."""
        return list(TASKS.values())

    def named(self, name: str) -> Task[Any]:
        """Return a task.

        Raises:
            TaskNotAvailableError: It is planned and not built.
            NoSuchTaskError: No task has this name.
        """
        if name in BUILT_LATER:
            raise TaskNotAvailableError
        if name not in TASKS:
            raise NoSuchTaskError
        return TASKS[name]

    def serving(self, name: str) -> list[Serving]:
        """Report for every engine whether it can run the task now."""
        return [engine.serving(name) for engine in self.engines]

    async def answer(self, task: Task[O], given: Given) -> Answer[O]:
        """Run a task on the first engine that can, and check what it says.

        Raises:
            NoEngineError: No engine can run it now; there is no answer rather than a filler.
            BadTaskInputError: The task does not take what was given.
            AbstainedError: The engine cannot say.
            careflow.errors.CareFlowError: The input cannot be read.
        """
        _require_taken(task, given)
        engine = self._engine_for(task.name)
        answer = await engine.answer(task, await gathered(given, self.reader))
        return replace(answer, output=_guarded(answer.output))

    def _engine_for(self, name: str) -> Engine:
        reports = [(engine, engine.serving(name)) for engine in self.engines]
        for engine, report in reports:
            if report.available:
                return engine
        reasons = [report.reason or "not available" for _, report in reports]
        raise NoEngineError("; ".join(reasons) or "no engine is configured")


def _require_taken(task: Task[Any], given: Given) -> None:
    parts = {"file": given.file, "text": given.text, "results": given.results}
    there = {name for name, part in parts.items() if part is not None}
    if given.pages is None and (len(there) != 1 or not there <= task.takes):
        wanted = " or ".join(sorted(task.takes))
        raise BadTaskInputError(f"The task takes exactly one of these: {wanted}.")


def _guarded(output: O) -> O:
    """Return the output with every report in it traced to its source."""
    if isinstance(output, LabReport):
        return cast("O", guarded(output))
    if isinstance(output, DocumentAnalysis):
        return cast("O", replace(output, report=guarded(output.report)))
    return output

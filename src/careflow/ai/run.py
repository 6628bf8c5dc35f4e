"""The life of a task: what it may see, an engine that serves it, and the guard over its answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar, cast

from careflow.ai.context import Reader, gathered
from careflow.ai.engine import Answer, Engine, Serving
from careflow.ai.guard import guarded
from careflow.ai.lab_report import LabReport
from careflow.ai.task import Given, NoEngineError, Task
from careflow.ai.tasks.document_analysis import DocumentAnalysis

O = TypeVar("O")  # noqa: E741 - output


@dataclass(frozen=True, slots=True)
class Tasks:
    """Answers tasks by the engines that may serve them, in order of preference."""

    engines: Sequence[Engine]
    reader: Reader

    def serving(self, name: str) -> list[Serving]:
        """Report for every engine whether it can run the task now."""
        return [engine.serving(name) for engine in self.engines]

    async def answer(self, task: Task[O], given: Given) -> Answer[O]:
        """Run a task on the first engine that can, and check what it says.

        Raises:
            NoEngineError: No engine can run it now; there is no answer rather than a filler.
            AbstainedError: The engine cannot say.
            careflow.errors.CareFlowError: The input cannot be read.
        """
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


def _guarded(output: O) -> O:
    """Return the output with every report in it traced to its source."""
    if isinstance(output, LabReport):
        return cast("O", guarded(output))
    if isinstance(output, DocumentAnalysis):
        return cast("O", replace(output, report=guarded(output.report)))
    return output

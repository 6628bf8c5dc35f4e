"""What the clinic's tables know, which a model may explain and never overrule."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Protocol, TypeVar, cast, get_args

import msgspec

from careflow.ai.guard.lab_rows import guarded
from careflow.ai.lab_report import LabReport
from careflow.ai.task import Given, Task
from careflow.ai.tasks.document_analysis import DocumentAnalysis
from careflow.ai.tasks.symptom_analysis import Level, SymptomAnalysis

O = TypeVar("O")  # noqa: E741 - output


class Knowledge(Protocol):
    """Tables and rules that hold whatever a model says."""

    def at_least(self, task: Task[Any], given: Given) -> Level | None:
        """Return how soon the input must be acted on by rules, before any model is asked."""
        ...

    def settled(self, output: O, given: Given) -> O:
        """Return the output with what tables know in place of what a model said of it."""
        ...


class LabTables:
    """The tables of laboratory results: codes, units, flags and critical limits."""

    def at_least(self, task: Task[Any], given: Given) -> Level | None:  # noqa: ARG002 - the port's
        """Return ``None``: a laboratory table says nothing of symptoms."""
        return None

    def settled(self, output: O, given: Given) -> O:  # noqa: ARG002 - the port's
        """Return the output with every row of a report traced to the line it was read from."""
        if isinstance(output, LabReport):
            return cast("O", guarded(output))
        if isinstance(output, DocumentAnalysis):
            return cast("O", replace(output, report=guarded(output.report)))
        return output


def raised(output: O, at_least: Level | None) -> O:
    """Return the output no calmer than the rules are; a model can raise a level, never lower it."""
    if at_least is None or not isinstance(output, SymptomAnalysis):
        return output
    order = get_args(Level)
    if order.index(output.level) <= order.index(at_least):
        return output
    return cast("O", msgspec.structs.replace(output, level=at_least))

"""``radiology-report``: what a radiologist's report finds, denies and leaves open."""

from __future__ import annotations

from typing import Literal

from careflow.ai.task import Span, Task, TaskOutput, TextInput


class RadiologyFinding(TaskOutput, frozen=True, kw_only=True):
    """A finding, and whether the report affirms it."""

    name: str
    status: Literal["positive", "negative", "uncertain"]
    span: Span


class RadiologyReport(TaskOutput, frozen=True, kw_only=True):
    """What the report says; ``critical`` names what someone must be told of at once."""

    findings: tuple[RadiologyFinding, ...]
    impression: str
    critical: tuple[str, ...] = ()


RADIOLOGY_REPORT: Task[RadiologyReport] = Task(
    name="radiology-report",
    title="Read a radiology report",
    version="1",
    input=TextInput,
    output=RadiologyReport,
)

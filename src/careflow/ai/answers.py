"""What comes out of a task as JSON, the same over HTTP and in batches."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

import msgspec

from careflow.ai.call import Call
from careflow.ai.engine import Answer
from careflow.ai.gateway import Gateway
from careflow.ai.lab_report import LabReport, Row, Unreadable
from careflow.ai.policy import BlockedByPolicyError
from careflow.ai.reading.errors import ReadingError
from careflow.ai.task import AbstainedError, Given, NoEngineError, Task
from careflow.ai.tasks.document_analysis import DocumentAnalysis
from careflow.knowledge.labs import parse_value

Json = dict[str, Any]
Status = Literal["ok", "abstained", "blocked", "failed"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one run of a task ended.

    Attributes:
        trail: How it ended and what was taken out on the way, in counts, for the audit.
    """

    status: Status
    output: Json | None = None
    reason: str | None = None
    engine: str | None = None
    model: str | None = None
    prompt: str | None = None
    sources: list[Json] = field(default_factory=list)
    usage: Mapping[str, int] = field(default_factory=dict)
    findings: list[Json] = field(default_factory=list)
    left_out: Mapping[str, int] = field(default_factory=dict)
    notice: str | None = None
    draft: str | None = None
    trail: str | None = None

    @property
    def made_by(self) -> tuple[str, ...]:
        """Return what made it and what became of it, as the trail names them."""
        named = {
            "ai-engine": self.engine,
            "ai-model": self.model,
            "ai-prompt": self.prompt,
            "draft": self.draft,
        }
        return tuple(f"{kind}/{name}" for kind, name in named.items() if name)

    def as_json(self) -> Json:
        """Return it as plain data."""
        plain = asdict(self)
        del plain["trail"]
        return plain


Keep = Callable[[Answer[Any], Json], Awaitable[str]]
"""Stores an answer and its JSON as a draft, and returns the draft's id."""


async def outcome_of(
    gateway: Gateway, task: Task[Any], given: Given, call: Call, *, keep: Keep | None = None
) -> Outcome:
    """Run a task; what no engine may or can say is an answer, not an error.

    Raises:
        careflow.errors.CareFlowError: Anything else that stops it.
    """
    try:
        answer = await gateway.answer(task, given, call)
    except BlockedByPolicyError as error:
        return Outcome("blocked", reason=error.message, trail="blocked")
    except (AbstainedError, NoEngineError, ReadingError) as error:
        return Outcome("abstained", reason=error.message, trail=f"abstained: {error.code}")
    output = output_json(answer)
    return Outcome(
        "ok",
        output=output,
        engine=answer.made_by.engine,
        model=answer.made_by.model,
        prompt=answer.made_by.prompt,
        sources=[_without_nothing(asdict(source)) for source in answer.sources],
        usage=answer.usage,
        findings=[{**asdict(one), "sentence": one.sentence} for one in answer.findings],
        left_out=answer.left_out,
        notice=answer.notice,
        trail=_counted(answer),
        draft=await keep(answer, output) if keep is not None else None,
    )


def _counted(answer: Answer[Any]) -> str:
    redacted = ", ".join(f"{label} {count}" for label, count in sorted(answer.redacted.items()))
    return f"ok; taken out: {redacted or 'nothing'}; findings: {len(answer.findings)}"


def output_json(answer: Answer[Any]) -> Json:
    """Return a task's output in the form that stays."""
    output = answer.output
    if isinstance(output, msgspec.Struct):
        plain: Json = msgspec.to_builtins(output)
        return plain
    if isinstance(output, LabReport):
        return _report(output)
    if isinstance(output, DocumentAnalysis):
        return {
            "kind": output.kind,
            "summary": output.summary,
            "rows": [_row(row) for row in output.report.rows],
            "findings": list(output.findings),
            "spans": [_without_nothing(asdict(span)) for span in output.spans],
            "pages": output.pages,
        }
    msg = f"No JSON form for {type(output).__name__}."
    raise TypeError(msg)


def _report(report: LabReport) -> Json:
    return {
        "rows": [_row(row) for row in report.rows],
        "unreadable": [_unreadable(one) for one in report.unreadable],
        "explanation": report.explanation,
        "report": _without_nothing(asdict(report.head)),
    }


def _row(row: Row) -> Json:
    always = {
        "test": row.test,
        "value": _number_or_text(row.value),
        "unit": row.unit,
        "low": _number_or_text(row.low),
        "high": _number_or_text(row.high),
        "flag": row.flag,
        "confidence": row.confidence,
    }
    sometimes = {
        "loinc": row.loinc,
        "page": row.page,
        "box": row.box,
        "range_text": row.range_text,
        "problem": row.problem,
    }
    return {**always, **_without_nothing(sometimes)}


def _unreadable(one: Unreadable) -> Json:
    return _without_nothing(asdict(one))


def _number_or_text(text: str | None) -> int | float | str | None:
    """Return a plain number as a number; bounds and words stay text."""
    value = parse_value(text) if text else None
    if value is None or value.number is None or value.comparator:
        return text
    whole = value.number == value.number.to_integral_value()
    return int(value.number) if whole and "." not in (text or "") else float(value.number)


def _without_nothing(data: Json) -> Json:
    return {key: value for key, value in data.items() if value is not None}

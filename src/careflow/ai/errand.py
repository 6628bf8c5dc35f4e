"""A task as it is sent to a function elsewhere, and what comes back: plain data both ways.

The input has passed the privacy gateway before. Files and pages are no part of it; the function
lays the text out anew. Sending an errand twice is sending it once: the methods over there are pure
and store nothing.
"""

from __future__ import annotations

from typing import Any, Literal, TypeVar

import msgspec

from careflow.ai.draft import Maker, Source
from careflow.ai.engine import Answer
from careflow.ai.reading.plain_text import page_of_text
from careflow.ai.restoring import restored
from careflow.ai.task import Given, GivenResult, Passage, Span, Task

O = TypeVar("O")  # noqa: E741 - output
Json = dict[str, Any]

FORM = 1
"""Of errands and reports; both ends name theirs, so that an old function is found out."""

Ended = Literal["ok", "abstained", "no-method", "unreadable", "other-form"]
_REASON_MAX = 400


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """An errand."""

    form: int
    task: str
    version: str
    text: str | None = None
    results: tuple[GivenResult, ...] | None = None
    asked: Json | None = None
    record: tuple[Passage, ...] = ()


class Report(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What became of an errand.

    Attributes:
        model: What answered, with its version, as on this machine.
        prompt: Version of the method.
        reason: Why it cannot say, if it abstained.
    """

    form: int
    ended: Ended
    output: Any = None
    model: str = ""
    prompt: str = ""
    sources: tuple[Source, ...] = ()
    usage: dict[str, int] = msgspec.field(default_factory=dict)
    reason: str = ""


class NotAReportError(ValueError):
    """What came back is no report on this task."""


def errand(task: Task[Any], given: Given) -> bytes:
    """Return a task and its input as JSON; the same input is the same bytes."""
    asked: Json | None = None if given.asked is None else msgspec.to_builtins(given.asked)
    sent = Sent(
        form=FORM,
        task=task.name,
        version=task.version,
        text=given.text,
        results=None if given.results is None else tuple(given.results),
        asked=asked,
        record=tuple(given.record),
    )
    return msgspec.json.encode(sent, order="deterministic")


def sent_in(event: object) -> Sent:
    """Return the errand of an event.

    Raises:
        msgspec.ValidationError: It is none.
    """
    return msgspec.convert(event, Sent)


def given_in(sent: Sent, task: Task[Any]) -> Given:
    """Return what an errand gives to its task.

    Raises:
        msgspec.ValidationError: The task takes another input.
    """
    return Given(
        asked=None if sent.asked is None else msgspec.convert(sent.asked, task.input),
        text=sent.text,
        pages=None if sent.text is None else [page_of_text(sent.text)],
        results=sent.results,
        record=sent.record,
    )


def report_of(answer: Answer[Any]) -> Json:
    """Return an answer as plain data."""
    return _plain(
        Report(
            form=FORM,
            ended="ok",
            output=answer.output,
            model=answer.made_by.model,
            prompt=answer.made_by.prompt,
            sources=answer.sources,
            usage=dict(answer.usage),
        )
    )


def report_of_ending(ended: Ended, reason: str = "") -> Json:
    """Return an ending without an answer as plain data."""
    return _plain(Report(form=FORM, ended=ended, reason=reason))


def _plain(report: Report) -> Json:
    plain: Json = msgspec.to_builtins(report)
    return plain


def report_in(payload: bytes) -> Report:
    """Return the report that came back, its output not looked at yet.

    Raises:
        NotAReportError: It is none.
    """
    try:
        report = msgspec.json.decode(payload, type=Report)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        # The words of the error may hold words of the answer.
        raise NotAReportError from error
    if len(report.reason) > _REASON_MAX or (report.ended == "abstained") != bool(report.reason):
        raise NotAReportError
    return report


def answer_in(report: Report, task: Task[O], given: Given, *, engine: str) -> Answer[O]:
    """Return the answer of a report, if it has the task's form and its places are places.

    Raises:
        NotAReportError: It is no answer to this task.
    """
    long = len(given.text or "")
    try:
        output = msgspec.convert(report.output, task.output)
        restored(output, words=str, place=lambda span: _within(span, long))
    except (msgspec.ValidationError, RecursionError) as error:
        raise NotAReportError from error
    if not (report.model and report.prompt):
        raise NotAReportError
    for place in report.sources:
        _within((place.start or 0, place.end or 0), long)
    made_by = Maker(engine, report.model, report.prompt)
    return Answer(output, made_by, report.sources, report.usage)


def _within(span: Span, long: int) -> Span:
    if not 0 <= span[0] <= span[1] <= long:
        raise NotAReportError
    return span

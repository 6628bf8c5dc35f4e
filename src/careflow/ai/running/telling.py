"""A run as it is told over HTTP: its answer, and its steps as server-sent events."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any, Literal

from pydantic import BaseModel

from careflow.ai.answers import Outcome
from careflow.ai.desk import Desk
from careflow.ai.following import Begun, Ended, Following, Written
from careflow.ai.progress import Step
from careflow.ai.running.ask import Question, answered
from careflow.ai.task import NoEngineError, Task
from careflow.errors import CareFlowError
from careflow.identity.actor import Actor

EVENTS = "text/event-stream"
UNHELD = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
"""Headers that keep proxies from holding events back."""
NOBODY = "No program that could answer this is switched on at your clinic."


class AnswerView(BaseModel):
    """What a task answered: for reading, not part of any record."""

    task: str
    status: Literal["ok", "abstained", "blocked", "failed"]
    output: dict[str, Any] | None
    reason: str | None
    engine: str | None
    model: str | None
    prompt: str | None
    sources: list[dict[str, Any]]
    usage: dict[str, int]
    findings: list[dict[str, Any]]
    left_out: dict[str, int]
    notice: str | None
    draft: str | None


class StepEvent(BaseModel):
    """``event: step``: what a run begins to do, on which engine."""

    step: Step
    engine: str | None


class WritingEvent(BaseModel):
    """``event: writing``: how many characters a model has written; never which."""

    characters: int


class StoppedEvent(BaseModel):
    """``event: problem``: why there is no answer."""

    code: str
    status: int
    detail: str


async def events_of(
    desk: Desk, question: Question, actor: Actor, *, is_patients: bool = False
) -> AsyncGenerator[str, None]:
    """Yield a run as server-sent events; no word of an answer is among them before it is whole."""
    following = Following()
    run = answered(desk, question, actor, following)
    try:
        async with aclosing(following.told(run)) as told:
            async for news in told:
                match news:
                    case Begun(step, engine):
                        yield event("step", StepEvent(step=step, engine=engine))
                    case Written(characters):
                        yield event("writing", WritingEvent(characters=characters))
                    case Ended(outcome):
                        view = view_of(question.task, outcome, is_patients=is_patients)
                        yield event("answer", view)
                    case None:
                        yield ": still here\n\n"
    except CareFlowError as error:
        problem = StoppedEvent(code=error.code, status=error.status, detail=error.message)
        yield event("problem", problem)


def event(name: str, data: BaseModel) -> str:
    """Return one server-sent event."""
    return f"event: {name}\ndata: {data.model_dump_json()}\n\n"


def view_of(task: Task[Any], outcome: Outcome, *, is_patients: bool = False) -> AnswerView:
    """Return how a run ended, as it is told; a patient need not know what engines are called."""
    plain = outcome.as_json()
    if is_patients and outcome.trail == f"abstained: {NoEngineError.code}":
        plain["reason"] = NOBODY
    return AnswerView(task=task.name, **plain)

"""Addresses of AI tasks: what there is, and running one, at once, followed as it goes, or later."""

# Annotations are evaluated here on purpose: FastAPI reads dependencies from a router's closure.

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Request
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import BaseModel

from careflow.ai.asking import TASKS, given_of, task_named
from careflow.ai.desk import Desk
from careflow.ai.file_given import SENT, require_takes_file, sent_file
from careflow.ai.running.ask import Question, answered, question_of, refuse_reports
from careflow.ai.running.telling import EVENTS, UNHELD, AnswerView, events_of, view_of
from careflow.ai.task import Given, Task
from careflow.database.work import Work
from careflow.identity.actor import Actor
from careflow.identity.permissions import require

Who = Callable[..., Awaitable[Actor]]


class EngineView(BaseModel):
    """Whether an engine can serve a task now, and why not."""

    name: str
    available: bool
    reason: str | None


class TaskView(BaseModel):
    """A task that can be asked for."""

    name: str
    title: str
    version: str
    reads: list[str]
    engines: list[EngineView]


class TasksView(BaseModel):
    """Every task."""

    tasks: list[TaskView]


class LaterView(BaseModel):
    """The job that runs a task."""

    task: str
    job: str


_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {EVENTS: {"schema": {"type": "string"}}},
        "description": "The answer; to `Accept: text/event-stream`, steps and last the answer.",
    },
    202: {"model": LaterView},
}


def router(desk: Desk, *, who: Who) -> APIRouter:
    """Return the addresses under ``/api/ai/tasks``."""
    api = APIRouter(prefix="/api/ai", tags=["ai"])
    _add_list(api, desk, who)
    _add_run(api, desk, who)
    _add_run_on_file(api, desk, who)
    return api


def _add_list(api: APIRouter, desk: Desk, who: Who) -> None:
    Asker = Annotated[Actor, Depends(who)]  # noqa: N806 - a type

    @api.get("/tasks")
    async def tasks(actor: Asker) -> TasksView:
        """List tasks, and on which engine each can run now."""
        require(actor, "ai:run")
        lines = [
            TaskView(
                name=task.name,
                title=task.title,
                version=task.version,
                reads=list(task.reads),
                engines=[
                    EngineView(name=one.engine, available=one.available, reason=one.reason)
                    for one in desk.gateway.serving(task.name)
                ],
            )
            for task in TASKS.values()
        ]
        return TasksView(tasks=lines)


def _add_run(api: APIRouter, desk: Desk, who: Who) -> None:
    Asker = Annotated[Actor, Depends(who)]  # noqa: N806 - a type

    @api.post("/tasks/{task}", response_model=AnswerView, responses=_ANSWERS)
    async def run(
        task: str,
        body: dict[str, Any],
        actor: Asker,
        store: Annotated[bool | None, Query()] = None,
        about: Annotated[str | None, Query(pattern=r"^[A-Za-z0-9.\-]{1,64}$")] = None,
        prefer: Annotated[str, Header()] = "",
        accept: Annotated[str, Header()] = "",
    ) -> AnswerView | JSONResponse | StreamingResponse:
        """Run a task on what was sent; an answer about a patient is stored as a draft for review.

        ``store`` says otherwise: true stores any answer, false none. ``about`` is the patient that
        a text is of, so that what the chart knows of them never leaves. A laboratory report is
        reviewed from the inbox alone. ``file`` is the id of a document of the inbox. With
        ``"later": true``, or ``Prefer: respond-async``, a job does it: the answer is 202 with the
        job's id, and the job's result names the draft. With ``Accept: text/event-stream`` the run
        is told as it goes: ``step``, ``writing``, and last ``answer`` or ``problem``; whoever hangs
        up stops it.
        """
        require(actor, "ai:run")
        is_later = body.pop("later", False) is True or "respond-async" in prefer
        asked = task_named(task)
        given = given_of(asked, body)
        if is_later:
            return await _asked_later(desk, asked, given, body, actor, about)
        question = await question_of(desk, asked, given, actor, store=store, about=about)
        return await _run(desk, question, actor, accept)


def _add_run_on_file(api: APIRouter, desk: Desk, who: Who) -> None:
    Asker = Annotated[Actor, Depends(who)]  # noqa: N806 - a type

    @api.post("/tasks/{task}/file", response_model=AnswerView, responses={200: _ANSWERS[200]})
    async def run_on_file(
        task: str,
        request: Request,
        actor: Asker,
        store: Annotated[bool | None, Query()] = None,
        about: Annotated[str | None, Query(pattern=r"^[A-Za-z0-9.\-]{1,64}$")] = None,
        accept: Annotated[str, Header()] = "",
    ) -> AnswerView | JSONResponse | StreamingResponse:
        """Run a task on a file (the body is its bytes); the file is not kept."""
        require(actor, "ai:run")
        asked = task_named(task)
        require_takes_file(asked.input.__struct_fields__)
        file = await sent_file(request.stream(), limit=desk.inbox.limit)
        given = replace(given_of(asked, {"file": SENT}), file=file)
        question = await question_of(desk, asked, given, actor, store=store, about=about)
        return await _run(desk, question, actor, accept)


async def _run(
    desk: Desk, question: Question, actor: Actor, accept: str
) -> AnswerView | StreamingResponse:
    if EVENTS in accept:
        told = events_of(desk, question, actor)
        return StreamingResponse(told, media_type=EVENTS, headers=UNHELD)
    return view_of(question.task, await answered(desk, question, actor))


async def _asked_later(
    desk: Desk,
    task: Task[Any],
    given: Given,
    body: dict[str, Any],
    actor: Actor,
    about: str | None,
) -> JSONResponse:
    """Queue a question, once it is known that the asker may ask it."""
    refuse_reports(task)
    await question_of(desk, task, given, actor, store=True, about=about)
    async with Work(desk.documents) as work:
        job = desk.later.ask(work, task, body, actor, about=about)
    return JSONResponse(
        LaterView(task=task.name, job=job.id).model_dump(),
        status_code=202,
        headers={"Location": f"/api/jobs/{job.id}"},
    )

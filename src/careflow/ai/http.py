"""Addresses of AI tasks and of the drafts they leave for review."""

# Annotations are evaluated here on purpose: FastAPI reads dependencies from a router's closure.

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Header, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from careflow.ai.answers import Keep, outcome_of
from careflow.ai.asking import TASKS, given_of, task_named
from careflow.ai.draft_view import DraftLine, DraftView, ReportStatus
from careflow.ai.drafts import LAB_REPORTS
from careflow.ai.editing import RowEdit
from careflow.ai.engine import Answer
from careflow.ai.gateway import Gateway
from careflow.ai.histories import Histories
from careflow.ai.lab_report import RowStatus
from careflow.ai.later import Later
from careflow.ai.review import Reviews
from careflow.ai.task import BadTaskInputError, Given, Task
from careflow.ai.task_drafts.review import TaskReviews
from careflow.audit.entry import AuditEntry
from careflow.audit.trail import Trail
from careflow.clock import Clock
from careflow.database.documents import Documents
from careflow.database.work import Work
from careflow.identity.access import scope_of
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


class LaterView(BaseModel):
    """The job that runs a task."""

    task: str
    job: str


class DraftsView(BaseModel):
    """Drafts in a list."""

    drafts: list[DraftLine]


class RowEditBody(BaseModel):
    """What a person says about one row; fields left out stay as they are."""

    model_config = ConfigDict(extra="forbid")
    index: int = Field(ge=0)
    status: RowStatus
    test: str | None = Field(default=None, min_length=1, max_length=200)
    loinc: str | None = Field(default=None, max_length=20)
    value: str | None = Field(default=None, max_length=200)
    unit: str | None = Field(default=None, max_length=50)
    low: str | None = Field(default=None, max_length=50)
    high: str | None = Field(default=None, max_length=50)


class EditBody(BaseModel):
    """Changes to rows of the version that was on screen, and when the sample was taken."""

    model_config = ConfigDict(extra="forbid")
    version: int
    rows: list[RowEditBody] = Field(max_length=1000)
    collected_at: str | None = Field(default=None, max_length=40)


class AcceptBody(BaseModel):
    """Signing: the version on screen, a word for the patient, and why a differing name is right."""

    model_config = ConfigDict(extra="forbid")
    version: int
    comment: str | None = Field(default=None, max_length=2000)
    identity_reason: str | None = Field(default=None, max_length=500)


class RejectBody(BaseModel):
    """Turning a draft down."""

    model_config = ConfigDict(extra="forbid")
    version: int
    reason: str = Field(min_length=3, max_length=500)


class FiledView(BaseModel):
    """What was written to the chart."""

    report_id: str
    observation_ids: list[str]
    patient_id: str


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything the addresses of this room stand on."""

    documents: Documents
    gateway: Gateway
    reviews: Reviews
    histories: Histories
    task_reviews: TaskReviews
    later: Later
    trail: Trail
    clock: Clock

    async def noted(
        self,
        action: str,
        actor: Actor,
        *,
        patients: list[str],
        subjects: tuple[str, ...] = (),
        reason: str | None = None,
    ) -> None:
        """Return once the entry of this read is durable."""
        await self.trail.note(
            AuditEntry(
                at=self.clock(),
                action=action,
                organisation=actor.organisation,
                actor=actor.id,
                role=actor.role,
                patients=tuple(dict.fromkeys(patients)),
                subjects=subjects,
                reason=reason,
            )
        )


def router(desk: Desk, *, who: Who) -> APIRouter:
    """Return the addresses under ``/api/ai``."""
    api = APIRouter(prefix="/api/ai", tags=["ai"])
    _add_tasks(api, desk, who)
    _add_drafts(api, desk, who)
    _add_decisions(api, desk, who)
    return api


def _add_tasks(api: APIRouter, desk: Desk, who: Who) -> None:
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

    @api.post("/tasks/{task}", response_model=AnswerView, responses={202: {"model": LaterView}})
    async def run(
        task: str,
        body: dict[str, Any],
        actor: Asker,
        store: Annotated[bool | None, Query()] = None,
        prefer: Annotated[str, Header()] = "",
    ) -> AnswerView | JSONResponse:
        """Run a task on what was sent; an answer about a patient is stored as a draft for review.

        ``store`` says otherwise: true stores any answer, false none. A laboratory report is
        reviewed from the inbox alone. With ``"later": true``, or ``Prefer: respond-async``, a job
        does it: the answer is 202 with the job's id, and the job's result names the draft.
        """
        require(actor, "ai:run")
        is_later = body.pop("later", False) is True or "respond-async" in prefer
        asked = task_named(task)
        given = given_of(asked, body)
        if getattr(given.asked, "file", None) is not None:
            raise BadTaskInputError("Upload the file to the inbox instead.", place="file")
        if is_later:
            return await _asked_later(desk, asked, given, body, actor)
        given = await desk.histories.gathered(asked, given, actor)
        patient = await desk.histories.patient_of(given, actor)
        call = await desk.gateway.call(
            asked, organisation=actor.organisation, actor=actor.id, patient=patient
        )
        is_kept = patient is not None if store is None else store
        if is_kept:
            _refuse_reports(asked)
        keep = _keeping(desk, asked, patient, actor) if is_kept else None
        outcome = await outcome_of(desk.gateway, asked, given, call, keep=keep)
        await desk.noted(
            f"ai:{asked.name}:run",
            actor,
            patients=[patient] if patient else [],
            subjects=outcome.made_by,
            reason=outcome.trail,
        )
        return AnswerView(task=asked.name, **outcome.as_json())


async def _asked_later(
    desk: Desk, task: Task[Any], given: Given, body: dict[str, Any], actor: Actor
) -> JSONResponse:
    """Queue a question, once it is known that the asker may ask it."""
    _refuse_reports(task)
    await desk.histories.gathered(task, given, actor)
    async with Work(desk.documents) as work:
        job = desk.later.ask(work, task, body, actor)
    return JSONResponse(
        LaterView(task=task.name, job=job.id).model_dump(),
        status_code=202,
        headers={"Location": f"/api/jobs/{job.id}"},
    )


def _refuse_reports(task: Task[Any]) -> None:
    if task.name == LAB_REPORTS:
        raise BadTaskInputError("Upload a laboratory report to the inbox instead.")


def _keeping(desk: Desk, task: Task[Any], patient: str | None, actor: Actor) -> Keep:
    async def keep(answer: Answer[Any], output: dict[str, Any]) -> str:
        async with Work(desk.documents) as work:
            kept = desk.task_reviews.keep(work, task, answer, output, patient=patient, actor=actor)
        return kept.id

    return keep


def _add_drafts(api: APIRouter, desk: Desk, who: Who) -> None:
    Asker = Annotated[Actor, Depends(who)]  # noqa: N806 - a type

    @api.get("/drafts")
    async def drafts(actor: Asker, status: ReportStatus | None = None) -> DraftsView:
        """List drafts, those with critical values first."""
        require(actor, "draft:read")
        lines = await desk.reviews.listed(status, scope_of(actor))
        patients = [line.patient.id for line in lines if line.patient]
        subjects = tuple(f"draft/{line.id}" for line in lines)
        await desk.noted("ai:draft:read", actor, patients=patients, subjects=subjects)
        return DraftsView(drafts=lines)

    @api.get("/drafts/{draft_id}")
    async def draft(draft_id: str, actor: Asker) -> DraftView:
        """Show a draft with every row, its place on the page, and what is left to check."""
        require(actor, "draft:read")
        view = await desk.reviews.view(draft_id, scope_of(actor))
        patients = [view.patient.id] if view.patient else []
        await desk.noted("ai:draft:read", actor, patients=patients, subjects=(f"draft/{view.id}",))
        return view


def _edit(row: RowEditBody) -> RowEdit:
    changes = row.model_dump(exclude_unset=True, exclude={"index", "status"})
    return RowEdit(row.index, row.status, changes)


def _add_decisions(api: APIRouter, desk: Desk, who: Who) -> None:
    Asker = Annotated[Actor, Depends(who)]  # noqa: N806 - a type

    @api.post("/drafts/{draft_id}/edit")
    async def edit(draft_id: str, body: EditBody, actor: Asker) -> DraftView:
        """Check, correct or remove rows; what was read stays beside what was changed."""
        require(actor, "draft:edit")
        edits = [_edit(row) for row in body.rows]
        async with Work(desk.documents) as work:
            await desk.reviews.edit(
                work,
                draft_id,
                version=body.version,
                edits=edits,
                collected_at=body.collected_at,
                actor=actor,
            )
        return await desk.reviews.view(draft_id, scope_of(actor))

    @api.post("/drafts/{draft_id}/accept")
    async def accept(draft_id: str, body: AcceptBody, actor: Asker) -> FiledView:
        """Sign: write report, results, document and provenance to the chart, all or nothing."""
        require(actor, "draft:sign")
        async with Work(desk.documents) as work:
            filed = await desk.reviews.accept(
                work,
                draft_id,
                version=body.version,
                comment=body.comment,
                identity_reason=body.identity_reason,
                actor=actor,
            )
        return FiledView(
            report_id=filed.report_id,
            observation_ids=list(filed.observation_ids),
            patient_id=filed.patient_id,
        )

    @api.post("/drafts/{draft_id}/reject")
    async def reject(draft_id: str, body: RejectBody, actor: Asker) -> DraftView:
        """Turn the draft down; the chart is not touched."""
        require(actor, "draft:sign")
        async with Work(desk.documents) as work:
            await desk.reviews.reject(
                work, draft_id, version=body.version, reason=body.reason, actor=actor
            )
        return await desk.reviews.view(draft_id, scope_of(actor))

"""Addresses of the drafts of every task but laboratory reports, and of what people say of any."""

# Annotations are evaluated here on purpose: FastAPI reads dependencies from a router's closure.

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from careflow.ai.draft import Status
from careflow.ai.drafts import StoredDraft
from careflow.ai.record_shown import left_out_sentences
from careflow.ai.task_drafts.review import (
    Change,
    ReportKind,
    TaskReviews,
    left_of,
    sections_of,
)
from careflow.audit.entry import AuditEntry
from careflow.audit.trail import Trail
from careflow.clock import instant_text
from careflow.database.documents import Documents
from careflow.database.work import Work
from careflow.identity.actor import Actor
from careflow.identity.permissions import require

Who = Callable[..., Awaitable[Actor]]


class FindingView(BaseModel):
    """Something to settle before signing."""

    kind: str
    said: str
    place: str
    sentence: str
    is_settled: bool


class TaskDraftView(BaseModel):
    """A task's draft: what it says, what a model said, and what is left to do."""

    id: str
    task: str
    status: Status
    version: int
    patient: str | None
    created_at: str
    engine: str
    model: str
    prompt: str
    sources: list[dict[str, Any]]
    redacted: dict[str, int]
    left_out: list[str]
    output: dict[str, Any]
    said: dict[str, Any] | None
    findings: list[FindingView]
    sections: list[str]
    signed_off: list[str]
    left: str | None
    open_s: int
    reviewed_by: str | None
    reviewed_at: str | None


class TaskDraftsView(BaseModel):
    """Drafts in a list."""

    drafts: list[TaskDraftView]


class ChangeBody(BaseModel):
    """What a reviewer did, of the version that was on screen."""

    model_config = ConfigDict(extra="forbid")
    version: int
    output: dict[str, Any] | None = None
    settled: list[int] = Field(default=[], max_length=1000)
    sections: list[str] = Field(default=[], max_length=50)
    open_s: int = Field(default=0, ge=0)


class VersionBody(BaseModel):
    """The version that was on screen."""

    model_config = ConfigDict(extra="forbid")
    version: int


class ReportBody(BaseModel):
    """What a person says of a draft."""

    model_config = ConfigDict(extra="forbid")
    kind: ReportKind
    text: str | None = Field(default=None, max_length=2000)


class ReportedView(BaseModel):
    """That it was noted."""

    draft: str
    kind: ReportKind


def router(reviews: TaskReviews, documents: Documents, trail: Trail, *, who: Who) -> APIRouter:
    """Return the addresses of drafts: one at a time, so that nothing is signed unseen."""
    api = APIRouter(prefix="/api/ai", tags=["ai"])
    _add_reading(api, reviews, trail, who)
    _add_decisions(api, reviews, documents, who)
    _add_reports(api, reviews, documents, who)
    return api


def _add_reading(api: APIRouter, reviews: TaskReviews, trail: Trail, who: Who) -> None:
    Asker = Annotated[Actor, Depends(who)]  # noqa: N806 - a type

    @api.get("/task-drafts")
    async def task_drafts(actor: Asker) -> TaskDraftsView:
        """List the drafts of every task but laboratory reports, open ones first."""
        require(actor, "draft:read")
        stored = await reviews.listed(actor)
        await _noted(trail, reviews, actor, stored)
        return TaskDraftsView(drafts=[_view(one) for one in stored])

    @api.get("/task-drafts/{draft_id}")
    async def task_draft(draft_id: str, actor: Asker) -> TaskDraftView:
        """Show a draft with its findings, its sources and what is left to do."""
        require(actor, "draft:read")
        stored = await reviews.read(draft_id, actor)
        await _noted(trail, reviews, actor, [stored])
        return _view(stored)


def _add_decisions(api: APIRouter, reviews: TaskReviews, documents: Documents, who: Who) -> None:
    Asker = Annotated[Actor, Depends(who)]  # noqa: N806 - a type

    @api.post("/task-drafts/{draft_id}/edit")
    async def edit_task_draft(draft_id: str, body: ChangeBody, actor: Asker) -> TaskDraftView:
        """Change the output, settle findings, sign parts off; what the model said is kept."""
        require(actor, "draft:edit")
        async with Work(documents) as work:
            await reviews.change(work, draft_id, Change(**body.model_dump()), actor)
        return _view(await reviews.read(draft_id, actor))

    @api.post("/task-drafts/{draft_id}/accept")
    async def accept_task_draft(draft_id: str, body: VersionBody, actor: Asker) -> TaskDraftView:
        """Sign one draft; where it makes a document, the chart has it at once."""
        require(actor, "draft:sign")
        async with Work(documents) as work:
            await reviews.sign(work, draft_id, version=body.version, actor=actor)
        return _view(await reviews.read(draft_id, actor))

    @api.post("/task-drafts/{draft_id}/reject")
    async def reject_task_draft(draft_id: str, body: VersionBody, actor: Asker) -> TaskDraftView:
        """Turn a draft down."""
        require(actor, "draft:sign")
        async with Work(documents) as work:
            await reviews.reject(work, draft_id, version=body.version, actor=actor)
        return _view(await reviews.read(draft_id, actor))


def _add_reports(api: APIRouter, reviews: TaskReviews, documents: Documents, who: Who) -> None:
    Asker = Annotated[Actor, Depends(who)]  # noqa: N806 - a type

    @api.post("/drafts/{draft_id}/reports")
    async def report_draft(draft_id: str, body: ReportBody, actor: Asker) -> ReportedView:
        """Say that a draft is unsafe, wrong or useful; those who answer for AI see it."""
        require(actor, "draft:read")
        async with Work(documents) as work:
            await reviews.report(work, draft_id, body.kind, body.text, actor)
        return ReportedView(draft=draft_id, kind=body.kind)


async def _noted(
    trail: Trail, reviews: TaskReviews, actor: Actor, stored: list[StoredDraft[dict[str, Any]]]
) -> None:
    patients = dict.fromkeys(one.draft.patient_id for one in stored if one.draft.patient_id)
    await trail.note(
        AuditEntry(
            at=reviews.clock(),
            action="ai:draft:read",
            organisation=actor.organisation,
            actor=actor.id,
            role=actor.role,
            patients=tuple(patients),
            subjects=tuple(f"draft/{one.draft.id}" for one in stored),
        )
    )


def _view(stored: StoredDraft[dict[str, Any]]) -> TaskDraftView:
    draft = stored.draft
    return TaskDraftView(
        id=draft.id,
        task=draft.task,
        status=draft.status,
        version=stored.version,
        patient=draft.patient_id,
        created_at=instant_text(draft.created_at),
        engine=draft.made_by.engine,
        model=draft.made_by.model,
        prompt=draft.made_by.prompt,
        sources=[{k: v for k, v in asdict(one).items() if v is not None} for one in draft.sources],
        redacted=dict(draft.redacted),
        left_out=left_out_sentences(draft.left_out),
        output=draft.output,
        said=draft.said,
        findings=[
            FindingView(
                kind=one.kind,
                said=one.said,
                place=one.place,
                sentence=one.sentence,
                is_settled=number in draft.settled,
            )
            for number, one in enumerate(draft.findings)
        ],
        sections=list(sections_of(draft.output)),
        signed_off=list(draft.sections),
        left=left_of(draft) if draft.status in {"draft", "reviewed"} else None,
        open_s=draft.open_s,
        reviewed_by=draft.reviewer_name,
        reviewed_at=instant_text(draft.reviewed_at) if draft.reviewed_at else None,
    )

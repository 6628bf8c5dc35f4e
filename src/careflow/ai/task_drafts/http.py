"""Addresses of the drafts of every task but laboratory reports, and of what people say of any."""

# Annotations are evaluated here on purpose: FastAPI reads dependencies from a router's closure.

from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from careflow.ai.task_drafts.filing import words_of
from careflow.ai.task_drafts.review import Change, TaskReviews, UnderReview
from careflow.ai.task_drafts.said import ReportKind
from careflow.ai.task_drafts.view import TaskDraftLine, TaskDraftView, line_of, view_of
from careflow.audit.entry import AuditEntry
from careflow.audit.trail import Trail
from careflow.database.documents import Documents
from careflow.database.work import Work
from careflow.identity.actor import Actor
from careflow.identity.permissions import require

Who = Callable[..., Awaitable[Actor]]


class TaskDraftsView(BaseModel):
    """Drafts in a list."""

    drafts: list[TaskDraftLine]


class WaitingDraftsView(BaseModel):
    """How many drafts wait for a person."""

    waiting: int


class ChangeBody(BaseModel):
    """One thing that a reviewer did, of the version that was on screen.

    ``settled`` is the number of one finding, ``part`` the place of one part: there are no lists, so
    that nothing is signed off in bulk.
    """

    model_config = ConfigDict(extra="forbid")
    version: int
    output: dict[str, Any] | None = None
    settled: int | None = Field(default=None, ge=0)
    part: str | None = Field(default=None, max_length=100)


class VersionBody(BaseModel):
    """The version that was on screen."""

    model_config = ConfigDict(extra="forbid")
    version: int


class TurnedDownBody(BaseModel):
    """Turning a draft down, and why."""

    model_config = ConfigDict(extra="forbid")
    version: int
    reason: str = Field(min_length=3, max_length=500)


class LookBody(BaseModel):
    """The part that is on screen now; none when the reviewer looks away."""

    model_config = ConfigDict(extra="forbid")
    part: str | None = Field(default=None, max_length=100)


class LookedView(BaseModel):
    """For how long reviewers had the draft open, in seconds."""

    open_s: int


class SignedView(BaseModel):
    """What a person signed, as words for another task, a letter or a patient."""

    text: str
    signed_by: str


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
    _add_review(api, reviews, documents, who)
    _add_decisions(api, reviews, documents, who)
    _add_reports(api, reviews, documents, who)
    return api


def _add_reading(api: APIRouter, reviews: TaskReviews, trail: Trail, who: Who) -> None:
    Asker = Annotated[Actor, Depends(who)]  # noqa: N806 - a type

    @api.get("/task-drafts")
    async def task_drafts(actor: Asker) -> TaskDraftsView:
        """List the drafts of every task but laboratory reports: open, urgent and old ones first."""
        require(actor, "draft:read")
        found = await reviews.listed(actor)
        await _noted(trail, reviews, actor, found)
        return TaskDraftsView(drafts=[line_of(one) for one in found])

    @api.get("/task-drafts/waiting")
    async def waiting_drafts(actor: Asker) -> WaitingDraftsView:
        """Count the drafts that wait: a number, so that badges need not read them."""
        require(actor, "draft:read")
        return WaitingDraftsView(waiting=await reviews.waiting(actor))

    @api.get("/task-drafts/{draft_id}")
    async def task_draft(draft_id: str, actor: Asker) -> TaskDraftView:
        """Show a draft with its findings, its sources and what is left to do."""
        require(actor, "draft:read")
        found = await reviews.read(draft_id, actor)
        await _noted(trail, reviews, actor, [found])
        return view_of(found)

    @api.get("/task-drafts/{draft_id}/signed")
    async def signed_words(draft_id: str, actor: Asker) -> SignedView:
        """Return the words of a signed draft; of any other there are none to take."""
        require(actor, "draft:read")
        accepted = await reviews.accepted(draft_id, actor)
        await _noted(trail, reviews, actor, [await reviews.read(draft_id, actor)])
        return SignedView(text=words_of(accepted.output), signed_by=accepted.by.name)


def _add_review(api: APIRouter, reviews: TaskReviews, documents: Documents, who: Who) -> None:
    Asker = Annotated[Actor, Depends(who)]  # noqa: N806 - a type

    @api.post("/task-drafts/{draft_id}/edit")
    async def edit_task_draft(draft_id: str, body: ChangeBody, actor: Asker) -> TaskDraftView:
        """Change the output, settle one finding or sign one part off; what was said is kept."""
        require(actor, "draft:edit")
        async with Work(documents) as work:
            await reviews.change(work, draft_id, Change(**body.model_dump()), actor)
        return view_of(await reviews.read(draft_id, actor))

    @api.post("/task-drafts/{draft_id}/looks")
    async def look_at_task_draft(draft_id: str, body: LookBody, actor: Asker) -> LookedView:
        """Say which part is on screen, again every minute; the platform measures the time."""
        require(actor, "draft:read")
        async with Work(documents) as work:
            await reviews.look(work, draft_id, body.part, actor)
        return LookedView(open_s=round((await reviews.read(draft_id, actor)).seconds))


def _add_decisions(api: APIRouter, reviews: TaskReviews, documents: Documents, who: Who) -> None:
    Asker = Annotated[Actor, Depends(who)]  # noqa: N806 - a type

    @api.post("/task-drafts/{draft_id}/accept")
    async def accept_task_draft(draft_id: str, body: VersionBody, actor: Asker) -> TaskDraftView:
        """Sign one draft; where it makes a document, the chart has it at once."""
        require(actor, "draft:sign")
        async with Work(documents) as work:
            await reviews.sign(work, draft_id, version=body.version, actor=actor)
        return view_of(await reviews.read(draft_id, actor))

    @api.post("/task-drafts/{draft_id}/reject")
    async def reject_task_draft(draft_id: str, body: TurnedDownBody, actor: Asker) -> TaskDraftView:
        """Turn a draft down, and say why; nothing of it goes anywhere."""
        require(actor, "draft:sign")
        async with Work(documents) as work:
            await reviews.reject(
                work, draft_id, version=body.version, reason=body.reason, actor=actor
            )
        return view_of(await reviews.read(draft_id, actor))


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
    trail: Trail, reviews: TaskReviews, actor: Actor, found: Sequence[UnderReview]
) -> None:
    patients = dict.fromkeys(one.draft.patient_id for one in found if one.draft.patient_id)
    await trail.note(
        AuditEntry(
            at=reviews.clock(),
            action="ai:draft:read",
            organisation=actor.organisation,
            actor=actor.id,
            role=actor.role,
            patients=tuple(patients),
            subjects=tuple(f"draft/{one.draft.id}" for one in found),
        )
    )

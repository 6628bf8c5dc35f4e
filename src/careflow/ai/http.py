"""Addresses of the drafts of laboratory reports: seen, changed by rows, signed or turned down."""

# Annotations are evaluated here on purpose: FastAPI reads dependencies from a router's closure.

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from careflow.ai.desk import Desk
from careflow.ai.draft_view import DraftLine, DraftView, ReportStatus
from careflow.ai.editing import RowEdit
from careflow.ai.lab_report import RowStatus
from careflow.database.work import Work
from careflow.identity.access import scope_of
from careflow.identity.actor import Actor
from careflow.identity.permissions import require

Who = Callable[..., Awaitable[Actor]]


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


def router(desk: Desk, *, who: Who) -> APIRouter:
    """Return the addresses under ``/api/ai``."""
    api = APIRouter(prefix="/api/ai", tags=["ai"])
    _add_drafts(api, desk, who)
    _add_decisions(api, desk, who)
    return api


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

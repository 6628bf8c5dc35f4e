"""Addresses of merging two patients' records."""

# Annotations are evaluated here on purpose: FastAPI reads the dependency from the router's closure.

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from careflow.database.documents import Documents
from careflow.database.work import Work
from careflow.identity.actor import Actor
from careflow.identity.permissions import require
from careflow.records.merging.merging import Merge, Merging, Preview

Who = Callable[..., Awaitable[Actor]]
Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9.\-]{1,64}$")]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=500)]


class MergeBody(BaseModel):
    """Into which record, and why."""

    model_config = ConfigDict(extra="forbid")
    into: Id
    reason: Reason


class UndoBody(BaseModel):
    """Why two records are parted again."""

    model_config = ConfigDict(extra="forbid")
    reason: Reason


class MergeView(BaseModel):
    """A merge: by its id it is undone; ``moved`` counts the resources."""

    id: str
    gone: str
    into: str
    moved: int
    is_undone: bool


def router(merging: Merging, documents: Documents, *, who: Who) -> APIRouter:
    """Return the addresses of merging under ``/api``."""
    api = APIRouter(prefix="/api", tags=["registration"])
    Asker = Annotated[Actor, Depends(who)]  # noqa: N806 - a type

    @api.get("/patients/{patient_id}/merge")
    async def preview_merge(patient_id: Id, into: Annotated[Id, Query()], actor: Asker) -> Preview:
        """Say what giving this record up to another would do; nothing is stored."""
        require(actor, "patients:merge")
        return await merging.preview(patient_id, into, actor=actor)

    @api.post("/patients/{patient_id}/merge")
    async def merge_patient(patient_id: Id, body: MergeBody, actor: Asker) -> MergeView:
        """Give this record up to another."""
        require(actor, "patients:merge")
        async with Work(documents) as work:
            merge = await merging.merge(
                work, patient_id, body.into, reason=body.reason, actor=actor
            )
        return _view(merge)

    @api.post("/merges/{merge_id}/undo")
    async def undo_merge(merge_id: Id, body: UndoBody, actor: Asker) -> MergeView:
        """Part two records again, each as it was."""
        require(actor, "patients:merge")
        async with Work(documents) as work:
            merge = await merging.undo(work, merge_id, reason=body.reason, actor=actor)
        return _view(merge)

    return api


def _view(merge: Merge) -> MergeView:
    return MergeView(
        id=merge.id,
        gone=merge.gone,
        into=merge.into,
        moved=len(merge.moved),
        is_undone=merge.is_undone,
    )

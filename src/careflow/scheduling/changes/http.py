"""The address of a visit's last change."""

# Annotations are evaluated here on purpose: FastAPI reads the dependency from the router's closure.

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from careflow.audit.trail import Trail
from careflow.database.documents import Documents
from careflow.identity.actor import Actor
from careflow.identity.permissions import require
from careflow.scheduling.changes.telling import Act, last_change
from careflow.scheduling.desk import Desk

Who = Callable[..., Awaitable[Actor]]
NamesOf = Callable[[set[str]], Awaitable[Mapping[str, str]]]
Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9.\-]{1,64}$")]


class LastChangeView(BaseModel):
    """Who changed a visit last, when and how; ``stage`` and ``start`` are what it is now."""

    by_name: str | None
    at: datetime
    act: Act
    stage: str | None
    start: datetime | None


@dataclass(frozen=True, slots=True)
class Changes:
    """Everything this address stands on."""

    desk: Desk
    documents: Documents
    trail: Trail
    names: NamesOf


def router(changes: Changes, *, who: Who) -> APIRouter:
    """Return the address under ``/api/visits``."""
    api = APIRouter(prefix="/api/visits", tags=["visits"])
    Asker = Annotated[Actor, Depends(who)]  # noqa: N806 - an annotation

    @api.get("/{visit_id}/last-change")
    async def last_change_of_visit(visit_id: Id, actor: Asker) -> LastChangeView:
        """Tell who changed a visit last, for whoever was about to change it themselves."""
        require(actor, "visits:write")
        await changes.desk.require_theirs(actor, visit_id)
        found = await last_change(
            changes.documents, changes.trail, changes.desk.organisation, visit_id
        )
        names = await changes.names({found.by}) if found.by else {}
        return LastChangeView(
            by_name=names.get(found.by or ""),
            at=found.at,
            act=found.act,
            stage=found.stage,
            start=found.start,
        )

    return api

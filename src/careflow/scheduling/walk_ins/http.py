"""The address of walk-ins."""

# Annotations are evaluated here on purpose: FastAPI reads the dependency from the router's closure.

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, Header
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from careflow.database.narrowing import shown
from careflow.identity.access import scope_of
from careflow.identity.actor import Actor
from careflow.identity.permissions import require
from careflow.scheduling.walk_ins.receiving import Visitor, WalkIns

Who = Callable[..., Awaitable[Actor]]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9.\-]{1,64}$")]


class WalkInBody(BaseModel):
    """Somebody at the desk. ``patient`` or ``despite`` settles whom they may be, if it is asked."""

    model_config = ConfigDict(extra="forbid")
    name: Text
    birth_date: date
    phone: Annotated[str, Field(pattern=r"^\+?[0-9 ().\-]{5,30}$")] | None = None
    reason: Text
    patient: Id | None = None
    despite: Annotated[Text, Field(min_length=3)] | None = None
    type: Id | None = None
    place: Id | None = None


class ArrivedView(BaseModel):
    """A visit that began at the desk; ``is_new`` where the patient was registered with it."""

    patient: str
    is_new: bool
    id: str
    version: int
    appointment: dict[str, Any]


def router(walk_ins: WalkIns, *, who: Who) -> APIRouter:
    """Return the address ``/api/walk-ins``."""
    api = APIRouter(prefix="/api/walk-ins", tags=["visits"])
    Asker = Annotated[Actor, Depends(who)]  # noqa: N806 - an annotation
    Key = Annotated[str, Header(alias="Idempotency-Key", min_length=1)]  # noqa: N806

    @api.post("", status_code=201)
    async def receive_walk_in(body: WalkInBody, actor: Asker, key: Key) -> ArrivedView:  # noqa: ARG001
        """Find or register somebody and put them on the board now; a key makes it once."""
        require(actor, "patients:register")
        require(actor, "visits:write")
        one = Visitor(**{**body.model_dump(), "birth_date": body.birth_date.isoformat()})
        arrived = await walk_ins.receive(one, actor=actor)
        visit = shown(arrived.visit, scope_of(actor))
        return ArrivedView(
            patient=arrived.patient,
            is_new=arrived.is_new,
            id=visit.id,
            version=visit.version,
            appointment=msgspec.json.decode(visit.body),
        )

    return api

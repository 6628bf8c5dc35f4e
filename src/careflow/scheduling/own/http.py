"""The address of a patient's own visits: to come and over, and until when each may be changed."""

# Annotations are evaluated here on purpose: FastAPI reads the dependency from the router's closure.

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Depends
from pydantic import BaseModel

from careflow.audit.entry import AuditEntry
from careflow.audit.trail import Trail
from careflow.clock import Clock
from careflow.database.conditions import RangeWithin, SortKey, TermIn
from careflow.database.documents import Document, Query
from careflow.database.scope import COMPARTMENT
from careflow.identity.access import scope_of
from careflow.identity.actor import Actor
from careflow.identity.permissions import require
from careflow.records.day import participant_name
from careflow.records.elements import decoded, utc_ms
from careflow.records.wall_words import When
from careflow.scheduling.finding import Finder
from careflow.scheduling.plan import Plan
from careflow.scheduling.visit import DECODER

Who = Callable[..., Awaitable[Actor]]
_BACK = timedelta(days=365)
_SHOWN = 200
_WORDS = {"proposed": "waits for the clinic", "waitlist": "needs a new time"}


class OwnVisitView(BaseModel):
    """A visit as its patient sees it; ``text`` and ``until`` are by the place's clock.

    ``state`` is in words. ``may_change`` is whether it can still be moved or cancelled here.
    """

    id: str
    version: int
    start: datetime
    zone: str
    text: str
    type: str
    type_name: str
    mode: Literal["in-person", "video", "telephone"]
    practitioner: str
    practitioner_name: str
    place: str
    place_name: str
    address: str
    preparation: str
    state: str
    is_over: bool
    until: str
    may_change: bool


class OwnVisitsView(BaseModel):
    """A patient's visits of the last year and to come, by time."""

    visits: list[OwnVisitView]


@dataclass(frozen=True, slots=True)
class Own:
    """Everything this address stands on."""

    finder: Finder
    trail: Trail
    clock: Clock


def router(own: Own, *, who: Who) -> APIRouter:
    """Return the address ``/api/visits/own``."""
    api = APIRouter(prefix="/api/visits", tags=["visits"])
    Asker = Annotated[Actor, Depends(who)]  # noqa: N806 - an annotation

    @api.get("/own")
    async def own_visits(actor: Asker) -> OwnVisitsView:
        """Return the visits of the patient who asks."""
        require(actor, "visits:own")
        plan, _ = await own.finder.planned()
        now = own.clock()
        asked = (
            TermIn(COMPARTMENT, (actor.patient_id or "-",)),
            RangeWithin("date", low_min=utc_ms(now - _BACK)),
        )
        query = Query("Appointment", asked, sort=(SortKey("date"),), count=_SHOWN)
        page = await own.finder.documents.find(query, scope_of(actor))
        shown = [_view(one, plan, now) for one in page.documents]
        await own.trail.note(
            AuditEntry(
                at=now,
                action="records:appointment:search",
                organisation=actor.organisation,
                actor=actor.id,
                role=actor.role,
                patients=(actor.patient_id,) if actor.patient_id else (),
            )
        )
        return OwnVisitsView(visits=[one for one in shown if one is not None])

    return api


def _view(document: Document, plan: Plan, now: datetime) -> OwnVisitView | None:
    """Return a visit of ours, ``None`` for what the plan does not know."""
    one = DECODER.decode(document.body)
    place = one.place(plan)
    type_ = next((each for each in plan.types if each.id == one.type_id), None)
    clinicians = one.references("Practitioner")
    if place is None or type_ is None or one.start is None or not clinicians:
        return None
    until = one.start - timedelta(minutes=type_.cutoff)
    stands = one.status in {"proposed", "pending", "booked", "waitlist"}
    when = When.of(one.start, place.clock)
    return OwnVisitView(
        id=document.id,
        version=document.version,
        start=when.at,
        zone=place.zone,
        text=when.text,
        type=type_.id,
        type_name=type_.name,
        mode=type_.mode,
        practitioner=clinicians[0].removeprefix("Practitioner/"),
        practitioner_name=participant_name(decoded(document), "Practitioner") or "",
        place=place.id,
        place_name=place.name,
        address=place.address,
        preparation=type_.preparation,
        state=_WORDS.get(one.status, one.status),
        is_over=one.start <= now or not stands,
        until=When.of(until, place.clock).text,
        may_change=stands and now <= until,
    )

"""Addresses of visits: what is open, holding a time, booking, moving, cancelling."""

# Annotations are evaluated here on purpose: FastAPI reads the dependency from the router's closure.

from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, Header, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from careflow.clock import letters
from careflow.database.documents import Document
from careflow.database.narrowing import shown
from careflow.errors import BadInputError
from careflow.identity.access import scope_of
from careflow.identity.actor import Actor, Role
from careflow.identity.permissions import require
from careflow.scheduling.asking import Asked
from careflow.scheduling.desk import Desk
from careflow.scheduling.finding import Finder, Wanted
from careflow.scheduling.holding import Holding
from careflow.scheduling.holds import Hold
from careflow.scheduling.openings import Opening
from careflow.scheduling.plan import Plan
from careflow.scheduling.visit import Channel
from careflow.scheduling.wall import instant_of, minutes_of
from careflow.scheduling.zones import moved_by_zones

Who = Callable[..., Awaitable[Actor]]
Text = Annotated[str, Field(min_length=1, max_length=200)]
Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9.\-]{1,64}$")]


class OpeningView(BaseModel):
    """A time at which a visit fits, by the place's clock; ``zone_letters`` as people write them."""

    start: datetime
    end: datetime
    zone: str
    zone_letters: str
    practitioner: str
    practitioner_name: str
    place: str
    place_name: str
    seats: int


class OpeningsView(BaseModel):
    """The next openings, the soonest first."""

    openings: list[OpeningView]


class TypeView(BaseModel):
    """A kind of visit, as whoever books sees it."""

    id: str
    name: str
    minutes: int
    mode: str
    preparation: str
    who: str
    cutoff_minutes: int
    clinicians: list[str]


class PlaceView(BaseModel):
    """Where patients come."""

    id: str
    name: str
    zone: str
    address: str


class ClinicianView(BaseModel):
    """Who sees patients."""

    id: str
    name: str


class PlanView(BaseModel):
    """What can be booked, where and with whom."""

    types: list[TypeView]
    places: list[PlaceView]
    clinicians: list[ClinicianView]


class AskedBody(BaseModel):
    """A time that is asked for; it must carry its offset."""

    model_config = ConfigDict(extra="forbid")
    type: Id
    place: Id
    practitioner: Id
    start: AwareDatetime


class BookBody(AskedBody):
    """A visit to be booked. A patient books for themselves, so only staff name one."""

    patient: Id | None = None
    hold: Id | None = None
    comment: Text | None = None
    squeeze: Text | None = None
    despite: Text | None = None


class NewVisitBody(BookBody):
    """A new visit; a ``request`` has its time for a day, until the clinic says yes."""

    request: bool = False


class MoveBody(BaseModel):
    """Another time for a visit; ``version`` is the one that was seen. What is not said stays."""

    model_config = ConfigDict(extra="forbid")
    version: int
    start: AwareDatetime
    type: Id | None = None
    place: Id | None = None
    practitioner: Id | None = None
    patient: Id | None = None
    hold: Id | None = None
    comment: Text | None = None
    squeeze: Text | None = None
    despite: Text | None = None


class CancelBody(BaseModel):
    """Why a visit is cancelled, if anybody says; ``version`` is the one that was seen."""

    model_config = ConfigDict(extra="forbid")
    version: int | None = None
    reason: Text | None = None


class HoldView(BaseModel):
    """A time that is kept until an instant."""

    id: str
    until: datetime
    start: datetime


class ReleaseBody(BaseModel):
    """Whose held times are given back."""

    model_config = ConfigDict(extra="forbid")
    practitioner: Id


class ReleasedView(BaseModel):
    """How many times were given back."""

    released: int


class ZoneMoveView(BaseModel):
    """A visit whose wall time means another instant by today's rules of its zone."""

    id: str
    version: int
    zone: str
    wall: str
    stored: datetime
    meant: datetime


class ZoneReportView(BaseModel):
    """The visits to come that a change of a zone's rules would move."""

    visits: list[ZoneMoveView]


class VisitView(BaseModel):
    """A visit as it was stored: FHIR's Appointment and its version."""

    id: str
    version: int
    appointment: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Front:
    """Everything these addresses stand on."""

    finder: Finder
    holding: Holding
    desk: Desk


def router(front: Front, *, who: Who) -> APIRouter:
    """Return the addresses under ``/api/visits``."""
    api = APIRouter(prefix="/api/visits", tags=["visits"])
    _add_finding(api, front, who)
    _add_holding(api, front, who)
    _add_booking(api, front, who)
    return api


def _add_finding(api: APIRouter, front: Front, who: Who) -> None:
    Asker = Annotated[Actor, Depends(who)]  # noqa: N806 - an annotation

    @api.get("/plan")
    async def visit_plan(actor: Asker) -> PlanView:
        """Return the kinds of visits, places and clinicians."""
        _require_booking(actor)
        plan, calendars = await front.finder.planned()
        theirs = [one for one in plan.types if actor.role is not Role.PATIENT or one.who != "staff"]
        return PlanView(
            types=[
                TypeView(
                    id=one.id,
                    name=one.name,
                    minutes=one.minutes,
                    mode=one.mode,
                    preparation=one.preparation,
                    who=one.who,
                    cutoff_minutes=one.cutoff,
                    clinicians=list(one.clinicians),
                )
                for one in theirs
            ],
            places=[
                PlaceView(id=one.id, name=one.name, zone=one.zone, address=one.address)
                for one in plan.places
            ],
            clinicians=[ClinicianView(id=one.practitioner, name=one.name) for one in calendars],
        )

    @api.get("/openings")
    async def visit_openings(
        actor: Asker,
        type: Id,  # noqa: A002 - the address's own word
        place: Annotated[list[Id] | None, Query()] = None,
        practitioner: Annotated[list[Id] | None, Query()] = None,
        after: AwareDatetime | None = None,
        before: AwareDatetime | None = None,
        weekday: Annotated[list[int] | None, Query()] = None,
        from_minute: Annotated[int, Query(ge=0, le=1440)] = 0,
        to_minute: Annotated[int, Query(ge=0, le=1440)] = 1440,
        count: Annotated[int, Query(ge=1, le=500)] = 3,
    ) -> OpeningsView:
        """Return the next times at which a visit of a kind fits."""
        _require_booking(actor)
        wanted = Wanted(
            type,
            places=tuple(place or ()),
            practitioners=tuple(practitioner or ()),
            after=minutes_of(after) if after else 0,
            before=minutes_of(before) if before else None,
            days=frozenset(weekday or ()),
            hours=(from_minute, to_minute),
            count=count,
        )
        found = await front.finder.find(wanted, channel=_channel(actor))
        plan, calendars = await front.finder.planned()
        names = {one.practitioner: one.name for one in calendars}
        return OpeningsView(openings=[_opening(one, plan, names) for one in found])

    @api.get("/zone-report")
    async def zone_report(actor: Asker) -> ZoneReportView:
        """Return the visits to come that a change of a zone's rules would move; none is moved."""
        require(actor, "schedule:manage")
        desk = front.desk
        moved = await moved_by_zones(desk.documents, desk.organisation, desk.clock)
        return ZoneReportView(visits=[ZoneMoveView(**asdict(one)) for one in moved])


def _add_holding(api: APIRouter, front: Front, who: Who) -> None:
    Asker = Annotated[Actor, Depends(who)]  # noqa: N806 - an annotation

    @api.post("/holds", status_code=201)
    async def hold_time(body: AskedBody, actor: Asker) -> HoldView:
        """Keep a time for five minutes."""
        _require_booking(actor)
        asked = _asked(body, patient="")
        return _hold(await front.holding.hold(asked, holder=actor.session, channel=_channel(actor)))

    @api.post("/holds/release")
    async def release_holds(body: ReleaseBody, actor: Asker) -> ReleasedView:
        """Give back every time of a clinician that anybody holds."""
        require(actor, "visits:write")
        return ReleasedView(released=await front.holding.release_all(body.practitioner))

    @api.post("/holds/{hold_id}/renew")
    async def renew_hold(hold_id: Id, actor: Asker) -> HoldView:
        """Keep it for another five minutes."""
        _require_booking(actor)
        return _hold(await front.holding.renew(hold_id, holder=actor.session))

    @api.delete("/holds/{hold_id}", status_code=204)
    async def release_hold(hold_id: Id, actor: Asker) -> None:
        """Give it back."""
        _require_booking(actor)
        await front.holding.release(hold_id, holder=actor.session)


def _add_booking(api: APIRouter, front: Front, who: Who) -> None:
    Asker = Annotated[Actor, Depends(who)]  # noqa: N806 - an annotation
    Key = Annotated[str, Header(alias="Idempotency-Key", min_length=1)]  # noqa: N806

    @api.post("", status_code=201)
    async def book_visit(body: NewVisitBody, actor: Asker, key: Key) -> VisitView:  # noqa: ARG001
        """Book a visit; a key is required, so that sending it again books it once."""
        _require_booking(actor)
        asked = _asked(body, patient=_patient(actor, body))
        stored = await front.desk.book(
            replace(asked, request=body.request),
            actor=actor,
            channel=_channel(actor),
            holder=actor.session,
        )
        return _visit(stored, actor)

    @api.post("/{visit_id}/move")
    async def move_visit(visit_id: Id, body: MoveBody, actor: Asker) -> VisitView:
        """Give a visit another time, clinician or place."""
        _require_booking(actor)
        await front.desk.require_theirs(actor, visit_id)
        asked = _moved(body, await front.desk.asked_for(visit_id))
        asked = replace(asked, patient=_patient(actor, body, needed=False))
        stored = await front.desk.move(
            visit_id, asked, actor=actor, expected=body.version, channel=_channel(actor)
        )
        return _visit(stored, actor)

    @api.post("/{visit_id}/cancel")
    async def cancel_visit(visit_id: Id, body: CancelBody, actor: Asker) -> VisitView:
        """Cancel a visit; its time is free at once."""
        _require_booking(actor)
        await front.desk.require_theirs(actor, visit_id)
        stored = await front.desk.cancel(
            visit_id,
            actor=actor,
            reason=body.reason,
            expected=body.version,
            channel=_channel(actor),
        )
        return _visit(stored, actor)


def _require_booking(actor: Actor) -> None:
    require(actor, "visits:own" if actor.role is Role.PATIENT else "visits:write")


def _channel(actor: Actor) -> Channel:
    return "portal" if actor.role is Role.PATIENT else "desk"


def _patient(actor: Actor, body: BookBody | MoveBody, *, needed: bool = True) -> str:
    """Return whose visit it is: a patient's own, or whom staff name."""
    if actor.role is Role.PATIENT:
        if body.squeeze or body.despite or body.patient not in (None, actor.patient_id):
            raise BadInputError("Only the clinic can book this.", place="patient")
        return actor.patient_id or ""
    if body.patient is None and needed:
        raise BadInputError("Say for which patient.", place="patient")
    return body.patient or ""


def _asked(body: AskedBody, *, patient: str) -> Asked:
    more: dict[str, Any] = {}
    if isinstance(body, BookBody):
        more = {
            "comment": body.comment,
            "squeeze": body.squeeze,
            "despite": body.despite,
            "hold": body.hold,
        }
    return Asked(
        type=body.type,
        place=body.place,
        practitioner=body.practitioner,
        begin=minutes_of(body.start),
        patient=patient,
        **more,
    )


def _moved(body: MoveBody, now: Asked | None) -> Asked:
    """Return a visit at the time that is asked for, else as it is."""
    kind, place = body.type or (now and now.type), body.place or (now and now.place)
    practitioner = body.practitioner or (now and now.practitioner)
    if not kind or not place or not practitioner:
        raise BadInputError("Say what kind of visit it is, with whom and where.", place="type")
    return Asked(
        type=kind,
        place=place,
        practitioner=practitioner,
        begin=minutes_of(body.start),
        patient="",
        comment=body.comment,
        squeeze=body.squeeze,
        despite=body.despite,
        hold=body.hold,
    )


def _opening(one: Opening, plan: Plan, names: dict[str, str]) -> OpeningView:
    place = plan.place(one.place)
    start = instant_of(one.begin, place.clock)
    return OpeningView(
        start=start,
        end=instant_of(one.end, place.clock),
        zone=place.zone,
        zone_letters=letters(start),
        practitioner=one.practitioner,
        practitioner_name=names[one.practitioner],
        place=one.place,
        place_name=place.name,
        seats=one.seats,
    )


def _hold(hold: Hold) -> HoldView:
    return HoldView(id=hold.id, until=hold.until, start=instant_of(hold.opening.begin))


def _visit(document: Document, actor: Actor) -> VisitView:
    """Return a visit as far as the asker's role sees one."""
    body = shown(document, scope_of(actor)).body
    appointment: dict[str, Any] = msgspec.json.decode(body)
    return VisitView(id=document.id, version=document.version, appointment=appointment)

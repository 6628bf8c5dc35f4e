"""Addresses of the waiting list: joining, leaving, offers and what came of them."""

# Annotations are evaluated here on purpose: FastAPI reads the dependency from the router's closure.

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from careflow.clock import Clock
from careflow.database.scope import organisation_scope
from careflow.errors import BadInputError
from careflow.identity.actor import Actor, Role
from careflow.identity.permissions import require
from careflow.ids import Mint
from careflow.records.directory import Directory
from careflow.records.person import PatientLine
from careflow.scheduling.waitlist.answering import Answering
from careflow.scheduling.waitlist.stored import NotWaitingError, Offer, Waiting, Waitlist
from careflow.scheduling.wall import instant_of

Who = Callable[..., Awaitable[Actor]]
Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9.\-]{1,64}$")]


class JoinBody(BaseModel):
    """Who waits for what, and when they can come."""

    model_config = ConfigDict(extra="forbid")
    patient: Id | None = None
    type: Id
    place: Id
    practitioners: Annotated[list[Id], Field(max_length=50)] = []
    weekdays: Annotated[list[Annotated[int, Field(ge=1, le=7)]], Field(max_length=7)] = []
    from_minute: Annotated[int, Field(ge=0, le=1440)] = 0
    to_minute: Annotated[int, Field(ge=0, le=1440)] = 1440
    notice_minutes: Annotated[int, Field(ge=0, le=10_080)] = 60
    until: date | None = None
    visit: Id | None = None


class WaitingEntryView(BaseModel):
    """A place on the waiting list; ``person`` is who waits, where the record still has them."""

    id: str
    patient: str
    person: PatientLine | None
    type: str
    place: str
    since: datetime
    practitioners: list[str]
    weekdays: list[int]
    from_minute: int
    to_minute: int
    visit: str | None


class OfferView(BaseModel):
    """An offered time."""

    id: str
    patient: str
    person: PatientLine | None
    practitioner: str
    place: str
    start: datetime
    until: datetime
    state: str


class FillView(BaseModel):
    """How well freed times were filled; minutes are from being freed to being taken."""

    freed: int
    filled: int
    offers: int
    minutes_to_fill: float | None


class WaitlistView(BaseModel):
    """Who waits, what is offered now, and how it went so far."""

    waiting: list[WaitingEntryView]
    offers: list[OfferView]
    report: FillView


class AcceptedView(BaseModel):
    """The visit that came of an offer."""

    visit: str
    version: int


@dataclass(frozen=True, slots=True)
class Counter:
    """Everything these addresses stand on."""

    waitlist: Waitlist
    answering: Answering
    clock: Clock
    mint: Mint

    async def people(self, ids: set[str]) -> Mapping[str, PatientLine]:
        """Return who they are, by id; whoever asks may see these entries."""
        directory = Directory(self.waitlist.documents)
        return await directory.lines(ids, organisation_scope(self.waitlist.organisation))


def router(counter: Counter, *, who: Who) -> APIRouter:
    """Return the addresses under ``/api/waitlist``."""
    api = APIRouter(prefix="/api/waitlist", tags=["visits"])
    Asker = Annotated[Actor, Depends(who)]  # noqa: N806 - an annotation

    @api.get("")
    async def waiting_list(actor: Asker) -> WaitlistView:
        """Return the waiting list; a patient sees their own part of it."""
        own = _own(actor)
        everyone, offers = await counter.waitlist.waiting(), await counter.waitlist.offers()
        waiting = [one for one in everyone if own in (None, one.patient)]
        now = counter.clock()
        standing = [
            one
            for one in offers
            if own in (None, one.patient) and one.state == "open" and one.until > now
        ]
        people = await counter.people({w.patient for w in waiting} | {o.patient for o in standing})
        return WaitlistView(
            waiting=[_waiting(one, people) for one in waiting],
            offers=[_offer(one, people) for one in standing],
            report=_report(offers if own is None else ()),
        )

    @api.post("", status_code=201)
    async def join_waiting_list(body: JoinBody, actor: Asker) -> WaitingEntryView:
        """Put somebody at the end of the waiting list; a patient themselves."""
        patient = _own(actor) or body.patient
        if patient is None:
            raise BadInputError("Say which patient waits.", place="patient")
        one = Waiting(
            id=counter.mint(),
            patient=patient,
            type=body.type,
            place=body.place,
            since=counter.clock(),
            practitioners=tuple(body.practitioners),
            weekdays=tuple(body.weekdays),
            hours=(body.from_minute, body.to_minute),
            notice=body.notice_minutes,
            until=body.until,
            visit=body.visit,
        )
        joined = await counter.answering.join(one)
        return _waiting(joined, await counter.people({patient}))

    @api.delete("/{waiting_id}", status_code=204)
    async def leave_waiting_list(waiting_id: Id, actor: Asker) -> None:
        """Take somebody off the waiting list."""
        own = _own(actor)
        one, _ = await counter.waitlist.entry(waiting_id)
        _require_own(own, one.patient)
        await counter.answering.leave(waiting_id)

    @api.post("/offers/{offer_id}/accept")
    async def accept_offer(offer_id: Id, actor: Asker) -> AcceptedView:
        """Take an offered time; the first who does has it."""
        own = _own(actor)
        offer, _ = await counter.waitlist.offer(offer_id)
        _require_own(own, offer.patient)
        visit = await counter.answering.accept(offer_id, actor=actor)
        return AcceptedView(visit=visit.id, version=visit.version)

    @api.post("/offers/{offer_id}/decline", status_code=204)
    async def decline_offer(offer_id: Id, actor: Asker) -> None:
        """Turn an offered time down; the next person is asked at once."""
        own = _own(actor)
        offer, _ = await counter.waitlist.offer(offer_id)
        _require_own(own, offer.patient)
        await counter.answering.decline(offer_id, actor=actor)

    return api


def _own(actor: Actor) -> str | None:
    """Return the patient's own id, ``None`` for staff."""
    if actor.role is Role.PATIENT:
        require(actor, "visits:own")
        return actor.patient_id or "-"
    require(actor, "visits:write")
    return None


def _require_own(own: str | None, patient: str) -> None:
    if own not in (None, patient):
        raise NotWaitingError


def _waiting(one: Waiting, people: Mapping[str, PatientLine]) -> WaitingEntryView:
    return WaitingEntryView(
        id=one.id,
        patient=one.patient,
        person=people.get(one.patient),
        type=one.type,
        place=one.place,
        since=one.since,
        practitioners=list(one.practitioners),
        weekdays=list(one.weekdays),
        from_minute=one.hours[0],
        to_minute=one.hours[1],
        visit=one.visit,
    )


def _offer(one: Offer, people: Mapping[str, PatientLine]) -> OfferView:
    return OfferView(
        id=one.id,
        patient=one.patient,
        person=people.get(one.patient),
        practitioner=one.practitioner,
        place=one.place,
        start=instant_of(one.begin),
        until=one.until,
        state=one.state,
    )


def _report(offers: Sequence[Offer]) -> FillView:
    filled = [one for one in offers if one.state == "accepted" and one.settled_at is not None]
    minutes = [
        (one.settled_at - one.freed_at).total_seconds() / 60 for one in filled if one.settled_at
    ]
    return FillView(
        freed=len({one.freed for one in offers}),
        filled=len({one.freed for one in filled}),
        offers=len(offers),
        minutes_to_fill=round(median(minutes), 1) if minutes else None,
    )

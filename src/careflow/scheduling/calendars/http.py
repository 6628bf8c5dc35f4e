"""Addresses of calendars: read one, see what a change would strand, save it."""

# Annotations are evaluated here on purpose: FastAPI reads the dependency from the router's closure.

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from careflow.database.scope import organisation_scope
from careflow.errors import BadInputError
from careflow.identity.actor import Actor
from careflow.identity.permissions import may, require
from careflow.records.directory import Directory
from careflow.records.person import PatientLine
from careflow.scheduling.calendars.allowed import require_calendar
from careflow.scheduling.calendars.saving import Planning
from careflow.scheduling.plan import Calendar, Hours, Leave, OddDay
from careflow.scheduling.plans import Plans, Stored
from careflow.scheduling.wall import instant_of

Who = Callable[..., Awaitable[Actor]]
Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9.\-]{1,64}$")]
Minute = Annotated[int, Field(ge=0, le=1440)]


class HoursBody(BaseModel):
    """Weekly hours at a place: ISO weekdays, minutes of the day by the place's clock."""

    model_config = ConfigDict(extra="forbid")
    place: Id
    weekdays: Annotated[list[Annotated[int, Field(ge=1, le=7)]], Field(min_length=1, max_length=7)]
    begin: Minute
    end: Minute
    since: date | None = None
    until: date | None = None


class OddDayBody(BaseModel):
    """One day with other hours at a place, or none."""

    model_config = ConfigDict(extra="forbid")
    day: date
    place: Id
    spans: Annotated[list[tuple[Minute, Minute]], Field(max_length=10)] = []


class CalendarBody(BaseModel):
    """A calendar's new hours; ``version`` is the one that was seen."""

    model_config = ConfigDict(extra="forbid")
    version: int
    hours: Annotated[list[HoursBody], Field(max_length=50)]
    odd_days: Annotated[list[OddDayBody], Field(max_length=500)] = []


class LeaveView(BaseModel):
    """A time in which the clinician is away."""

    id: str
    begin: datetime
    end: datetime


class CalendarView(BaseModel):
    """A clinician's calendar."""

    practitioner: str
    name: str
    version: int
    hours: list[HoursBody]
    odd_days: list[OddDayBody]
    leave: list[LeaveView]


class OutsideVisitView(BaseModel):
    """A visit that new hours would leave outside them."""

    visit: str
    person: PatientLine | None
    start: datetime
    end: datetime


class OutsideVisitsView(BaseModel):
    """The visits that new hours would strand, by time."""

    visits: list[OutsideVisitView]


def router(plans: Plans, planning: Planning, *, who: Who) -> APIRouter:
    """Return the addresses under ``/api/calendars``."""
    api = APIRouter(prefix="/api/calendars", tags=["visits"])
    Asker = Annotated[Actor, Depends(who)]  # noqa: N806 - an annotation

    @api.get("/{practitioner_id}")
    async def clinician_calendar(practitioner_id: Id, actor: Asker) -> CalendarView:
        """Return a clinician's calendar."""
        require(actor, "schedule:manage" if may(actor, "schedule:manage") else "schedule:read")
        return _view(await plans.required(practitioner_id))

    @api.post("/{practitioner_id}/stranded")
    async def stranded_by(
        practitioner_id: Id, body: CalendarBody, actor: Asker
    ) -> OutsideVisitsView:
        """Return the visits that these hours would leave outside them; nothing is stored."""
        require_calendar(actor, practitioner_id)
        stored = await plans.required(practitioner_id)
        found = await planning.stranded(await _changed(plans, stored.value, body))
        everything = organisation_scope(planning.organisation)
        named = {one.patient for one in found if one.patient}
        people = await Directory(planning.documents).lines(named, everything)
        return OutsideVisitsView(
            visits=[
                OutsideVisitView(
                    visit=one.by.removeprefix("Appointment/"),
                    person=people.get(one.patient or ""),
                    start=instant_of(one.begin),
                    end=instant_of(one.end),
                )
                for one in found
            ]
        )

    @api.put("/{practitioner_id}")
    async def save_calendar(practitioner_id: Id, body: CalendarBody, actor: Asker) -> CalendarView:
        """Store a clinician's hours; from this moment nothing is booked against them."""
        require_calendar(actor, practitioner_id)
        stored = await plans.required(practitioner_id)
        changed = await _changed(plans, stored.value, body)
        await planning.save_calendar(changed, actor=actor, expected=body.version)
        return _view(await plans.required(practitioner_id))

    return api


async def _changed(plans: Plans, calendar: Calendar, body: CalendarBody) -> Calendar:
    known = {place.id for place in (await plans.plan()).value.places}
    named = {one.place for one in body.hours} | {one.place for one in body.odd_days}
    if not named <= known:
        raise BadInputError("The clinic has no such place.", place="hours")
    return msgspec.structs.replace(
        calendar,
        hours=tuple(
            Hours(
                place=one.place,
                weekdays=tuple(one.weekdays),
                begin=one.begin,
                end=one.end,
                since=one.since,
                until=one.until,
            )
            for one in body.hours
        ),
        odd_days=tuple(
            OddDay(day=one.day, place=one.place, spans=tuple(one.spans)) for one in body.odd_days
        ),
    )


def _view(stored: Stored[Calendar]) -> CalendarView:
    calendar = stored.value
    return CalendarView(
        practitioner=calendar.practitioner,
        name=calendar.name,
        version=stored.version,
        hours=[
            HoursBody(
                place=one.place,
                weekdays=list(one.weekdays),
                begin=one.begin,
                end=one.end,
                since=one.since,
                until=one.until,
            )
            for one in calendar.hours
        ],
        odd_days=[
            OddDayBody(day=one.day, place=one.place, spans=list(one.spans))
            for one in calendar.odd_days
        ],
        leave=[_leave(one) for one in calendar.leave],
    )


def _leave(one: Leave) -> LeaveView:
    return LeaveView(id=one.id, begin=one.begin, end=one.end)

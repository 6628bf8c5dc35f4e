"""Addresses of leave: what it strands and could be done, entering it, taking it back."""

# Annotations are evaluated here on purpose: FastAPI reads the dependency from the router's closure.

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from careflow.identity.actor import Actor
from careflow.records.directory import Directory
from careflow.records.person import PatientLine
from careflow.scheduling.absence.settling import UNDOABLE, AbsenceDesk
from careflow.scheduling.absence.stored import Absence, How, Settlement
from careflow.scheduling.calendars.allowed import require_calendar
from careflow.scheduling.visit import DECODER
from careflow.scheduling.wall import instant_of, minutes_of

Who = Callable[..., Awaitable[Actor]]
Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9.\-]{1,64}$")]


class TimeBody(BaseModel):
    """The time of a leave; both ends carry their offset."""

    model_config = ConfigDict(extra="forbid")
    begin: AwareDatetime
    end: AwareDatetime


class SettlementBody(BaseModel):
    """What is done about one visit."""

    model_config = ConfigDict(extra="forbid")
    visit: Id
    version: int
    how: How
    practitioner: Id | None = None
    start: AwareDatetime | None = None
    times: Annotated[list[AwareDatetime], Field(max_length=10)] = []


class LeaveBody(TimeBody):
    """Leave, with what is done about every visit in it."""

    settlements: Annotated[list[SettlementBody], Field(max_length=500)]


class StrandedView(BaseModel):
    """A visit in a leave, and what could be done about it."""

    visit: str
    version: int
    start: datetime | None
    patient: str | None
    person: PatientLine | None
    how: How
    practitioner: str | None
    to_start: datetime | None
    times: list[datetime]


class ProposalsView(BaseModel):
    """Every visit in a leave, by time."""

    visits: list[StrandedView]


class AbsenceView(BaseModel):
    """Leave that was entered; it can be taken back until an instant."""

    id: str
    begin: datetime
    end: datetime
    undoable_until: datetime
    is_undone: bool
    settled: list[dict[str, Any]]


def router(absences: AbsenceDesk, *, who: Who) -> APIRouter:
    """Return the addresses under ``/api/calendars/{practitioner_id}/leave``."""
    api = APIRouter(prefix="/api/calendars/{practitioner_id}/leave", tags=["visits"])
    Asker = Annotated[Actor, Depends(who)]  # noqa: N806 - an annotation

    @api.post("/preview")
    async def preview_leave(practitioner_id: Id, body: TimeBody, actor: Asker) -> ProposalsView:
        """Return every visit in a time and what could be done; nothing is stored or sent."""
        require_calendar(actor, practitioner_id)
        found = await absences.proposing.proposed(
            practitioner_id, body.begin, body.end, actor=actor
        )
        seen = [await _stranded(absences, one) for one in found]
        directory = Directory(absences.desk.documents)
        named = {one.patient for one in seen if one.patient}
        people = await directory.lines(named, absences.desk.everything)
        for one in seen:
            one.person = people.get(one.patient or "")
        return ProposalsView(visits=seen)

    @api.post("", status_code=201)
    async def enter_leave(practitioner_id: Id, body: LeaveBody, actor: Asker) -> AbsenceView:
        """Enter leave and settle every visit in it, all or nothing."""
        require_calendar(actor, practitioner_id)
        settlements = [_settlement(one) for one in body.settlements]
        return _view(
            await absences.save(practitioner_id, body.begin, body.end, settlements, actor=actor)
        )

    @api.post("/{absence_id}/undo")
    async def undo_leave(practitioner_id: Id, absence_id: Id, actor: Asker) -> AbsenceView:
        """Take the leave back, and every settlement with it."""
        require_calendar(actor, practitioner_id)
        return _view(await absences.take_back(absence_id, actor=actor))

    @api.post("/{absence_id}/visits/{visit_id}/undo")
    async def undo_settlement(
        practitioner_id: Id, absence_id: Id, visit_id: Id, actor: Asker
    ) -> AbsenceView:
        """Take one settlement back: the visit waits for a call."""
        require_calendar(actor, practitioner_id)
        return _view(await absences.take_back_one(absence_id, visit_id, actor=actor))

    return api


async def _stranded(absences: AbsenceDesk, one: Settlement) -> StrandedView:
    desk = absences.desk
    document = await desk.records.read("Appointment", one.visit, desk.everything)
    appointment = DECODER.decode(document.body)
    return StrandedView(
        visit=one.visit,
        version=one.version,
        start=appointment.start,
        patient=appointment.patient,
        person=None,
        how=one.how,
        practitioner=one.practitioner,
        to_start=None if one.begin is None else instant_of(one.begin),
        times=[instant_of(each) for each in one.times],
    )


def _settlement(body: SettlementBody) -> Settlement:
    return Settlement(
        visit=body.visit,
        version=body.version,
        how=body.how,
        practitioner=body.practitioner,
        begin=None if body.start is None else minutes_of(body.start),
        times=tuple(minutes_of(one) for one in body.times),
    )


def _view(absence: Absence) -> AbsenceView:
    return AbsenceView(
        id=absence.id,
        begin=absence.begin,
        end=absence.end,
        undoable_until=absence.saved_at + UNDOABLE,
        is_undone=absence.is_undone,
        settled=[msgspec.to_builtins(one) for one in absence.settled],
    )

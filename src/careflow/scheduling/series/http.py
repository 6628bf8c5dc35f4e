"""Addresses of series: every date seen beforehand, then booked, moved or cancelled together."""

# Annotations are evaluated here on purpose: FastAPI reads the dependency from the router's closure.

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from careflow.database.documents import Document
from careflow.identity.actor import Actor
from careflow.identity.permissions import require
from careflow.scheduling.asking import Asked
from careflow.scheduling.series.booking import Choice, Preview, SeriesDesk
from careflow.scheduling.wall import instant_of, minutes_of

Who = Callable[..., Awaitable[Actor]]
Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9.\-]{1,64}$")]
Text = Annotated[str, Field(min_length=1, max_length=200)]
Which = Literal["this", "following", "all"]


class ChoiceBody(BaseModel):
    """What is done about a date that does not fit."""

    model_config = ConfigDict(extra="forbid")
    leave_out: bool = False
    start: AwareDatetime | None = None
    squeeze: Text | None = None


class SeriesBody(BaseModel):
    """A visit that comes back by a rule (RFC 5545); choices are by date, "2026-03-10"."""

    model_config = ConfigDict(extra="forbid")
    type: Id
    place: Id
    practitioner: Id
    patient: Id
    start: AwareDatetime
    rule: Text
    comment: Text | None = None
    choices: dict[str, ChoiceBody] = {}


class MoveSeriesBody(BaseModel):
    """Where a visit goes; the others of the series move by the same days and wall time."""

    model_config = ConfigDict(extra="forbid")
    which: Which
    start: AwareDatetime
    choices: dict[str, ChoiceBody] = {}


class CancelSeriesBody(BaseModel):
    """Which visits are cancelled, and why."""

    model_config = ConfigDict(extra="forbid")
    which: Which
    reason: Text | None = None


class DateView(BaseModel):
    """One date: whether it fits, and what is free near it if not."""

    day: str
    start: datetime
    is_moved_by_clock: bool
    visit: str | None
    problem: str | None
    instead: list[datetime]


class DatesView(BaseModel):
    """Every date of a series or of a change of one."""

    dates: list[DateView]


class VisitsView(BaseModel):
    """The visits that were stored, with versions."""

    visits: dict[str, int]


def router(series: SeriesDesk, *, who: Who) -> APIRouter:
    """Return the addresses under ``/api/series``."""
    api = APIRouter(prefix="/api/series", tags=["visits"])
    Asker = Annotated[Actor, Depends(who)]  # noqa: N806 - an annotation

    @api.post("/preview")
    async def preview_series(body: SeriesBody, actor: Asker) -> DatesView:
        """Return every date of a rule; nothing is stored."""
        require(actor, "visits:write")
        return _dates(await series.preview(_asked(body), body.rule, actor=actor))

    @api.post("", status_code=201)
    async def book_series(body: SeriesBody, actor: Asker) -> VisitsView:
        """Book every date, or none."""
        require(actor, "visits:write")
        choices = _choices(body.choices)
        return _visits(await series.book(_asked(body), body.rule, choices, actor=actor))

    @api.post("/{visit_id}/preview")
    async def preview_series_move(visit_id: Id, body: MoveSeriesBody, actor: Asker) -> DatesView:
        """Return what a move would do to each date; nothing is stored."""
        require(actor, "visits:write")
        begin = minutes_of(body.start)
        return _dates(await series.preview_move(visit_id, body.which, begin, actor=actor))

    @api.post("/{visit_id}/move")
    async def move_series(visit_id: Id, body: MoveSeriesBody, actor: Asker) -> VisitsView:
        """Move a visit, it and those after it, or all to come."""
        require(actor, "visits:write")
        choices = _choices(body.choices)
        begin = minutes_of(body.start)
        return _visits(await series.move(visit_id, body.which, begin, choices, actor=actor))

    @api.post("/{visit_id}/cancel")
    async def cancel_series(visit_id: Id, body: CancelSeriesBody, actor: Asker) -> VisitsView:
        """Cancel a visit, it and those after it, or all to come."""
        require(actor, "visits:write")
        return _visits(await series.cancel(visit_id, body.which, actor=actor, reason=body.reason))

    return api


def _asked(body: SeriesBody) -> Asked:
    return Asked(
        type=body.type,
        place=body.place,
        practitioner=body.practitioner,
        begin=minutes_of(body.start),
        patient=body.patient,
        comment=body.comment,
    )


def _choices(bodies: dict[str, ChoiceBody]) -> dict[str, Choice]:
    return {
        day: Choice(
            one.leave_out, None if one.start is None else minutes_of(one.start), one.squeeze
        )
        for day, one in bodies.items()
    }


def _dates(found: list[Preview]) -> DatesView:
    return DatesView(
        dates=[
            DateView(
                day=one.occurrence.wall.date().isoformat(),
                start=instant_of(one.occurrence.begin),
                is_moved_by_clock=one.occurrence.is_moved,
                visit=one.visit,
                problem=one.problem,
                instead=[instant_of(each.begin) for each in one.instead],
            )
            for one in found
        ]
    )


def _visits(stored: list[Document]) -> VisitsView:
    return VisitsView(visits={one.id: one.version for one in stored})

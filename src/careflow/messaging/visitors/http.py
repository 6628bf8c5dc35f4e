"""Addresses for whoever holds a link; it is posted, never part of an address that is logged."""

# Annotations are evaluated here on purpose: FastAPI reads the dependency from the router's closure.

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal, TypeVar
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from careflow.audit.entry import AuditEntry
from careflow.audit.trail import Trail
from careflow.clock import Clock
from careflow.identity.actor import Role
from careflow.messaging.links import NoSuchLinkError
from careflow.messaging.visitors.visiting import Seen, Visiting
from careflow.messaging.visits import OpenTime, VisitFacts
from careflow.messaging.words import policy_words
from careflow.records.wall_words import Language, When

Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9.\-]{1,64}$")]
T = TypeVar("T")


class WhenView(BaseModel):
    """When something is by the place's clock; ``text`` is shown as it is, the same everywhere."""

    start: datetime
    zone: str
    letters: str
    day: str
    time: str
    text: str


class VisitByLink(BaseModel):
    """A visit as whoever holds a link sees it; never why, nor what kind.

    ``also`` is the patient's own clock, for a video visit in another zone.
    """

    when: WhenView
    minutes: int
    mode: str
    practitioner: str
    practitioner_id: str
    place: str
    place_id: str
    address: str
    also: WhenView | None


class PolicyView(BaseModel):
    """Until when the patient may move or cancel."""

    cutoff_minutes: int
    until: WhenView
    is_over: bool
    words: str


class OfferByLink(BaseModel):
    """Until when an offered time is kept."""

    until: WhenView


class LinkView(BaseModel):
    """What a link shows, and what can be done by it now."""

    purpose: Literal["confirm", "cancel", "move", "choose", "offer", "stop"]
    state: Literal[
        "booked",
        "confirmed",
        "cancelled",
        "awaiting",
        "offered",
        "declined",
        "told-late",
        "stopped",
    ]
    clinic: str
    language: Literal["en", "es"]
    visit: VisitByLink | None
    offer: OfferByLink | None
    policy: PolicyView | None
    can: list[str]


class OpeningByLink(BaseModel):
    """A time to choose."""

    start: datetime
    when: WhenView
    practitioner_id: str
    practitioner: str
    place_id: str
    place: str


class OpeningsByLink(BaseModel):
    """Times to choose from, the soonest first."""

    openings: list[OpeningByLink]


class LinkBody(BaseModel):
    """The part of a link behind its #."""

    model_config = ConfigDict(extra="forbid")
    link: Annotated[str, Field(min_length=1, max_length=200)]


class OpeningsBody(LinkBody):
    """From when on, and how many."""

    after: AwareDatetime | None = None
    count: Annotated[int, Field(ge=1, le=20)] = 6


class MoveByLinkBody(LinkBody):
    """The chosen time."""

    start: AwareDatetime
    practitioner: Id


class AnswerBody(LinkBody):
    """Whether an offered time is taken."""

    accept: bool


@dataclass(frozen=True, slots=True)
class Door:
    """Everything these addresses stand on; ``clinic`` is the name people read."""

    visiting: Visiting
    trail: Trail
    clock: Clock
    organisation: str
    clinic: str

    async def opened(self, request: Request, act: Callable[[], Awaitable[T]]) -> T:
        """Do something by a link, counted by address; a wrong one is counted apart."""
        address = request.client.host if request.client else ""
        await self.visiting.admit(address)
        try:
            return await act()
        except NoSuchLinkError:
            await self.visiting.count_wrong(address)
            raise

    async def shown(self, token: str, seen: Seen) -> LinkView:
        """Return what a link shows, once it is noted durably who saw it."""
        await self.trail.note(
            AuditEntry(
                at=self.clock(),
                action="records:visit-link:read",
                organisation=self.organisation,
                actor=self.visiting.actor(token, seen.link).id,
                role=Role.PATIENT,
                patients=(seen.link.patient,),
                subjects=(f"Appointment/{seen.visit.id}",) if seen.visit else (),
            )
        )
        return self._view(seen)

    def _view(self, seen: Seen) -> LinkView:
        language: Language = seen.person.language if seen.person else "en"
        visit, zone = seen.visit, seen.person.zone if seen.person else None
        policy = None
        if visit is not None and seen.offer is None:
            policy = PolicyView(
                cutoff_minutes=visit.cutoff,
                until=when_view(When.of(visit.until, visit.zone, language)),
                is_over=visit.until < self.clock(),
                words=policy_words(visit, language),
            )
        offer = None
        if visit is not None and seen.offer is not None:
            until = When.of(seen.offer.until, visit.zone, language)
            offer = OfferByLink(until=when_view(until))
        return LinkView(
            purpose=seen.link.purpose,
            state=seen.state,
            clinic=self.clinic,
            language=language,
            visit=_visit(visit, zone, language) if visit else None,
            offer=offer,
            policy=policy,
            can=list(seen.can),
        )


def router(door: Door) -> APIRouter:
    """Return the addresses under ``/api/links``; they need no sign-in."""
    api = APIRouter(prefix="/api/links", tags=["links"])
    _add_answers(api, door)
    _add_times(api, door)
    return api


def _add_answers(api: APIRouter, door: Door) -> None:
    visiting = door.visiting

    @api.post("/look")
    async def look_by_link(body: LinkBody, request: Request) -> LinkView:
        """Return what a link shows; nothing is changed."""
        seen = await door.opened(request, lambda: visiting.look(body.link))
        return await door.shown(body.link, seen)

    @api.post("/confirm")
    async def confirm_by_link(body: LinkBody, request: Request) -> LinkView:
        """Say that the patient comes."""
        seen = await door.opened(request, lambda: visiting.confirm(body.link))
        return await door.shown(body.link, seen)

    @api.post("/cancel")
    async def cancel_by_link(body: LinkBody, request: Request) -> LinkView:
        """Give the visit up, until its cut-off."""
        seen = await door.opened(request, lambda: visiting.cancel(body.link))
        return await door.shown(body.link, seen)

    @api.post("/late")
    async def tell_late_by_link(body: LinkBody, request: Request) -> LinkView:
        """Tell the desk that the patient cannot come, once it is too late to cancel."""
        seen = await door.opened(request, lambda: visiting.tell_late(body.link))
        return await door.shown(body.link, seen)

    @api.post("/offer")
    async def answer_offer_by_link(body: AnswerBody, request: Request) -> LinkView:
        """Take or decline an offered time; the first who takes it has it."""
        seen = await door.opened(request, lambda: visiting.answer(body.link, accept=body.accept))
        return await door.shown(body.link, seen)

    @api.post("/stop")
    async def stop_by_link(body: LinkBody, request: Request) -> LinkView:
        """Write no more to the address that the link was sent to."""
        seen = await door.opened(request, lambda: visiting.stop(body.link))
        return await door.shown(body.link, seen)


def _add_times(api: APIRouter, door: Door) -> None:
    visiting = door.visiting

    @api.post("/openings")
    async def openings_by_link(body: OpeningsBody, request: Request) -> OpeningsByLink:
        """Return times that the visit could move to."""
        found = await door.opened(
            request,
            lambda: visiting.openings(body.link, after=body.after, count=body.count),
        )
        seen = await visiting.look(body.link)
        language: Language = seen.person.language if seen.person else "en"
        return OpeningsByLink(openings=[_opening(one, language) for one in found])

    @api.post("/move")
    async def move_by_link(body: MoveByLinkBody, request: Request) -> LinkView:
        """Give the visit another time, or the time that the patient chooses."""
        seen = await door.opened(
            request,
            lambda: visiting.move(body.link, body.start, body.practitioner),
        )
        return await door.shown(body.link, seen)


def when_view(when: When) -> WhenView:
    """Return when something is, for a screen."""
    return WhenView(
        start=when.at,
        zone=when.zone.key,
        letters=when.letters,
        day=when.day,
        time=when.time,
        text=when.text,
    )


def _visit(visit: VisitFacts, zone: ZoneInfo | None, language: Language) -> VisitByLink:
    also = visit.theirs(zone, language)
    return VisitByLink(
        when=when_view(visit.when(language)),
        minutes=int((visit.end - visit.start).total_seconds() // 60),
        mode=visit.mode,
        practitioner=visit.practitioner_name,
        practitioner_id=visit.practitioner,
        place=visit.place_name,
        place_id=visit.place,
        address=visit.address,
        also=when_view(also) if also else None,
    )


def _opening(one: OpenTime, language: Language) -> OpeningByLink:
    when = When.of(one.start, one.zone, language)
    return OpeningByLink(
        start=when.at,
        when=when_view(when),
        practitioner_id=one.practitioner,
        practitioner=one.practitioner_name,
        place_id=one.place,
        place=one.place_name,
    )

"""Addresses that need no account: what can be booked, what is open, holding, a code, booking."""

# Annotations are evaluated here on purpose: FastAPI reads the dependency from the router's closure.

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Header, Query, Request
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from careflow.clock import Clock
from careflow.database.documents import Document
from careflow.identity.actor import Actor, Role
from careflow.records.day import participant_name
from careflow.records.elements import decoded
from careflow.records.wall_words import When
from careflow.scheduling.asking import Asked
from careflow.scheduling.finding import Finder, Wanted
from careflow.scheduling.holds import Hold
from careflow.scheduling.openings import Opening
from careflow.scheduling.plan import Place, Plan, VisitType
from careflow.scheduling.refusals import NotForYouError
from careflow.scheduling.visit import DECODER
from careflow.scheduling.visitors.agreements import agreements_for
from careflow.scheduling.visitors.booking import Booked, VisitorDesk, form_for
from careflow.scheduling.visitors.keeping import Keeping
from careflow.scheduling.visitors.refusals import BookingClosedError, VisitorOverError
from careflow.scheduling.visitors.stored import visitor_id
from careflow.scheduling.wall import instant_of, minutes_of

Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9.\-]{1,64}$")]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Email = Annotated[str, StringConstraints(pattern=r"^[^@\s]{1,100}@[^@\s]{1,150}$")]
Language = Literal["en", "es"]
Mode = Literal["in-person", "video", "telephone"]
PREFIX = "/api/public/booking"
VISITOR_HEADER = "x-careflow-visitor"
Secret = Annotated[str | None, Header(alias=VISITOR_HEADER, max_length=100)]


class AgreementView(BaseModel):
    """A text to agree to; ``version`` is sent back with the booking."""

    id: str
    version: str
    text: str


class QuestionView(BaseModel):
    """A question before the visit."""

    id: str
    kind: Literal["text", "list", "phone"]
    text: str
    hint: str
    required: bool


class VisitorTypeView(BaseModel):
    """A kind of visit that can be booked without an account.

    ``waits`` where the clinic looks at the booking first: it is for people it knows.
    """

    id: str
    name: str
    minutes: int
    mode: Mode
    preparation: str
    cutoff_minutes: int
    waits: bool
    questions: list[QuestionView]
    agreements: list[AgreementView]


class VisitorPlaceView(BaseModel):
    """Where patients come."""

    id: str
    name: str
    zone: str
    address: str


class OnlineBookingView(BaseModel):
    """What can be booked without an account."""

    types: list[VisitorTypeView]
    places: list[VisitorPlaceView]


class OnlineWhenView(BaseModel):
    """An instant by the place's clock: ``text`` is what every message says too."""

    start: datetime
    zone: str
    letters: str
    day: str
    time: str
    text: str


class VisitorOpeningView(BaseModel):
    """A time that is open."""

    when: OnlineWhenView
    practitioner: str
    practitioner_name: str
    place: str


class VisitorOpeningsView(BaseModel):
    """Open times, the soonest first; ``more`` says whether there may be later ones."""

    openings: list[VisitorOpeningView]
    more: bool


class VisitorHoldBody(BaseModel):
    """The time to keep."""

    model_config = ConfigDict(extra="forbid")
    type: Id
    place: Id
    practitioner: Id
    start: AwareDatetime


class VisitorHoldView(BaseModel):
    """A time that is kept for ``seconds`` more; ``visitor`` is the secret sent from now on."""

    visitor: str
    start: datetime
    until: datetime
    seconds: int


class CodeBody(BaseModel):
    """Where to send a code."""

    model_config = ConfigDict(extra="forbid")
    email: Email
    language: Language = "en"


class CodeSentView(BaseModel):
    """A code is on its way; ``shown`` is it where a synthetic clinic has no mail to send it by."""

    shown: str | None


class VisitorBookingBody(BaseModel):
    """Everything of a booking: the code, who comes, the answers, what was agreed to."""

    model_config = ConfigDict(extra="forbid")
    code: Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]
    email: Email
    family: Name
    given: Name
    birth_date: date
    language: Language = "en"
    phone: Annotated[str, Field(pattern=r"^\+?[0-9 ().\-]{5,30}$")] | None = None
    may_text: bool = False
    answers: dict[Id, Annotated[list[Annotated[str, Field(max_length=300)]], Field(max_length=20)]]
    agreed: dict[Id, Annotated[str, Field(max_length=40)]]


class VisitorVisitView(BaseModel):
    """The visit as it was stored, read back from there; ``calendar`` is it as iCalendar.

    ``until`` is when the patient can last move or cancel it; ``waits``: the clinic looks first, and
    there is no calendar entry yet.
    """

    id: str
    when: OnlineWhenView
    minutes: int
    type_name: str
    mode: Mode
    practitioner_name: str
    place_name: str
    address: str
    preparation: str
    until: OnlineWhenView
    waits: bool
    calendar: str | None


@dataclass(frozen=True, slots=True)
class Entrance:
    """Everything these addresses stand on; ``calendar`` writes a visit as iCalendar by its id."""

    finder: Finder
    desk: VisitorDesk
    clock: Clock
    calendar: Callable[[str], Awaitable[str | None]]

    @property
    def keeping(self) -> Keeping:
        """Return what a visitor has before anything is booked."""
        return self.desk.keeping


def router(entrance: Entrance) -> APIRouter:
    """Return the addresses under ``/api/public/booking``; none asks who somebody is."""
    api = APIRouter(prefix=PREFIX, tags=["booking without an account"])
    _add_looking(api, entrance)
    _add_keeping(api, entrance)
    _add_booking(api, entrance)
    return api


def visitor_of(headers: list[tuple[bytes, bytes]], organisation: str) -> Actor | None:
    """Return whose request it is by the visitor's secret, so that a retry is known as theirs."""
    secret = dict(headers).get(VISITOR_HEADER.encode())
    if not secret:
        return None
    id = visitor_id(secret.decode("latin-1"))
    return Actor(f"visitor-{id}", "Visitor", Role.PATIENT, organisation, session=id)


def _add_looking(api: APIRouter, entrance: Entrance) -> None:
    @api.get("")
    async def online_booking(language: Language = "en") -> OnlineBookingView:
        """Return the kinds of visits that can be booked without an account."""
        plan, _ = await entrance.finder.planned()
        offered = [one for one in plan.types if one.who != "staff"]
        if not any(one.who == "anyone" for one in offered):
            raise BookingClosedError
        return OnlineBookingView(
            types=[_type(one, language) for one in offered],
            places=[
                VisitorPlaceView(id=one.id, name=one.name, zone=one.zone, address=one.address)
                for one in plan.places
            ],
        )

    @api.get("/openings")
    async def online_openings(
        type: Id,  # noqa: A002 - the address's own word
        place: Id | None = None,
        after: AwareDatetime | None = None,
        language: Language = "en",
        count: Annotated[int, Query(ge=1, le=60)] = 24,
        visitor: Secret = None,
    ) -> VisitorOpeningsView:
        """Return open times; one that the visitor keeps is among them."""
        plan, calendars = await entrance.finder.planned()
        if plan.type(type).who == "staff":
            raise NotForYouError
        wanted = Wanted(
            type,
            places=(place,) if place else (),
            after=minutes_of(after) if after else 0,
            count=count + 1,
            hold=await _own_hold(entrance, visitor),
        )
        found = await entrance.finder.find(wanted, channel="portal")
        names = {one.practitioner: one.name for one in calendars}
        return VisitorOpeningsView(
            openings=[_opening(one, plan, names, language) for one in found[:count]],
            more=len(found) > count,
        )


def _add_keeping(api: APIRouter, entrance: Entrance) -> None:
    @api.post("/hold", status_code=201)
    async def hold_online(
        body: VisitorHoldBody, request: Request, visitor: Secret = None
    ) -> VisitorHoldView:
        """Keep a time for five minutes, instead of the one kept so far."""
        asked = Asked(body.type, body.place, body.practitioner, minutes_of(body.start), "")
        address = request.client.host if request.client else ""
        secret, hold = await entrance.keeping.hold(asked, secret=visitor, address=address)
        return _hold(secret, hold, entrance.clock)

    @api.post("/hold/renew")
    async def renew_online(visitor: Secret = None) -> VisitorHoldView:
        """Keep it for another five minutes."""
        secret = _required(visitor)
        return _hold(secret, await entrance.keeping.renew(secret), entrance.clock)

    @api.post("/hold/release", status_code=204)
    async def release_online(visitor: Secret = None) -> None:
        """Give it back."""
        await entrance.keeping.release(_required(visitor))

    @api.post("/code", status_code=202)
    async def send_code(body: CodeBody, visitor: Secret = None) -> CodeSentView:
        """Send a code to an e-mail address; the answer is the same for every address."""
        shown = await entrance.keeping.send_code(
            _required(visitor), email=body.email, language=body.language
        )
        return CodeSentView(shown=shown)


def _add_booking(api: APIRouter, entrance: Entrance) -> None:
    Key = Annotated[str, Header(alias="Idempotency-Key", min_length=1)]  # noqa: N806

    @api.post("/visit", status_code=201)
    async def book_online(
        body: VisitorBookingBody,
        key: Key,  # noqa: ARG001
        visitor: Secret = None,
    ) -> VisitorVisitView:
        """Book the time that is kept; a key is required, so that sending it again books it once."""
        booked = Booked(
            **{**body.model_dump(), "birth_date": body.birth_date.isoformat()},
        )
        stored = await entrance.desk.book(_required(visitor), booked)
        return await _visit(entrance, stored, body.language)


async def _own_hold(entrance: Entrance, secret: str | None) -> str | None:
    if secret is None:
        return None
    try:
        return (await entrance.keeping.visitors.standing(secret))[0].hold
    except VisitorOverError:
        return None


def _required(secret: str | None) -> str:
    if not secret:
        raise VisitorOverError
    return secret


def _type(one: VisitType, language: Language) -> VisitorTypeView:
    form = form_for(one)
    return VisitorTypeView(
        id=one.id,
        name=one.name,
        minutes=one.minutes,
        mode=one.mode,
        preparation=one.preparation,
        cutoff_minutes=one.cutoff,
        waits=one.who == "known",
        questions=[
            QuestionView(
                id=each.id,
                kind=each.kind,
                text=each.texts[language],
                hint=each.hints[language],
                required=each.required,
            )
            for each in (form.questions if form else ())
        ],
        agreements=[
            AgreementView(id=each.id, version=each.version, text=each.texts[language])
            for each in agreements_for(one)
        ],
    )


def _opening(
    one: Opening, plan: Plan, names: dict[str, str], language: Language
) -> VisitorOpeningView:
    return VisitorOpeningView(
        when=_when(instant_of(one.begin), plan.place(one.place), language),
        practitioner=one.practitioner,
        practitioner_name=names[one.practitioner],
        place=one.place,
    )


def _when(at: datetime, place: Place, language: Language) -> OnlineWhenView:
    when = When.of(at, place.clock, language)
    return OnlineWhenView(
        start=when.at,
        zone=place.zone,
        letters=when.letters,
        day=when.day,
        time=when.time,
        text=when.text,
    )


def _hold(secret: str, hold: Hold, clock: Clock) -> VisitorHoldView:
    return VisitorHoldView(
        visitor=secret,
        start=instant_of(hold.opening.begin),
        until=hold.until,
        seconds=max(0, int((hold.until - clock()).total_seconds())),
    )


async def _visit(entrance: Entrance, stored: Document, language: Language) -> VisitorVisitView:
    plan, _ = await entrance.finder.planned()
    one = DECODER.decode(stored.body)
    place, type_ = one.place(plan), plan.type(one.type_id)
    assert place is not None and one.start is not None  # noqa: S101, PT018 - it was just booked
    return VisitorVisitView(
        id=stored.id,
        when=_when(one.start, place, language),
        minutes=type_.minutes,
        type_name=type_.name,
        mode=type_.mode,
        practitioner_name=participant_name(decoded(stored), "Practitioner") or "",
        place_name=place.name,
        address=place.address,
        preparation=type_.preparation,
        until=_when(one.start - timedelta(minutes=type_.cutoff), place, language),
        waits=one.status == "proposed",
        calendar=None if one.status == "proposed" else await entrance.calendar(stored.id),
    )

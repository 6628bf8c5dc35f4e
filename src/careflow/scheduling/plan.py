"""What a clinic plans with: its places, the kinds of visits, and the hours of who works there."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar, Literal, TypeVar
from zoneinfo import ZoneInfo

import msgspec

from careflow.errors import NotFoundError

Mode = Literal["in-person", "video", "telephone"]
Who = Literal["anyone", "known", "staff"]
"""Who may book: anybody at all, a patient whom the clinic knows, or the clinic's staff."""


class Thing(msgspec.Struct, frozen=True):
    """A room or device, by its reference: ``Location/room-1``, ``Device/ecg-1``."""

    resource: str
    name: str


class Closure(msgspec.Struct, frozen=True):
    """A day on which a place is closed."""

    day: date
    words: str


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where patients come.

    Attributes:
        id: Of the Location resource.
        zone: IANA name; there is no default, for a missing zone is never UTC.
    """

    id: str
    name: str
    zone: str
    address: str = ""
    closed: tuple[Closure, ...] = ()
    rooms: tuple[Thing, ...] = ()
    devices: tuple[Thing, ...] = ()

    @property
    def clock(self) -> ZoneInfo:
        """Return the place's zone."""
        return ZoneInfo(self.zone)


class VisitType(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of visit; desk, portal and API obey it alike.

    Attributes:
        minutes: How long it lasts, as shown.
        step: Between one possible start and the next, counted from when the hours begin.
        before, after: Minutes that stay free around it for the same clinician.
        shares_buffers: Whether two visits that follow each other keep the larger of their buffers
            rather than the sum.
        keeps_hours: Whether the buffers, too, must lie within the hours.
        lead: Minutes from now before which nobody outside the clinic books.
        cutoff: Minutes before the visit after which a patient can no longer move or cancel it.
        per_day: How many a clinician has on one day.
        seats: Patients at the same time, who never see each other.
        overbook: How many may be squeezed in beside others, a clinician and day.
        clinicians: Ids of those who offer it; empty for all.
        needs_room: Whether one of the place's rooms is taken along.
        devices: References to devices that are taken along.
        intake: The questions that are sent with the booking (:mod:`careflow.records.intake.forms`),
            empty for none.
    """

    id: str
    name: str
    minutes: int
    step: int = 10
    mode: Mode = "in-person"
    preparation: str = ""
    who: Who = "known"
    before: int = 0
    after: int = 0
    shares_buffers: bool = True
    keeps_hours: bool = False
    lead: int = 0
    cutoff: int = 0
    per_day: int | None = None
    seats: int = 1
    overbook: int = 0
    clinicians: tuple[str, ...] = ()
    needs_room: bool = False
    devices: tuple[str, ...] = ()
    intake: str = "general"


class Hours(msgspec.Struct, frozen=True, kw_only=True):
    """Hours that come back every week, by the place's clock.

    Attributes:
        weekdays: 1 is Monday, 7 Sunday.
        begin, end: Minutes of the day; an end at or before the begin is on the next day.
        since, until: First and last day on which they hold.
    """

    place: str
    weekdays: tuple[int, ...]
    begin: int
    end: int
    since: date | None = None
    until: date | None = None


class OddDay(msgspec.Struct, frozen=True, kw_only=True):
    """One day with other hours at a place, or none: replaces the weekly ones."""

    day: date
    place: str
    spans: tuple[tuple[int, int], ...] = ()


class Leave(msgspec.Struct, frozen=True, kw_only=True):
    """A time in which a clinician is away."""

    id: str
    begin: datetime
    end: datetime


class Calendar(msgspec.Struct, frozen=True, kw_only=True):
    """When a clinician is where."""

    practitioner: str
    name: str
    hours: tuple[Hours, ...] = ()
    odd_days: tuple[OddDay, ...] = ()
    leave: tuple[Leave, ...] = ()

    @property
    def resource(self) -> str:
        """Return the clinician as a reference."""
        return f"Practitioner/{self.practitioner}"


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """Places and kinds of visits."""

    places: tuple[Place, ...] = ()
    types: tuple[VisitType, ...] = ()

    def place(self, id: str) -> Place:
        """Return a place by its id."""
        return _named(self.places, id, "place")

    def type(self, id: str) -> VisitType:
        """Return a kind of visit by its id."""
        return _named(self.types, id, "kind of visit")


N = TypeVar("N", Place, VisitType)


class NotPlannedError(NotFoundError):
    """The clinic has no such place, kind of visit or clinician."""

    code: ClassVar[str] = "scheduling-not-planned"


def _named(among: tuple[N, ...], id: str, what: str) -> N:
    found = next((one for one in among if one.id == id), None)
    if found is None:
        raise NotPlannedError(f"The clinic has no such {what}.")
    return found

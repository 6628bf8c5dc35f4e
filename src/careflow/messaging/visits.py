"""What messages need of visits, and what a link may do with one: scheduling's, handed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from careflow.identity.actor import Actor
from careflow.records.wall_words import Language, When


@dataclass(frozen=True, slots=True)
class VisitFacts:
    """What a message may tell of a visit, and by what it is judged. No reason, no kind of visit.

    Attributes:
        status: FHIR's.
        settle: What an awaiting visit waits for: ``choose`` or ``telephone``.
        sequence: Rises with each change that people are told of.
        zone: Of the place.
        mode: ``in-person``, ``video`` or ``telephone``.
        cutoff: Minutes before it after which a patient can no longer move or cancel it.
    """

    id: str
    version: int
    patient: str | None
    status: str
    stage: str | None
    settle: str
    sequence: int
    start: datetime
    end: datetime
    zone: ZoneInfo
    place: str
    place_name: str
    address: str
    practitioner: str
    practitioner_name: str
    mode: str
    cutoff: int
    changed_at: datetime

    def when(self, language: Language = "en") -> When:
        """Return when it begins, by the place's clock."""
        return When.of(self.start, self.zone, language)

    def theirs(self, zone: ZoneInfo | None, language: Language = "en") -> When | None:
        """Return when a video visit begins by the patient's own clock, where that is another."""
        if self.mode != "video" or zone is None or zone.key == self.zone.key:
            return None
        return When.of(self.start, zone, language)

    @property
    def until(self) -> datetime:
        """Return until when the patient may move or cancel it."""
        return self.start - timedelta(minutes=self.cutoff)


@dataclass(frozen=True, slots=True)
class OfferFacts:
    """An offered time; ``state`` is scheduling's, ``visit`` what it would be."""

    id: str
    patient: str
    state: str
    until: datetime
    visit: VisitFacts


@dataclass(frozen=True, slots=True)
class OpenTime:
    """A time to choose."""

    start: datetime
    zone: ZoneInfo
    place: str
    place_name: str
    practitioner: str
    practitioner_name: str


class VisitBook(Protocol):
    """Visits as messages and links reach them; every change goes through the one booking verb."""

    async def visit(self, id: str) -> VisitFacts | None:
        """Return a visit, ``None`` where there is none with a time."""
        ...

    async def visits(
        self, *, since: datetime, patient: str | None = None, practitioner: str | None = None
    ) -> list[VisitFacts]:
        """Return somebody's visits that end after an instant, by time; cancelled ones too."""
        ...

    async def offer(self, id: str) -> OfferFacts | None:
        """Return an offered time."""
        ...

    async def confirm(self, visit: VisitFacts, *, actor: Actor) -> None:
        """Say that the patient comes."""
        ...

    async def cancel(self, visit: VisitFacts, *, actor: Actor) -> None:
        """Give a visit up, if it is not too late."""
        ...

    async def openings(
        self, visit: VisitFacts, *, after: datetime | None, count: int
    ) -> list[OpenTime]:
        """Return times that a visit could move to."""
        ...

    async def move(
        self, visit: VisitFacts, start: datetime, practitioner: str, *, actor: Actor
    ) -> None:
        """Give a visit another time, if it is not too late."""
        ...

    async def answer(self, offer: str, *, accept: bool, actor: Actor) -> str | None:
        """Take or decline an offered time; return the visit that came of it."""
        ...

"""Who waits for an earlier time, and what was offered to whom, as documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, Final, Literal

import msgspec

from careflow.database.conditions import Condition, TermIn
from careflow.database.documents import Documents, Entries, Put, Query
from careflow.database.scope import organisation_scope
from careflow.database.work import Work
from careflow.errors import NotFoundError

WAITING: Final = "visit-waiting"
OFFER: Final = "visit-offer"
_MANY: Final = 1000

OfferState = Literal["open", "accepted", "declined", "expired", "withdrawn", "lost"]


class NotWaitingError(NotFoundError):
    """No such entry of the waiting list, or no such offer."""

    code: ClassVar[str] = "scheduling-not-waiting"

    def __init__(self) -> None:
        super().__init__("There is no such place on the waiting list.")


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who waits.

    Attributes:
        practitioners: Whom they would see; empty for anyone who offers the kind of visit.
        weekdays: ISO weekdays on which they can come; empty for any.
        hours: From and before which minute of the day they can come, by the place's clock.
        notice: Minutes they need to get there.
        visit: The later visit that they would give up for an earlier time.
        since: When they began to wait, which is their place in the order.
    """

    id: str
    patient: str
    type: str
    place: str
    since: datetime
    practitioners: tuple[str, ...] = ()
    weekdays: tuple[int, ...] = ()
    hours: tuple[int, int] = (0, 1440)
    notice: int = 60
    until: date | None = None
    visit: str | None = None
    is_open: bool = True


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """A freed time, offered to somebody.

    Attributes:
        freed: Names what was freed; everyone is offered it once.
        minutes_open: From the instant it was freed to the offer.
    """

    id: str
    freed: str
    waiting: str
    patient: str
    type: str
    place: str
    practitioner: str
    begin: int
    end: int
    freed_at: datetime
    offered_at: datetime
    until: datetime
    state: OfferState = "open"
    settled_at: datetime | None = None


_waiting = msgspec.json.Decoder(Waiting)
_offer = msgspec.json.Decoder(Offer)


@dataclass(frozen=True, slots=True)
class Waitlist:
    """One organisation's waiting list and offers."""

    documents: Documents
    organisation: str

    async def waiting(self) -> list[Waiting]:
        """Return who waits, in the order in which they began to."""
        found = [
            _waiting.decode(body) for body, _ in await self._all(WAITING, TermIn("open", ("yes",)))
        ]
        return sorted(found, key=lambda one: (one.since, one.id))

    async def entry(self, id: str) -> tuple[Waiting, int]:
        """Return an entry and its version, or raise :class:`NotWaitingError`."""
        body, version = await self._one(WAITING, id)
        return _waiting.decode(body), version

    async def offer(self, id: str) -> tuple[Offer, int]:
        """Return an offer and its version, or raise :class:`NotWaitingError`."""
        body, version = await self._one(OFFER, id)
        return _offer.decode(body), version

    async def offers_of(self, freed: str) -> list[Offer]:
        """Return what was offered of one freed time."""
        return [
            _offer.decode(body) for body, _ in await self._all(OFFER, TermIn("freed", (freed,)))
        ]

    async def open_offers(self, practitioners: Sequence[str]) -> list[tuple[Offer, int]]:
        """Return open offers of these clinicians' time, with versions."""
        theirs = TermIn("open-of", tuple(practitioners))
        return [(_offer.decode(body), version) for body, version in await self._all(OFFER, theirs)]

    async def offers(self) -> list[Offer]:
        """Return every offer there was."""
        return [_offer.decode(body) for body, _ in await self._all(OFFER)]

    def put_waiting(self, work: Work, one: Waiting, *, expected: int) -> None:
        """Stage an entry."""
        terms = [("patient", one.patient), *([("open", "yes")] if one.is_open else [])]
        body = msgspec.json.encode(one)
        work.put(
            Put(WAITING, one.id, body, self.organisation, Entries(terms=terms), expected=expected)
        )

    def put_offer(self, work: Work, one: Offer, *, expected: int) -> None:
        """Stage an offer."""
        terms = [("freed", one.freed), ("waiting", one.waiting)]
        if one.state == "open":
            terms.append(("open-of", one.practitioner))
        body = msgspec.json.encode(one)
        work.put(
            Put(OFFER, one.id, body, self.organisation, Entries(terms=terms), expected=expected)
        )

    async def _one(self, kind: str, id: str) -> tuple[bytes, int]:
        found = await self.documents.read(kind, id, organisation_scope(self.organisation))
        if found is None or found.deleted:
            raise NotWaitingError
        return found.body, found.version

    async def _all(self, kind: str, *conditions: Condition) -> list[tuple[bytes, int]]:
        scope = organisation_scope(self.organisation)
        page = await self.documents.find(Query(kind, conditions, count=_MANY), scope)
        return [(one.body, one.version) for one in page.documents]

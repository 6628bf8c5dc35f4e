"""What somebody without an account does by a link: looks at their visit, confirms, cancels, moves.

An edge: it commits. Every change goes through scheduling's own verbs, by the patient's channel.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

import msgspec

from careflow.clock import Clock
from careflow.database.documents import Documents, VersionMismatchError
from careflow.database.scope import organisation_scope
from careflow.database.work import Work
from careflow.identity.actor import Actor, Role
from careflow.identity.slowing import Allowance, Slowing
from careflow.messaging.links import Link, Links, NoSuchLinkError, Purpose
from careflow.messaging.person import Person, Way, person_of
from careflow.messaging.stored import Message, Outbox
from careflow.messaging.unsent import stop_writing
from careflow.messaging.visits import OfferFacts, OpenTime, VisitBook, VisitFacts
from careflow.records.store import Records

WRONG: Final = Allowance(free=20)
"""Links that do not work, an address."""
ANY: Final = Allowance(free=300)
"""Requests by link, an address."""

State = Literal[
    "booked",
    "confirmed",
    "cancelled",
    "awaiting",
    "offered",
    "declined",
    "told-late",
    "stopped",
]
_MOVED_ON: Final = frozenset({"cancelled", "moved"})
"""How a link is left by which the visit became another version of itself."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a link shows."""

    link: Link
    state: State
    person: Person | None
    visit: VisitFacts | None = None
    offer: OfferFacts | None = None
    can: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Visiting:
    """Links of one organisation in use."""

    links: Links
    book: VisitBook
    records: Records
    slowing: Slowing
    clock: Clock

    @property
    def _documents(self) -> Documents:
        return self.links.documents

    async def admit(self, address: str) -> None:
        """Count a request of an address, or refuse one that came too often."""
        await self.slowing.require_calm("link-wrong", address, WRONG)
        await self.slowing.require_calm("link", address, ANY)
        await self._count("link", address, ANY)

    async def count_wrong(self, address: str) -> None:
        """Count a link that does not work."""
        await self._count("link-wrong", address, WRONG)

    def actor(self, token: str, link: Link) -> Actor:
        """Return who acts by a link: the patient, known by the link alone."""
        return Actor(
            self.links.name_of(token),
            "By link",
            Role.PATIENT,
            self.links.organisation,
            session="",
            patient_id=link.patient,
        )

    async def look(self, token: str) -> Seen:
        """Return what a link shows, or raise :class:`NoSuchLinkError`."""
        return (await self._read(token))[0]

    async def confirm(self, token: str) -> Seen:
        """Say that the patient comes."""
        seen, _ = await self._read(token, "confirm")
        if seen.state == "booked" and seen.visit is not None:
            await self.book.confirm(seen.visit, actor=self.actor(token, seen.link))
        return await self.look(token)

    async def cancel(self, token: str) -> Seen:
        """Give the visit up.

        Raises:
            careflow.scheduling.refusals.PastCutOffError: It is too late; say so by message.
        """
        seen, version = await self._read(token, "cancel")
        if seen.state in {"booked", "confirmed"} and seen.visit is not None:
            await self.book.cancel(seen.visit, actor=self.actor(token, seen.link))
            await self._left(token, seen.link, "cancelled", version)
        return await self.look(token)

    async def tell_late(self, token: str) -> Seen:
        """Tell the desk that the patient cannot come, when it is too late to cancel by link."""
        seen, version = await self._read(token, "cancel")
        if "late" not in seen.can or seen.visit is None:
            return seen
        told = Message(
            id=f"late-{self.links.name_of(token)}",
            patient=seen.link.patient,
            kind="late-cancel",
            at=self.clock(),
            visits=(seen.visit.id,),
            direction="in",
            state="received",
            why="late-cancel",
        )
        left = msgspec.structs.replace(seen.link, left="told-late")
        async with Work(self._documents) as work:
            Outbox(self._documents, self.links.organisation).put_message(work, told, expected=0)
            self.links.leave(work, token, left, "told-late", expected=version)
        return await self.look(token)

    async def openings(self, token: str, *, after: datetime | None, count: int) -> list[OpenTime]:
        """Return times that the visit could move to."""
        seen, _ = await self._read(token, "move", "choose")
        if seen.visit is None or not {"move", "choose"} & set(seen.can):
            return []
        return await self.book.openings(seen.visit, after=after, count=count)

    async def move(self, token: str, start: datetime, practitioner: str) -> Seen:
        """Give the visit another time.

        Raises:
            careflow.scheduling.refusals.SlotTakenError: Somebody was quicker.
            careflow.scheduling.refusals.PastCutOffError: It is too late.
        """
        seen, version = await self._read(token, "move", "choose")
        if seen.visit is not None and not seen.link.left:
            actor = self.actor(token, seen.link)
            await self.book.move(seen.visit, start, practitioner, actor=actor)
            await self._left(token, seen.link, "moved", version)
        return await self.look(token)

    async def answer(self, token: str, *, accept: bool) -> Seen:
        """Take or decline an offered time."""
        seen, version = await self._read(token, "offer")
        if not seen.link.left:
            actor = self.actor(token, seen.link)
            visit = await self.book.answer(seen.link.offer, accept=accept, actor=actor)
            link = msgspec.structs.replace(seen.link, visit=visit or "")
            await self._left(token, link, "accepted" if accept else "declined", version)
        return await self.look(token)

    async def stop(self, token: str) -> Seen:
        """Write no more to the address or number that the link was sent to."""
        seen, version = await self._read(token, "stop")
        link = seen.link
        if not link.left:
            way: Way = "sms" if link.way == "sms" else "mail"
            actor = self.actor(token, link)
            async with Work(self._documents) as work:
                await stop_writing(self.records, work, link.patient, way, link.contact, actor=actor)
                self.links.leave(work, token, link, "stopped", expected=version)
        return await self.look(token)

    # --- reading a link --------------------------------------------------------------------

    async def _read(self, token: str, *purposes: Purpose) -> tuple[Seen, int]:
        """Return what a link for one of these purposes shows; any, where none is named."""
        link, version = await self.links.read(token)
        if purposes and link.purpose not in purposes:
            raise NoSuchLinkError
        person = await person_of(
            self._documents, link.patient, organisation_scope(self.links.organisation)
        )
        if link.purpose == "stop":
            can = () if link.left else ("stop",)
            return Seen(link, "stopped" if link.left else "booked", person, can=can), version
        if link.purpose == "offer":
            return await self._offered(link, person), version
        return await self._of_visit(link, person), version

    async def _of_visit(self, link: Link, person: Person | None) -> Seen:
        visit = await self.book.visit(link.visit)
        expected = link.sequence + (1 if link.left in _MOVED_ON else 0)
        if visit is None or visit.patient != link.patient or visit.sequence != expected:
            raise NoSuchLinkError
        if link.left == "told-late":
            return Seen(link, "told-late", person, visit)
        if visit.status == "cancelled" and link.left == "cancelled":
            return Seen(link, "cancelled", person, visit)
        if visit.status == "waitlist" and link.purpose == "choose" and visit.settle == "choose":
            return Seen(link, "awaiting", person, visit, can=("choose",))
        if visit.status != "booked" or visit.start <= self.clock():
            raise NoSuchLinkError
        state: State = "confirmed" if visit.stage == "confirmed" else "booked"
        return Seen(link, state, person, visit, can=self._can(link, visit, state))

    def _can(self, link: Link, visit: VisitFacts, state: State) -> tuple[str, ...]:
        if link.left or link.purpose == "choose":
            return ()
        if link.purpose == "confirm":
            return ("confirm",) if state == "booked" else ()
        if visit.until >= self.clock():
            return (link.purpose,)
        return ("late",) if link.purpose == "cancel" else ()

    async def _offered(self, link: Link, person: Person | None) -> Seen:
        if link.left == "accepted":
            visit = await self.book.visit(link.visit)
            if visit is None or visit.status != "booked":
                raise NoSuchLinkError
            return Seen(link, "booked", person, visit)
        offer = await self.book.offer(link.offer)
        if offer is None or offer.patient != link.patient:
            raise NoSuchLinkError
        if link.left == "declined":
            return Seen(link, "declined", person, offer.visit, offer)
        # One that is taken or withdrawn says so kindly when it is answered.
        return Seen(link, "offered", person, offer.visit, offer, can=("accept", "decline"))

    async def _left(self, token: str, link: Link, how: str, version: int) -> None:
        async with Work(self._documents) as work:
            self.links.leave(work, token, link, how, expected=version)

    async def _count(self, what: str, address: str, allowance: Allowance) -> None:
        try:
            async with Work(self._documents) as work:
                await self.slowing.count(work, what, address, allowance)
        except VersionMismatchError:
            # Another request of the same address was counted at the same moment.
            return

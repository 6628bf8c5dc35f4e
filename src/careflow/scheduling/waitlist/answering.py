"""Joins and leaves the waiting list, and answers offers: an edge, it commits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import msgspec

from careflow.clock import Clock
from careflow.database.documents import Document
from careflow.database.work import Staged, Work
from careflow.errors import ConflictError, GoneError
from careflow.identity.actor import Actor
from careflow.scheduling.desk import Desk
from careflow.scheduling.refusals import SlotTakenError
from careflow.scheduling.waitlist.offering import Offering, asked_of
from careflow.scheduling.waitlist.stored import Offer, Waiting, Waitlist


class OfferOverError(GoneError):
    """The offer ran out, was withdrawn, or was answered already."""

    code: ClassVar[str] = "scheduling-offer-over"

    def __init__(self) -> None:
        super().__init__("This offer is over. You keep your place on the waiting list.")


class OfferLostError(ConflictError):
    """Somebody else took the time a moment before."""

    code: ClassVar[str] = "scheduling-offer-lost"

    def __init__(self) -> None:
        super().__init__(
            "Somebody took this time a moment ago. You keep your place on the waiting list."
        )


@dataclass(frozen=True, slots=True)
class Answering:
    """The waiting list of one organisation, as those who wait use it."""

    desk: Desk
    offering: Offering
    clock: Clock

    @property
    def _list(self) -> Waitlist:
        return Waitlist(self.desk.documents, self.desk.organisation)

    async def join(self, one: Waiting) -> Waiting:
        """Put somebody on the waiting list, at its end."""
        async with Work(self.desk.documents) as work:
            self._list.put_waiting(work, one, expected=0)
        return one

    async def leave(self, id: str) -> None:
        """Take somebody off the waiting list."""
        one, version = await self._list.entry(id)
        async with Work(self.desk.documents) as work:
            gone = msgspec.structs.replace(one, is_open=False)
            self._list.put_waiting(work, gone, expected=version)

    async def accept(self, id: str, *, actor: Actor) -> Document:
        """Take an offered time: book it, or move the later visit there.

        Raises:
            OfferOverError: It ran out or was withdrawn; the place on the list is kept.
            OfferLostError: Somebody took the time a moment before; likewise.
        """

        async def stage(work: Work) -> Staged:
            offer, version = await self._open(id)
            waiting, entry_version = await self._list.entry(offer.waiting)
            asked = asked_of(waiting, offer.begin, offer.practitioner)
            if waiting.visit is None:
                staged = await self.desk.stage_booking(work, asked, actor=actor, channel="offer")
            else:
                staged = await self.desk.stage_move(
                    work, waiting.visit, asked, actor=actor, channel="offer"
                )
            taken = msgspec.structs.replace(offer, state="accepted", settled_at=self.clock())
            self._list.put_offer(work, taken, expected=version)
            served = msgspec.structs.replace(waiting, is_open=False)
            self._list.put_waiting(work, served, expected=entry_version)
            self.offering.record(work, offer, "accept", actor)
            return staged

        offer, _ = await self._list.offer(id)
        try:
            return (await self.desk.settling.settled(stage, offer.practitioner)).document
        except SlotTakenError as error:
            await self._lose(id)
            raise OfferLostError from error

    async def decline(self, id: str, *, actor: Actor) -> None:
        """Turn an offered time down; the next person is asked at once."""
        offer, version = await self._open(id)
        gone = msgspec.structs.replace(offer, state="declined", settled_at=self.clock())
        async with Work(self.desk.documents) as work:
            self._list.put_offer(work, gone, expected=version)
            self.offering.record(work, offer, "decline", actor)
            self.offering.again(
                work,
                {
                    "freed": offer.freed,
                    "by": "",
                    "place": offer.place,
                    "practitioner": offer.practitioner,
                    "begin": offer.begin,
                    "end": offer.end,
                    "at": offer.freed_at.isoformat(),
                },
                self.clock(),
            )

    async def _open(self, id: str) -> tuple[Offer, int]:
        offer, version = await self._list.offer(id)
        if offer.state == "lost":
            raise OfferLostError
        if offer.state != "open" or offer.until <= self.clock():
            raise OfferOverError
        return offer, version

    async def _lose(self, id: str) -> None:
        offer, version = await self._list.offer(id)
        if offer.state != "open":
            return
        lost = msgspec.structs.replace(offer, state="lost", settled_at=self.clock())
        async with Work(self.desk.documents) as work:
            self._list.put_offer(work, lost, expected=version)

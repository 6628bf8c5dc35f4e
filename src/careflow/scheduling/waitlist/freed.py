"""Tells the waiting list, in the same commit, what time was given up and what was taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from careflow.clock import Clock, instant_text
from careflow.database.documents import Documents
from careflow.database.work import Work
from careflow.ids import Mint
from careflow.jobs.queue import queue
from careflow.scheduling.notices import Notices
from careflow.scheduling.plan import Place
from careflow.scheduling.taken import Taken
from careflow.scheduling.waitlist.stored import Waitlist
from careflow.scheduling.wall import minutes_of

FREED: Final = "scheduling.freed"


@dataclass(frozen=True, slots=True)
class Freed:
    """Hears of every visit's time from the one verb that writes visits."""

    documents: Documents
    organisation: str
    clock: Clock
    mint: Mint
    notices: Notices | None = None

    def given_up(self, work: Work, one: Taken, place: Place | None) -> None:
        """Stage that a time is free, to be offered."""
        clinicians = [r for r in one.resources if r.startswith("Practitioner/")]
        if place is None or not clinicians or one.begin <= minutes_of(self.clock()):
            return
        arguments: Mapping[str, Any] = {
            "freed": self.mint(),
            "by": one.patient or "",
            "place": place.id,
            "practitioner": clinicians[0].removeprefix("Practitioner/"),
            "begin": one.begin,
            "end": one.end,
            "at": instant_text(self.clock()),
        }
        queue(
            work,
            FREED,
            arguments,
            organisation=self.organisation,
            clock=self.clock,
            mint=self.mint,
        )

    async def taken(self, work: Work, one: Taken) -> None:
        """Stage the end of offers of a time that somebody has now."""
        clinicians = [
            r.removeprefix("Practitioner/") for r in one.resources if r.startswith("Practitioner/")
        ]
        waitlist = Waitlist(self.documents, self.organisation)
        for offer, version in await waitlist.open_offers(clinicians):
            if offer.begin < one.end and one.begin < offer.end and offer.patient != one.patient:
                gone = msgspec.structs.replace(offer, state="withdrawn", settled_at=self.clock())
                waitlist.put_offer(work, gone, expected=version)
                if self.notices is not None:
                    self.notices.tell(work, "offer-lost", offer.waiting, 0, about=offer.id)

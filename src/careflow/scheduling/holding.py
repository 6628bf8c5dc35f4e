"""Keeps a time for somebody while they fill in a form. An edge: it commits."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from careflow.clock import Clock
from careflow.database.documents import Documents
from careflow.database.work import Work
from careflow.ids import Mint
from careflow.scheduling.agenda import move_on
from careflow.scheduling.asking import Asked, Fulfilling
from careflow.scheduling.diaries import Diaries
from careflow.scheduling.fitting import Wish, check
from careflow.scheduling.holds import HELD_FOR, HOLDS_MAX, Hold, Holds
from careflow.scheduling.plans import Plans
from careflow.scheduling.refusals import TooManyHoldsError
from careflow.scheduling.settling import Settling
from careflow.scheduling.visit import Channel
from careflow.scheduling.wall import minutes_of


@dataclass(frozen=True, slots=True)
class Holding:
    """Keeps times for one organisation's visitors."""

    documents: Documents
    organisation: str
    clock: Clock
    mint: Mint
    settling: Settling

    async def hold(self, asked: Asked, *, holder: str, channel: Channel = "portal") -> Hold:
        """Keep a time for somebody for five minutes.

        Raises:
            SlotTakenError: Somebody else has it.
            TooManyHoldsError: They hold as many times as one may.
        """

        async def stage(work: Work) -> Hold:
            plan = (await Plans(self.documents, self.organisation).plan()).value
            fulfilling = Fulfilling(self.documents, self.organisation, self.clock)
            opening = await fulfilling.opening(work, plan, asked)
            type_ = plan.type(asked.type)
            hold = Hold(
                id=self.mint(),
                holder=holder,
                type=type_.id,
                opening=opening,
                before=type_.before,
                after=type_.after,
                until=self.clock() + HELD_FOR,
            )
            await self._require_few(holder)
            await move_on(self.documents, work, opening.resources, self.organisation)
            now = minutes_of(self.clock())
            around = (opening.begin - 1440, opening.end + 1440)
            diary = await Diaries(self.documents, self.organisation).load(
                plan, around, opening.resources, work=work, now=now
            )
            calendars = await fulfilling.calendars(asked.practitioner)
            wish = Wish(hold.taken(), type_, plan.place(asked.place), channel)
            check(wish, calendars, diary, now=now)
            holds = Holds(self.documents, self.organisation)
            await holds.end_over(work, opening.resources, (opening.begin, opening.end), now)
            holds.put(work, hold, expected=0)
            return hold

        return await self.settling.settled(stage, asked.practitioner)

    async def _require_few(self, holder: str) -> None:
        theirs = await Holds(self.documents, self.organisation).of_holder(holder)
        if sum(one.until > self.clock() for one in theirs) >= HOLDS_MAX:
            raise TooManyHoldsError

    async def renew(self, id: str, *, holder: str) -> Hold:
        """Keep a held time for another five minutes.

        Raises:
            careflow.scheduling.refusals.HoldOverError: It ran out.
        """
        holds = Holds(self.documents, self.organisation)
        hold, version = await holds.held(id, holder, self.clock())
        longer = msgspec.structs.replace(hold, until=self.clock() + HELD_FOR)
        async with Work(self.documents) as work:
            holds.put(work, longer, expected=version)
        return longer

    async def release_all(self, practitioner: str) -> int:
        """Give back every time of a clinician that anybody holds; return how many."""
        holds = Holds(self.documents, self.organisation)
        found = await holds.of_resources((f"Practitioner/{practitioner}",))
        async with Work(self.documents) as work:
            for hold in found:
                holds.release(work, hold.id)
        return len(found)

    async def release(self, id: str, *, holder: str) -> None:
        """Give a held time back; one that ran out is no error."""
        holds = Holds(self.documents, self.organisation)
        found = await holds.read(id)
        if found is None or found[0].holder != holder:
            return
        async with Work(self.documents) as work:
            holds.release(work, id)

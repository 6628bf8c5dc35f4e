"""Offers freed times in the order in which people wait; the first who takes one has it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec

from careflow.audit.entry import AuditEntry
from careflow.audit.trail import record as audit
from careflow.clock import Clock
from careflow.database.work import Work
from careflow.errors import CareFlowError
from careflow.identity.actor import Actor, Role
from careflow.ids import Mint
from careflow.jobs.job import Handler, Job
from careflow.jobs.queue import queue
from careflow.scheduling.asking import Asked
from careflow.scheduling.desk import Desk
from careflow.scheduling.notices import Notices
from careflow.scheduling.openings import offers
from careflow.scheduling.plan import Calendar, Place, Plan
from careflow.scheduling.visit import DECODER
from careflow.scheduling.waitlist.freed import FREED
from careflow.scheduling.waitlist.stored import Offer, Waiting, Waitlist
from careflow.scheduling.wall import instant_of, minutes_of

OPEN_FOR: Final = timedelta(minutes=10)
"""How long an offer stands before the next person is asked."""
DAY_BEGINS, DAY_ENDS = time(8), time(20)
"""Nobody is written to outside these hours, by the place's clock."""


@dataclass(frozen=True, slots=True)
class Offering:
    """Offers of one organisation."""

    desk: Desk
    clock: Clock
    mint: Mint
    notices: Notices | None = None

    @property
    def _list(self) -> Waitlist:
        return Waitlist(self.desk.documents, self.desk.organisation)

    def handlers(self) -> dict[str, Handler]:
        """Return what to do when a time is freed, or an offer of it runs out."""
        return {FREED: self._offer_next}

    # --- offering --------------------------------------------------------------------------

    async def _offer_next(self, job: Job, work: Work) -> Mapping[str, Any]:
        """Offer a freed time to the next who can take it; ask again when that offer runs out."""
        freed = job.arguments
        plan, calendars = await self.desk.finder.planned()
        now = self.clock()
        begin = int(freed["begin"])
        if begin <= minutes_of(now):
            return {"offered": 0, "reason": "the time is over"}
        place = plan.place(str(freed["place"]))
        wakes = _waking(now, place.clock)
        if wakes > now:
            self.again(work, freed, wakes)
            return {"offered": 0, "reason": "night"}
        before = await self._list.offers_of(str(freed["freed"]))
        if any(one.state == "accepted" for one in before):
            return {"offered": 0, "reason": "taken"}
        for one in before:
            if one.state == "open" and one.until > now:
                return {"offered": 0, "reason": "an offer stands"}
        await self._end_over(work, before, now)
        asked = {one.waiting for one in before}
        for waiting in await self._list.waiting():
            if waiting.id not in asked and await self._suits(waiting, freed, plan, calendars):
                until = min(now + OPEN_FOR, instant_of(begin))
                self._offer(work, waiting, freed, plan, now, until)
                self.again(work, freed, until)
                return {"offered": 1}
        return {"offered": 0, "reason": "nobody waits for it"}

    async def _suits(
        self, one: Waiting, freed: Mapping[str, Any], plan: Plan, calendars: list[Calendar]
    ) -> bool:
        begin, end = int(freed["begin"]), int(freed["end"])
        type_ = next((each for each in plan.types if each.id == one.type), None)
        calendar = next(
            (each for each in calendars if each.practitioner == freed["practitioner"]), None
        )
        if type_ is None or calendar is None or not offers(type_, calendar):
            return False
        if one.patient == freed["by"] or one.place != freed["place"]:
            return False
        if one.practitioners and calendar.practitioner not in one.practitioners:
            return False
        if begin + type_.minutes > end or begin < minutes_of(self.clock()) + one.notice:
            return False
        if not _can_come(one, begin, plan.place(one.place)):
            return False
        return await self._is_free(one, begin, calendar.practitioner)

    async def _is_free(self, one: Waiting, begin: int, practitioner: str) -> bool:
        """Report whether the visit could be booked now, and is earlier than what they have."""
        asked = asked_of(one, begin, practitioner)
        trying = Work(self.desk.documents)
        try:
            if one.visit is None:
                await self.desk.stage_booking(trying, asked, actor=_platform(self.desk))
            else:
                document = await self.desk.records.read(
                    "Appointment", one.visit, self.desk.everything
                )
                start = DECODER.decode(document.body).start
                if start is None or minutes_of(start) <= begin:
                    return False
                await self.desk.stage_move(trying, one.visit, asked, actor=_platform(self.desk))
        except CareFlowError as error:
            if error.status >= 500:
                raise
            return False
        return True

    def _offer(
        self,
        work: Work,
        one: Waiting,
        freed: Mapping[str, Any],
        plan: Plan,
        now: datetime,
        until: datetime,
    ) -> None:
        begin = int(freed["begin"])
        offer = Offer(
            id=self.mint(),
            freed=str(freed["freed"]),
            waiting=one.id,
            patient=one.patient,
            type=one.type,
            place=one.place,
            practitioner=str(freed["practitioner"]),
            begin=begin,
            end=begin + plan.type(one.type).minutes,
            freed_at=datetime.fromisoformat(str(freed["at"])),
            offered_at=now,
            until=until,
        )
        self._list.put_offer(work, offer, expected=0)
        self.record(work, offer, "offer", _platform(self.desk))
        if self.notices is not None:
            self.notices.tell(work, "offer", one.id, 0, about=offer.id)

    async def _end_over(self, work: Work, before: list[Offer], now: datetime) -> None:
        for one in before:
            if one.state == "open" and one.until <= now:
                _, version = await self._list.offer(one.id)
                over = msgspec.structs.replace(one, state="expired", settled_at=now)
                self._list.put_offer(work, over, expected=version)

    def again(self, work: Work, freed: Mapping[str, Any], at: datetime) -> None:
        """Stage another look at a freed time."""
        queue(
            work,
            FREED,
            freed,
            organisation=self.desk.organisation,
            clock=self.clock,
            mint=self.mint,
            run_at=at,
        )

    def record(self, work: Work, offer: Offer, act: str, actor: Actor) -> None:
        """Stage the audit entry of what became of an offer."""
        entry = AuditEntry(
            at=self.clock(),
            action=f"scheduling:offer:{act}",
            organisation=self.desk.organisation,
            actor=actor.id,
            role=actor.role,
            patients=(offer.patient,),
            subjects=(f"visit-offer/{offer.id}",),
        )
        audit(work, entry)


def asked_of(one: Waiting, begin: int, practitioner: str) -> Asked:
    """Return the visit that somebody waits for, at a time."""
    return Asked(one.type, one.place, practitioner, begin, one.patient)


def _can_come(one: Waiting, begin: int, place: Place) -> bool:
    at = instant_of(begin, place.clock)
    minute = at.hour * 60 + at.minute
    return (
        (not one.weekdays or at.isoweekday() in one.weekdays)
        and one.hours[0] <= minute < one.hours[1]
        and (one.until is None or at.date() <= one.until)
    )


def _waking(now: datetime, zone: ZoneInfo) -> datetime:
    """Return now, or the next morning where it is night at a place."""
    local = now.astimezone(zone)
    if DAY_BEGINS <= local.time() < DAY_ENDS:
        return now
    day = local.date() + timedelta(days=1 if local.time() >= DAY_ENDS else 0)
    return datetime.combine(day, DAY_BEGINS, tzinfo=zone).astimezone(now.tzinfo)


def _platform(desk: Desk) -> Actor:
    """Return who acts when a freed time is offered: the platform itself."""
    return Actor("waitlist", "Waiting list", Role.ADMIN, desk.organisation, session="")

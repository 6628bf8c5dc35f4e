"""Finds where a visit fits, the soonest first: computed over days, places and people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import Final

from careflow.clock import Clock
from careflow.database.documents import Documents
from careflow.scheduling.diaries import Diaries
from careflow.scheduling.holds import HOLD
from careflow.scheduling.openings import Opening, offers, openings
from careflow.scheduling.plan import Calendar, Place, Plan, VisitType
from careflow.scheduling.plans import Plans
from careflow.scheduling.taken import Diary
from careflow.scheduling.visit import Channel
from careflow.scheduling.wall import Interval, instant_of, minutes_of

HORIZON: Final = timedelta(days=366)
"""How far ahead an opening is looked for."""
_FIRST_LOOK: Final = 1440
_WIDEST_LOOK: Final = 60 * 1440
_INSTEAD: Final = 3


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for.

    Attributes:
        days: ISO weekdays, empty for any.
        hours: From and before which minute of the day, by the place's clock.
        hold: A hold that is the asker's own, so that its time is open to them.
    """

    type: str
    places: tuple[str, ...] = ()
    practitioners: tuple[str, ...] = ()
    after: int = 0
    before: int | None = None
    days: frozenset[int] = frozenset()
    hours: tuple[int, int] = (0, 1440)
    count: int = 3
    hold: str | None = None


@dataclass(frozen=True, slots=True)
class Finder:
    """Finds openings of one organisation."""

    documents: Documents
    organisation: str
    clock: Clock

    async def find(self, wanted: Wanted, *, channel: Channel = "desk") -> list[Opening]:
        """Return the next openings of a kind, the soonest first."""
        plan, calendars = await self.planned()
        type_ = plan.type(wanted.type)
        now = minutes_of(self.clock())
        begin = max(wanted.after, now + (type_.lead if channel == "portal" else 0))
        last = minutes_of(self.clock() + HORIZON)
        last = last if wanted.before is None else min(last, wanted.before)
        places = [one for one in plan.places if not wanted.places or one.id in wanted.places]
        theirs = [
            one
            for one in calendars
            if offers(type_, one)
            and (not wanted.practitioners or one.practitioner in wanted.practitioners)
        ]
        found: list[Opening] = []
        width = _FIRST_LOOK
        while begin < last and len(found) < wanted.count:
            # A visit may begin in this look and end in the next.
            within = (begin, min(begin + width, last) + type_.minutes)
            diary = await self._diary(plan, type_, theirs, places, within, now)
            if wanted.hold is not None:
                own = f"{HOLD}/{wanted.hold}"
                diary = Diary.of(one for one in diary.everything() if one.by != own)
            fitting = (
                one
                for one in openings(type_, places, theirs, diary, within)
                if one.begin < within[1] - type_.minutes and _suits(one, wanted, plan)
            )
            found += islice(fitting, wanted.count - len(found))
            begin, width = begin + width, min(width * 2, _WIDEST_LOOK)
        return found

    async def planned(self) -> tuple[Plan, list[Calendar]]:
        """Return the plan and every calendar."""
        plans = Plans(self.documents, self.organisation)
        stored = await plans.plan()
        return stored.value, [one.value for one in await plans.calendars()]

    async def _diary(
        self,
        plan: Plan,
        type_: VisitType,
        calendars: Sequence[Calendar],
        places: Sequence[Place],
        within: Interval,
        now: int,
    ) -> Diary:
        rooms = [room.resource for place in places for room in place.rooms if type_.needs_room]
        resources = [*(one.resource for one in calendars), *rooms, *type_.devices]
        # A day's limit counts the whole day, whose beginning may lie before this look.
        wider = 1440 if type_.per_day is not None else type_.before + type_.after
        around = (within[0] - wider, within[1] + wider)
        return await Diaries(self.documents, self.organisation).load(
            plan, around, resources, now=now
        )

    async def instead_of(
        self, kind: str, place: str, begin: int, *, channel: Channel
    ) -> list[Opening]:
        """Return what is free near a time that was not."""
        near = Wanted(
            kind,
            places=(place,),
            after=max(minutes_of(self.clock()), begin - 120),
            count=_INSTEAD,
        )
        return await self.find(near, channel=channel)


def _suits(one: Opening, wanted: Wanted, plan: Plan) -> bool:
    if not wanted.days and wanted.hours == (0, 1440):
        return True
    at = instant_of(one.begin, plan.place(one.place).clock)
    minute = at.hour * 60 + at.minute
    return (not wanted.days or at.isoweekday() in wanted.days) and (
        wanted.hours[0] <= minute < wanted.hours[1]
    )

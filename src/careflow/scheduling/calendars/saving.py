"""Changes what the clinic plans with: hours, leave, kinds of visits. An edge: it commits."""

from __future__ import annotations

from dataclasses import dataclass

from careflow.audit.entry import AuditEntry
from careflow.audit.trail import record
from careflow.clock import Clock
from careflow.database.documents import Documents
from careflow.database.work import Work
from careflow.identity.actor import Actor
from careflow.scheduling.agenda import move_on
from careflow.scheduling.diaries import Diaries
from careflow.scheduling.hours import worked
from careflow.scheduling.intervals import holds
from careflow.scheduling.plan import Calendar, Plan
from careflow.scheduling.plans import CALENDAR, PLAN, Plans
from careflow.scheduling.settling import Settling
from careflow.scheduling.taken import Taken
from careflow.scheduling.wall import minutes_of

_AHEAD = 400 * 1440


@dataclass(frozen=True, slots=True)
class Planning:
    """Changes one organisation's plan."""

    documents: Documents
    organisation: str
    clock: Clock
    settling: Settling

    async def stranded(self, calendar: Calendar) -> list[Taken]:
        """Return the visits to come that would lie outside a calendar's hours, or in its leave."""
        plan = (await Plans(self.documents, self.organisation).plan()).value
        now = minutes_of(self.clock())
        diary = await Diaries(self.documents, self.organisation).load(
            plan, (now, now + _AHEAD), [calendar.resource], now=now
        )
        return [
            one
            for one in diary.of_resource(calendar.resource)
            if one.end > now and not one.squeezed and not _is_within(one, calendar, plan)
        ]

    async def save_calendar(self, calendar: Calendar, *, actor: Actor, expected: int) -> None:
        """Store a calendar; from this moment nothing is booked against it.

        Visits that it strands stay: they are settled one by one, or with leave.
        """

        async def stage(work: Work) -> None:
            await move_on(self.documents, work, [calendar.resource], self.organisation)
            plans = Plans(self.documents, self.organisation)
            plans.put_calendar(work, calendar, expected=expected)
            self._record(work, f"{CALENDAR}/{calendar.practitioner}", actor)

        await self.settling.settled(stage, calendar.practitioner)

    async def save_plan(self, plan: Plan, *, actor: Actor, expected: int) -> None:
        """Store places and kinds of visits; visits that are booked stay as they are."""
        async with Work(self.documents) as work:
            Plans(self.documents, self.organisation).put_plan(work, plan, expected=expected)
            self._record(work, PLAN, actor)

    def _record(self, work: Work, subject: str, actor: Actor) -> None:
        entry = AuditEntry(
            at=self.clock(),
            action="scheduling:plan:update",
            organisation=self.organisation,
            actor=actor.id,
            role=actor.role,
            patients=(),
            subjects=(subject,),
        )
        record(work, entry)


def _is_within(one: Taken, calendar: Calendar, plan: Plan) -> bool:
    around = (one.begin - 1440, one.end + 1440)
    return any(holds(worked(calendar, place, around), one.begin, one.end) for place in plan.places)

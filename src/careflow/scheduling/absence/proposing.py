"""What could be done about each visit that a leave strands; nothing is stored."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from careflow.database.documents import Document
from careflow.database.work import Work
from careflow.errors import CareFlowError
from careflow.identity.actor import Actor
from careflow.scheduling.absence.stored import Settlement
from careflow.scheduling.asking import Asked, asked_again, at_another
from careflow.scheduling.desk import Desk
from careflow.scheduling.diaries import Diaries
from careflow.scheduling.finding import Wanted
from careflow.scheduling.openings import offers
from careflow.scheduling.plan import Calendar, Plan
from careflow.scheduling.visit import DECODER, Appointment
from careflow.scheduling.wall import minutes_of, minutes_up

Reachable = Callable[[str], Awaitable[bool]]
"""Whether a patient can be written to, by the patient's id."""

SOON: Final = 21 * 1440
"""How long after a leave another time with the same clinician is still a proposal."""
BECAUSE: Final = "Moved because of leave"
"""Why a patient may have two visits at once, where leave moved one."""
_TRIED: Final = 12
_OFFERED: Final = 3


@dataclass(frozen=True, slots=True)
class Proposing:
    """Proposes settlements for one organisation."""

    desk: Desk
    reachable: Reachable

    async def stranded(self, practitioner: str, begin: datetime, end: datetime) -> list[Document]:
        """Return the visits with a clinician in a time that are not over, by time."""
        desk, plan = self.desk, await self._plan()
        within = (minutes_of(begin), minutes_up(end))
        now = minutes_of(desk.clock())
        diary = await Diaries(desk.documents, desk.organisation).load(
            plan, within, [f"Practitioner/{practitioner}"], now=now
        )
        found = []
        for one in diary.of_resource(f"Practitioner/{practitioner}"):
            if one.end <= max(within[0], now) or one.begin >= within[1]:
                continue
            kind, _, id = one.by.partition("/")
            if kind == "Appointment":
                found.append(await desk.records.read(kind, id, desk.everything))
        return found

    async def proposed(
        self, practitioner: str, begin: datetime, end: datetime, *, actor: Actor
    ) -> list[Settlement]:
        """Return one settlement for each stranded visit; no two take the same time."""
        plan = await self._plan()
        _, calendars = await self.desk.finder.planned()
        trying = Work(self.desk.documents)
        found = []
        for document in await self.stranded(practitioner, begin, end):
            appointment = DECODER.decode(document.body)
            found.append(
                await self._with_colleague(trying, document, appointment, plan, calendars, actor)
                or await self._later(trying, document, appointment, plan, minutes_up(end), actor)
                or await self._by_patient(document, appointment, plan, minutes_up(end))
            )
        return found

    async def _with_colleague(
        self,
        trying: Work,
        document: Document,
        one: Appointment,
        plan: Plan,
        calendars: list[Calendar],
        actor: Actor,
    ) -> Settlement | None:
        asked = asked_again(one, plan, despite=BECAUSE)
        if asked is None:
            return None
        type_ = plan.type(asked.type)
        for calendar in calendars:
            other = calendar.practitioner
            if other == asked.practitioner or not offers(type_, calendar):
                continue
            wish = at_another(asked, other, asked.begin)
            if await self._fits(trying, document.id, wish, actor):
                return Settlement(
                    visit=document.id,
                    version=document.version,
                    how="colleague",
                    practitioner=other,
                    begin=asked.begin,
                )
        return None

    async def _later(
        self,
        trying: Work,
        document: Document,
        one: Appointment,
        plan: Plan,
        end: int,
        actor: Actor,
    ) -> Settlement | None:
        asked = asked_again(one, plan, despite=BECAUSE)
        if asked is None:
            return None
        wanted = Wanted(
            asked.type,
            places=(asked.place,),
            practitioners=(asked.practitioner,),
            after=end,
            before=end + SOON,
            count=_TRIED,
        )
        for opening in await self.desk.finder.find(wanted):
            wish = at_another(asked, opening.practitioner, opening.begin)
            if await self._fits(trying, document.id, wish, actor):
                return Settlement(
                    visit=document.id,
                    version=document.version,
                    how="other-time",
                    practitioner=opening.practitioner,
                    begin=opening.begin,
                )
        return None

    async def _by_patient(
        self, document: Document, one: Appointment, plan: Plan, end: int
    ) -> Settlement:
        """Return that the patient chooses, or that the desk calls whoever cannot be written to."""
        asked = asked_again(one, plan, despite=BECAUSE)
        can_write = one.patient is not None and await self.reachable(one.patient)
        if asked is None or not can_write:
            return Settlement(visit=document.id, version=document.version, how="telephone")
        wanted = Wanted(asked.type, places=(asked.place,), after=end, count=_OFFERED)
        times = tuple(one.begin for one in await self.desk.finder.find(wanted))
        return Settlement(
            visit=document.id,
            version=document.version,
            how="choose" if times else "telephone",
            practitioner=asked.practitioner,
            times=times,
        )

    async def _fits(self, trying: Work, visit: str, wish: Asked, actor: Actor) -> bool:
        try:
            await self.desk.stage_move(trying, visit, wish, actor=actor)
        except CareFlowError as error:
            if error.status >= 500:
                raise
            return False
        return True

    async def _plan(self) -> Plan:
        return (await self.desk.finder.planned())[0]

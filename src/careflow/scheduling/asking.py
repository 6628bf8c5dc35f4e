"""A visit as it is asked for, and the room and devices that go with the time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from careflow.clock import Clock
from careflow.database.documents import Documents
from careflow.database.work import Work
from careflow.scheduling.diaries import Diaries
from careflow.scheduling.holds import Holds
from careflow.scheduling.openings import Opening, free_room
from careflow.scheduling.plan import Calendar, Plan
from careflow.scheduling.plans import Plans
from careflow.scheduling.refusals import HoldOverError, SlotTakenError
from careflow.scheduling.taken import Diary
from careflow.scheduling.visit import Appointment
from careflow.scheduling.wall import minutes_of


@dataclass(frozen=True, slots=True)
class Asked:
    """A visit that is asked for; a ``request`` waits until the clinic says yes."""

    type: str
    place: str
    practitioner: str
    begin: int
    patient: str
    comment: str | None = None
    squeeze: str | None = None
    despite: str | None = None
    hold: str | None = None
    request: bool = False


@dataclass(frozen=True, slots=True)
class Fulfilling:
    """Finds what a visit takes besides its clinician."""

    documents: Documents
    organisation: str
    clock: Clock

    async def opening(
        self,
        work: Work,
        plan: Plan,
        asked: Asked,
        *,
        holder: str | None = None,
        moving: str | None = None,
    ) -> Opening:
        """Return the time asked for with the room and devices it takes."""
        type_, place = plan.type(asked.type), plan.place(asked.place)
        end = asked.begin + type_.minutes
        if asked.hold is not None:
            hold, _ = await Holds(self.documents, self.organisation).held(
                asked.hold, holder or "", self.clock()
            )
            held = hold.opening
            if (held.begin, held.practitioner) != (asked.begin, asked.practitioner):
                raise HoldOverError
            return held
        opening = Opening(asked.begin, end, asked.practitioner, place.id, None, type_.devices)
        if not type_.needs_room:
            return opening
        rooms = tuple(one.resource for one in place.rooms)
        now = minutes_of(self.clock())
        diary = await Diaries(self.documents, self.organisation).load(
            plan, (asked.begin - 1440, end + 1440), rooms, work=work, now=now
        )
        own = f"Appointment/{moving}"
        diary = Diary.of(one for one in diary.everything() if one.by != own)
        room = free_room(place, diary, (asked.begin, end))
        if room is None:
            raise SlotTakenError(rooms[0] if rooms else f"Location/{place.id}")
        return replace(opening, room=room)

    async def calendars(self, practitioner: str) -> dict[str, Calendar]:
        """Return a clinician's calendar, by reference."""
        stored = await Plans(self.documents, self.organisation).required(practitioner)
        return {stored.value.resource: stored.value}

    async def names(self, plan: Plan, resources: Sequence[str]) -> dict[str, str]:
        """Return what those are called whose time is taken, by reference."""
        things = {
            one.resource: one.name
            for place in plan.places
            for one in (*place.rooms, *place.devices)
        }
        names: dict[str, str] = {}
        for resource in resources:
            name = things.get(resource)
            if name is None:
                calendars = await self.calendars(resource.partition("/")[2])
                name = calendars[resource].name
            names[resource] = name
        return names


def asked_again(one: Appointment, plan: Plan, *, despite: str | None = None) -> Asked | None:
    """Return a visit as it would be asked for today; ``None`` where its kind or place is gone."""
    place = one.place(plan)
    clinicians = one.references("Practitioner")
    known = {each.id for each in plan.types}
    if place is None or not clinicians or one.type_id not in known or one.start is None:
        return None
    return Asked(
        type=one.type_id,
        place=place.id,
        practitioner=clinicians[0].removeprefix("Practitioner/"),
        begin=minutes_of(one.start),
        patient=one.patient or "",
        despite=despite,
    )


def at_another(asked: Asked, practitioner: str, begin: int) -> Asked:
    """Return the same visit with somebody else, or at another time."""
    return Asked(
        type=asked.type,
        place=asked.place,
        practitioner=practitioner,
        begin=begin,
        patient=asked.patient,
        despite=asked.despite,
    )

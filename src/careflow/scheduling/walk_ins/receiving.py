"""Who comes without a visit: found or registered, and on the board as arrived. An edge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Final

from careflow.clock import instant_text
from careflow.database.documents import Document
from careflow.database.work import Staged, Work
from careflow.errors import BadInputError
from careflow.identity.actor import Actor
from careflow.records.directory import Directory
from careflow.records.registration.registering import (
    LikelyTwinError,
    Newcomer,
    Registration,
    Way,
)
from careflow.records.registration.weighing import CERTAIN
from careflow.scheduling.asking import Fulfilling
from careflow.scheduling.booking import Terms
from careflow.scheduling.desk import Desk
from careflow.scheduling.finding import Wanted
from careflow.scheduling.flow.life import STATUS
from careflow.scheduling.openings import Opening
from careflow.scheduling.plan import NotPlannedError, Place, Plan, VisitType
from careflow.scheduling.plans import Plans
from careflow.scheduling.refusals import SlotTakenError
from careflow.scheduling.visit import appointment_of
from careflow.scheduling.wall import minutes_of

SOON: Final = 30
"""Within how many minutes an opening is still "now" for whoever stands at the desk."""


class NameIncompleteError(BadInputError):
    """A name of one word."""

    code: ClassVar[str] = "scheduling-name-incomplete"

    def __init__(self) -> None:
        super().__init__("Give both names: Paul Johnson, or Johnson, Paul.", place="name")


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who stands at the desk.

    Attributes:
        patient: Whom the desk chose among likely ones.
        despite: Why it is none of them.
        type: What they come for, the plan's first kind for one person if not said.
        place: Where, the plan's first if not said.
    """

    name: str
    birth_date: str
    phone: str | None
    reason: str
    patient: str | None = None
    despite: str | None = None
    type: str | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Arrived:
    """The visit as it was stored; ``is_new`` where the patient was registered with it."""

    visit: Document
    patient: str
    is_new: bool


@dataclass(frozen=True, slots=True)
class WalkIns:
    """Puts people on the board who had no visit."""

    desk: Desk
    registration: Registration

    async def receive(self, one: Visitor, *, actor: Actor) -> Arrived:
        """Store patient and visit together: at an opening near now, else waiting for anyone.

        Raises:
            careflow.records.registration.registering.LikelyTwinError: It may be several patients,
                or one who is not certain: choose, or say why it is none.
            NameIncompleteError: The name has one word.
        """
        newcomer = newcomer_of(one)
        known = await self._known(one, newcomer)
        plan = (await Plans(self.desk.documents, self.desk.organisation).plan()).value
        type_, place = _type(plan, one.type), _place(plan, one.place)
        coming = _Coming(one, newcomer, known, plan, type_, place)
        opening = await self._opening(type_, place)
        if opening is not None:
            try:
                return await self._stored(coming, opening, actor)
            except SlotTakenError:
                pass  # Somebody was given that time just now: who stands here waits for anyone.
        return await self._stored(coming, None, actor)

    async def _known(self, one: Visitor, newcomer: Newcomer) -> str | None:
        """Return which patient it is, if one is named or certain."""
        if one.patient is not None:
            directory = Directory(self.desk.documents)
            return (await directory.line(one.patient, self.desk.everything)).id
        if one.despite is not None:
            return None
        likely = [
            each for each in await self.registration.likely(newcomer.said()) if each.is_likely
        ]
        if len(likely) == 1 and likely[0].weight >= CERTAIN:
            return likely[0].patient.id
        if likely:
            raise LikelyTwinError(likely)
        return None

    async def _opening(self, type_: VisitType, place: Place) -> Opening | None:
        now = minutes_of(self.desk.clock())
        wanted = Wanted(type_.id, places=(place.id,), after=now, before=now + SOON, count=1)
        return next(iter(await self.desk.finder.find(wanted)), None)

    async def _stored(self, coming: _Coming, opening: Opening | None, actor: Actor) -> Arrived:
        async def stage(work: Work) -> tuple[Staged, str]:
            patient = coming.known
            if patient is None:
                added = await self.registration.register(
                    work, coming.newcomer, actor=actor, despite=coming.one.despite
                )
                patient = added.change.id
            self.desk.booking.on_terms(work, Terms("desk"))
            body = await self._appointment(coming, patient, opening, actor)
            everything = self.desk.everything
            return await self.desk.records.create(
                work, body, actor=actor, scope=everything
            ), patient

        turns = (opening.practitioner,) if opening else ()
        staged, patient = await self.desk.settling.settled(stage, *turns)
        return Arrived(staged.document, patient, coming.known is None)

    async def _appointment(
        self, coming: _Coming, patient: str, opening: Opening | None, actor: Actor
    ) -> dict[str, Any]:
        now = self.desk.clock()
        fulfilling = Fulfilling(self.desk.documents, self.desk.organisation, self.desk.clock)
        taking = opening.resources if opening else ()
        body = appointment_of(
            coming.type,
            coming.place,
            begin=opening.begin if opening else minutes_of(now),
            patient=f"Patient/{patient}",
            resources=await fulfilling.names(coming.plan, taking),
            status=STATUS["arrived"],
            noted={
                "channel": "desk",
                "sequence": 0,
                "stage": "arrived",
                "at-arrived": instant_text(now),
                "by-arrived": actor.id,
                "walk-in": 1,
            },
        )
        return {**body, "description": coming.one.reason}


@dataclass(frozen=True, slots=True)
class _Coming:
    """What is settled before anything is staged."""

    one: Visitor
    newcomer: Newcomer
    known: str | None
    plan: Plan
    type: VisitType
    place: Place


def newcomer_of(one: Visitor) -> Newcomer:
    """Return whoever comes as somebody to register, their name in parts as it was written."""
    before, comma, after = (part.strip() for part in one.name.partition(","))
    words = before.split()
    family, given = (before, after) if comma else (words[-1], " ".join(words[:-1]))
    if not family or not given:
        raise NameIncompleteError
    phones = (Way(one.phone),) if one.phone else ()
    return Newcomer(family=family, given=given, birth_date=one.birth_date, phones=phones)


def _type(plan: Plan, asked: str | None) -> VisitType:
    if asked is not None:
        return plan.type(asked)
    for one in plan.types:
        if one.seats == 1:
            return one
    raise NotPlannedError(_NO_PLAN)


def _place(plan: Plan, asked: str | None) -> Place:
    if asked is not None:
        return plan.place(asked)
    if not plan.places:
        raise NotPlannedError(_NO_PLAN)
    return plan.places[0]


_NO_PLAN: Final = "The clinic has planned no visits yet: enter its places and kinds first."

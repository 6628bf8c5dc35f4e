"""Books the visit of somebody without an account, all at once: an edge, it commits.

Whether the clinic knows them decides whose record the visit is in, and is told to nobody: a visitor
is taken for a patient only if name and birth date say so beyond doubt and the address that they
proved is the one in that record. Everybody else is registered, and likely twins are a task for the
desk.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import msgspec

from careflow.clock import Clock
from careflow.database.documents import Document, VersionMismatchError
from careflow.database.work import Staged, Work
from careflow.identity.actor import Actor, Role
from careflow.records.elements import decoded
from careflow.records.intake.answering import Answers, checked, stage_answers
from careflow.records.intake.forms import FORMS, Form
from careflow.records.registration.person import known_of_patient
from careflow.records.registration.registering import Newcomer, Registration, Way
from careflow.records.registration.weighing import CERTAIN
from careflow.scheduling.asking import Asked
from careflow.scheduling.desk import Desk
from careflow.scheduling.plan import Plan, VisitType
from careflow.scheduling.plans import Plans
from careflow.scheduling.refusals import PatientBusyError
from careflow.scheduling.visitors.agreements import consents_of, require_agreed
from careflow.scheduling.visitors.keeping import Keeping, contact_of, held_of
from careflow.scheduling.visitors.refusals import NotBookableHereError
from careflow.scheduling.visitors.stored import Visitor
from careflow.scheduling.wall import instant_of

_BESIDE: Final = "Booked online by somebody who may be registered already."
_QUESTIONNAIRE: Final = "Questionnaire"


@dataclass(frozen=True, slots=True)
class Booked:
    """What a visitor sends to have the held time booked.

    Attributes:
        agreed: Versions of the texts that were agreed to, by text.
    """

    code: str
    email: str
    family: str
    given: str
    birth_date: str
    language: str
    answers: Answers
    agreed: dict[str, str]
    phone: str | None = None
    may_text: bool = False

    def newcomer(self) -> Newcomer:
        """Return them as somebody to register."""
        return Newcomer(
            family=self.family,
            given=self.given,
            birth_date=self.birth_date,
            language=self.language,
            phones=(Way(self.phone, self.may_text),) if self.phone else (),
            emails=(Way(self.email, may_write=True),),
        )


@dataclass(frozen=True, slots=True)
class VisitorDesk:
    """Books visits of one organisation for who has no account."""

    keeping: Keeping
    desk: Desk
    registration: Registration
    clock: Clock

    async def book(self, secret: str, one: Booked) -> Document:
        """Book what the visitor holds, or raise and store nothing.

        Raises:
            careflow.scheduling.refusals.HoldOverError: The time is no longer theirs.
            careflow.scheduling.visitors.refusals.WrongCodeError: The code is not the one sent.
            NotBookableHereError: Somebody at the clinic has to look.
        """
        visitor, version, hold = await self.keeping.held(secret)
        plan = (await Plans(self.desk.documents, self.desk.organisation).plan()).value
        type_ = plan.type(hold.type)
        require_agreed(type_, one.agreed)
        form = form_for(type_)
        answers = checked(form, one.answers) if form else {}
        await self.keeping.check_code(secret, email=one.email, code=one.code)
        await self.keeping.require_few_visits(contact_of(one.email))
        booking = _Booking(visitor, version, one, held_of(plan, hold), plan, form, answers)
        try:
            return await self._stored(booking)
        except VersionMismatchError as error:
            if error.kind != _QUESTIONNAIRE:
                raise
            return await self._stored(booking)
        except PatientBusyError as error:
            raise NotBookableHereError from error

    async def _stored(self, booking: _Booking) -> Document:
        actor = visitor_actor(self.desk.organisation, booking.visitor.holder)
        known = await self._known(booking.one)

        async def stage(work: Work) -> Staged:
            patient = known or await self._registered(work, booking.one, actor)
            staged = await self.desk.stage_booking(
                work,
                replace(booking.asked, patient=patient),
                actor=actor,
                channel="portal",
                holder=booking.visitor.holder,
            )
            await self._stage_beside(work, booking, patient, staged.change.id, actor)
            return staged

        staged = await self.desk.settling.settled(stage, booking.asked.practitioner)
        return staged.document

    async def _stage_beside(
        self, work: Work, booking: _Booking, patient: str, visit: str, actor: Actor
    ) -> None:
        """Stage what goes with the visit: agreements, answers, and that it was booked."""
        at, one = self.clock(), booking.one
        type_ = booking.plan.type(booking.asked.type)
        for consent in consents_of(type_, patient=patient, at=at, language=one.language):
            await self.desk.records.create(work, consent, actor=actor, scope=self.desk.everything)
        if booking.form is not None:
            await stage_answers(
                work,
                self.desk.records,
                booking.form,
                booking.answers,
                patient=patient,
                visit=visit,
                at=at,
                actor=actor,
            )
        done = msgspec.structs.replace(
            booking.visitor,
            hold=None,
            held_until=None,
            code="",
            visit=visit,
            begins=instant_of(booking.asked.begin),
        )
        self.keeping.visitors.put(work, done, expected=booking.version)

    async def _registered(self, work: Work, one: Booked, actor: Actor) -> str:
        staged = await self.registration.register(
            work, one.newcomer(), actor=actor, despite=_BESIDE
        )
        return staged.change.id

    async def _known(self, one: Booked) -> str | None:
        """Return whose record it is, if nobody could doubt it."""
        likely = await self.registration.likely(one.newcomer().said())
        certain = [each for each in likely if each.weight >= CERTAIN]
        if len(certain) != 1:
            return None
        found = await self.desk.records.read("Patient", certain[0].patient.id, self.desk.everything)
        emails = known_of_patient(decoded(found)).emails
        return found.id if one.email.strip().casefold() in emails else None


@dataclass(frozen=True, slots=True)
class _Booking:
    """What is settled before anything is staged."""

    visitor: Visitor
    version: int
    one: Booked
    asked: Asked
    plan: Plan
    form: Form | None
    answers: dict[str, list[str]]


def form_for(type_: VisitType) -> Form | None:
    """Return the questions before a kind of visit, ``None`` if there are none."""
    return FORMS.get(type_.intake)


def visitor_actor(organisation: str, holder: str) -> Actor:
    """Return who acts when somebody without an account books."""
    return Actor("online-booking", "Online booking", Role.PATIENT, organisation, session=holder)

"""What people do with visits: hold a time, book it, move it, cancel it. An edge: it commits."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from careflow.clock import Clock, instant_text
from careflow.database.documents import Document, Documents
from careflow.database.scope import AccessScope, organisation_scope
from careflow.database.work import Staged, Work
from careflow.identity.access import scope_of
from careflow.identity.actor import Actor
from careflow.records.preconditions import ChangedSinceReadError
from careflow.records.store import Records
from careflow.scheduling.asking import Asked, Fulfilling, asked_again
from careflow.scheduling.booking import Booking, Terms
from careflow.scheduling.finding import Finder
from careflow.scheduling.flow.life import require_move, stage_of
from careflow.scheduling.openings import Opening
from careflow.scheduling.plan import Place, Plan, VisitType
from careflow.scheduling.plans import Plans
from careflow.scheduling.refusals import NotForYouError, PastCutOffError, SlotTakenError
from careflow.scheduling.requests import noted_of_request, queue_lapse
from careflow.scheduling.settling import Settling
from careflow.scheduling.visit import (
    DECODER,
    Appointment,
    Channel,
    appointment_of,
    buffers_noted,
    wall_noted,
    with_noted,
)
from careflow.scheduling.wall import minutes_of


@dataclass(frozen=True, slots=True)
class Desk:
    """Books visits for one organisation, whoever asks.

    The ``stage_`` verbs stage on the caller's work, so that many visits change together; the others
    commit. The one verb that writes visits queues what patients are to be told of it.
    """

    documents: Documents
    records: Records
    booking: Booking
    finder: Finder
    settling: Settling
    organisation: str
    clock: Clock

    # --- staging ---------------------------------------------------------------------------

    async def stage_booking(
        self,
        work: Work,
        asked: Asked,
        *,
        actor: Actor,
        channel: Channel = "desk",
        holder: str | None = None,
        noted: Mapping[str, str | int] | None = None,
    ) -> Staged:
        """Stage a visit, or raise one of :mod:`careflow.scheduling.refusals`."""
        plan = await self._plan()
        type_, place = plan.type(asked.type), plan.place(asked.place)
        if channel == "portal" and type_.who == "staff":
            raise NotForYouError
        opening = await self._fulfilling.opening(work, plan, asked, holder=holder)
        self.booking.on_terms(work, _terms(asked, channel))
        requested = noted_of_request(asked.begin, self.clock) if asked.request else {}
        body = appointment_of(
            type_,
            place,
            begin=asked.begin,
            patient=f"Patient/{asked.patient}",
            status="proposed" if asked.request else "booked",
            resources=await self._fulfilling.names(plan, opening.resources),
            comment=asked.comment,
            noted={"channel": channel, "sequence": 0, **requested, **(noted or {})},
        )
        staged = await self.records.create(work, body, actor=actor, scope=self.everything)
        if requested:
            queue_lapse(
                work,
                staged.change.id,
                requested,
                organisation=self.organisation,
                clock=self.clock,
                mint=self.records.new_id,
            )
        return staged

    async def stage_move(
        self,
        work: Work,
        id: str,
        asked: Asked,
        *,
        actor: Actor,
        expected: int | None = None,
        channel: Channel = "desk",
    ) -> Staged:
        """Stage another time, clinician or place for a visit."""
        plan = await self._plan()
        type_, place = plan.type(asked.type), plan.place(asked.place)
        document = await self._read(id, expected)
        self._require_in_time(DECODER.decode(document.body), plan, channel)
        opening = await self._fulfilling.opening(work, plan, asked, moving=id)
        self.booking.on_terms(work, _terms(asked, channel))
        body = await self._moved(document, type_, place, asked.begin, opening, plan)
        version = document.version if expected is None else expected
        return await self.records.update(
            work, body, actor=actor, id=id, expected=version, scope=self.everything
        )

    async def stage_cancel(
        self,
        work: Work,
        id: str,
        *,
        actor: Actor,
        reason: str | None = None,
        expected: int | None = None,
        channel: Channel = "desk",
    ) -> Staged:
        """Stage the end of a visit; its time is free with the commit."""
        document = await self._read(id, expected)
        appointment = DECODER.decode(document.body)
        self._require_in_time(appointment, await self._plan(), channel)
        self.booking.on_terms(work, Terms(channel))
        now = stage_of(appointment)
        require_move(now, "cancelled")
        noted = appointment.noted()
        values = {
            **noted,
            "sequence": int(noted.get("sequence", 0)) + 1,
            "stage": "cancelled",
            "was": now or "",
            "at-cancelled": instant_text(self.clock()),
            "by-cancelled": actor.id,
        }
        body = with_noted({**msgspec.json.decode(document.body), "status": "cancelled"}, values)
        if reason:
            body["cancelationReason"] = {"text": reason}
        version = document.version if expected is None else expected
        return await self.records.update(
            work, body, actor=actor, id=id, expected=version, scope=self.everything
        )

    async def _read(self, id: str, expected: int | None) -> Document:
        """Return a visit, or raise ``ChangedSinceReadError`` if it is not what was seen."""
        document = await self.records.read("Appointment", id, self.everything)
        if expected is not None and document.version != expected:
            raise ChangedSinceReadError
        return document

    async def _moved(
        self,
        document: Document,
        type_: VisitType,
        place: Place,
        begin: int,
        opening: Opening,
        plan: Plan,
    ) -> dict[str, Any]:
        old = msgspec.json.decode(document.body)
        patients = [
            one
            for one in old["participant"]
            if str((one.get("actor") or {}).get("reference", "")).startswith("Patient/")
        ]
        names = await self._fulfilling.names(plan, opening.resources)
        new = appointment_of(type_, place, begin=begin, patient=None, resources=names)
        noted = DECODER.decode(document.body).noted()
        values = {**noted, **wall_noted(begin, place.clock), **buffers_noted(type_)}
        values["sequence"] = int(noted.get("sequence", 0)) + 1
        fresh = {key: new[key] for key in ("serviceType", "start", "end", "minutesDuration")}
        if old.get("status") == "waitlist":
            fresh["status"] = "booked"
            values["stage"] = "booked"
            values.pop("settle", None)
        return with_noted({**old, **fresh, "participant": [*patients, *new["participant"]]}, values)

    # --- committing ------------------------------------------------------------------------

    async def book(
        self,
        asked: Asked,
        *,
        actor: Actor,
        channel: Channel = "desk",
        holder: str | None = None,
    ) -> Document:
        """Book a visit, or raise one of :mod:`careflow.scheduling.refusals` and store nothing."""

        async def stage(work: Work) -> Staged:
            return await self.stage_booking(
                work, asked, actor=actor, channel=channel, holder=holder
            )

        return await self._settled(asked, stage, channel)

    async def move(
        self, id: str, asked: Asked, *, actor: Actor, expected: int, channel: Channel = "desk"
    ) -> Document:
        """Give a visit another time, clinician or place; ``expected`` is the version seen."""

        async def stage(work: Work) -> Staged:
            return await self.stage_move(
                work, id, asked, actor=actor, expected=expected, channel=channel
            )

        return await self._settled(asked, stage, channel)

    async def cancel(
        self,
        id: str,
        *,
        actor: Actor,
        reason: str | None = None,
        expected: int | None = None,
        channel: Channel = "desk",
    ) -> Document:
        """Cancel a visit; its time is free at once."""

        async def stage(work: Work) -> Staged:
            return await self.stage_cancel(
                work, id, actor=actor, reason=reason, expected=expected, channel=channel
            )

        return (await self.settling.settled(stage)).document

    def _require_in_time(self, one: Appointment, plan: Plan, channel: Channel) -> None:
        if channel != "portal" or one.start is None or not one.type_id:
            return
        if one.status == "waitlist":
            # Its time is gone already: whoever is asked to choose is never too late.
            return
        if minutes_of(one.start) - plan.type(one.type_id).cutoff < minutes_of(self.clock()):
            raise PastCutOffError

    async def require_theirs(self, actor: Actor, id: str) -> None:
        """Refuse whoever may not see the visit; to a patient, others' visits do not exist."""
        await self.records.read("Appointment", id, scope_of(actor))

    async def asked_for(self, id: str) -> Asked | None:
        """Return a visit as it would be asked for; ``None`` where its kind or place is gone."""
        document = await self.records.read("Appointment", id, self.everything)
        return asked_again(DECODER.decode(document.body), await self._plan())

    @property
    def _fulfilling(self) -> Fulfilling:
        return Fulfilling(self.documents, self.organisation, self.clock)

    async def _plan(self) -> Plan:
        return (await Plans(self.documents, self.organisation).plan()).value

    @property
    def everything(self) -> AccessScope:
        """Return the clinic's whole scope: what may be booked is decided here alone."""
        return organisation_scope(self.organisation)

    async def _settled(
        self, asked: Asked, stage: Callable[[Work], Awaitable[Staged]], channel: Channel
    ) -> Document:
        """Commit, or say what is free instead."""
        try:
            return (await self.settling.settled(stage, asked.practitioner)).document
        except SlotTakenError as error:
            instead = await self.finder.instead_of(
                asked.type, asked.place, asked.begin, channel=channel
            )
            raise SlotTakenError(error.resource, instead=instead) from error


def _terms(asked: Asked, channel: Channel) -> Terms:
    return Terms(channel, squeeze=asked.squeeze, despite=asked.despite, hold=asked.hold)

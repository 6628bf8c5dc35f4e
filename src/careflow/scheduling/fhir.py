"""Finding, holding and booking a visit as FHIR operations: the same verbs as at the desk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import msgspec

from careflow.clock import instant_text
from careflow.identity.access import Interaction, InteractionRefusedError, require_fhir
from careflow.identity.actor import Actor, Role
from careflow.identity.permissions import require
from careflow.records.answer import Answer
from careflow.records.interactions import Asker, stored_answer
from careflow.records.operations import Elsewhere
from careflow.records.parameters import BadParameterError, given_in
from careflow.records.request import FhirRequest
from careflow.scheduling.asking import Asked
from careflow.scheduling.desk import Desk
from careflow.scheduling.fhir_views import SlotViews
from careflow.scheduling.finding import Finder, Wanted
from careflow.scheduling.holding import Holding
from careflow.scheduling.openings import Opening
from careflow.scheduling.plan import Calendar, Plan
from careflow.scheduling.visit import Channel, appointment_of
from careflow.scheduling.wall import minutes_of

KIND: Final = "Appointment"
BODY_LIMIT_BYTES: Final = 64 * 1024
COUNT_MAX: Final = 200
_TIME: Final = ("type", "place", "practitioner", "start")
_BOOKED: Final = (*_TIME, "patient", "hold", "comment", "squeeze", "despite")


@dataclass(frozen=True, slots=True)
class VisitOperations:
    """``Appointment/$find``, ``$hold`` and ``$book``."""

    finder: Finder
    holding: Holding
    desk: Desk

    def elsewhere(self) -> Elsewhere:
        """Return what the record hands on to scheduling."""
        views = SlotViews(self.finder)
        return Elsewhere(
            operations={"find": self.find, "hold": self.hold, "book": self.book},
            views={"Schedule": views.schedules, "Slot": views.slots},
        )

    async def find(self, request: FhirRequest, asker: Asker, _: str) -> Answer:
        """Answer the next times at which a kind of visit fits, as proposed Appointments."""
        self._require(asker, "search")
        given = await given_in(request, limit_bytes=BODY_LIMIT_BYTES)
        names = ("type", "place", "practitioner", "after", "before", "count")
        values = given.taken(*names)
        wanted = Wanted(
            _needed(values, "type"),
            places=_one(values.get("place")),
            practitioners=_one(values.get("practitioner")),
            after=_minutes(values, "after") if "after" in values else 0,
            before=_minutes(values, "before") if "before" in values else None,
            count=_count(values.get("count", "3")),
        )
        found = await self.finder.find(wanted, channel=_channel(asker.actor))
        plan, calendars = await self.finder.planned()
        bundle: dict[str, Any] = {"resourceType": "Bundle", "type": "collection"}
        if found:
            bundle["entry"] = [
                {"resource": _proposed(one, wanted.type, plan, calendars)} for one in found
            ]
        return Answer(200, msgspec.json.encode(bundle))

    async def hold(self, request: FhirRequest, asker: Asker, _: str) -> Answer:
        """Keep a time for five minutes, and answer until when."""
        self._require(asker, "create")
        given = await given_in(request, limit_bytes=BODY_LIMIT_BYTES)
        asked = _asked(given.taken(*_TIME), patient="")
        held = await self.holding.hold(
            asked, holder=asker.actor.session, channel=_channel(asker.actor)
        )
        told = {
            "resourceType": "Parameters",
            "parameter": [
                {"name": "hold", "valueId": held.id},
                {"name": "until", "valueInstant": instant_text(held.until)},
            ],
        }
        return Answer(201, msgspec.json.encode(told))

    async def book(self, request: FhirRequest, asker: Asker, _: str) -> Answer:
        """Book a time, and answer the Appointment."""
        actor = asker.actor
        self._require(asker, "create")
        given = await given_in(request, limit_bytes=BODY_LIMIT_BYTES)
        values = given.taken(*_BOOKED)
        asked = _asked(values, patient=_patient(actor, values))
        stored = await self.desk.book(
            asked, actor=actor, channel=_channel(actor), holder=actor.session
        )
        return stored_answer(request, stored, asker.scope, status=201)

    def _require(self, asker: Asker, interaction: Interaction) -> None:
        """Refuse whoever may not book: patients book for themselves, programs by their scopes.

        A program whose scope reaches some visits alone creates these as Appointments, where the
        record sees what they are.
        """
        actor = asker.actor
        if actor.organisation != self.desk.organisation:
            raise InteractionRefusedError(KIND, interaction)
        if actor.role is not Role.MACHINE:
            require(actor, "visits:own" if actor.role is Role.PATIENT else "visits:write")
            return
        require_fhir(actor, KIND, interaction)
        if interaction == "create" and KIND in asker.scope.within.get("create", {}):
            raise InteractionRefusedError(KIND, interaction)


def _channel(actor: Actor) -> Channel:
    return "portal" if actor.patient_id is not None else "desk"


def _patient(actor: Actor, values: dict[str, str]) -> str:
    """Return whose visit it is; a patient, and a program opened for one, names no other."""
    named = values.get("patient", "").removeprefix("Patient/")
    if actor.patient_id is None:
        return named or _needed(values, "patient")
    for name in ("squeeze", "despite"):
        if name in values:
            raise BadParameterError(name)
    if named not in {"", actor.patient_id}:
        raise BadParameterError("patient")
    return actor.patient_id


def _asked(values: dict[str, str], *, patient: str) -> Asked:
    return Asked(
        type=_needed(values, "type"),
        place=_needed(values, "place").removeprefix("Location/"),
        practitioner=_needed(values, "practitioner").removeprefix("Practitioner/"),
        begin=_minutes(values, "start"),
        patient=patient,
        hold=values.get("hold"),
        comment=values.get("comment"),
        squeeze=values.get("squeeze"),
        despite=values.get("despite"),
    )


def _needed(values: dict[str, str], name: str) -> str:
    value = values.get(name)
    if not value or len(value) > 200:
        raise BadParameterError(name)
    return value


def _one(value: str | None) -> tuple[str, ...]:
    return (value.rpartition("/")[2],) if value else ()


def _count(value: str) -> int:
    if not value.isascii() or not value.isdigit():
        raise BadParameterError("count")
    return max(1, min(int(value[:4]), COUNT_MAX))


def _minutes(values: dict[str, str], name: str) -> int:
    """Return an instant in minutes; it must carry its offset."""
    try:
        at = datetime.fromisoformat(_needed(values, name))
        if at.tzinfo is None:
            raise BadParameterError(name)
        return minutes_of(at)
    except (ValueError, OverflowError) as error:
        raise BadParameterError(name) from error


def _proposed(
    one: Opening, type_: str, plan: Plan, calendars: Sequence[Calendar]
) -> dict[str, Any]:
    names = {calendar.resource: calendar.name for calendar in calendars}
    things = {
        thing.resource: thing.name
        for place in plan.places
        for thing in (*place.rooms, *place.devices)
    }
    return appointment_of(
        plan.type(type_),
        plan.place(one.place),
        begin=one.begin,
        patient=None,
        resources={each: (names | things).get(each, each) for each in one.resources},
        status="proposed",
    )

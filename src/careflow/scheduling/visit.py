"""A visit as a FHIR Appointment: what is stored, and what scheduling reads of it.

The intended wall time and the place's zone stand beside the instants, so that a change of a zone's
rules can be found out later.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

import msgspec

from careflow.records.stages import VISIT
from careflow.scheduling.plan import Place, Plan, VisitType
from careflow.scheduling.taken import Taken
from careflow.scheduling.wall import day_of, instant_of, minutes_of, minutes_up

VISIT_TYPE: Final = "urn:careflow:visit-type"

BLOCKING: Final = frozenset({"proposed", "pending", "booked", "arrived", "checked-in", "fulfilled"})
"""Statuses in which an Appointment has its time; a finished one keeps what it had."""

Channel = Literal["desk", "portal", "fhir", "offer", "flow"]


class _Reference(msgspec.Struct, frozen=True):
    reference: str | None = None
    display: str | None = None


class _Participant(msgspec.Struct, frozen=True):
    actor: _Reference | None = None
    status: str | None = None


class _Coding(msgspec.Struct, frozen=True):
    system: str | None = None
    code: str | None = None


class _Concept(msgspec.Struct, frozen=True):
    coding: tuple[_Coding, ...] = ()


class _Extension(msgspec.Struct, frozen=True, rename="camel"):
    url: str
    value_string: str | None = None
    value_code: str | None = None
    value_integer: int | None = None
    extension: tuple[_Extension, ...] = ()

    @property
    def value(self) -> str | int | None:
        return next(
            (v for v in (self.value_string, self.value_code, self.value_integer) if v is not None),
            None,
        )


class Appointment(msgspec.Struct, frozen=True, rename="camel"):
    """What scheduling reads of an Appointment; the rest stays as it was sent."""

    status: str
    id: str = ""
    start: datetime | None = None
    end: datetime | None = None
    participant: tuple[_Participant, ...] = ()
    service_type: tuple[_Concept, ...] = ()
    extension: tuple[_Extension, ...] = ()

    @property
    def has_time(self) -> bool:
        """Report whether it has a time that is now its own."""
        return self.status in BLOCKING and self.start is not None and self.end is not None

    @property
    def type_id(self) -> str:
        """Return the kind of visit, ``""`` where none of ours is named."""
        codes = (one for concept in self.service_type for one in concept.coding)
        return next((one.code or "" for one in codes if one.system == VISIT_TYPE), "")

    def references(self, kind: str) -> tuple[str, ...]:
        """Return those taking part who are of a kind, as references; not who declined."""
        return tuple(one for one in self.taking_part() if one.startswith(f"{kind}/"))

    def taking_part(self) -> dict[str, None]:
        """Return references to all who take part, in order; not who declined."""
        return {
            one.actor.reference: None
            for one in self.participant
            if one.actor is not None and one.actor.reference and one.status != "declined"
        }

    @property
    def patient(self) -> str | None:
        """Return the patient's id."""
        found = self.references("Patient")
        return found[0].removeprefix("Patient/") if found else None

    def place(self, plan: Plan) -> Place | None:
        """Return where it is, as far as the plan knows."""
        named = self.references("Location")
        for one in plan.places:
            rooms = {room.resource for room in one.rooms}
            if f"Location/{one.id}" in named or rooms.intersection(named):
                return one
        return None

    def noted(self) -> dict[str, str | int]:
        """Return what our extension says."""
        found = next((one for one in self.extension if one.url == VISIT), None)
        values = {one.url: one.value for one in found.extension} if found else {}
        return {name: value for name, value in values.items() if value is not None}


DECODER: Final = msgspec.json.Decoder(Appointment)


@dataclass(frozen=True, slots=True)
class Lookup:
    """What a plan says of places, ready to be asked for many Appointments."""

    rooms: Mapping[str, Place]
    places: Mapping[str, Place]

    @classmethod
    def of(cls, plan: Plan) -> Lookup:
        """Prepare a plan."""
        return cls(
            {room.resource: place for place in plan.places for room in place.rooms},
            {f"Location/{place.id}": place for place in plan.places},
        )

    def taken(self, one: Appointment, *, by: str) -> Taken | None:
        """Return the time that an Appointment has, ``None`` if it has none."""
        if not one.has_time or one.start is None or one.end is None:
            return None
        patient, place, resources = None, None, []
        for reference in one.taking_part():
            kind, _, id = reference.partition("/")
            if kind == "Patient":
                patient = patient or id
            elif kind == "Location":
                in_room = self.rooms.get(reference)
                place = place or in_room or self.places.get(reference)
                if in_room is not None:
                    resources.append(reference)
            elif kind in {"Practitioner", "Device"}:
                resources.append(reference)
        noted = one.noted() if one.extension else {}
        begin = minutes_of(one.start)
        return Taken(
            by=by,
            begin=begin,
            end=max(minutes_up(one.end), begin + 1),
            resources=tuple(resources),
            before=int(noted.get("before", 0)),
            after=int(noted.get("after", 0)),
            type=one.type_id,
            patient=patient,
            day=day_of(begin, place.clock) if place else None,
            squeezed="squeezed" in noted,
        )


def taken_of(one: Appointment, plan: Plan, *, by: str) -> Taken | None:
    """Return the time that an Appointment has, ``None`` if it has none."""
    return Lookup.of(plan).taken(one, by=by)


def extension_of(values: Mapping[str, str | int]) -> dict[str, Any]:
    """Return our extension with these values."""
    return {
        "url": VISIT,
        "extension": [
            {"url": name, "valueInteger" if isinstance(value, int) else "valueString": value}
            for name, value in sorted(values.items())
        ],
    }


def with_noted(appointment: Mapping[str, Any], values: Mapping[str, str | int]) -> dict[str, Any]:
    """Return an Appointment whose extension of ours says exactly this."""
    others = [one for one in appointment.get("extension", ()) if one.get("url") != VISIT]
    return {**appointment, "extension": [*others, extension_of(values)]}


def appointment_of(
    type_: VisitType,
    place: Place,
    *,
    begin: int,
    patient: str | None,
    resources: Mapping[str, str],
    status: str = "booked",
    comment: str | None = None,
    noted: Mapping[str, str | int] | None = None,
) -> dict[str, Any]:
    """Return a new Appointment.

    ``resources`` are names by reference, of clinician, room and devices; ``patient`` is a
    reference, ``Patient/7``.
    """
    zone = place.clock
    start, end = instant_of(begin, zone), instant_of(begin + type_.minutes, zone)
    who = [{"actor": {"reference": patient}, "status": "accepted"}] if patient else []
    where = {"reference": f"Location/{place.id}", "display": place.name}
    taking = [
        {"actor": {"reference": one, "display": name}, "status": "accepted"}
        for one, name in resources.items()
    ]
    body: dict[str, Any] = {
        "resourceType": "Appointment",
        "status": status,
        "serviceType": [{"coding": [{"system": VISIT_TYPE, "code": type_.id}], "text": type_.name}],
        "start": start.isoformat(),
        "end": end.isoformat(),
        "minutesDuration": type_.minutes,
        "participant": [*who, *taking, {"actor": where, "status": "accepted"}],
    }
    if comment:
        body["comment"] = comment
    return with_noted(body, {**wall_noted(begin, zone), **buffers_noted(type_), **(noted or {})})


def wall_noted(begin: int, zone: ZoneInfo) -> dict[str, str | int]:
    """Return the intended wall time, with its offset where it comes twice, and the zone."""
    at = instant_of(begin, zone)
    return {"zone": zone.key, "wall": at.strftime("%Y-%m-%dT%H:%M"), "fold": at.fold}


def buffers_noted(type_: VisitType) -> dict[str, str | int]:
    """Return the minutes that stay free around a visit."""
    return {"before": type_.before, "after": type_.after}

"""Today's visits at Harbour, as far along as the clock says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from careflow.demo.coded import instant
from careflow.demo.histories import History
from careflow.demo.people import ADA, BO, Person, Resource, StaffMember
from careflow.demo.vital_signs import vitals
from careflow.scheduling.visit import VISIT_TYPE

_SLOTS = (
    (8, 20),
    (8, 40),
    (9, 0),
    (9, 40),
    (10, 0),
    (10, 20),
    (10, 40),
    (11, 0),
    (11, 20),
    (13, 0),
    (13, 20),
    (13, 40),
    (14, 20),
    (14, 40),
)
_ORDER = (2, 3, 1, 4, 5, 6, 7, 8, 9, 10, 12, 14, 17, 20)
"""Patient numbers in Dr Ada's session; Amara Okafor comes at nine."""
_CHILDREN = ((9, 20, 37), (10, 40, 39), (13, 20, 40))
_VISIT = timedelta(minutes=20)
_LONG_VISIT = timedelta(minutes=40)


@dataclass(frozen=True, slots=True)
class _Booking:
    start: datetime
    person: Person
    history: History
    doctor: StaffMember

    @property
    def end(self) -> datetime:
        """Return when it ends; Amara Okafor, who comes with an interpreter, has a long one."""
        return self.start + (_LONG_VISIT if self.person.number == 1 else _VISIT)

    @property
    def room(self) -> Resource:
        """Return a reference to the doctor's room."""
        number = 1 if self.doctor is ADA else 2
        return {"reference": f"Location/room-{number}", "display": f"Room {number}"}


def today_resources(
    histories: list[History], seed: int, day: date, now: datetime
) -> list[Resource]:
    """Return the day's appointments, and encounters and vitals of those who have come."""
    resources: list[Resource] = []
    for booking in _bookings(histories, day):
        resources += _visit(booking, seed, day, now)
    return resources


def _bookings(histories: list[History], day: date) -> list[_Booking]:
    by_number = {history.person.number: history for history in histories}
    wanted = [(h, m, n, ADA) for (h, m), n in zip(_SLOTS, _ORDER, strict=True)]
    wanted += [(h, m, n, BO) for h, m, n in _CHILDREN]
    return [
        _Booking(
            datetime.fromisoformat(instant(day, hour, minute)),
            by_number[number].person,
            by_number[number],
            doctor,
        )
        for hour, minute, number, doctor in wanted
    ]


def _status(start: datetime, end: datetime, now: datetime) -> str:
    """Return how far a visit is: over, in the room, in the waiting room, or still to come."""
    if end <= now:
        return "fulfilled"
    if start <= now:
        return "checked-in"
    return "arrived" if start - timedelta(minutes=20) <= now else "booked"


def _visit(booking: _Booking, seed: int, day: date, now: datetime) -> list[Resource]:
    person, start = booking.person, booking.start
    status = _status(start, booking.end, now)
    id_ = f"{person.id}-{day:%Y%m%d}"
    subject = {"reference": f"Patient/{person.id}", "display": f"{person.given} {person.family}"}
    doctor = {"reference": f"Practitioner/{booking.doctor.id}", "display": booking.doctor.name}
    appointment: Resource = {
        "resourceType": "Appointment",
        "id": id_,
        "status": status,
        "serviceType": [
            {"coding": [{"system": VISIT_TYPE, "code": "follow-up"}], "text": "Follow-up"}
        ],
        "description": _reason(booking.history),
        "start": start.isoformat(),
        "end": booking.end.isoformat(),
        "minutesDuration": (booking.end - start) // timedelta(minutes=1),
        "participant": [
            {"actor": subject, "status": "accepted"},
            {"actor": doctor, "status": "accepted"},
            {"actor": booking.room, "status": "accepted"},
        ],
    }
    if person.number == 1:
        appointment["comment"] = (
            "My feet tingle at night and I want to know if the new tablets are working."
        )
    if status not in {"fulfilled", "checked-in"}:
        return [appointment]
    encounter: Resource = {
        "resourceType": "Encounter",
        "id": f"{id_}-visit",
        "status": "finished" if status == "fulfilled" else "in-progress",
        "class": {
            "system": "http://terminology.hl7.org/CodeSystem/v3-ActCode",
            "code": "AMB",
            "display": "ambulatory",
        },
        "subject": subject,
        "appointment": [{"reference": f"Appointment/{id_}"}],
        "participant": [{"individual": doctor}],
        "period": {"start": start.isoformat()},
        "reasonCode": [{"text": _reason(booking.history)}],
        "location": [{"location": booking.room}],
    }
    if status == "fulfilled":
        encounter["period"]["end"] = booking.end.isoformat()
    at = (start + timedelta(minutes=2)).isoformat()
    return [appointment, encounter, *_vitals(booking, seed, day, f"{id_}-visit", at)]


def _reason(history: History) -> str:
    return history.conditions[0].visit_reason if history.conditions else "Check-up"


def _vitals(booking: _Booking, seed: int, day: date, visit: str, at: str) -> list[Resource]:
    random = Random(f"today:{seed}:{booking.person.number}:{day}")  # noqa: S311 - synthetic data.
    measured = booking.history.measured(seed, 1.0, random)
    if booking.person.number == 1:
        measured |= {"systolic": 148.0, "diastolic": 92.0, "weight": 81.4}
    return vitals(booking.person, visit, at, measured)

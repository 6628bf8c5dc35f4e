"""What Harbour plans with: its kinds of visits, its places, and its clinicians' hours."""

from __future__ import annotations

from careflow.demo.people import ADA, BO, SECOND_ZONE, ZONE, StaffMember
from careflow.scheduling.plan import Calendar, Hours, Place, Plan, Thing, VisitType

_EVERY_DAY = (1, 2, 3, 4, 5, 6, 7)
_POINT = Place(
    id="harbour-point",
    name="Harbour Point",
    zone=ZONE,
    address="1 Quay Street",
    rooms=(Thing("Location/room-1", "Room 1"), Thing("Location/room-2", "Room 2")),
    devices=(Thing("Device/ecg-1", "ECG 1"),),
)
_DESERT = Place(id="desert-view", name="Desert View", zone=SECOND_ZONE, address="20 Mesa Road")

HARBOUR = Plan(
    places=(_POINT, _DESERT),
    types=(
        VisitType(
            id="new-problem",
            name="New problem",
            minutes=20,
            step=20,
            after=5,
            who="anyone",
            lead=60,
            cutoff=120,
            overbook=2,
            preparation="Bring a list of the medicines you take.",
        ),
        VisitType(
            id="follow-up",
            name="Follow-up",
            minutes=20,
            step=20,
            lead=60,
            cutoff=120,
            overbook=2,
        ),
        VisitType(
            id="follow-up-video",
            name="Follow-up, video",
            minutes=20,
            step=20,
            mode="video",
            who="anyone",
            lead=60,
            cutoff=60,
            preparation="Find a quiet place with a good connection.",
        ),
        VisitType(
            id="ecg",
            name="Visit with ECG",
            minutes=40,
            step=20,
            after=5,
            who="staff",
            needs_room=True,
            devices=("Device/ecg-1",),
        ),
        VisitType(
            id="group-session",
            name="Group session",
            minutes=60,
            step=60,
            seats=6,
            lead=24 * 60,
            cutoff=24 * 60,
        ),
    ),
)


def _calendar(member: StaffMember, *hours: tuple[str, int, int]) -> Calendar:
    return Calendar(
        practitioner=member.id,
        name=member.name,
        hours=tuple(
            Hours(place=place, weekdays=_EVERY_DAY, begin=begin * 60, end=end * 60)
            for place, begin, end in hours
        ),
    )


CALENDARS = (
    _calendar(ADA, ("harbour-point", 8, 12), ("harbour-point", 13, 17)),
    _calendar(BO, ("harbour-point", 9, 12), ("harbour-point", 13, 16)),
)

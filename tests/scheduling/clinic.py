"""A small clinic for tests of scheduling: two places, two clinicians, a room and a device."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from careflow.clock import Clock
from careflow.database.documents import Documents
from careflow.database.work import Work
from careflow.identity.actor import Actor, Role
from careflow.ids import mint
from careflow.records.owners import Owners
from careflow.records.store import Records
from careflow.scheduling.asking import Asked
from careflow.scheduling.booking import Booking
from careflow.scheduling.calendars.saving import Planning
from careflow.scheduling.desk import Desk
from careflow.scheduling.finding import Finder
from careflow.scheduling.flow.moving import Flow
from careflow.scheduling.holding import Holding
from careflow.scheduling.notices import Notices
from careflow.scheduling.plan import Calendar, Hours, Place, Plan, Thing, VisitType
from careflow.scheduling.plans import Plans
from careflow.scheduling.settling import Settling
from careflow.scheduling.waitlist.freed import Freed
from careflow.scheduling.wall import minutes_of

ORGANISATION = "harbour"
NEW_YORK = ZoneInfo("America/New_York")
FIN = Actor("fin", "Fin", Role.RECEPTIONIST, ORGANISATION, session="s")
WEEK = (1, 2, 3, 4, 5)

MAIN = Place(
    id="main",
    name="Harbour Main",
    zone="America/New_York",
    rooms=(Thing("Location/room-1", "Room 1"), Thing("Location/room-2", "Room 2")),
    devices=(Thing("Device/ecg", "ECG"),),
)
DESERT = Place(id="desert", name="Harbour Desert", zone="America/Phoenix")
FOLLOW_UP = VisitType(id="follow-up", name="Follow-up", minutes=20, step=20, after=5)
ECG = VisitType(id="ecg", name="ECG", minutes=20, step=20, needs_room=True, devices=("Device/ecg",))
GROUP = VisitType(id="group", name="Group", minutes=60, step=60, seats=3)
PLAN = Plan(places=(MAIN, DESERT), types=(FOLLOW_UP, ECG, GROUP))
ADA = Calendar(
    practitioner="ada",
    name="Dr Ada",
    hours=(Hours(place="main", weekdays=WEEK, begin=9 * 60, end=17 * 60),),
)
BO = Calendar(
    practitioner="bo",
    name="Dr Bo",
    hours=(Hours(place="main", weekdays=WEEK, begin=10 * 60, end=14 * 60),),
)


@dataclass(frozen=True, slots=True)
class Clinic:
    """The rooms that scheduling is built of, over one database."""

    documents: Documents
    records: Records
    desk: Desk
    holding: Holding
    finder: Finder
    plans: Plans
    flow: Flow
    planning: Planning


def node(documents: Documents, clock: Clock) -> Clinic:
    """Build one node of the clinic, as composition does."""
    notices = Notices(documents, ORGANISATION, clock)
    freed = Freed(documents, ORGANISATION, clock, mint, notices)
    booking = Booking(documents, ORGANISATION, clock, freed, notices)
    records = Records(documents, clock=clock, mint=mint, owners=Owners({"Appointment": booking}))
    finder = Finder(documents, ORGANISATION, clock)
    settling = Settling(documents)
    desk = Desk(documents, records, booking, finder, settling, ORGANISATION, clock)
    holding = Holding(documents, ORGANISATION, clock, mint, settling)
    flow = Flow(documents, records, booking, settling, ORGANISATION, clock)
    plans = Plans(documents, ORGANISATION)
    planning = Planning(documents, ORGANISATION, clock, settling)
    return Clinic(documents, records, desk, holding, finder, plans, flow, planning)


async def opened(
    documents: Documents,
    clock: Clock,
    *,
    plan: Plan = PLAN,
    calendars: tuple[Calendar, ...] = (ADA, BO),
) -> Clinic:
    """Return a clinic that has its plan and four patients."""
    clinic = node(documents, clock)
    async with Work(documents) as work:
        clinic.plans.put_plan(work, plan)
        for calendar in calendars:
            clinic.plans.put_calendar(work, calendar)
        for number in range(1, 5):
            patient = {"resourceType": "Patient", "id": f"p{number}"}
            await clinic.records.create(work, patient, actor=FIN, id=f"p{number}")
    return clinic


def at(day: int, hour: int, minute: int = 0, *, month: int = 3) -> int:
    """Return a time of 2026 in New York, in minutes."""
    return minutes_of(datetime(2026, month, day, hour, minute, tzinfo=NEW_YORK))


def asked(begin: int, *, patient: str = "p1", **how: object) -> Asked:
    """Return a follow-up with Dr Ada, or as said."""
    how = {"type": "follow-up", "place": "main", "practitioner": "ada", **how}
    return Asked(begin=begin, patient=patient, **how)  # type: ignore[arg-type]

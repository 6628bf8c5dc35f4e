"""A small planned clinic in the database of a shape, before it stands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from careflow import clock, settings
from careflow.composition import open_platform
from careflow.database.work import Work
from careflow.identity.actor import Role
from careflow.scheduling.plan import Calendar, Hours, Place, Plan, VisitType

PASSWORD = "correct horse battery staple"
DOCTORS = 8
STEP_MINUTES = 10
_FAST_HASH = 4
_EVERY_DAY = (1, 2, 3, 4, 5, 6, 7)


def patient_of(doctor: str) -> str:
    """Return who sees a doctor; each has one of their own, so that nobody is at two places."""
    return f"of-{doctor}"


def settings_of(folder: Path, database_url: str | None = None) -> dict[str, str]:
    """Return the settings of a clinic that all nodes of a shape share."""
    return {
        "CAREFLOW_DATABASE_URL": database_url or f"sqlite:///{folder}/shared/careflow.db",
        "CAREFLOW_FILES_URL": f"file://{folder}/shared/files",
        "CAREFLOW_KEY_FILE": f"{folder}/shared-keys/master.key",
        "CAREFLOW_CLINIC_ZONE": "America/New_York",
        "CAREFLOW_REQUIRE_SECOND_FACTOR": "false",
    }


async def prepare(told: Mapping[str, str]) -> list[tuple[str, str]]:
    """Plan a clinic with a desk and a clinician; return (doctor, start) of free times, in order."""
    loaded = settings.load(told, file=Path("none.toml"))
    platform = await open_platform(loaded, password_cost=_FAST_HASH)
    place = Place(id="main", name="Main", zone="America/New_York")
    kind = VisitType(id="open", name="Open", minutes=STEP_MINUTES, step=STEP_MINUTES)
    hours = Hours(place="main", weekdays=_EVERY_DAY, begin=9 * 60, end=17 * 60)
    async with Work(platform.documents) as work:
        platform.visits.plans.put_plan(work, Plan(places=(place,), types=(kind,)))
        for number in range(DOCTORS):
            name = f"d{number}"
            platform.visits.plans.put_calendar(
                work, Calendar(practitioner=name, name=f"Dr {number}", hours=(hours,))
            )
            patient = {"resourceType": "Patient", "id": patient_of(name)}
            await platform.records.create(work, patient, actor=platform.operator, id=patient["id"])
    for role in (Role.RECEPTIONIST, Role.CLINICIAN):
        async with Work(platform.documents) as work:
            await platform.identity.accounts.add(
                work,
                email=f"{role}@clinic.example",
                name=f"The {role}",
                role=role,
                password=PASSWORD,
                by=None,
                practitioner_id="d0" if role is Role.CLINICIAN else None,
            )
    await platform.close()
    zone = loaded.zone()
    first = clock.now().astimezone(zone).date() + timedelta(days=1)
    starts = []
    for day in range(14):
        nine = datetime.combine(first + timedelta(days=day), datetime.min.time(), zone)
        for minutes in range(9 * 60, 17 * 60, STEP_MINUTES):
            at = (nine + timedelta(minutes=minutes)).isoformat()
            starts += [(f"d{number}", at) for number in range(DOCTORS)]
    return starts

"""How fast an opening is found: twenty clinicians, a year ahead, most of it taken.

``python -m benchmarks.scheduling`` prints CPU milliseconds a search, beside those of a plain sum
over a million in the same run, so that machines can be compared.
"""

from __future__ import annotations

import asyncio
import random
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from careflow.database import sqlite
from careflow.database.documents import Documents
from careflow.database.scope import organisation_scope
from careflow.database.work import Work
from careflow.identity.actor import Actor, Role
from careflow.ids import mint
from careflow.records.store import Records
from careflow.scheduling.finding import Finder, Wanted
from careflow.scheduling.plan import Calendar, Hours, Place, Plan, VisitType
from careflow.scheduling.plans import Plans
from careflow.scheduling.visit import appointment_of
from careflow.scheduling.wall import minutes_of

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
CLINICIANS, DAYS, FULL, SEARCHES = 20, 365, 0.6, 100
PLACE = Place(id="main", name="Main", zone="America/New_York")
TYPE = VisitType(id="visit", name="Visit", minutes=20, step=20)
HOURS = Hours(place="main", weekdays=(1, 2, 3, 4, 5), begin=9 * 60, end=17 * 60)


def now() -> datetime:
    """Return the instant at which the benchmark plays."""
    return NOW


async def fill(documents: Documents, dice: random.Random) -> int:
    """Store a plan and a year of visits; return how many."""
    records = Records(documents, clock=now, mint=mint)
    actor = Actor("fin", "Fin", Role.RECEPTIONIST, "harbour", session="s")
    plans = Plans(documents, "harbour")
    async with Work(documents) as work:
        plans.put_plan(work, Plan(places=(PLACE,), types=(TYPE,)))
        for n in range(CLINICIANS):
            calendar = Calendar(practitioner=f"d{n}", name=f"Dr {n}", hours=(HOURS,))
            plans.put_calendar(work, calendar)
    bodies = list(visits(dice))
    for start in range(0, len(bodies), 500):
        async with Work(documents) as work:
            for body in bodies[start : start + 500]:
                await records.create(work, body, actor=actor, scope=organisation_scope("harbour"))
    return len(bodies)


def visits(dice: random.Random) -> Any:  # noqa: ANN401 - an iterator of Appointments
    """Yield the visits of a year."""
    for ahead in range(DAYS):
        day: date = NOW.date() + timedelta(days=ahead)
        if day.isoweekday() > 5:
            continue
        for n in range(CLINICIANS):
            for slot in range(24):
                if dice.random() < FULL:
                    at = datetime(
                        day.year,
                        day.month,
                        day.day,
                        9 + slot // 3,
                        20 * (slot % 3),
                        tzinfo=PLACE.clock,
                    )
                    yield appointment_of(
                        TYPE,
                        PLACE,
                        begin=minutes_of(at),
                        patient=f"Patient/p{dice.randrange(1000)}",
                        resources={f"Practitioner/d{n}": f"Dr {n}"},
                    )


def yardstick() -> float:
    """Return CPU milliseconds of a plain sum over a million."""
    began = time.process_time()
    sum(range(1_000_000))
    return (time.process_time() - began) * 1000


async def main() -> None:
    """Run and print."""
    dice = random.Random(1)
    with tempfile.TemporaryDirectory() as folder:
        documents = await sqlite.open_documents(Path(folder) / "c.db", key=bytes(32), clock=now)
        count = await fill(documents, dice)
        finder = Finder(documents, "harbour", now)
        took = []
        for number in range(SEARCHES):
            wanted = Wanted(
                TYPE.id,
                after=minutes_of(NOW) + dice.randrange(DAYS - 30) * 1440,
                hours=(0, 720) if number % 3 == 0 else (0, 1440),
                days=frozenset({2}) if number % 5 == 0 else frozenset(),
            )
            began = time.process_time()
            await finder.find(wanted)
            took.append((time.process_time() - began) * 1000)
        took.sort()
        middle, high = took[SEARCHES // 2], took[SEARCHES * 95 // 100]
        print(f"{count} visits; three openings: p50 {middle:.1f} ms, p95 {high:.1f} ms CPU")
        print(f"a sum over a million: {yardstick():.1f} ms CPU")
        await documents.close()


if __name__ == "__main__":
    asyncio.run(main())

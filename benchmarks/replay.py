"""Books and cancels the appointments of a real year, and asks whether each refusal was right.

``python -m benchmarks.replay FILE [COUNT]`` reads the public no-show data set of 2016 (CSV, gzip).
It has days only, so clinicians and times are drawn: a seeded die gives each row one of the
clinicians (as many as the busiest day needs, and a quarter more) and one of thirty times of twenty
minutes from eight in the morning; a row whose time is taken asks for it all the same, must be
refused, and then takes the next free time of that day. After every tenth booking an earlier visit
is cancelled. A plain set tells beside it what is taken.
"""

from __future__ import annotations

import asyncio
import csv
import gzip
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

from careflow.database import sqlite
from careflow.database.documents import Document, Documents
from careflow.database.work import Work
from careflow.identity.actor import Actor, Role
from careflow.ids import mint
from careflow.records.owners import Owners
from careflow.records.store import Records
from careflow.scheduling.asking import Asked
from careflow.scheduling.booking import Booking
from careflow.scheduling.desk import Desk
from careflow.scheduling.finding import Finder
from careflow.scheduling.plan import Calendar, Hours, Place, Plan, VisitType
from careflow.scheduling.plans import Plans
from careflow.scheduling.refusals import SlotTakenError
from careflow.scheduling.settling import Settling
from careflow.scheduling.wall import minutes_of

CLINIC: Final = "replay"
SLOTS: Final = 30
PLACE = Place(id="main", name="Main", zone="America/Sao_Paulo")
TYPE = VisitType(id="visit", name="Visit", minutes=20, step=20)
EVERY_DAY = (1, 2, 3, 4, 5, 6, 7)
HOURS = Hours(place="main", weekdays=EVERY_DAY, begin=8 * 60, end=18 * 60)
FIN = Actor("fin", "Fin", Role.RECEPTIONIST, CLINIC, session="s")
BEFORE = datetime(2015, 1, 1, tzinfo=UTC)

Time = tuple[date, int, int]
"""A day, a clinician's number and a time's number."""


def before() -> datetime:
    """Return an instant before every appointment."""
    return BEFORE


def rows_of(path: Path, count: int | None = None) -> list[tuple[str, date]]:
    """Return patients and days, in the order in which they were booked."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = sorted(csv.DictReader(lines), key=lambda row: row["ScheduledDay"])
    days = [(row["PatientId"], date.fromisoformat(row["AppointmentDay"][:10])) for row in rows]
    return days[:count]


@dataclass(slots=True)
class Replay:
    """A clinic that lives through it, and what is known of it beside."""

    desk: Desk
    clinicians: int
    dice: random.Random
    taken: dict[Time, str] = field(default_factory=dict)
    booked: list[Time] = field(default_factory=list)
    refused: int = 0
    unexplained: Counter[str] = field(default_factory=Counter)
    took: dict[str, list[float]] = field(default_factory=dict)

    async def live(self, rows: list[tuple[str, date]]) -> None:
        """Book every row, and cancel after every tenth."""
        for number, (patient, day) in enumerate(rows):
            await self.book(
                patient, (day, self.dice.randrange(self.clinicians), self.dice.randrange(SLOTS))
            )
            if number % 10 == 9:
                await self.cancel()

    async def book(self, patient: str, at: Time) -> None:
        """Ask for a time, which is refused exactly when it is taken, and then for a free one."""
        if at in self.taken:
            if await self.timed("refuse", self.ask(patient, at)) is not None:
                self.unexplained["booked though taken"] += 1
            self.refused += 1
            at = self.free_on(at[0])
        visit = await self.timed("book", self.ask(patient, at))
        if visit is None:
            self.unexplained["refused though free"] += 1
            return
        self.taken[at] = visit.id
        self.booked.append(at)

    async def cancel(self) -> None:
        """Cancel a visit drawn among all."""
        if self.booked:
            at = self.booked.pop(self.dice.randrange(len(self.booked)))
            await self.timed("cancel", self.desk.cancel(self.taken.pop(at), actor=FIN))

    async def ask(self, patient: str, at: Time) -> Document | None:
        """Return the visit, ``None`` if the time is taken."""
        day, clinician, slot = at
        eight = datetime(day.year, day.month, day.day, 8, tzinfo=PLACE.clock)
        asked = Asked(
            type=TYPE.id,
            place=PLACE.id,
            practitioner=f"c{clinician}",
            begin=minutes_of(eight) + TYPE.minutes * slot,
            patient=f"p{patient}",
            despite="Two visits on one day, as the data have it",
        )
        try:
            return await self.desk.book(asked, actor=FIN)
        except SlotTakenError:
            return None

    def free_on(self, day: date) -> Time:
        """Return the first free time of a day, clinician after clinician."""
        return next(
            (day, clinician, slot)
            for clinician in range(self.clinicians)
            for slot in range(SLOTS)
            if (day, clinician, slot) not in self.taken
        )

    async def timed(self, what: str, doing: Awaitable[Document | None]) -> Document | None:
        """Do it, and note how long it took, in milliseconds."""
        began = time.perf_counter()
        try:
            return await doing
        finally:
            self.took.setdefault(what, []).append((time.perf_counter() - began) * 1000)


async def replayed(documents: Documents, rows: list[tuple[str, date]]) -> Replay:
    """Return how it went."""
    busiest = max(Counter(day for _, day in rows).values())
    clinicians = 1 + busiest * 5 // 4 // SLOTS
    booking = Booking(documents, CLINIC, before)
    records = Records(documents, clock=before, mint=mint, owners=Owners({"Appointment": booking}))
    finder = Finder(documents, CLINIC, before)
    desk = Desk(documents, records, booking, finder, Settling(documents), CLINIC, before)
    plans = Plans(documents, CLINIC)
    async with Work(documents) as work:
        plans.put_plan(work, Plan(places=(PLACE,), types=(TYPE,)))
        for number in range(clinicians):
            calendar = Calendar(practitioner=f"c{number}", name=f"Dr {number}", hours=(HOURS,))
            plans.put_calendar(work, calendar)
    replay = Replay(desk, clinicians, random.Random(1))
    await replay.live(rows)
    return replay


async def main() -> None:
    """Run and print."""
    count = int(sys.argv[2]) if len(sys.argv) > 2 else None
    rows = rows_of(Path(sys.argv[1]), count)
    with tempfile.TemporaryDirectory() as folder:
        documents = await sqlite.open_documents(Path(folder) / "c.db", key=bytes(32), clock=before)
        began = time.perf_counter()
        replay = await replayed(documents, rows)
        took = timedelta(seconds=round(time.perf_counter() - began))
        await documents.close()
    print(f"{len(rows)} rows, {replay.clinicians} clinicians, {took}; refused {replay.refused}")
    print(f"not explained: {dict(replay.unexplained) or 'none'}")
    for what, each in replay.took.items():
        each.sort()
        rate = 1000 * len(each) / sum(each)
        middle, high = each[len(each) // 2], each[len(each) * 99 // 100]
        print(f"{what}: {len(each)}, {rate:.0f}/s, p50 {middle:.1f} ms, p99 {high:.1f} ms")


if __name__ == "__main__":
    asyncio.run(main())

"""How fast the front desk is answered: a day of two hundred visits, a patient among many.

``python -m benchmarks.front_desk [PATIENTS]`` prints CPU milliseconds a question, beside those of a
plain sum over a million in the same run. Patients are drawn by a seeded die from a few hundred
names; a search has the first letters of a name, or of both.
"""

from __future__ import annotations

import asyncio
import random
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from benchmarks.scheduling import NOW, PLACE, TYPE, now, yardstick
from careflow.database import sqlite
from careflow.database.documents import Documents
from careflow.database.scope import organisation_scope
from careflow.database.work import Work
from careflow.identity.actor import Actor, Role
from careflow.ids import mint
from careflow.records.day import Days
from careflow.records.directory import Directory
from careflow.records.store import Records
from careflow.scheduling.visit import appointment_of
from careflow.scheduling.wall import minutes_of

FIN = Actor("fin", "Fin", Role.RECEPTIONIST, "harbour", session="s")
SCOPE = organisation_scope("harbour")
VISITS, QUESTIONS = 200, 200
HEADS = ("Ber", "Cal", "Dor", "Eng", "Far", "Gil", "Hol", "Jan", "Kor", "Lin", "Mar", "Nor")
TAILS = ("berg", "dan", "etti", "field", "gren", "holm", "inger", "kins", "ley", "man", "son")
GIVEN = ("Ada", "Bo", "Cleo", "Dan", "Eva", "Finn", "Gus", "Ida", "Jon", "Kim", "Lea", "Max")


def people(count: int, dice: random.Random) -> Any:  # noqa: ANN401 - an iterator of Patients
    """Yield patients."""
    for number in range(count):
        born = NOW.date() - timedelta(days=dice.randrange(1, 36_000))
        yield {
            "resourceType": "Patient",
            "id": f"p{number}",
            "identifier": [{"system": "urn:number", "value": f"{number:06d}"}],
            "name": [
                {
                    "family": dice.choice(HEADS) + dice.choice(TAILS) + dice.choice(TAILS),
                    "given": [dice.choice(GIVEN), dice.choice(GIVEN)],
                }
            ],
            "telecom": [{"system": "phone", "value": f"555-{dice.randrange(10**6):06d}"}],
            "birthDate": born.isoformat(),
        }


async def fill(documents: Documents, count: int, dice: random.Random) -> None:
    """Store patients and a day's visits."""
    records = Records(documents, clock=now, mint=mint)
    work = Work(documents)
    every = enumerate(people(count, dice), start=1)
    for number, body in every:
        await records.create(work, body, actor=FIN, id=body["id"], scope=SCOPE)
        if number % 500 == 0 or number == count:
            async with work:
                pass
            work = Work(documents)
    async with work:
        for number in range(VISITS):
            body = appointment_of(
                TYPE,
                PLACE,
                begin=minutes_of(NOW) + 20 * (number % 24),
                patient=f"Patient/p{dice.randrange(count)}",
                resources={f"Practitioner/d{number // 24}": f"Dr {number // 24}"},
            )
            await records.create(work, body, actor=FIN, scope=SCOPE)


async def measure(what: str, ask: Callable[[], Awaitable[object]]) -> None:
    """Print how long a question takes."""
    took = []
    for _ in range(QUESTIONS):
        began = time.process_time()
        await ask()
        took.append((time.process_time() - began) * 1000)
    took.sort()
    middle, high = took[QUESTIONS // 2], took[QUESTIONS * 95 // 100]
    print(f"{what}: p50 {middle:.1f} ms, p95 {high:.1f} ms CPU", flush=True)


async def main() -> None:
    """Run and print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    dice = random.Random(1)
    with tempfile.TemporaryDirectory() as folder:
        documents = await sqlite.open_documents(Path(folder) / "c.db", key=bytes(32), clock=now)
        await fill(documents, count, dice)
        directory = Directory(documents)
        days = Days(documents, directory, now, PLACE.clock)
        day = await days.on(None, practitioner_id=None, scope=SCOPE)
        await measure(
            f"day board of {len(day.visits)} visits",
            lambda: days.on(None, practitioner_id=None, scope=SCOPE),
        )

        async def search() -> object:
            words = [dice.choice(HEADS) + dice.choice(TAILS)[: dice.randrange(3)]]
            if dice.random() < 0.5:
                words.append(dice.choice(GIVEN)[:2])
            return await directory.find(" ".join(words), count=5, scope=SCOPE)

        await measure(f"search among {count} patients", search)
        print(f"a sum over a million: {yardstick():.1f} ms CPU")
        await documents.close()


if __name__ == "__main__":
    asyncio.run(main())

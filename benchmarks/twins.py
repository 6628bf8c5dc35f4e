"""How many likely twins the registration desk is shown, how many in vain, and how fast.

``python -m benchmarks.twins [PATIENTS]`` stores that many invented patients (100,000) and asks for
1,000 people: half of them patients with one to three mistakes in what they said, half of them new.
Household members share family name, telephone and address. Times are CPU milliseconds, beside
those of a plain sum over a million.
"""

from __future__ import annotations

import asyncio
import random
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.scheduling import yardstick
from careflow.database import sqlite
from careflow.database.scope import organisation_scope
from careflow.database.work import Work
from careflow.identity.actor import Actor, Role
from careflow.ids import mint
from careflow.records.registration.person import Said
from careflow.records.registration.twins import Twins
from careflow.records.store import Records

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
ASKED = 1000

# The commonest names in the United States and Latin America, and syllables for the long tail.
_FAMILIES = (
    "Smith Johnson Williams Brown Jones Garcia Miller Davis Rodriguez Martinez Hernandez Lopez "
    "Gonzalez Wilson Anderson Thomas Taylor Moore Jackson Martin Lee Perez Thompson White Harris "
    "Sanchez Clark Ramirez Lewis Robinson Walker Young Allen King Wright Scott Torres Nguyen Hill "
    "Flores Green Adams Nelson Baker Hall Rivera Campbell Mitchell Carter Roberts Murphy Philips"
)
_GIVENS = (
    "James Mary Robert Patricia John Jennifer Michael Elizabeth David Barbara William Susan "
    "Richard Jessica Joseph Maria Thomas Margaret Charles Sandra Daniel Ashley Matthew Emily "
    "Anthony Kimberly Steven Donna Jose Carol Andrew Michelle Joshua Amanda Kenneth Deborah "
    "Kevin Stephanie Luis Rebecca Francisco Laura Guadalupe Ana Carmen Alejandro Nicholas Samantha"
)
FAMILIES, GIVENS = _FAMILIES.split(), _GIVENS.split()
SHORT = {"Robert": "Bob", "Elizabeth": "Liz", "William": "Bill", "Francisco": "Paco"}
SHORT |= {"Michael": "Mike", "Margaret": "Peggy", "Jose": "Pepe", "Richard": "Dick"}
_HEADS = "Ash Bar Cor Dal Elm Far Gar Hol Ing Kel Lan Mar Nor Os Pem Quin Ral San Tor Ul Ver Wes"
_MIDS = "ber cas der fin gal ken lo mer ning per ri sel ter vin well"
_ENDS = "by den ell field ford ham ing ley man ro son ster ton well wick"
TAIL = [f"{h}{m}{e}" for h in _HEADS.split() for m in _MIDS.split() for e in _ENDS.split()]


@dataclass(frozen=True, slots=True)
class Person:
    """One invented patient."""

    id: str
    said: Said

    def resource(self) -> dict[str, Any]:
        """Return the Patient resource."""
        said = self.said
        return {
            "resourceType": "Patient",
            "id": self.id,
            "active": True,
            "name": [{"family": said.family, "given": [said.given]}],
            "birthDate": said.birth_date,
            "gender": said.sex,
            "telecom": [
                {"system": "phone", "value": said.phone},
                {"system": "email", "value": said.email},
            ],
            "address": [{"line": [said.address], "postalCode": said.postal_code}],
        }


def population(count: int, dice: random.Random) -> list[Person]:
    """Return invented people; every fourth lives with the one before."""
    people: list[Person] = []
    for number in range(count):
        home = people[-1].said if number % 4 == 3 else None
        family = dice.choice(FAMILIES) if dice.random() < 0.2 else dice.choice(TAIL)
        given = dice.choice(GIVENS)
        born = date(1930, 1, 1) + timedelta(days=dice.randrange(35_000))
        said = Said(
            family=home.family if home else family,
            given=given,
            birth_date=born.isoformat(),
            sex=dice.choice(("female", "male")),
            phone=home.phone if home else f"+1-{_number(dice)}",
            email=f"{given}.{family}.{number}@mail.example".lower(),
            address=home.address if home else f"{dice.randrange(1, 999)} {dice.choice(TAIL)} St",
            postal_code=home.postal_code if home else f"{dice.randrange(10_000, 10_300)}",
        )
        people.append(Person(f"b{number}", said))
    return people


def _number(dice: random.Random) -> str:
    return f"{dice.randrange(200, 999)}-{dice.randrange(200, 999)}-{dice.randrange(10_000):04d}"


def misheard(said: Said, dice: random.Random) -> Said:
    """Return what somebody at the desk may have typed: not all is told, and some is wrong."""
    said = replace(
        said,
        sex=None,
        phone=said.phone if dice.random() < 0.7 else None,
        email=said.email if dice.random() < 0.3 else None,
        address=said.address if dice.random() < 0.3 else None,
        postal_code=None,
    )
    mistakes = [_family, _short, _letter, _birth, _moved, _married, _exchanged]
    weights = [5, 4, 4, 4, 3, 1, 1]
    for mistake in dict.fromkeys(dice.choices(mistakes, weights, k=dice.choice((1, 1, 2, 3)))):
        said = mistake(said, dice)
    return said


def _family(said: Said, dice: random.Random) -> Said:
    name = said.family or ""
    for spelling, heard in (("h", ""), ("ph", "f"), ("ll", "l"), ("ck", "k"), ("z", "s")):
        if spelling in name[1:]:
            return replace(said, family=name[0] + name[1:].replace(spelling, heard))
    return replace(said, family=_slip(name, dice))


def _letter(said: Said, dice: random.Random) -> Said:
    return replace(said, given=_slip(said.given or "", dice))


def _short(said: Said, _: random.Random) -> Said:
    return replace(said, given=SHORT.get(said.given or "", said.given))


def _birth(said: Said, dice: random.Random) -> Said:
    born = said.birth_date or ""
    swapped = f"{born[:5]}{born[8:]}-{born[5:7]}"
    if born[8:] <= "12" and dice.random() < 0.5:
        return replace(said, birth_date=swapped)
    at = dice.choice((2, 3, 9))
    other = dice.choice([one for one in "0123456789" if one != born[at]])
    slipped = born[:at] + other + born[at + 1 :]
    try:
        date.fromisoformat(slipped)
    except ValueError:
        return said
    return replace(said, birth_date=slipped)


def _moved(said: Said, dice: random.Random) -> Said:
    return replace(said, phone=_number(dice), address=None)


def _married(said: Said, dice: random.Random) -> Said:
    return replace(said, family=dice.choice(TAIL))


def _exchanged(said: Said, _: random.Random) -> Said:
    return replace(said, family=said.given, given=said.family)


def _slip(name: str, dice: random.Random) -> str:
    if len(name) < 4:
        return name
    at = dice.randrange(1, len(name) - 1)
    how = dice.randrange(3)
    if how == 0:
        return name[:at] + name[at + 1 :]
    if how == 1:
        return name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    return name[:at] + dice.choice("aeiourstln") + name[at + 1 :]


async def main(count: int) -> None:
    """Run and print."""
    dice = random.Random(1)
    everybody = population(count + ASKED // 2, dice)
    stored, new = everybody[:count], everybody[count:]
    scope = organisation_scope("bench")
    actor = Actor("fin", "Fin", Role.RECEPTIONIST, "bench", session="s")
    with tempfile.TemporaryDirectory() as folder:
        documents = await sqlite.open_documents(
            Path(folder) / "c.db", key=bytes(32), clock=lambda: NOW
        )
        records = Records(documents, clock=lambda: NOW, mint=mint)
        for start in range(0, count, 1000):
            async with Work(documents) as work:
                for one in stored[start : start + 1000]:
                    await records.create(work, one.resource(), actor=actor, id=one.id, scope=scope)
        twins, took = Twins(documents), []
        hits, first, alarms, households = 0, 0, 0, 0
        for one in dice.sample(stored, ASKED // 2):
            began = time.process_time()
            found = await twins.of(misheard(one.said, dice), scope)
            took.append((time.process_time() - began) * 1000)
            likely = [twin.patient.id for twin in found if twin.is_likely]
            hits += one.id in likely
            first += likely[:1] == [one.id]
        for number, one in enumerate(new):
            began = time.process_time()
            found = await twins.of(replace(one.said, sex=None), scope)
            took.append((time.process_time() - began) * 1000)
            alarms += any(twin.is_likely for twin in found)
            households += number % 4 == 3 and any(twin.is_likely for twin in found)
        await documents.close()
    took.sort()
    half = ASKED // 2
    print(f"{count} patients, {half} misheard, {half} new")
    print(f"recall {hits / half:.3f}, first {first / half:.3f}, in vain {alarms / half:.3f}")
    print(f"precision of a refusal {hits / max(1, hits + alarms):.3f}; households {households}")
    print(f"p50 {took[half]:.1f} ms, p95 {took[ASKED * 95 // 100]:.1f} ms CPU")
    print(f"a sum over a million: {yardstick():.1f} ms CPU")


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))

"""What the file of the first release was filled with, so that a test knows what must be in it.

``fixtures/schema-1.db`` was written by release 0.1.0 running this module:
``python -m tests.database.older_file FILE``. It uses nothing that later releases changed.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random

from careflow.database.documents import Append, Change, Claim, Delete, Entries, Put
from careflow.database.sqlite import SqliteDocuments, open_documents
from tests.contracts.engines import KEY, SetClock

ORGANISATIONS = ("harbour", "hillside")
CODES = ("718-7", "2823-3", "4548-4")
OBSERVATIONS = 260


def commits() -> Iterator[list[Change]]:
    """Yield the commits in order: made-up patients, results, a changed and a deleted one."""
    random = Random(20261124)
    for organisation in ORGANISATIONS:
        yield [_patient(organisation, n) for n in range(12)]
        for start in range(0, OBSERVATIONS, 20):
            numbers = range(start, start + 20)
            yield [
                *(_observation(organisation, n, random) for n in numbers),
                Append(organisation, "audit", f"{organisation} {start}".encode()),
            ]
        yield [Claim(organisation, "number|1", "Patient/p1")]
        for n in (3, 4, 3):
            yield [_observation(organisation, n, random)]
        yield [Delete("Observation", "o5", organisation), Delete("Patient", "p2", organisation)]
        yield [Put("lease", "sealer", b"\x00\x01", organisation, keep_history=False)]


def _patient(organisation: str, n: int) -> Put:
    name = ("Quillfeather", "Sandpiper", "Ternstone")[n % 3]
    entries = Entries(
        terms=[("compartment:Patient", f"p{n}"), ("identifier", f"urn:made-up|{n}")],
        texts=[("family", name), ("name", name)],
        ranges=[("birthdate", n * 1e9, n * 1e9 + 86_399_999, "")],
    )
    body = f'{{"resourceType":"Patient","id":"p{n}","name":[{{"family":"{name}"}}]}}'
    return Put("Patient", f"p{n}", body.encode(), organisation, entries)


def _observation(organisation: str, n: int, random: Random) -> Put:
    patient, code, value = f"p{n % 12}", CODES[n % 3], random.randrange(10, 400) / 10
    at = 1.6e12 + n * 3.6e6
    unit = ("http://unitsofmeasure.org|g/dL", "g/dL")
    entries = Entries(
        terms=[
            ("code", code),
            ("code", f"http://loinc.org|{code}"),
            ("code", "http://loinc.org|"),
            ("subject", f"Patient/{patient}"),
            ("patient", f"Patient/{patient}"),
            ("compartment:Patient", patient),
        ],
        ranges=[
            ("date", at, at + 999, ""),
            *(("value-quantity", value, value, each) for each in unit),
        ],
        series=[(f"{patient}|{code}", at)],
    )
    body = (
        f'{{"resourceType":"Observation","id":"o{n}","status":"final","code":{{"coding":[{{'
        f'"system":"http://loinc.org","code":"{code}"}}]}},"subject":{{"reference":'
        f'"Patient/{patient}"}},"valueQuantity":{{"value":{value},"unit":"g/dL"}}}}'
    )
    return Put("Observation", f"o{n}", body.encode(), organisation, entries)


async def fill(path: Path) -> SqliteDocuments:
    """Return the open database of a new file with all of it."""
    clock = SetClock()
    documents = await open_documents(path, key=KEY, clock=clock)
    for changes in commits():
        clock.move(minutes=1)
        await documents.commit(changes)
    return documents


async def main() -> None:
    """Write the file named on the command line."""
    documents = await fill(Path(sys.argv[1]))
    await documents.close()


if __name__ == "__main__":
    asyncio.run(main())

"""A process that commits without end, telling what was acknowledged (run by the crash tests).

Usage: ``python -m tests.contracts.committing ENGINE FOLDER NAME``. Writes ``NAME-N`` to standard
output once the commit that stores it has returned.
"""

from __future__ import annotations

import asyncio
import sys
from itertools import count
from pathlib import Path

from careflow.clock import now
from careflow.database.documents import Append, Documents, Entries, Put
from tests.contracts.engines import ENGINES

ORGANISATION = "harbour"
CALLERS = 4


async def commit_for_ever(documents: Documents, name: str) -> None:
    numbers = count()

    async def caller() -> None:
        for number in numbers:
            id = f"{name}-{number}"
            entries = Entries(terms=[("by", name)], texts=[("id", id)], series=[(name, number)])
            await documents.commit(
                [
                    Put("Observation", id, id.encode() * 40, ORGANISATION, entries),
                    Put("Counter", name, id.encode(), ORGANISATION, keep_history=False),
                    Append(ORGANISATION, "audit", id.encode()),
                ]
            )
            sys.stdout.write(f"{id}\n")
            sys.stdout.flush()

    await asyncio.gather(*(caller() for _ in range(CALLERS)))


async def main() -> None:
    engine, folder, name = sys.argv[1:]
    await commit_for_ever(await ENGINES[engine](Path(folder), now), name)


if __name__ == "__main__":
    asyncio.run(main())

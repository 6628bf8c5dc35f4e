"""Books and tells, as one program, what must be the same in whatever zone a server stands."""

from __future__ import annotations

import asyncio
import tempfile
from dataclasses import asdict
from pathlib import Path

from careflow.scheduling.finding import Wanted
from careflow.scheduling.visit import DECODER
from careflow.scheduling.wall import instant_of
from tests.contracts.engines import ENGINES, SetClock
from tests.scheduling.clinic import FIN, NEW_YORK, asked, at, opened


async def tell() -> None:
    """Print openings and visits around a night on which clocks go forward."""
    clock = SetClock()
    with tempfile.TemporaryDirectory() as folder:
        documents = await ENGINES["sqlite"](Path(folder), clock)
        clinic = await opened(documents, clock)
        for day in (6, 9, 10):
            for minute in (0, 40):
                visit = await clinic.desk.book(asked(at(day, 9, minute)), actor=FIN)
                one = DECODER.decode(visit.body)
                print(one.start, one.end, sorted(one.noted().items()))
        for kind in ("follow-up", "ecg", "group"):
            wanted = Wanted(kind, after=at(6, 0), count=60, hours=(540, 720))
            for opening in await clinic.finder.find(wanted):
                print(instant_of(opening.begin, NEW_YORK).isoformat(), asdict(opening))
        await documents.close()


if __name__ == "__main__":
    asyncio.run(tell())

"""The clinic as a program meets it over FHIR, one door a node."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from careflow.audit.trail import Trail
from careflow.clock import Clock
from careflow.records.rest import FhirApplication
from careflow.scheduling.fhir import VisitOperations
from tests.contracts.engines import AUDIT_FILES
from tests.records.front_door import KEY, FrontDoor, counting_mint, show_name
from tests.scheduling.clinic import ORGANISATION, Clinic


@asynccontextmanager
async def doors(
    nodes: list[Clinic], *, folder: Path, engine: str, clock: Clock
) -> AsyncIterator[list[FrontDoor]]:
    """Open a door for each node."""
    audit_file = await AUDIT_FILES[engine](folder, ORGANISATION, clock)
    opened = []
    for number, one in enumerate(nodes):
        trail = Trail(
            one.documents,
            audit_file,
            organisation=ORGANISATION,
            master_key=KEY,
            head_path=folder / f"head-{number}",
        )
        application = FhirApplication(
            one.records,
            authenticate=show_name,
            trail=trail,
            clock=clock,
            mint=counting_mint(f"request-{number}"),
            elsewhere=VisitOperations(one.finder, one.holding, one.desk).elsewhere(),
        )
        opened.append(FrontDoor(one.documents, one.records, trail, audit_file, application))
    yield opened
    await audit_file.close()

"""Visits over FHIR: the same truth and the same races as at the desk."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from careflow.database.documents import Documents
from careflow.scheduling.wall import instant_of
from tests.contracts.engines import SetClock
from tests.records.front_door import FrontDoor, bundle, entry
from tests.scheduling.clinic import Clinic, at, node
from tests.scheduling.front import doors

PATCH = {"content-type": "application/json-patch+json"}


@pytest.fixture
async def both(
    clinic: Clinic,
    open_again: Callable[[], Awaitable[Documents]],
    tmp_path: Path,
    engine: str,
    clock: SetClock,
) -> AsyncIterator[list[FrontDoor]]:
    """Two nodes' doors."""
    documents = await open_again()
    nodes = [clinic, node(documents, clock)]
    async with doors(nodes, folder=tmp_path, engine=engine, clock=clock) as opened:
        yield opened
    await documents.close()


def an_appointment(begin: int, patient: str = "p1", **over: Any) -> dict[str, Any]:
    return {
        "resourceType": "Appointment",
        "status": "booked",
        "start": instant_of(begin).isoformat(),
        "end": instant_of(begin + 20).isoformat(),
        "participant": [
            {"actor": {"reference": f"Patient/{patient}"}, "status": "accepted"},
            {"actor": {"reference": "Practitioner/ada"}, "status": "accepted"},
        ],
    } | over


async def test_one_of_fifty_creates_gets_the_time(both: list[FrontDoor]) -> None:
    body = an_appointment(at(3, 10))
    answers = await asyncio.gather(
        *(both[n % 2].ask("POST", "/Appointment", body, actor="program") for n in range(50))
    )
    assert Counter(one.status_code for one in answers) == {201: 1, 409: 49}
    for one in answers:
        if one.status_code == 409:
            assert one.json()["resourceType"] == "OperationOutcome"
            assert "no longer free" in one.text


async def test_creates_of_different_times_never_refuse_each_other(both: list[FrontDoor]) -> None:
    answers = await asyncio.gather(
        *(
            both[n % 2].ask("POST", "/Appointment", an_appointment(at(3, 9 + n // 3, 20 * (n % 3))))
            for n in range(20)
        )
    )
    assert Counter(one.status_code for one in answers) == {201: 20}


async def test_every_way_of_writing_waits_for_its_turn(both: list[FrontDoor]) -> None:
    """A transaction, an update, a condition and a patch at once, each at its own time."""
    stored = await both[0].ask("POST", "/Appointment", an_appointment(at(3, 9)))
    id = stored.json()["id"]
    later = [{"op": "replace", "path": "/start", "value": instant_of(at(3, 12)).isoformat()}]
    later += [{"op": "replace", "path": "/end", "value": instant_of(at(3, 12, 20)).isoformat()}]
    put = an_appointment(at(3, 13), id="own")
    sent = bundle("transaction", entry("POST", "Appointment", an_appointment(at(3, 14))))
    conditional = {"if-none-exist": "identifier=none"}
    answers = await asyncio.gather(
        both[0].ask("PATCH", f"/Appointment/{id}", later, headers=PATCH),
        both[1].ask("PUT", "/Appointment/own", put),
        both[0].ask("POST", "", sent),
        both[1].ask("POST", "/Appointment", an_appointment(at(3, 15)), headers=conditional),
        both[0].ask("POST", "/Appointment", an_appointment(at(3, 16))),
    )
    assert [one.status_code for one in answers] == [200, 201, 200, 201, 201]
    again = await both[1].ask("POST", "", sent)
    moved = await both[1].ask(
        "PATCH",
        f"/Appointment/{id}",
        headers=PATCH,
        content=[
            {"op": "replace", "path": "/start", "value": put["start"]},
            {"op": "replace", "path": "/end", "value": put["end"]},
        ],
    )
    assert (again.status_code, moved.status_code) == (409, 409)

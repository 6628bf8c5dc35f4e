"""A server killed at full load loses no write and no audit entry that it answered for."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import httpx2
import pytest

from careflow.composition import Platform, open_platform
from careflow.database.scope import organisation_scope
from tests.contracts.engines import ENGINES
from tests.served import Served, loaded_settings, served

CLIENTS = 16
SHARED = 4
"""Resources that everybody updates, beside the ones that each creates."""


@dataclass
class Answered:
    """What the server said was done before it died.

    Attributes:
        stored: (type, id, version) to the number that was written.
        requests: Ids of the requests, writes and reads, that the trail must know.
    """

    stored: dict[tuple[str, str, int], int] = field(default_factory=dict)
    requests: set[str] = field(default_factory=set)


@pytest.fixture(params=sorted(ENGINES))
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path, request.param) as started:
        yield started


def result(id: str, number: int) -> dict[str, object]:
    return {
        "resourceType": "Observation",
        "id": id,
        "status": "final",
        "code": {"text": "count"},
        "subject": {"reference": "Patient/mara"},
        "valueInteger": number,
    }


async def load_until_killed(server: Served, answered: Answered, name: str, enough: int) -> None:
    """Write and read from many clients at once; kill the server once so much was answered."""
    numbers = count()
    dead = asyncio.Event()
    first = len(answered.requests)

    async def work(client: httpx2.AsyncClient, who: int) -> None:
        for number in numbers:
            id = f"shared-{number % SHARED}" if number % 3 == 0 else f"{name}-{number}"
            if number % 5 == 4:
                await read(client, f"{server.fhir}/Observation?patient=mara&_count=2")
            else:
                await write(client, id, number)
            if len(answered.requests) - first >= enough and not dead.is_set():
                dead.set()
                server.kill()

    async def write(client: httpx2.AsyncClient, id: str, number: int) -> None:
        answer = await client.put(f"{server.fhir}/Observation/{id}", json=result(id, number))
        assert answer.status_code in {200, 201}, answer.text
        version = int(answer.headers["etag"].removeprefix('W/"').removesuffix('"'))
        answered.stored["Observation", id, version] = number
        answered.requests.add(answer.headers["x-request-id"])

    async def read(client: httpx2.AsyncClient, url: str) -> None:
        answer = await client.get(url)
        assert answer.status_code == 200, answer.text
        answered.requests.add(answer.headers["x-request-id"])

    limits = httpx2.Limits(max_connections=CLIENTS)
    async with httpx2.AsyncClient(headers=server.headers, limits=limits, timeout=60) as client:
        outcomes = await asyncio.gather(
            *(work(client, who) for who in range(CLIENTS)), return_exceptions=True
        )
    wrong = [each for each in outcomes if not isinstance(each, httpx2.TransportError)]
    assert not wrong, wrong


async def look(server: Served, answered: Answered) -> None:
    platform = await open_platform(loaded_settings(server.folder, server.engine))
    try:
        scope = organisation_scope(platform.organisation)
        for (kind, id, version), number in answered.stored.items():
            kept = await platform.documents.read(kind, id, scope, version=version)
            assert kept is not None, (id, version)
            assert f'"valueInteger":{number}'.encode() in kept.body
        assert answered.requests <= await requests_in(platform)
        verified = await platform.trail.verify()
        assert not verified.problems
    finally:
        await platform.close()


async def requests_in(platform: Platform) -> set[str]:
    """Return the ids of all requests that the trail knows."""
    found: set[str] = set()
    after = None
    while True:
        page = await platform.trail.entries(count=1000, after=after)
        found |= {entry.request for entry in page.entries if entry.request}
        if page.next is None:
            return found
        after = page.next


async def test_a_killed_server_has_kept_everything_that_it_answered_for(server: Served) -> None:
    await kill_and_look(server, times=2)


@pytest.mark.sweep
async def test_a_server_killed_twenty_times_has_kept_everything(server: Served) -> None:
    await kill_and_look(server, times=20)


async def kill_and_look(server: Served, *, times: int) -> None:
    answered = Answered()
    chance = random.Random(times)
    for round_ in range(times):
        if round_:
            server.start_again()
        await load_until_killed(server, answered, f"r{round_}", chance.randrange(40, 250))
    await look(server, answered)
    assert len(answered.requests) >= 40 * times

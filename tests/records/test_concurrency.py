"""Many at once: no update is lost, nobody sees half a bundle."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

from tests.records.front_door import FrontDoor, a_patient, an_observation, bundle, entry

WRITERS = 32
RESOURCES = 10
UPDATES = 6
LINKED = 20


async def test_many_writers_of_few_resources_lose_no_update(door: FrontDoor) -> None:
    """Each adds one to a counter it has read, again if someone was quicker."""
    for number in range(RESOURCES):
        await door.put(an_observation(f"o{number}", valueQuantity={"value": 0}))
    refused: Counter[int] = Counter()

    async def add_one(url: str) -> None:
        while True:
            read = await door.ask("GET", url)
            content = read.json()
            content["valueQuantity"]["value"] += 1
            tag = {"if-match": read.headers["etag"]}
            answer = await door.ask("PUT", url, content, actor="program", headers=tag)
            if answer.status_code == 200:
                return
            refused[answer.status_code] += 1

    async def write(writer: int) -> None:
        for turn in range(UPDATES):
            await add_one(f"/Observation/o{(writer + turn) % RESOURCES}")

    await asyncio.gather(*(write(writer) for writer in range(WRITERS)))

    found = [(await door.ask("GET", f"/Observation/o{n}")).json() for n in range(RESOURCES)]
    counted = [each["valueQuantity"]["value"] for each in found]
    versions = [int(each["meta"]["versionId"]) for each in found]
    assert sum(counted) == WRITERS * UPDATES
    assert versions == [each + 1 for each in counted]
    assert set(refused) <= {409, 412}
    for number, last in enumerate(versions):
        history = (await door.ask("GET", f"/Observation/o{number}/_history?_count=100")).json()
        values = [each["resource"]["valueQuantity"]["value"] for each in history["entry"]]
        assert values == list(range(last - 1, -1, -1))


async def test_writers_without_a_tag_all_count_as_versions(door: FrontDoor) -> None:
    await asyncio.gather(
        *(door.put(a_patient(gender=["male", "female"][n % 2])) for n in range(WRITERS))
    )

    history = (await door.ask("GET", "/Patient/mara/_history?_count=100")).json()
    versions = [int(each["resource"]["meta"]["versionId"]) for each in history["entry"]]
    assert versions == list(range(WRITERS, 0, -1))


async def test_nobody_sees_half_a_bundle(door: FrontDoor) -> None:
    """Every transaction writes one generation of linked results; all are of one, always."""
    await door.put(a_patient())
    await door.ask("POST", "", generation(0), actor="program")
    seen: list[int] = []
    done = asyncio.Event()

    async def write() -> None:
        for number in range(1, 8):
            answer = await door.ask("POST", "", generation(number), actor="program")
            assert answer.status_code == 200, answer.text
        done.set()

    async def watch() -> None:
        while not done.is_set():
            found = await door.ask("GET", f"/Observation?patient=mara&_count={2 * LINKED}")
            results = [each["resource"] for each in found.json()["entry"]]
            generations = {each["valueQuantity"]["value"] for each in results}
            assert (len(results), len(generations)) == (LINKED, 1)
            assert len({each["meta"]["lastUpdated"] for each in results}) == 1
            seen.append(generations.pop())

    await asyncio.gather(write(), *(watch() for _ in range(3)))

    assert seen
    assert set(seen) <= set(range(8))


def generation(number: int) -> dict[str, Any]:
    """Return a transaction that brings all linked results to one generation."""
    results = [
        an_observation(
            f"linked-{n}",
            valueQuantity={"value": number},
            hasMember=[{"reference": f"Observation/linked-{(n + 1) % LINKED}"}],
        )
        for n in range(LINKED)
    ]
    return bundle(
        "transaction", *(entry("PUT", f"Observation/{each['id']}", each) for each in results)
    )

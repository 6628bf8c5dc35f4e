"""Random bundles: both databases answer alike, nothing is half stored, nothing is our fault."""

from __future__ import annotations

import base64
import json
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.contracts.engines import ENGINES
from tests.records.front_door import (
    FrontDoor,
    a_patient,
    an_observation,
    bundle,
    entry,
    open_front_door,
)

Doors = dict[str, FrontDoor]
Json = dict[str, Any]

PEOPLE = ("mara", "jonas", "ida")
RESULTS = ("one", "two", "three")
URNS = tuple(f"urn:uuid:9b2d4c1e-0000-4000-8000-00000000000{n}" for n in range(4))
OPERATIONS = (
    {"op": "replace", "path": "/status", "value": "amended"},
    {"op": "replace", "path": "/gender", "value": "other"},
    {"op": "add", "path": "/language", "value": "en"},
    {"op": "remove", "path": "/language"},
    {"op": "test", "path": "/status", "value": "final"},
    {"op": "remove", "path": "/status"},
    {"op": "add", "path": "/subject", "value": {"reference": URNS[0]}},
    {"op": "copy", "path": "/banana", "from": "/id"},
)


@pytest.fixture
async def doors(tmp_path: Path) -> AsyncIterator[Doors]:
    opened = {}
    for engine in ENGINES:
        folder = tmp_path / engine
        folder.mkdir()
        opened[engine] = await open_front_door(folder, engine=engine)
    yield opened
    for door in opened.values():
        await door.close()


def a_condition(random: Random) -> str:
    """Return a type with a condition that none, one or several meet, or that makes no sense."""
    person = random.choice(PEOPLE)
    return random.choice(
        [
            f"Patient?identifier=http://harbour.test/mrn|MRN-{person}",
            f"Patient?_id={person}",
            "Patient?gender=other",
            f"Observation?status={random.choice(['final', 'amended'])}",
            f"Observation?patient={person}",
            "Patient?banana=1",
        ]
    )


def a_reference(random: Random) -> str:
    return random.choice([*(f"Patient/{id}" for id in PEOPLE), *URNS, a_condition(random)])


def a_resource(kind: str, random: Random) -> Json:
    """Return a resource, now and then one that is wrong or has no id."""
    if kind == "Patient":
        made = a_patient(random.choice(PEOPLE), gender=random.choice(["female", "other", "x"]))
        if made["gender"] == "x" and random.random() < 0.8:
            made["gender"] = "male"
    else:
        made = an_observation(random.choice(RESULTS))
        made["subject"] = {"reference": a_reference(random)}
    if random.random() < 0.3:
        del made["id"]
    return made


def an_entry(random: Random) -> Json:
    """Return an entry of any kind."""
    kind = random.choice(["Patient", "Observation"])
    id = random.choice(PEOPLE if kind == "Patient" else RESULTS)
    over: Json = {"fullUrl": random.choice(URNS)} if random.random() < 0.5 else {}
    request: Json = {}
    if random.random() < 0.15:
        request["ifMatch"] = f'W/"{random.randint(1, 4)}"'
    method = random.choice(["POST", "PUT", "PUT", "PATCH", "DELETE", "GET"])
    address = a_condition(random) if random.random() < 0.4 else f"{kind}/{id}"
    kind = address.partition("?")[0].partition("/")[0]
    if method == "POST":
        if random.random() < 0.5:
            request["ifNoneExist"] = a_condition(random).partition("?")[2]
        return entry("POST", kind, a_resource(kind, random), request=request, **over)
    if method == "PUT":
        sent = a_resource(kind, random)
        if "?" not in address and random.random() < 0.9:
            sent["id"] = address.partition("/")[2]
        return entry("PUT", address, sent, request=request, **over)
    if method == "PATCH":
        operations = random.sample(OPERATIONS, random.randint(1, 2))
        data = base64.b64encode(json.dumps(operations).encode()).decode()
        patch = {
            "resourceType": "Binary",
            "contentType": "application/json-patch+json",
            "data": data,
        }
        return entry("PATCH", address, patch, request=request)
    return entry(method, address, request=request)


def a_bundle(random: Random) -> Json:
    type_ = random.choice(["transaction", "transaction", "batch"])
    return bundle(type_, *(an_entry(random) for _ in range(random.choice([1, 1, 2, 3, 5]))))


def without_links(answer: Any) -> Any:
    """Return an answer's parts as far as they say the same on every database."""
    if answer.get("resourceType") == "OperationOutcome":
        return [(i["code"], i.get("expression")) for i in answer["issue"]]
    return [
        (
            part["response"]["status"],
            part["response"].get("location"),
            part["response"].get("etag"),
        )
        for part in answer.get("entry", [])
    ]


async def newest(door: FrontDoor) -> Any:
    """Return which version was stored last."""
    (link, *_) = (await door.ask("GET", "/_history?_count=1")).json().get("entry", [{}])
    return link.get("fullUrl"), link.get("response", {}).get("etag")


async def carry_out(doors: Doors, seed: int, bundles: int) -> Counter[str]:
    """Send the same random bundles to both, and return how the answers fell out."""
    random = Random(seed)
    fell: Counter[str] = Counter()
    for _ in range(bundles):
        sent = a_bundle(random)
        before = [await newest(door) for door in doors.values()]
        answers = [await door.ask("POST", "", sent, actor="program") for door in doors.values()]
        after = [await newest(door) for door in doors.values()]
        told = [(answer.status_code, without_links(answer.json())) for answer in answers]
        assert told[0] == told[1], sent
        assert after[0] == after[1], sent
        status = answers[0].status_code
        assert status < 500, answers[0].text
        assert status == 200 or before == after, sent
        assert "500" not in str(told[0][1]), answers[0].text
        fell[f"{sent['type']} {status}"] += 1
    return fell


async def test_both_databases_carry_out_random_bundles_alike(doors: Doors) -> None:
    fell = await carry_out(doors, seed=1, bundles=40)

    assert fell["transaction 200"] >= 3, fell
    assert fell["batch 200"] >= 5, fell


@pytest.mark.sweep
@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", [2, 3, 4])
async def test_both_databases_carry_out_many_random_bundles_alike(doors: Doors, seed: int) -> None:
    await carry_out(doors, seed=seed, bundles=500)

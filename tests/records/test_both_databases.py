"""One record kept in both databases answers the same random searches alike."""

from __future__ import annotations

import asyncio
import gzip
import json
import re
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import quote

import pytest

from careflow.fhir.extract import SearchEntries, entries
from careflow.fhir.resource import parse
from careflow.records.owners import VIEWS
from tests.contracts.engines import ENGINES
from tests.records.front_door import FrontDoor, open_front_door
from tests.shared_data import shared

EXAMPLES = "data/fhir/r4-examples.ndjson.gz"
SHAPES = (
    *("", "", "", "&_summary=true", "&_summary=text", "&_summary=data", "&_elements=identifier"),
    *("&_include={kind}:*", "&_include:iterate=*", "&_revinclude=Provenance:*"),
    "&_include=*&_revinclude:iterate=Provenance:*",
)
SORTS = ("", "", "_id", "-_id", "_lastUpdated", "-_lastUpdated")

Example = tuple[str, SearchEntries]
Doors = dict[str, FrontDoor]


def examples() -> tuple[list[bytes], list[Example]]:
    """Return HL7's examples, as sent and as what they are found by."""
    lines = gzip.decompress(shared(EXAMPLES).read_bytes()).splitlines()
    stored = [(line, parse(line)) for line in lines]
    stored = [(line, each) for line, each in stored if each.type not in VIEWS]
    found_by = [(each.type, entries(each)) for _, each in stored if entries(each).terms]
    return [line for line, _ in stored], found_by


@pytest.fixture
async def doors(tmp_path: Path) -> AsyncIterator[Doors]:
    opened = {}
    for engine in ENGINES:
        folder = tmp_path / engine
        folder.mkdir()
        opened[engine] = await open_front_door(
            folder, engine=engine, resource_limit_bytes=15_000_000
        )
    yield opened
    for door in opened.values():
        await door.close()


async def fill(door: FrontDoor, lines: list[bytes]) -> None:
    for line in lines:
        await door.put(json.loads(line))


def escaped(value: str) -> str:
    return quote(re.sub(r"([,$\\])", r"\\\1", value), safe="|")


def one_condition(found_by: SearchEntries, random: Random) -> str:
    """Return a condition that the resource may meet, or nearly."""
    kinds = [name for name in ("terms", "texts", "ranges") if getattr(found_by, name)]
    kind = random.choice(kinds)
    # Names with a colon are the store's own, such as the compartment's.
    entry = random.choice([each for each in getattr(found_by, kind) if ":" not in each[0]])
    if kind == "terms":
        modifier = random.choice(["", "", "", ":not", ":missing"])
        value = random.choice(["true", "false"]) if modifier == ":missing" else escaped(entry[1])
        return f"{entry[0]}{modifier}={value}"
    if kind == "texts":
        modifier = random.choice(["", ":contains", ":exact"])
        start = 2 if modifier == ":contains" else 0
        length = None if modifier == ":exact" else start + random.randint(1, 6)
        return f"{entry[0]}{modifier}={escaped(entry[1][start:length])}"
    return f"{entry[0]}={random.choice(['', 'ge', 'lt', 'gt', 'le', 'ne'])}{point(entry[1])}"


def point(low: float) -> str:
    """Return an interval's start as a date where it looks like one, else as a number."""
    if abs(low) > 1e9 and abs(low) < 4e12:
        return f"{datetime.fromtimestamp(low / 1000, UTC):%Y-%m-%d}"
    return f"{low:g}"


def one_search(found: list[Example], random: Random) -> str:
    kind, found_by = random.choice(found)
    conditions = [one_condition(found_by, random) for _ in range(random.choice([1, 1, 1, 2]))]
    entries = (*found_by.texts, *found_by.ranges, *random.sample(list(found_by.terms), 1))
    own = [code for code in (str(each[0]) for each in entries) if ":" not in code]
    sort = random.choice([*SORTS, *own, *(f"-{each},-_id" for each in own)])
    if sort:
        conditions.append(f"_sort={sort}")
    shape = random.choice(SHAPES).format(kind=kind)
    return f"/{kind}?" + "&".join(
        [*conditions, f"_count={random.choice([3, 20])}", f"_total=accurate{shape}"]
    )


def shown_by(entry: Any) -> tuple[str, str, str | None, tuple[str, ...]]:
    resource = entry["resource"]
    return (
        entry["search"]["mode"],
        resource["resourceType"],
        resource.get("id"),
        tuple(resource),
    )


async def answer(door: FrontDoor, path: str) -> Any:
    """Return status, total and what each entry shows of what, following pages to the end."""
    shown: list[Any] = []
    said = await door.ask("GET", path)
    if said.status_code != 200:
        return said.status_code, said.json()["issue"][0].get("code")
    total = said.json().get("total")
    while True:
        bundle = said.json()
        shown += [shown_by(each) for each in bundle.get("entry", [])]
        following = [link["url"] for link in bundle.get("link", []) if link["relation"] == "next"]
        if not following:
            return 200, total, shown
        said = await door.ask("GET", following[0].partition("/api/fhir/R4")[2])


async def agree(doors: Doors, seed: int, searches: int) -> Counter[str]:
    """Fill both, ask both, and return how the answers fell out."""
    lines, found = examples()
    await asyncio.gather(*(fill(door, lines) for door in doors.values()))
    random = Random(seed)
    fell: Counter[str] = Counter()
    for _ in range(searches):
        path = one_search(found, random)
        answers = [await answer(door, path) for door in doors.values()]
        assert answers[0] == answers[1], path
        fell["refused" if answers[0][0] != 200 else "found" if answers[0][2] else "empty"] += 1
    return fell


async def test_both_databases_answer_random_searches_alike(doors: Doors) -> None:
    fell = await agree(doors, seed=1, searches=150)

    assert fell["found"] > 75, fell
    assert fell["empty"] > 10, fell


@pytest.mark.sweep
@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", [2, 3, 4])
async def test_both_databases_answer_many_random_searches_alike(doors: Doors, seed: int) -> None:
    await agree(doors, seed=seed, searches=2000)

"""History: what was so at a time, and how each version came about."""

from __future__ import annotations

from typing import Any

import pytest

from careflow.fhir.resource import parse
from tests.records.front_door import BASE, FrontDoor, a_patient, an_observation


async def versions(door: FrontDoor, path: str) -> list[str]:
    """Return ``id/version`` of every entry, following the links to the end."""
    found: list[str] = []
    url: str | None = path
    while url is not None:
        answer = await door.ask("GET", url)
        assert answer.status_code == 200, answer.text
        parse(answer.content, expected_type="Bundle")
        page = answer.json()
        for each in page.get("entry", []):
            version = each["response"]["etag"].removeprefix('W/"').removesuffix('"')
            found.append(f"{each['fullUrl'].rpartition('/')[2]}/{version}")
        links = {link["relation"]: link["url"] for link in page["link"]}
        url = links["next"].removeprefix(BASE) if "next" in links else None
    return found


async def store(door: FrontDoor) -> dict[str, str]:
    """Store some versions; return the second in which each was stored."""
    times = {}

    async def put(name: str, resource: dict[str, Any]) -> None:
        answer = await door.put(resource)
        times[name] = answer.json()["meta"]["lastUpdated"][:19] + "Z"

    await put("a/1", an_observation("a"))
    await put("b/1", an_observation("b"))
    await put("a/2", an_observation("a", status="amended"))
    await put("mara/1", a_patient())
    await door.ask("DELETE", "/Observation/b")
    await put("a/3", an_observation("a", status="corrected"))
    return times


@pytest.mark.parametrize("count", [1, 2, 50])
async def test_at_a_time_the_versions_of_then_are_told(door: FrontDoor, count: int) -> None:
    times = await store(door)
    more = f"&_count={count}"

    one = await versions(door, f"/Observation/a/_history?_at={times['a/2']}{more}")
    type_ = await versions(door, f"/Observation/_history?_at={times['mara/1']}{more}")
    whole = await versions(door, f"/_history?_at={times['mara/1']}{more}")

    assert one == ["a/2"]
    assert type_ == ["a/2", "b/1"]
    assert whole == ["mara/1", "a/2", "b/1"]


async def test_before_everything_nothing_was_and_in_all_time_everything(door: FrontDoor) -> None:
    await store(door)

    assert await versions(door, "/Observation/a/_history?_at=1999") == []
    assert await versions(door, "/Observation/_history?_at=2026") == [
        "a/3",
        "b/2",
        "a/2",
        "b/1",
        "a/1",
    ]
    assert await versions(door, "/Observation/_history?_at=2030&_count=1") == ["a/3", "b/2"]


@pytest.mark.parametrize(
    "query",
    [
        "_at=banana",
        "_at=2026-02-30",
        "_at=",
        "_since=2026&_at=2026",
        "_at=2026&_at=2027",
        "_count=x",
    ],
)
async def test_a_time_that_is_none_is_refused(door: FrontDoor, query: str) -> None:
    await door.put(a_patient())

    answer = await door.ask("GET", f"/Patient/mara/_history?{query}")

    assert answer.status_code == 400
    code = answer.json()["issue"][0]["details"]["coding"][0]["code"]
    assert code == "records-bad-history-parameter"


async def test_each_version_tells_how_it_came_about(door: FrontDoor) -> None:
    patch = {"content-type": "application/json-patch+json"}
    await door.put(an_observation("a"))
    change = [{"op": "replace", "path": "/status", "value": "amended"}]
    await door.ask("PATCH", "/Observation/a", change, headers=patch)
    await door.ask("DELETE", "/Observation/a")
    await door.put(an_observation("a"))

    entries = (await door.ask("GET", "/Observation/a/_history")).json()["entry"]

    told = [(each["request"]["method"], each["response"]["status"]) for each in entries]
    assert told == [("PUT", "201"), ("DELETE", "204"), ("PUT", "200"), ("POST", "201")]
    assert ["resource" in each for each in entries] == [True, False, True, True]
    assert [each["response"]["etag"] for each in entries] == [f'W/"{n}"' for n in (4, 3, 2, 1)]


@pytest.mark.parametrize(
    "path",
    [
        "/Patient/mara",
        "/Patient",
        "/Patient/_history",
        "/Patient/mara/_history",
        "/Patient/mara/$everything",
    ],
)
async def test_every_read_is_also_asked_by_its_head(door: FrontDoor, path: str) -> None:
    await door.put(a_patient())

    head = await door.ask("HEAD", path)
    get = await door.ask("GET", path)

    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(get.content))

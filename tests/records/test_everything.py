"""The operation ``$everything``."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import httpx2
import pytest

from careflow.fhir.definitions import search_parameters
from careflow.fhir.resource import parse
from careflow.records.compartment import BESIDE, CARE_DATES, CHART
from careflow.records.store import Records
from tests.contracts.counting import counted
from tests.records.front_door import (
    BASE,
    FrontDoor,
    SteadyClock,
    a_patient,
    an_observation,
    bundle,
    counting_mint,
    entry,
    several_doors,
    without_id,
)

MARA = "/Patient/mara/$everything"


def a_practitioner(id: str) -> dict[str, Any]:
    return {"resourceType": "Practitioner", "id": id}


def an_encounter(id: str, start: str, **over: Any) -> dict[str, Any]:
    return {
        "resourceType": "Encounter",
        "id": id,
        "status": "finished",
        "class": {"code": "AMB"},
        "subject": {"reference": "Patient/mara"},
        "period": {"start": start, "end": start},
    } | over


def a_problem(id: str, onset: str) -> dict[str, Any]:
    return {
        "resourceType": "Condition",
        "id": id,
        "subject": {"reference": "Patient/mara"},
        "onsetDateTime": onset,
    }


async def a_chart(door: FrontDoor) -> None:
    """Store mara's chart, and someone else's beside it."""
    await door.put(a_practitioner("dr-okoye"))
    await door.put(a_practitioner("dr-unmet"))
    await door.put({"resourceType": "Organization", "id": "harbour", "name": "Harbour"})
    await door.put(a_patient(managingOrganization={"reference": "Organization/harbour"}))
    await door.put(a_patient("jonas"))
    by = [{"reference": "Practitioner/dr-okoye"}]
    await door.put(an_observation("early", effectiveDateTime="2024-05-01", performer=by))
    await door.put(an_observation("late", effectiveDateTime="2026-02-01", performer=by))
    undated = an_observation("undated")
    del undated["effectiveDateTime"]
    await door.put(undated)
    await door.put(
        an_observation("theirs", "jonas", performer=[{"reference": "Practitioner/dr-unmet"}])
    )
    await door.put(an_encounter("visit", "2024-05-01"))
    await door.put(a_problem("asthma", "1990"))


def ids(answer: httpx2.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    parse(answer.content, expected_type="Bundle")
    listed = [each["resource"] for each in answer.json().get("entry", [])]
    return [f"{one['resourceType']}/{one['id']}" for one in listed]


async def all_pages(door: FrontDoor, path: str, **over: Any) -> list[list[str]]:
    """Return the ids on each page, following the links."""
    pages = []
    url = path
    while True:
        answer = await door.ask("GET", url, **over)
        pages.append(ids(answer))
        links = {link["relation"]: link["url"] for link in answer.json()["link"]}
        if "next" not in links:
            return pages
        assert len(pages) < 100
        url = links["next"].removeprefix(BASE)


WHOLE = [
    "Patient/mara",
    "Condition/asthma",
    "Encounter/visit",
    "Observation/early",
    "Observation/late",
    "Observation/undated",
    "Organization/harbour",
    "Practitioner/dr-okoye",
]


async def test_it_is_the_chart_and_what_the_chart_refers_to(door: FrontDoor) -> None:
    await a_chart(door)

    answer = await door.ask("GET", MARA)

    assert ids(answer) == WHOLE
    modes = [each["search"]["mode"] for each in answer.json()["entry"]]
    assert modes == ["match"] * 6 + ["include"] * 2
    posted = await door.ask("POST", MARA, {"resourceType": "Parameters"})
    assert ids(posted) == WHOLE


@pytest.mark.parametrize("count", [1, 6, 7])
async def test_pages_of_any_size_are_the_same_chart(door: FrontDoor, count: int) -> None:
    await a_chart(door)

    pages = await all_pages(door, f"{MARA}?_count={count}")

    assert [one for page in pages for one in page] == WHOLE
    assert max(map(len, pages)) <= count


async def test_a_chart_that_grows_between_pages_shows_nothing_twice(door: FrontDoor) -> None:
    await a_chart(door)
    first = await door.ask("GET", f"{MARA}?_count=4")
    await door.put(an_observation("newest", performer=[{"reference": "Practitioner/dr-unmet"}]))
    await door.put(an_observation("early", status="amended"))

    following = {link["relation"]: link["url"] for link in first.json()["link"]}["next"]
    rest = await all_pages(door, following.removeprefix(BASE))

    seen = ids(first) + [one for page in rest for one in page]
    assert len(seen) == len(set(seen))
    assert {*WHOLE, "Observation/newest", "Practitioner/dr-unmet"} == set(seen)


@pytest.mark.parametrize(
    ("query", "left_out"),
    [
        ("start=2025", ["Encounter/visit", "Observation/early"]),
        ("end=2024", ["Observation/late"]),
        ("start=2024-05&end=2024-05-01", ["Observation/late"]),
        ("start=2024-06&end=2025", ["En", "Observation/early", "Observation/late", "Practit"]),
        ("_type=Observation", ["Patient/", "Condition/", "Encounter/", "Org", "Practitioner/"]),
        ("_type=Patient,Practitioner", ["Observation/", "Condition/", "Encounter/", "Org"]),
        ("_since=2026-03-02T12:00:00Z", ["Patient/", "Co", "En", "Ob", "Or", "Pr"]),
    ],
)
async def test_a_part_of_a_chart_may_be_asked_for(
    door: FrontDoor, query: str, left_out: list[str]
) -> None:
    await a_chart(door)

    found = ids(await door.ask("GET", f"{MARA}?{query}"))

    assert found == [one for one in WHOLE if not one.startswith(tuple(left_out))]


async def test_what_was_stored_since_is_all_that_is_new(door: FrontDoor) -> None:
    await a_chart(door)
    (late,) = (await door.ask("GET", "/Observation?_id=late")).json()["entry"]
    since = late["resource"]["meta"]["lastUpdated"]

    found = ids(await door.ask("GET", f"{MARA}?_since={since}"))

    assert found == [
        "Condition/asthma",
        "Encounter/visit",
        "Observation/late",
        "Observation/undated",
    ]


async def test_who_sees_less_gets_less(door: FrontDoor) -> None:
    await a_chart(door)

    own = ids(await door.ask("GET", MARA, actor="mara"))
    desk = ids(await door.ask("GET", MARA, actor="receptionist"))
    other = await door.ask("GET", "/Patient/jonas/$everything", actor="mara")
    elsewhere = await door.ask("GET", MARA, actor="elsewhere")
    nobody = await door.ask("GET", "/Patient/nobody/$everything")

    assert set(own) == set(WHOLE)
    assert "Patient/mara" in desk
    assert not any(one.startswith(("Observation/", "Condition/")) for one in desk)
    assert [other.status_code, elsewhere.status_code, nobody.status_code] == [404, 404, 404]


async def test_it_is_kept_in_the_trail_in_full(door: FrontDoor) -> None:
    await a_chart(door)

    await door.ask("GET", MARA, actor="nurse")

    (kept,) = (await door.trail.entries(actor="a-2")).entries
    assert (kept.action, kept.patients) == ("records:patient:everything", ("mara",))
    assert set(kept.subjects) == set(WHOLE)


async def test_all_charts_are_for_those_who_see_all(door: FrontDoor) -> None:
    await a_chart(door)

    everyone = [
        one for page in await all_pages(door, "/Patient/$everything?_count=4") for one in page
    ]
    refused = [
        (await door.ask("GET", "/Patient/$everything", actor=actor)).status_code
        for actor in ("mara", "receptionist", "admin", "feeder")
    ]

    assert len(everyone) == len(set(everyone))
    assert set(everyone) == {*WHOLE, "Patient/jonas", "Observation/theirs", "Practitioner/dr-unmet"}
    assert refused == [403] * 4


@pytest.mark.parametrize(
    "query",
    [
        "banana=1",
        "start=banana",
        "end=2026-02-30",
        "_since=2026",
        "_since=2026-03-02T09:00:00",
        "_type=Banana",
        "_type=",
        "_count=0",
        "_count=-1",
        "_count=ten",
        "_count=1&_count=2",
        "_cursor=banana",
        "_cursor=c999.",
        "_cursor=c0.banana",
    ],
)
async def test_a_call_that_makes_no_sense_is_refused(door: FrontDoor, query: str) -> None:
    await door.put(a_patient())

    answer = await door.ask("GET", f"{MARA}?{query}")

    assert answer.status_code == 400
    assert answer.json()["resourceType"] == "OperationOutcome"


async def test_it_is_called_on_patients_alone(door: FrontDoor) -> None:
    await door.put(an_observation())

    assert (await door.ask("GET", "/Observation/potassium/$everything")).status_code == 404
    assert (await door.ask("DELETE", MARA)).status_code == 405
    assert (await door.ask("HEAD", MARA)).status_code == 404


async def test_a_large_chart_comes_in_pages_with_few_questions(door: FrontDoor) -> None:
    await a_chart(door)
    results = [entry("POST", "Observation", without_id(an_observation())) for _ in range(420)]
    await door.ask("POST", "", bundle("transaction", *results))
    documents, asked = counted(door.documents)
    records = Records(documents, clock=SteadyClock(), mint=counting_mint("new"))
    (counting,) = several_doors(replace(door, records=records), 1)

    small = await counting.ask("GET", f"{MARA}?_type=Patient,Encounter")
    assert len(ids(small)) == 2
    assert asked == {"read": 1, "find": 2}

    asked.clear()
    pages = await all_pages(counting, f"{MARA}?_count=200")

    assert [len(page) for page in pages] == [200, 200, 28]
    # Each type once, a chunk more for every 200 results, and the last page looks through it again.
    assert asked["find"] <= 2 * (len(CHART) + 420 // 200) + len(pages) + len(BESIDE)


def test_every_date_of_care_is_a_date_that_is_searched_by() -> None:
    wrong = [
        kind
        for kind, parameter in CARE_DATES.items()
        if kind not in CHART or search_parameters(kind)[parameter].type != "date"
    ]

    assert wrong == []

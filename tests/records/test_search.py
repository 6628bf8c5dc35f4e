"""Searches over FHIR REST, against the real store."""

from __future__ import annotations

from typing import Any

import pytest

from careflow.database.work import Work
from careflow.fhir.resource import parse
from tests.records.front_door import ACTORS, BASE, FrontDoor, a_patient, an_observation

LOINC = "http://loinc.org"


def a_result(id: str, code: str, day: str, value: float, patient: str = "mara") -> dict[str, Any]:
    return an_observation(id, patient) | {
        "code": {"coding": [{"system": LOINC, "code": code}]},
        "effectiveDateTime": day,
        "valueQuantity": {
            "value": value,
            "unit": "mmol/L",
            "system": "http://unitsofmeasure.org",
            "code": "mmol/L",
        },
    }


@pytest.fixture
async def clinic(door: FrontDoor) -> FrontDoor:
    """Two patients, their doctor's practice and some results."""
    practice = {"resourceType": "Organization", "id": "harbour", "name": "Harbour Clinic"}
    mara = a_patient("mara") | {"managingOrganization": {"reference": "Organization/harbour"}}
    other = a_patient("other", birthDate="2001-11", gender="male") | {
        "name": [{"family": "Söderberg", "given": ["Åke"]}]
    }
    async with Work(door.documents) as work:
        for resource in (
            practice,
            mara,
            other,
            a_result("k-1", "2823-3", "2026-01-10", 4.1),
            a_result("k-2", "2823-3", "2026-02-10", 5.6),
            a_result("k-3", "2823-3", "2026-02-20", 3.2, "other"),
            a_result("na-1", "2951-2", "2026-02-10", 140),
        ):
            await door.records.update(work, resource, actor=ACTORS["program"])
    return door


async def found(door: FrontDoor, query: str, actor: str = "clinician") -> list[str]:
    """Return the ids that a search answers, in order, all pages together."""
    ids: list[str] = []
    link: str | None = f"{BASE}/{query}"
    while link is not None:
        answer = await door.ask("GET", link.removeprefix(BASE), actor=actor)
        assert answer.status_code == 200, answer.text
        page = parse(answer.content, expected_type="Bundle").value
        ids += _ids(answer.json())
        link = next((one.url for one in page.link if one.relation == "next"), None)
    return ids


def _ids(page: dict[str, Any]) -> list[str]:
    return [e["resource"]["id"] for e in page.get("entry", [])]


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("Patient?family=lind", {"mara"}),
        ("Patient?family=soder", {"other"}),
        ("Patient?family:exact=Lindqvist", {"mara"}),
        ("Patient?family:exact=Lind", set()),
        ("Patient?family:exact=lindqvist", set()),
        ("Patient?family:exact=Söderberg,Nobody", {"other"}),
        ("Patient?family:exact=Soderberg", set()),
        ("Patient?family:contains=QVI", {"mara"}),
        ("Patient?family=lindqvist&birthdate=1968-04-12", {"mara"}),
        ("Patient?birthdate=2001", {"other"}),
        ("Patient?birthdate=lt1990", {"mara"}),
        ("Patient?identifier=http://harbour.test/mrn|MRN-mara", {"mara"}),
        ("Patient?identifier=MRN-mara", {"mara"}),
        ("Patient?gender=male,female", {"mara", "other"}),
        ("Patient?gender:not=male", {"mara"}),
        ("Patient?_id=mara,nobody", {"mara"}),
        ("Patient?organization:missing=true", {"other"}),
        ("Patient?organization=harbour", {"mara"}),
        ("Patient?organization.name=harb", {"mara"}),
        ("Patient?_has:Observation:patient:value-quantity=lt4", {"other"}),
        ("Observation?patient=mara", {"k-1", "k-2", "na-1"}),
        ("Observation?subject=Patient/mara&code=2823-3", {"k-1", "k-2"}),
        ("Observation?patient.family=soder", {"k-3"}),
        ("Observation?code=http://loinc.org|2823-3&value-quantity=gt5", {"k-2"}),
        ("Observation?code-value-quantity=http://loinc.org|2823-3$lt4", {"k-3"}),
        ("Observation?date=ge2026-02&date=lt2026-02-15", {"k-2", "na-1"}),
        ("Observation?_lastUpdated=lt2000", set()),
        ("Observation?status=final", {"k-1", "k-2", "k-3", "na-1"}),
        ("Observation?patient=nobody", set()),
        ("Observation?patient=http://clinic.test/api/fhir/R4/Patient/other", {"k-3"}),
        ("Observation?patient=http://elsewhere.test/api/fhir/R4/Patient/other", set()),
        ("Patient?birthdate=ap1970", {"mara"}),  # 1970 is 56 years ago, a tenth of which is 5
        ("Patient?birthdate=ap1980", set()),
    ],
)
async def test_a_search_finds_what_the_standard_says(
    clinic: FrontDoor, query: str, ids: set[str]
) -> None:
    assert set(await found(clinic, query)) == ids


@pytest.fixture
async def pressures(door: FrontDoor) -> FrontDoor:
    """Two blood pressures, one of a patient known by number only."""
    pressure = {"coding": [{"system": LOINC, "code": "85354-9"}]}
    low, high = (
        an_observation(id)
        | {"code": pressure, "component": [_part("8480-6", above), _part("8462-4", below)]}
        for id, above, below in (("low", 100, 60), ("high", 180, 130))
    )
    high["subject"] = {"identifier": {"system": "http://harbour.test/mrn", "value": "7"}}
    for one in (low, high):
        one.pop("valueQuantity")
    async with Work(door.documents) as work:
        for resource in (a_patient("mara"), low, high, an_observation("potassium")):
            await door.records.update(work, resource, actor=ACTORS["program"])
    return door


def _part(code: str, value: float) -> dict[str, Any]:
    quantity = {"value": value, "system": "http://unitsofmeasure.org", "code": "mm[Hg]"}
    return {"code": {"coding": [{"system": LOINC, "code": code}]}, "valueQuantity": quantity}


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("patient:identifier=http://harbour.test/mrn|7", {"high"}),
        ("subject:identifier=7", {"high"}),
        # The observation or a component: neither may have the code.
        ("combo-code:not=8480-6", {"potassium"}),
        ("combo-code:not=http://loinc.org|85354-9", {"potassium"}),
        ("combo-code:not=2823-3,8462-4", set()),
        # The code of one component and the value of another are no pair.
        ("combo-code-value-quantity=8480-6$130", set()),
        ("combo-code-value-quantity=8462-4$130", {"high"}),
        ("combo-code-value-quantity=85354-9$130", set()),
        ("combo-code-value-quantity=2823-3$4.5,8462-4$60", {"potassium", "low"}),
        ("component-code-value-quantity=8480-6$gt150", {"high"}),
        ("component-code-value-quantity=8462-4$lt100||mm[Hg]", {"low"}),
    ],
)
async def test_parts_of_one_observation_are_asked_together(
    pressures: FrontDoor, query: str, ids: set[str]
) -> None:
    assert set(await found(pressures, f"Observation?{query}")) == ids


async def test_results_of_one_analyte_come_newest_first(clinic: FrontDoor) -> None:
    query = "Observation?patient=mara&code=http://loinc.org|2823-3&_sort=-date"

    assert await found(clinic, query) == ["k-2", "k-1"]
    assert await found(clinic, f"{query}&_count=1") == ["k-2", "k-1"]
    assert await found(clinic, f"{query}&status=preliminary") == []


async def test_pages_follow_each_other_without_a_gap_or_a_double(clinic: FrontDoor) -> None:
    expected = await found(clinic, "Observation?_sort=date")

    assert await found(clinic, "Observation?_sort=date&_count=1") == expected
    assert await found(clinic, "Observation?_sort=date&_count=3") == expected
    assert expected[0] == "k-1"
    assert expected[-1] == "k-3"


async def test_a_total_is_given_when_it_is_asked_for_or_known_without_counting(
    clinic: FrontDoor,
) -> None:
    counted = (await clinic.ask("GET", "/Observation?_summary=count")).json()
    alone = (await clinic.ask("GET", "/Observation?_count=0")).json()
    page = (await clinic.ask("GET", "/Observation?_total=accurate&_count=1")).json()
    about = (await clinic.ask("GET", "/Observation?_total=estimate&_count=1")).json()
    plain = (await clinic.ask("GET", "/Observation?_count=1")).json()
    whole = (await clinic.ask("GET", "/Observation")).json()
    none = (await clinic.ask("GET", "/Observation?_total=none")).json()

    assert (counted["total"], "entry" in counted) == (4, False)
    assert (alone["total"], "entry" in alone) == (4, False)
    assert (page["total"], len(page["entry"])) == (4, 1)
    assert about["total"] == 4
    assert whole["total"] == 4
    assert "total" not in plain
    assert "total" not in none


async def test_a_search_by_form_answers_the_same_and_keeps_the_address_clean(
    clinic: FrontDoor,
) -> None:
    answer = await clinic.ask(
        "POST",
        "/Patient/_search",
        b"family=lind&birthdate=1968-04-12",
        headers={"content-type": "application/x-www-form-urlencoded"},
    )

    assert _ids(answer.json()) == ["mara"]


async def test_an_unknown_parameter_is_refused_unless_one_is_lenient_and_then_said(
    clinic: FrontDoor,
) -> None:
    path = "/Patient?family=lind&shoe-size=42"

    strict = await clinic.ask("GET", path)
    lenient = await clinic.ask("GET", path, headers={"prefer": "handling=lenient"})

    assert strict.status_code == 400
    entries = lenient.json()["entry"]
    assert [e["search"]["mode"] for e in entries] == ["match", "outcome"]
    assert "shoe-size" in entries[1]["resource"]["issue"][0]["diagnostics"]
    self_link = lenient.json()["link"][0]["url"]
    assert self_link == f"{BASE}/Patient?family=lind"


async def test_links_hold_every_parameter_as_it_was_taken(clinic: FrontDoor) -> None:
    query = "_count=5000&status=final&status=final,amended&_sort=date&_pretty=true&_format=json"
    answer = await clinic.ask("GET", f"/Observation?{query}")
    links = {one["relation"]: one["url"] for one in answer.json()["link"]}

    assert links["self"] == f"{BASE}/Observation?{query.replace('5000', '1000')}"
    assert links["first"] == links["self"]
    assert "next" not in links


async def test_a_form_and_its_address_ask_together(clinic: FrontDoor) -> None:
    answer = await clinic.ask(
        "POST",
        "/Observation/_search?patient=mara",
        b"code=2951-2",
        headers={"content-type": "application/x-www-form-urlencoded"},
    )

    assert _ids(answer.json()) == ["na-1"]
    assert answer.json()["link"][0]["url"] == f"{BASE}/Observation?patient=mara&code=2951-2"


async def test_the_newest_come_first_by_when_they_were_stored(clinic: FrontDoor) -> None:
    await clinic.put(a_result("k-1", "2823-3", "2026-01-10", 4.2))

    ids = await found(clinic, "Observation?_sort=-_lastUpdated,_id&_count=1")

    assert ids[0] == "k-1"
    assert sorted(ids) == ["k-1", "k-2", "k-3", "na-1"]


@pytest.mark.parametrize("sort", ["", "_sort=date&", "_sort=-_id&", "_sort=-date,_id&"])
async def test_pages_miss_nothing_that_keeps_its_place_while_others_write(
    clinic: FrontDoor, sort: str
) -> None:
    stay = [f"stay-{number:02d}" for number in range(12)]
    go = [f"go-{number:02d}" for number in range(6)]
    for number, id in enumerate([*stay, *go]):
        await clinic.put(a_result(id, "718-7", f"2026-03-{1 + number:02d}", number))

    ids: list[str] = []
    link: str | None = f"{BASE}/Observation?code=718-7&{sort}_count=3"
    for turn in range(20):
        if link is None:
            break
        page = (await clinic.ask("GET", link.removeprefix(BASE))).json()
        ids += _ids(page)
        link = next((one["url"] for one in page["link"] if one["relation"] == "next"), None)
        # Others add, delete and touch what is on pages before and after this one.
        await clinic.put(a_result(f"new-{turn}", "718-7", f"2026-03-{28 - turn:02d}", turn))
        if turn < len(go):
            await clinic.ask("DELETE", f"/Observation/{go[turn]}", actor="program")
        await clinic.put(a_result(stay[turn], "718-7", f"2026-03-{1 + turn:02d}", turn + 0.5))

    assert link is None
    assert len(ids) == len(set(ids))
    assert set(stay) <= set(ids)


@pytest.mark.parametrize(
    "query",
    ["_filter=name eq lind", "_query=current", "_score=1", "near=1|2"],
)
async def test_what_is_not_offered_is_refused_and_not_passed_over(
    clinic: FrontDoor, query: str
) -> None:
    answer = await clinic.ask("GET", f"/Patient?{query}")

    assert answer.status_code == 400
    assert answer.json()["issue"][0]["code"] == "not-supported"


async def test_a_cursor_of_another_search_is_refused(clinic: FrontDoor) -> None:
    page = (await clinic.ask("GET", "/Observation?_count=1")).json()
    cursor = page["link"][1]["url"].partition("_cursor=")[2]

    answer = await clinic.ask("GET", f"/Observation?status=final&_cursor={cursor}")

    assert answer.status_code == 400


async def test_a_chain_does_not_look_behind_the_askers_scope(clinic: FrontDoor) -> None:
    assert await found(clinic, "Observation?patient.family=soder", actor="mara") == []
    assert await found(clinic, "Patient?_has:Observation:patient:code=2823-3", actor="mara") == [
        "mara"
    ]


async def test_a_deleted_or_changed_resource_is_found_no_more_by_what_it_said(
    clinic: FrontDoor,
) -> None:
    await clinic.put(a_result("k-1", "2823-3", "2026-01-10", 9.9))
    await clinic.ask("DELETE", "/Observation/k-2", actor="program")

    assert await found(clinic, "Observation?value-quantity=4.1") == []
    assert set(await found(clinic, "Observation?patient=mara")) == {"k-1", "na-1"}

"""Searches for which resources are read: words, texts beside codes, and orders without an index."""

from __future__ import annotations

from typing import Any

import pytest

from careflow.database.work import Work
from careflow.records import judging, sorting
from tests.records.front_door import ACTORS, FrontDoor, a_patient, an_observation
from tests.records.test_search import found

LOINC = "http://loinc.org"
V2 = "http://terminology.hl7.org/CodeSystem/v2-0203"


def a_narrative(text: str) -> dict[str, str]:
    return {"status": "generated", "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{text}</div>'}


def a_result(id: str, code: str, display: str, **over: Any) -> dict[str, Any]:
    coding = {"system": LOINC, "code": code, "display": display}
    return an_observation(id) | {"code": {"coding": [coding]}} | over


def a_value_set(id: str, url: str) -> dict[str, Any]:
    return {"resourceType": "ValueSet", "id": id, "status": "active", "url": url}


MARA = a_patient("mara") | {
    "identifier": [
        {"type": {"coding": [{"system": V2, "code": "MR"}], "text": "Chart"}, "value": "446"},
        {"type": {"coding": [{"system": V2, "code": "SS"}]}, "value": "447"},
    ],
    "text": a_narrative("<p>Pénicilline &amp; <b>allergie</b></p>"),
}
RESULTS = (
    a_result("k", "2823-3", "Potassium", status="final"),
    a_result("na", "2951-2", "Natrium sérique", status="amended"),
    a_result("cl", "2075-0", "Chloride", status="preliminary")
    | {"code": {"text": "Potassium chloride", "coding": [{"code": "2075-0"}]}}
    | {"note": [{"text": "Haemolysed sample, repeat the potassium"}]},
)
SETS = (
    a_value_set("all", "http://a.example/sets"),
    a_value_set("one", "http://a.example/sets/one"),
    a_value_set("two", "http://a.example/sets/two"),
    a_value_set("other", "http://a.example/setstwo"),
)
LIST = {
    "resourceType": "List",
    "id": "rounds",
    "status": "current",
    "mode": "working",
    "entry": [{"item": {"reference": "Observation/k"}}, {"item": {"reference": "Patient/mara"}}],
}


@pytest.fixture
async def clinic(door: FrontDoor) -> FrontDoor:
    async with Work(door.documents) as work:
        for resource in (MARA, a_patient("other"), *RESULTS, *SETS, LIST):
            await door.records.update(work, resource, actor=ACTORS["program"])
    return door


READ = [
    ("Observation?code:text=potas", {"k", "cl"}),
    ("Observation?code:text=POTASSIUM C", {"cl"}),
    ("Observation?code:text=chloride", set()),
    ("Observation?code:text=natrium serique", {"na"}),
    ("Observation?code:text=potas&status=final", {"k"}),
    ("Observation?code:text=potas&status:not=final", {"cl"}),
    ("Observation?combo-code:text=potas,natr", {"k", "na", "cl"}),
    ("Patient?identifier:text=chart", {"mara"}),
    ("Patient?identifier:text=charts", set()),
    (f"Patient?identifier:of-type={V2}|MR|446", {"mara"}),
    # Type and value of two identifiers are no identifier.
    (f"Patient?identifier:of-type={V2}|MR|447", set()),
    ("Patient?_text=penicilline", {"mara"}),
    ("Patient?_text=ALLERG pénicill", {"mara"}),
    ("Patient?_text=allergie egg", set()),
    ("Patient?_text=egg,allergie", {"mara"}),
    ("Patient?_text=lindqvist", set()),
    ("Patient?_text=xmlns", set()),
    ("Patient?_content=lindqvist", {"mara", "other"}),
    ("Patient?_content=lindqvist allergie", {"mara"}),
    ("Patient?_content=indqvist", set()),
    ("Observation?_content=haemolysed", {"cl"}),
    ("Observation?_content=haemolysed&code=2823-3", set()),
    ("Observation?subject:Patient._text=allergie", {"k", "na", "cl"}),
    ("Patient?_has:Observation:patient:_content=haemolysed", {"mara"}),
    ("Observation?_list=rounds", {"k"}),
    ("Patient?_list=rounds", {"mara"}),
    ("Patient?_list=nothing,rounds", {"mara"}),
    ("Patient?_list=nothing", set()),
    ("ValueSet?url:below=http://a.example/sets", {"all", "one", "two"}),
    ("ValueSet?url:below=http://a.example/sets/", {"one", "two"}),
    ("ValueSet?url:above=http://a.example/sets/one", {"all", "one"}),
    ("ValueSet?url:below=http://a.example/set", set()),
]


async def test_what_no_index_holds_is_found_by_reading(clinic: FrontDoor) -> None:
    answers = {query: set(await found(clinic, query)) for query, _ in READ}

    assert answers == dict(READ)


async def test_a_reader_finds_words_in_the_own_record_only(clinic: FrontDoor) -> None:
    assert await found(clinic, "Patient?_content=lindqvist", actor="mara") == ["mara"]


async def test_a_question_that_reads_too_much_is_refused_with_advice(
    clinic: FrontDoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judging, "READ_MAX", 2)
    monkeypatch.setattr(judging, "_AT_ONCE", 1)

    wide = await clinic.ask("GET", "/Observation?_content=potassium")
    narrow = await found(clinic, "Observation?_content=potassium&code=2823-3")

    assert (wide.status_code, narrow) == (422, ["k"])
    assert wide.json()["issue"][0]["code"] == "too-costly"


# --- order ---------------------------------------------------------------------------------


ORDERS = [
    ("status", ["na", "k", "cl"]),
    ("-status", ["cl", "k", "na"]),
    ("code", ["cl", "k", "na"]),
    ("subject,-code", ["na", "k", "cl"]),
    ("-subject", ["cl", "na", "k"]),
    ("date,code", ["cl", "k", "na"]),
    ("method,status", ["na", "k", "cl"]),
]


async def test_codes_and_references_have_an_order_that_pages_keep(clinic: FrontDoor) -> None:
    for count in (1, 2, 50):
        answers = {
            sort: await found(clinic, f"Observation?_sort={sort}&_count={count}")
            for sort, _ in ORDERS
        }

        assert answers == dict(ORDERS)


async def test_what_has_no_value_comes_last_either_way(clinic: FrontDoor) -> None:
    await clinic.put(a_patient("nobody") | {"gender": "male"})
    await clinic.put({"resourceType": "Patient", "id": "blank"})

    assert await found(clinic, "Patient?_sort=gender") == ["mara", "other", "nobody", "blank"]
    assert await found(clinic, "Patient?_sort=-gender") == ["nobody", "other", "mara", "blank"]


async def test_addresses_sort_as_text(clinic: FrontDoor) -> None:
    assert await found(clinic, "ValueSet?_sort=-url&_count=3") == ["other", "two", "one", "all"]


def next_of(page: dict[str, Any]) -> str:
    (link,) = [each["url"] for each in page["link"] if each["relation"] == "next"]
    return str(link).partition("/api/fhir/R4")[2]


@pytest.mark.parametrize(("count", "gone", "rest"), [(1, "na", ["k"]), (2, "k", ["cl"])])
async def test_a_page_goes_on_where_it_was_when_what_it_showed_is_deleted(
    clinic: FrontDoor, count: int, gone: str, rest: list[str]
) -> None:
    query = f"/Observation?_sort=status&_count={count}"
    page = (await clinic.ask("GET", query)).json()
    await clinic.ask("DELETE", f"/Observation/{gone}", actor="program")

    answer = await clinic.ask("GET", next_of(page))

    assert [e["resource"]["id"] for e in answer.json()["entry"]] == rest


async def test_a_sorted_total_counts_all(clinic: FrontDoor) -> None:
    page = (await clinic.ask("GET", "/Observation?_sort=status&_count=1&_total=accurate")).json()

    assert (page["total"], len(page["entry"])) == (3, 1)


async def test_too_much_to_sort_is_refused(
    clinic: FrontDoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sorting, "SORTED_MAX", 2)

    wide = await clinic.ask("GET", "/Observation?_sort=status")

    assert wide.json()["issue"][0]["code"] == "too-costly"
    assert await found(clinic, "Observation?_sort=status&code=2823-3,2951-2") == ["na", "k"]


@pytest.mark.parametrize("cursor", ["x", "AAAA", "k6FrAcQA", "%00"])
async def test_a_forged_cursor_is_refused(clinic: FrontDoor, cursor: str) -> None:
    answer = await clinic.ask("GET", f"/Observation?_sort=status&_cursor={cursor}")

    assert answer.status_code == 400


async def test_a_cursor_of_another_order_is_refused(clinic: FrontDoor) -> None:
    page = (await clinic.ask("GET", "/Observation?_sort=status&_count=1")).json()
    cursor = next_of(page).partition("_cursor=")[2]

    answer = await clinic.ask("GET", f"/Observation?_sort=code&_cursor={cursor}")

    assert answer.status_code == 400


async def test_the_front_desk_sorts_and_sees_what_it_is_shown(clinic: FrontDoor) -> None:
    query = "/Patient?_sort=-gender,identifier"
    desk = (await clinic.ask("GET", query, actor="receptionist")).json()

    assert await found(clinic, query.removeprefix("/"), actor="receptionist") == ["mara", "other"]
    assert all("text" not in each["resource"] for each in desk["entry"])


async def test_the_front_desk_finds_no_word_that_it_is_not_shown(clinic: FrontDoor) -> None:
    assert await found(clinic, "Patient?_content=allergie", actor="receptionist") == []
    assert await found(clinic, "Patient?_content=lindqvist", actor="receptionist") == [
        *("mara", "other")
    ]

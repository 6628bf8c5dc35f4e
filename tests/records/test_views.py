"""Parts of resources over FHIR REST, and one search over several types."""

from __future__ import annotations

from typing import Any

import pytest

from careflow.database.work import Work
from careflow.fhir.resource import parse
from careflow.records.listings import CUT_ON_LOOP_MAX
from tests.records.front_door import (
    ACTORS,
    BASE,
    FrontDoor,
    a_patient,
    an_observation,
    bundle,
    entry,
)

FORM = {"content-type": "application/x-www-form-urlencoded"}
ALWAYS = {"resourceType", "id", "meta"}


@pytest.fixture
async def clinic(door: FrontDoor) -> FrontDoor:
    practice = {"resourceType": "Organization", "id": "harbour", "name": "Harbour Clinic"}
    mara = a_patient("mara", managingOrganization={"reference": "Organization/harbour"})
    result = (
        b'{"resourceType":"Observation","id":"k","status":"final","code":{"text":"K"},'
        b'"subject":{"reference":"Patient/mara"},"valueQuantity":{"value":72.50},'
        b'"note":[{"text":"seen"}]}'
    )
    async with Work(door.documents) as work:
        for resource in (practice, mara, a_patient("other"), result, an_observation("na")):
            await door.records.update(work, resource, actor=ACTORS["program"])
    return door


async def asked(door: FrontDoor, path: str, actor: str = "clinician") -> Any:
    answer = await door.ask("GET", path, actor=actor)
    assert answer.status_code == 200, answer.text
    parse(answer.content)
    return answer.json()


def resources(page: Any) -> list[dict[str, Any]]:
    return [entry["resource"] for entry in page.get("entry", ())]


@pytest.mark.parametrize(
    ("view", "members"),
    [
        ("_elements=birthDate", {"birthDate"}),
        ("_elements=birthDate,gender", {"birthDate", "gender"}),
        ("_elements=Patient.birthDate", {"birthDate"}),
        ("_summary=text", set()),
        (
            "_summary=true",
            {"identifier", "name", "gender", "birthDate", "managingOrganization"},
        ),
        (
            "_summary=data",
            {"identifier", "name", "gender", "birthDate", "managingOrganization"},
        ),
    ],
)
@pytest.mark.parametrize(
    "path",
    ["/Patient/mara", "/Patient/mara/_history/1", "/Patient/mara/_history", "/Patient?_id=mara"],
)
async def test_a_part_is_answered_wherever_it_is_asked_for(
    clinic: FrontDoor, path: str, view: str, members: set[str]
) -> None:
    found = await asked(clinic, f"{path}{'&' if '?' in path else '?'}{view}")
    one = found if found["resourceType"] == "Patient" else resources(found)[0]

    assert set(one) - ALWAYS == members
    assert one["meta"]["tag"][-1]["code"] == "SUBSETTED"
    assert one["meta"]["versionId"] == "1"


async def test_a_part_keeps_the_numbers_text(clinic: FrontDoor) -> None:
    answer = await clinic.ask("GET", "/Observation/k?_elements=value")

    assert b'"value":72.50}' in answer.content
    assert set(answer.json()) - ALWAYS == {"status", "code", "valueQuantity"}


async def test_the_whole_is_answered_where_no_part_is_asked_for(clinic: FrontDoor) -> None:
    plain = await clinic.ask("GET", "/Observation/k")
    said = await clinic.ask("GET", "/Observation/k?_summary=false&_format=json")

    assert plain.content == said.content


async def test_parts_of_many_are_those_of_each(clinic: FrontDoor) -> None:
    many = [a_patient(f"p{number:02d}") for number in range(CUT_ON_LOOP_MAX + 5)]
    async with Work(clinic.documents) as work:
        for one in many:
            await clinic.records.update(work, one, actor=ACTORS["program"])

    page = await asked(clinic, "/Patient?_count=200&_elements=gender&gender=female")
    past = await asked(clinic, "/Patient/_history?_count=200&_elements=gender")

    for found in (resources(page), resources(past)):
        assert len(found) == len(many) + 2
        assert {tuple(one) for one in found} == {("resourceType", "id", "meta", "gender")}


async def test_what_is_added_is_cut_by_its_own_names_or_by_the_summary(clinic: FrontDoor) -> None:
    query = "/Observation?_id=k&_include=Observation:subject"

    bare = resources(await asked(clinic, f"{query}&_elements=value"))
    own = resources(await asked(clinic, f"{query}&_elements=value,Patient.gender"))
    short = resources(await asked(clinic, f"{query}&_summary=true"))

    assert "birthDate" in bare[1]
    assert set(own[1]) - ALWAYS == {"gender"}
    assert "note" not in short[0]
    assert short[1]["meta"]["tag"][-1]["code"] == "SUBSETTED"


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/Patient?_elements=nmae", "fhir-bad-search-value"),
        ("/Patient?_elements=name.family", "fhir-bad-search-value"),
        ("/Patient?_elements=name&_summary=true", "fhir-unsupported-search"),
        ("/Patient?_summary=some", "fhir-bad-search-value"),
        ("/Patient/mara?_summary=count", "fhir-bad-search-value"),
        ("/Patient/mara?_elements=Sheep.wool", "fhir-bad-search-value"),
        ("/Patient/mara?name=lind", "records-bad-read-parameter"),
        ("/Patient/mara/_history?name=lind", "records-bad-history-parameter"),
        ("/_history?_elements=name", "fhir-bad-search-value"),
        ("/?_id=mara", "fhir-bad-search-value"),
        ("/?_type=Sheep", "fhir-bad-search-value"),
        ("/?_type=AuditEvent", "fhir-bad-search-value"),
        ("/?_type=Patient,Observation&status=final", "fhir-unknown-parameter"),
        ("/?_type=Patient,Observation&_sort=_id", "fhir-unknown-parameter"),
        ("/?_type=Patient&_cursor=Observation.x", "database-bad-cursor"),
    ],
)
async def test_what_cannot_be_meant_is_refused(clinic: FrontDoor, path: str, code: str) -> None:
    answer = await clinic.ask("GET", path)

    assert answer.status_code == 400
    assert answer.json()["issue"][0]["details"]["coding"][0]["code"] == code


async def test_a_lenient_read_passes_over_what_it_does_not_know(clinic: FrontDoor) -> None:
    answer = await clinic.ask("GET", "/Patient/mara?x=1", headers={"prefer": "handling=lenient"})

    assert answer.status_code == 200


async def test_a_part_that_is_sent_back_does_not_replace_the_whole(clinic: FrontDoor) -> None:
    part = await asked(clinic, "/Patient/mara?_elements=name")
    transaction = bundle("transaction", entry("PUT", "Patient/mara", part))

    alone = await clinic.ask("PUT", "/Patient/mara", part, actor="program")
    together = await clinic.ask("POST", "", transaction, actor="program")

    assert (alone.status_code, together.status_code) == (422, 422)
    assert "records-part-sent-back" in alone.text
    assert (await asked(clinic, "/Patient/mara"))["birthDate"] == "1968-04-12"


async def test_a_part_from_elsewhere_can_be_stored_and_changed(clinic: FrontDoor) -> None:
    part = {**await asked(clinic, "/Patient/mara?_elements=name"), "id": "elsewhere"}

    stored = await clinic.ask("PUT", "/Patient/elsewhere", part, actor="program")
    changed = await clinic.ask(
        "PUT", "/Patient/elsewhere", part | {"active": True}, actor="program"
    )

    assert (stored.status_code, changed.status_code) == (201, 200)


# --- several types -------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 2, 3, 50])
async def test_several_types_are_searched_one_after_the_other(
    clinic: FrontDoor, count: int
) -> None:
    found: list[str] = []
    link = f"/?_type=Patient,Condition,Observation,Organization&_count={count}&_total=accurate"
    for _ in range(8):
        page = await asked(clinic, link)
        assert page["total"] == 5
        assert len(resources(page)) <= count
        found += [f"{one['resourceType']}/{one['id']}" for one in resources(page)]
        links = {one["relation"]: one["url"] for one in page["link"]}
        if "next" not in links:
            break
        link = links["next"].removeprefix(BASE)

    assert found == [
        *("Patient/mara", "Patient/other"),
        *("Observation/k", "Observation/na"),
        "Organization/harbour",
    ]


async def test_several_types_are_asked_by_a_form_too(clinic: FrontDoor) -> None:
    answer = await clinic.ask("POST", "/_search", b"_type=Patient,Organization", headers=FORM)

    assert len(resources(answer.json())) == 3
    assert answer.json()["link"][0]["url"] == f"{BASE}/?_type=Patient,Organization"


async def test_of_several_types_each_must_be_one_that_the_asker_may_search(
    clinic: FrontDoor,
) -> None:
    refused = await clinic.ask("GET", "/?_type=Patient,Observation", actor="receptionist")
    mine = await asked(clinic, "/?_type=Patient,Observation", actor="mara")

    assert refused.status_code == 403
    assert {one["id"] for one in resources(mine)} == {"mara", "k", "na"}


async def test_a_batch_may_search_several_types_and_bring_others_along(clinic: FrontDoor) -> None:
    several = entry("GET", "?_type=Patient,Organization")
    along = entry("GET", "Observation?_id=k&_include=Observation:subject&_elements=value")

    answer = await clinic.ask("POST", "", bundle("batch", several, along))

    first, second = resources(answer.json())
    assert len(resources(first)) == 3
    assert [one["search"]["mode"] for one in second["entry"]] == ["match", "include"]


async def test_several_types_give_a_count_alone(clinic: FrontDoor) -> None:
    page = await asked(clinic, "/?_type=Patient,Observation&_summary=count")

    assert (page["total"], "entry" in page) == (4, False)

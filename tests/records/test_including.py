"""What a search brings along: resources that the matches refer to, and those that refer to them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from careflow.database import mongo, sqlite
from careflow.database.documents import Documents, Page, Query
from careflow.database.scope import AccessScope
from careflow.database.work import Work
from careflow.fhir.resource import parse
from careflow.fhir.search import parse_search
from careflow.identity.access import scope_of
from careflow.records import including
from careflow.records.including import Beside, Including
from careflow.records.interactions import Asker
from careflow.records.store import Records
from tests.contracts.engines import KEY
from tests.database.mongo.commands import Commands
from tests.mongo_server import database_url
from tests.records.front_door import (
    ACTORS,
    BASE,
    FrontDoor,
    SteadyClock,
    a_patient,
    an_observation,
    counting_mint,
)

CANONICAL = "http://harbour.test/Questionnaire/intake"


def the(kind: str, id: str, **members: Any) -> dict[str, Any]:
    return {"resourceType": kind, "id": id, **members}


def ref(text: str) -> dict[str, str]:
    return {"reference": text}


RESOURCES = (
    the("Organization", "group", name="Harbour Group"),
    the("Organization", "harbour", name="Harbour Clinic", partOf=ref("Organization/group")),
    the("Practitioner", "ada", name=[{"family": "Okoye"}]),
    a_patient(
        "mara",
        managingOrganization=ref("Organization/harbour"),
        generalPractitioner=[ref("Practitioner/ada"), ref("Organization/harbour")],
    ),
    a_patient("other", managingOrganization=ref("Organization/harbour")),
    an_observation("k-1", "mara", performer=[ref("Practitioner/ada")]),
    an_observation("k-2", "mara", performer=[ref(f"{BASE}/Practitioner/ada")]),
    an_observation("k-3", "other", subject=ref(f"{BASE}/Patient/other")),
    the(
        "DiagnosticReport",
        "report",
        status="final",
        code={"text": "Blood"},
        subject=ref("Patient/mara"),
        result=[ref("Observation/k-1"), ref("Observation/gone"), ref("#inside")],
        contained=[an_observation("inside", "mara")],
    ),
    the("Questionnaire", "q-1", url=CANONICAL, version="1", status="active"),
    the("Questionnaire", "q-2", url=CANONICAL, version="2", status="active"),
    the(
        "QuestionnaireResponse",
        "answers",
        questionnaire=f"{CANONICAL}|2",
        status="completed",
        subject=ref("Patient/mara"),
    ),
)


@pytest.fixture
async def clinic(door: FrontDoor) -> FrontDoor:
    async with Work(door.documents) as work:
        for resource in (*RESOURCES, an_observation("gone", "mara")):
            await door.records.update(work, resource, actor=ACTORS["program"])
    async with Work(door.documents) as work:
        await door.records.delete(work, "Observation", "gone", actor=ACTORS["program"])
    return door


async def entries(door: FrontDoor, query: str, actor: str = "clinician") -> list[dict[str, Any]]:
    answer = await door.ask("GET", f"/{query}", actor=actor)
    assert answer.status_code == 200, answer.text
    parse(answer.content, expected_type="Bundle")
    found: list[dict[str, Any]] = answer.json().get("entry", [])
    return found


def by_mode(found: list[dict[str, Any]], mode: str) -> list[str]:
    return [
        f"{one['resource']['resourceType']}/{one['resource']['id']}"
        for one in found
        if one["search"]["mode"] == mode
    ]


@pytest.mark.parametrize(
    ("query", "added"),
    [
        ("Patient?_id=mara&_include=Patient:organization", {"Organization/harbour"}),
        (
            "Patient?_id=mara&_include=Patient:general-practitioner",
            {"Practitioner/ada", "Organization/harbour"},
        ),
        (
            "Patient?_id=mara&_include=Patient:general-practitioner:Practitioner",
            {"Practitioner/ada"},
        ),
        ("Patient?_id=mara&_include=Patient:*", {"Practitioner/ada", "Organization/harbour"}),
        ("Patient?_id=mara&_include=*", {"Practitioner/ada", "Organization/harbour"}),
        ("Patient?_id=mara&_include=Observation:subject", set()),
        (
            "Patient?_id=mara&_include=Patient:organization&_include:iterate=Organization:partof",
            {"Organization/harbour", "Organization/group"},
        ),
        (
            "Patient?_id=mara&_include=Patient:organization&_include=Organization:partof",
            {"Organization/harbour"},
        ),
        ("Patient?_id=nobody&_revinclude=Observation:patient", set()),
        (
            "Patient?_id=mara&_revinclude=Observation:subject",
            {"Observation/k-1", "Observation/k-2"},
        ),
        ("Patient?_id=other&_revinclude=Observation:subject", {"Observation/k-3"}),
        (
            "Patient?_id=mara&_revinclude=DiagnosticReport:subject:Patient"
            "&_include:iterate=DiagnosticReport:result",
            {"DiagnosticReport/report", "Observation/k-1"},
        ),
        (
            "Observation?_id=k-1&_revinclude=DiagnosticReport:*",
            {"DiagnosticReport/report"},
        ),
        ("Observation?_id=k-2&_include=Observation:performer", {"Practitioner/ada"}),
        (
            "Patient?_id=mara&_revinclude=*",
            {
                "Observation/k-1",
                "Observation/k-2",
                "DiagnosticReport/report",
                "QuestionnaireResponse/answers",
            },
        ),
        ("DiagnosticReport?_include=DiagnosticReport:result", {"Observation/k-1"}),
        (
            "QuestionnaireResponse?_include=QuestionnaireResponse:questionnaire",
            {"Questionnaire/q-2"},
        ),
        (
            "Questionnaire?_id=q-2&_revinclude=QuestionnaireResponse:questionnaire",
            {"QuestionnaireResponse/answers"},
        ),
        ("Questionnaire?_id=q-1&_revinclude=QuestionnaireResponse:questionnaire", set()),
    ],
)
async def test_a_search_brings_along_what_is_asked_for(
    clinic: FrontDoor, query: str, added: set[str]
) -> None:
    found = by_mode(await entries(clinic, query), "include")

    assert set(found) == added
    assert len(found) == len(added)


async def test_a_resource_is_answered_once_and_as_a_match_if_it_is_one(clinic: FrontDoor) -> None:
    found = await entries(clinic, "Organization?_include=Organization:partof")

    assert set(by_mode(found, "match")) == {"Organization/harbour", "Organization/group"}
    assert by_mode(found, "include") == []


async def test_pages_count_matches_alone(clinic: FrontDoor) -> None:
    query = "/Observation?_count=2&_total=accurate&_include=Observation:subject"
    page = (await clinic.ask("GET", query)).json()

    assert len(by_mode(page["entry"], "match")) == 2
    assert page["total"] == 3
    next_link = {one["relation"]: one["url"] for one in page["link"]}["next"]
    last = (await clinic.ask("GET", next_link.removeprefix(BASE))).json()
    assert len(by_mode(last["entry"], "match")) == 1
    assert by_mode(last["entry"], "include") != []


async def test_a_versioned_reference_brings_that_version(clinic: FrontDoor) -> None:
    await clinic.put(a_patient("other", gender="other"))
    old = an_observation("old", "other", subject=ref("Patient/other/_history/1"))
    await clinic.put(old)

    found = await entries(clinic, "Observation?_id=old&_include=Observation:subject")

    assert [one["resource"].get("meta", {})["versionId"] for one in found[1:]] == ["1"]


async def test_of_very_many_versions_some_are_left_out_and_the_answer_says_so(
    clinic: FrontDoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(including, "VERSIONS_MAX", 1)
    await clinic.put(a_patient("other", gender="other"))
    for number in (1, 2):
        subject = ref(f"Patient/other/_history/{number}")
        await clinic.put(an_observation(f"old-{number}", "other", subject=subject))

    found = await entries(clinic, "Observation?_id=old-1,old-2&_include=Observation:subject")

    assert by_mode(found, "include") == ["Patient/other"]
    assert found[-1]["resource"]["issue"][0]["code"] == "too-costly"


@pytest.mark.parametrize("version", ["7", "x", "0", "9" * 40])
async def test_a_version_that_never_was_brings_nothing(clinic: FrontDoor, version: str) -> None:
    subject = ref(f"Patient/other/_history/{version}")
    await clinic.put(an_observation("old", "other", subject=subject))

    found = await entries(clinic, "Observation?_id=old&_include=Observation:subject")

    assert by_mode(found, "include") == []


async def test_nothing_comes_along_that_the_asker_may_not_see(clinic: FrontDoor) -> None:
    mine = await entries(clinic, "Patient?_revinclude=Observation:subject", actor="mara")
    desk = await entries(
        clinic, "Patient?_id=mara&_revinclude=Observation:subject", actor="receptionist"
    )

    assert set(by_mode(mine, "include")) == {"Observation/k-1", "Observation/k-2"}
    assert by_mode(desk, "include") == []
    issue = desk[-1]["resource"]["issue"][0]
    assert (desk[-1]["search"]["mode"], issue["code"]) == ("outcome", "forbidden")
    assert "Observation" in issue["diagnostics"]


async def test_the_trail_names_every_patient_and_resource_that_came_along(
    clinic: FrontDoor,
) -> None:
    await entries(clinic, "Observation?_id=k-1,k-3&_include=Observation:subject")

    (last,) = (await clinic.trail.entries(actor=ACTORS["clinician"].id)).entries
    assert set(last.patients) == {"mara", "other"}
    assert {"Patient/mara", "Patient/other", "Observation/k-1"} <= set(last.subjects)


async def test_too_many_are_cut_and_the_answer_says_so(
    clinic: FrontDoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(including, "INCLUDED_MAX", 1)

    found = await entries(clinic, "Patient?_id=mara&_revinclude=Observation:subject")

    assert len(by_mode(found, "include")) == 1
    assert found[-1]["resource"]["issue"][0]["code"] == "too-costly"


async def test_a_circle_ends(clinic: FrontDoor) -> None:
    await clinic.put(the("Organization", "group", name="G", partOf=ref("Organization/harbour")))

    query = "Organization?_id=group&_include:iterate=Organization:partof"
    found = await entries(clinic, f"{query}&_revinclude:iterate=Organization:partof")

    assert by_mode(found, "include") == ["Organization/harbour"]


async def test_narratives_alone_bring_nothing_along(clinic: FrontDoor) -> None:
    answer = await clinic.ask("GET", "/Patient?_summary=text&_include=Patient:organization")

    assert answer.status_code == 400
    assert answer.json()["issue"][0]["expression"] == ["_include"]


class Asked:
    """Counts what the store is asked, and hands it on."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self.kinds: list[str] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._documents, name)

    async def find(self, query: Query, scope: AccessScope) -> Page:
        self.kinds.append(query.kind)
        return await self._documents.find(query, scope)


@pytest.mark.parametrize(
    ("query", "kinds"),
    [
        ("Observation?_include=Observation:subject", ["Observation", "Patient"]),
        (
            "Observation?_include=Observation:subject&_include=Observation:performer",
            ["Observation", "Patient", "Practitioner"],
        ),
        (
            "Patient?_revinclude=Observation:subject&_revinclude=Observation:performer",
            ["Patient", "Observation"],
        ),
        (
            "Patient?_include:iterate=Patient:organization&_include:iterate=Organization:partof",
            ["Patient", "Organization", "Organization"],
        ),
        ("Patient?_id=nobody&_include=*&_revinclude=*", ["Patient"]),
    ],
)
async def test_each_round_asks_the_store_once_a_type_however_many_the_matches(
    clinic: FrontDoor, query: str, kinds: list[str]
) -> None:
    asked = Asked(clinic.documents)
    clinic.records.documents = cast("Documents", asked)

    await entries(clinic, query)

    assert asked.kinds == kinds


async def test_a_reference_out_of_the_askers_reach_brings_nothing(clinic: FrontDoor) -> None:
    await clinic.put(an_observation("k-1", "mara", performer=[ref("Patient/other")]))

    query = "Observation?_id=k-1&_include=Observation:performer"

    assert by_mode(await entries(clinic, query), "include") == ["Patient/other"]
    assert by_mode(await entries(clinic, query, actor="mara"), "include") == []


async def test_what_may_be_searched_but_not_read_does_not_come_along(
    clinic: FrontDoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    scopes = frozenset({"system/Observation.rs", "system/Patient.s", "system/Condition.r"})
    monkeypatch.setitem(ACTORS, "program", replace(ACTORS["program"], scopes=scopes))
    query = "Observation?_id=k-1&_include=Observation:subject"

    bare = await entries(clinic, query, actor="program")
    named = await entries(clinic, f"{query}:Patient", actor="program")
    reverse = await entries(
        clinic, "Patient?_id=mara&_revinclude=Condition:subject", actor="program"
    )

    assert [one["search"]["mode"] for one in bare] == ["match"]
    assert [one["search"]["mode"] for one in named] == ["match", "outcome"]
    assert [one["search"]["mode"] for one in reverse] == ["match", "outcome"]


async def beside_all(documents: Documents, patients: int) -> Beside:
    """Store patients with two results each, and take what goes with all results."""
    records = Records(documents, clock=SteadyClock(), mint=counting_mint())
    async with Work(documents) as work:
        for number in range(patients):
            await records.update(work, a_patient(f"p{number}"), actor=ACTORS["program"])
            for result in (f"a{number}", f"b{number}"):
                mine = an_observation(result, f"p{number}")
                await records.update(work, mine, actor=ACTORS["program"])
    asker = Asker(ACTORS["program"], scope_of(ACTORS["program"]))
    request = parse_search("Observation", [("_include", "Observation:subject")])
    page = await records.search(request, asker.scope)
    including = Including(documents, asker, base=BASE)
    return await including.beside(page.documents, request)


@pytest.mark.parametrize("patients", [1, 20])
async def test_a_search_with_an_include_is_two_round_trips_to_mongodb(
    tmp_path: Path, patients: int
) -> None:
    commands = Commands()
    documents = await mongo.open_documents(
        database_url(tmp_path), key=KEY, clock=SteadyClock(), listeners=[commands]
    )
    try:
        beside = await beside_all(documents, patients)
    finally:
        await documents.close()

    assert len(beside.documents) == patients
    assert commands.taken().count("aggregate") == 2


def keeping(statements: list[str]) -> Callable[[Any, str, Any], bool]:
    """Return a tracer of SQLite that keeps what is executed."""

    def keep(_cursor: Any, sql: str, _bindings: Any) -> bool:
        statements.append(sql)
        return True

    return keep


async def test_an_include_takes_as_many_statements_of_sqlite_for_few_matches_as_for_many(
    tmp_path: Path,
) -> None:
    counts = []
    for patients in (2, 20):
        documents = await sqlite.open_documents(
            tmp_path / f"{patients}.db", key=KEY, clock=SteadyClock()
        )
        statements: list[str] = []
        documents._loop_reader._connection.set_exec_trace(keeping(statements))
        assert len((await beside_all(documents, patients)).documents) == patients
        counts.append(sum("FROM" in sql and "body" in sql for sql in statements))
        await documents.close()

    assert counts == [2, 2]

"""Whoever may not see something learns of it in no way: not by id, search, chain, include, history,
sort, count or cursor, and not by writing."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from tests.records.front_door import FrontDoor, a_patient, an_observation, bundle, entry

CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
NARROWED = ("mara", "app", "carer")
"""Who may see Mara's record alone."""
OTHERS = ("other", "o-other", "visit-other", "flag-other")


def category(code: str) -> list[dict[str, Any]]:
    return [{"coding": [{"system": CATEGORY, "code": code}]}]


def visit(id: str, patient: str, **over: Any) -> dict[str, Any]:
    who = {"actor": {"reference": f"Patient/{patient}"}, "status": "accepted"}
    when = {"start": "2026-11-24T09:00:00Z", "end": "2026-11-24T09:20:00Z"}
    kind = {"resourceType": "Appointment", "id": id, "status": "booked"}
    return kind | when | {"participant": [who]} | over


@pytest.fixture
async def clinic(door: FrontDoor) -> FrontDoor:
    """Two patients, each with a result, a pulse and a visit."""
    for patient in ("mara", "other"):
        await door.put(a_patient(patient, name=[{"family": patient.capitalize()}]))
        for id, code in (("o", "laboratory"), ("pulse", "vital-signs")):
            await door.put(an_observation(f"{id}-{patient}", patient, category=category(code)))
        await door.put(visit(f"visit-{patient}", patient))
        flag = {"resourceType": "Flag", "id": f"flag-{patient}", "status": "active"}
        about = {"code": {"text": "Falls"}, "subject": {"reference": f"Patient/{patient}"}}
        await door.put(flag | about)
    return door


def found(answer: httpx2.Response) -> set[str]:
    assert answer.status_code == 200, answer.text
    return {one["resource"]["id"] for one in answer.json().get("entry", ()) if "resource" in one}


PROBES = (
    "/Patient",
    "/Patient?_id=other",
    "/Patient?name=Other",
    "/Patient?_sort=-family",
    "/Patient?_total=accurate&_count=1",
    "/Patient?_has:Observation:patient:category=laboratory",
    "/Patient?_id=mara&_revinclude=Observation:subject",
    "/Patient/_history",
    "/Observation",
    "/Observation?patient=other",
    "/Observation?subject:Patient.family=Other",
    "/Observation?patient.name=Other",
    "/Observation?patient:missing=false",
    "/Observation?_include=Observation:subject",
    "/Observation?_sort=-_lastUpdated&_count=1000",
    "/Observation?code:not=1",
    "/Observation/_history",
    "/Appointment?actor=Patient/other",
    "/Appointment?patient.family=Other",
    "/Appointment?_include=*",
    "/?_type=Patient,Observation",
)


async def test_no_question_answers_with_anothers_record(clinic: FrontDoor) -> None:
    told: list[str] = []
    for actor in NARROWED:
        for probe in PROBES:
            answer = await clinic.ask("GET", probe, actor=actor)
            assert answer.status_code in {200, 403}, f"{probe}: {answer.text}"
            seen = found(answer) if answer.status_code == 200 else set()
            if {*OTHERS, "pulse-other"} & seen or '"Patient/other"' in answer.text:
                told.append(f"{actor} {probe}")

    assert told == []


async def test_totals_count_what_may_be_seen(clinic: FrontDoor) -> None:
    totals = {}
    for actor in (*NARROWED, "clinician"):
        answer = await clinic.ask("GET", "/Observation?_summary=count", actor=actor)
        totals[actor] = answer.json()["total"]

    assert totals == {"mara": 2, "app": 2, "carer": 2, "clinician": 4}


@pytest.mark.parametrize("actor", NARROWED)
async def test_anothers_record_is_opened_by_no_address(clinic: FrontDoor, actor: str) -> None:
    for address in (
        "/Patient/other",
        "/Patient/other/_history",
        "/Patient/other/_history/1",
        "/Observation/o-other",
        "/Observation/o-other/_history",
        "/Observation/o-other/_history/1",
    ):
        answer = await clinic.ask("GET", address, actor=actor)
        assert answer.status_code in {403, 404}, f"{address}: {answer.text}"
        if actor != "carer":
            nothing = address.replace("other", "nobody")
            assert answer.json() == (await clinic.ask("GET", nothing, actor=actor)).json()


async def test_a_batch_opens_no_more_than_its_parts(clinic: FrontDoor) -> None:
    batch = bundle(
        "batch", entry("GET", "Patient/other"), entry("GET", "Observation?patient=other")
    )

    for actor in NARROWED:
        answer = await clinic.ask("POST", "", batch, actor=actor)
        first, second = answer.json()["entry"]
        assert first["response"]["status"][:3] in {"403", "404"}
        assert "entry" not in second["resource"]


async def test_a_cursor_of_someone_who_sees_all_widens_nothing(clinic: FrontDoor) -> None:
    page = await clinic.ask("GET", "/Observation?_count=1", actor="clinician")
    link = next(one["url"] for one in page.json()["link"] if one["relation"] == "next")
    path = link.partition("/R4")[2]

    for actor in NARROWED:
        answer = await clinic.ask("GET", path, actor=actor)
        assert not {"o-other", "pulse-other"} & found(answer)


# --- a program with a part of a type -----------------------------------------------------------


async def test_a_program_sees_the_part_it_was_granted(clinic: FrontDoor) -> None:
    for probe in (
        "/Observation",
        "/Observation?category=vital-signs",
        "/Observation?_sort=-_lastUpdated&_count=1000",
        "/Observation?patient=mara&code=http://loinc.org|2823-3&_sort=-date",
        "/Observation/_history",
        "/Patient?_revinclude=Observation:subject",
        "/?_type=Patient,Observation",
    ):
        seen = found(await clinic.ask("GET", probe, actor="lab"))
        assert not {"pulse-mara", "pulse-other"} & seen, probe

    for address in ("/Observation/pulse-mara", "/Observation/pulse-mara/_history/1"):
        assert (await clinic.ask("GET", address, actor="lab")).status_code == 404
    assert (await clinic.ask("GET", "/Observation/o-mara", actor="lab")).status_code == 200
    total = await clinic.ask("GET", "/Observation?_summary=count", actor="lab")
    assert total.json()["total"] == 2


async def test_a_chain_through_what_is_not_granted_finds_nothing(clinic: FrontDoor) -> None:
    probe = "/Patient?_has:Observation:patient:category=vital-signs"
    granted = "/Patient?_has:Observation:patient:category=laboratory"

    assert found(await clinic.ask("GET", probe, actor="lab")) == set()
    assert found(await clinic.ask("GET", granted, actor="lab")) == {"mara", "other"}


async def test_a_program_writes_the_part_it_was_granted(clinic: FrontDoor) -> None:
    lab = an_observation("new", "mara", category=category("laboratory"))
    pulse = an_observation("new", "mara", category=category("vital-signs"))

    assert (await clinic.ask("POST", "/Observation", lab, actor="lab")).status_code == 201
    assert (await clinic.ask("PUT", "/Observation/new", lab, actor="lab")).status_code == 201
    assert (await clinic.ask("POST", "/Observation", pulse, actor="lab")).status_code == 403
    assert (
        await clinic.ask("PUT", "/Observation/new2", pulse | {"id": "new2"}, actor="lab")
    ).status_code == 403


async def test_a_program_cannot_move_a_resource_into_or_out_of_its_part(
    clinic: FrontDoor,
) -> None:
    into = an_observation("pulse-mara", "mara", category=category("laboratory"))
    out = an_observation("o-mara", "mara", category=category("vital-signs"))
    patch = b'[{"op":"replace","path":"/category/0/coding/0/code","value":"vital-signs"}]'
    as_patch = {"content-type": "application/json-patch+json"}
    before = await clinic.count()

    answers = [
        await clinic.ask("PUT", "/Observation/pulse-mara", into, actor="lab"),
        await clinic.ask("PUT", "/Observation/o-mara", out, actor="lab"),
        await clinic.ask("PATCH", "/Observation/o-mara", patch, actor="lab", headers=as_patch),
        await clinic.ask("DELETE", "/Observation/pulse-mara", actor="lab"),
        await clinic.ask(
            "POST",
            "",
            bundle("transaction", entry("PUT", "Observation/o-mara", out)),
            actor="lab",
        ),
        await clinic.ask(
            "POST",
            "",
            bundle("transaction", entry("DELETE", "Observation/pulse-mara")),
            actor="lab",
        ),
    ]

    assert [one.status_code for one in answers] == [403, 403, 403, 404, 403, 404]
    assert await clinic.count() == before


async def test_a_condition_tells_nothing_of_what_is_not_granted(clinic: FrontDoor) -> None:
    lab = an_observation("x", "mara", category=category("laboratory"))
    headers = {"if-none-exist": "category=vital-signs&patient=mara"}

    created = await clinic.ask("POST", "/Observation", lab, actor="lab", headers=headers)
    changed = await clinic.ask("PUT", "/Observation?_id=pulse-other", lab, actor="lab")
    deleted = await clinic.ask("DELETE", "/Observation?_id=pulse-other", actor="lab")

    assert created.status_code == 201
    assert changed.status_code in {201, 400}
    assert deleted.status_code == 204
    still = await clinic.ask("GET", "/Observation/pulse-other")
    assert still.json()["meta"]["versionId"] == "1"


async def test_deletions_and_old_versions_stay_within_the_part(clinic: FrontDoor) -> None:
    await clinic.ask("DELETE", "/Observation/pulse-mara", actor="program")
    await clinic.ask("DELETE", "/Observation/o-mara", actor="lab")

    history = await clinic.ask("GET", "/Observation/_history", actor="lab")

    urls = {one["fullUrl"].rpartition("/")[2] for one in history.json()["entry"]}
    assert urls == {"o-mara", "o-other"}
    assert (await clinic.ask("GET", "/Observation/o-mara", actor="lab")).status_code == 410
    assert (await clinic.ask("GET", "/Observation/pulse-mara", actor="lab")).status_code == 404


async def test_whoever_may_look_at_more_than_they_may_change_finds_it_unchanged(
    clinic: FrontDoor,
) -> None:
    into = an_observation("pulse-mara", "mara", category=category("laboratory"))
    patch = b'[{"op":"replace","path":"/category/0/coding/0/code","value":"laboratory"}]'
    as_patch = {"content-type": "application/json-patch+json"}
    where = "/Observation?_id=pulse-mara"

    answers = [
        await clinic.ask("PUT", where, into, actor="editor"),
        await clinic.ask("PATCH", where, patch, actor="editor", headers=as_patch),
        await clinic.ask(
            "PATCH", "/Observation/pulse-mara", patch, actor="editor", headers=as_patch
        ),
        await clinic.ask("DELETE", where, actor="editor"),
        await clinic.ask(
            "POST", "", bundle("transaction", entry("PUT", where[1:], into)), actor="editor"
        ),
    ]

    assert [one.status_code for one in answers] == [403, 403, 403, 404, 403]
    assert (await clinic.ask("DELETE", "/Observation/o-mara", actor="editor")).status_code == 204


async def test_reading_by_id_and_searching_are_granted_apart(clinic: FrontDoor) -> None:
    async def asked(path: str) -> httpx2.Response:
        return await clinic.ask("GET", path, actor="editor")

    assert (await asked("/Patient/mara")).status_code == 200
    assert (await asked("/Patient")).status_code == 403
    assert (await asked("/Appointment/visit-mara")).status_code == 403
    assert found(await asked("/Appointment")) == {"visit-mara", "visit-other"}
    assert found(await asked("/Appointment?patient.family=Mara")) == set()
    assert found(await asked("/Observation?patient.family=Mara")) == set()


# --- a program bound to one patient ------------------------------------------------------------


async def test_a_patients_app_writes_into_that_patients_record_alone(clinic: FrontDoor) -> None:
    own = an_observation("survey", "mara", category=category("survey"))
    shared = own | {"performer": [{"reference": "Patient/other"}]}
    another = an_observation("survey", "other", category=category("survey"))
    other_part = an_observation("survey", "mara", category=category("laboratory"))

    assert (await clinic.ask("POST", "/Observation", own, actor="app")).status_code == 201
    for refused in (shared, another, other_part):
        answer = await clinic.ask("POST", "/Observation", refused, actor="app")
        assert answer.status_code == 403, answer.text
    taken = another | {"id": "o-other"}
    assert (await clinic.ask("PUT", "/Observation/o-other", taken, actor="app")).status_code == 403


async def test_a_patients_app_sees_no_notes_that_staff_keep_for_staff(clinic: FrontDoor) -> None:
    assert (await clinic.ask("GET", "/Flag", actor="app")).status_code == 403
    assert (await clinic.ask("GET", "/Flag/flag-mara", actor="app")).status_code == 403
    assert (await clinic.ask("GET", "/Observation/o-mara", actor="app")).status_code == 200

"""A clinic whose nurses and clinicians see the patients in their care, and open others' records in
an emergency, with a reason that someone reviews."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from careflow import clock as wall
from careflow.app.assemble import assemble
from careflow.app.guards import Application
from careflow.composition import Platform, open_platform
from careflow.database.work import Work
from careflow.identity.actor import Role
from careflow.identity.emergency import LASTS
from tests.api.conftest import FAST_HASH, PASSWORD, add_people, machine_token, scratch_settings

FHIR = "/api/fhir/R4"
REASON = "Brought in unconscious, allergies needed."


class MovedClock:
    """The wall clock, moved forward."""

    def __init__(self) -> None:
        self.by = timedelta()

    def __call__(self) -> datetime:
        return wall.now() + self.by


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


@pytest.fixture
async def limited(tmp_path: Path, clock: MovedClock) -> AsyncIterator[Platform]:
    """A clinic that limits its staff to the patients in their care."""
    settings = scratch_settings(tmp_path, own_patients_only=True)
    built = await open_platform(settings, password_cost=FAST_HASH, clock=clock)
    await add_people(built)
    await fill(built)
    yield built
    await built.close()


@pytest.fixture
def application(limited: Platform) -> Application:
    return assemble(limited)


def client_of(application: Application) -> httpx2.AsyncClient:
    transport = httpx2.ASGITransport(app=application)
    return httpx2.AsyncClient(transport=transport, base_url="http://clinic.test")


@asynccontextmanager
async def signed_in(application: Application, role: Role) -> AsyncIterator[httpx2.AsyncClient]:
    async with client_of(application) as client:
        body = {"email": f"{role}@clinic.example", "password": PASSWORD}
        answer = await client.post("/api/auth/login", json=body)
        client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        yield client


def a(kind: str, id: str, **content: Any) -> dict[str, Any]:
    return {"resourceType": kind, "id": id} | content


def to(address: str) -> dict[str, str]:
    return {"reference": address}


def result(id: str, patient: str) -> dict[str, Any]:
    code = {"coding": [{"system": "http://loinc.org", "code": "2823-3"}]}
    return a("Observation", id, status="final", code=code, subject=to(f"Patient/{patient}"))


RESOURCES = (
    a("Patient", "own", name=[{"family": "Own"}], generalPractitioner=[to("Practitioner/d1")]),
    *(
        a("Patient", id, name=[{"family": id.capitalize()}])
        for id in ("teamed", "seen", "booked", "role", "past", "other")
    ),
    a("Practitioner", "d1", name=[{"family": "Ada"}]),
    a("PractitionerRole", "r1", practitioner=to("Practitioner/d1")),
    a(
        "CareTeam",
        "t1",
        status="active",
        subject=to("Patient/teamed"),
        participant=[{"member": to("Practitioner/d1")}],
    ),
    a(
        "CareTeam",
        "t2",
        status="inactive",
        subject=to("Patient/past"),
        participant=[{"member": to("Practitioner/d1")}],
    ),
    a(
        "CareTeam",
        "t3",
        status="active",
        subject=to("Patient/role"),
        participant=[{"member": to("PractitionerRole/r1")}],
    ),
    a(
        "Encounter",
        "e1",
        status="finished",
        **{"class": {"code": "AMB"}},
        subject=to("Patient/seen"),
        participant=[{"individual": to("Practitioner/d1")}],
    ),
    a(
        "Appointment",
        "v1",
        status="booked",
        start="2026-11-24T09:00:00Z",
        end="2026-11-24T09:20:00Z",
        participant=[
            {"actor": to("Patient/booked"), "status": "accepted"},
            {"actor": to("Practitioner/d1"), "status": "accepted"},
        ],
    ),
    a(
        "Appointment",
        "v2",
        status="cancelled",
        participant=[
            {"actor": to("Patient/past"), "status": "accepted"},
            {"actor": to("Practitioner/d1"), "status": "accepted"},
        ],
    ),
    result("o-own", "own"),
    result("o-other", "other"),
)


async def fill(platform: Platform) -> None:
    async with Work(platform.documents) as work:
        for resource in RESOURCES:
            await platform.records.update(work, resource, actor=platform.operator)


def ids(answer: httpx2.Response) -> set[str]:
    assert answer.status_code == 200, answer.text
    return {entry["resource"]["id"] for entry in answer.json().get("entry", ())}


async def test_a_relation_is_made_by_practice_team_encounter_and_visit(
    application: Application,
) -> None:
    async with signed_in(application, Role.CLINICIAN) as clinician:
        patients = ids(await clinician.get(f"{FHIR}/Patient"))
        results = ids(await clinician.get(f"{FHIR}/Observation"))
        own = await clinician.get(f"{FHIR}/Patient/own")
        staff = ids(await clinician.get(f"{FHIR}/Practitioner"))

    assert patients == {"own", "teamed", "seen", "booked", "role"}
    assert results == {"o-own"}
    assert own.status_code == 200
    assert staff == {"d1"}


async def test_a_record_outside_ones_care_is_refused_with_the_way_to_open_it(
    application: Application,
) -> None:
    async with signed_in(application, Role.CLINICIAN) as clinician:
        refused = await clinician.get(f"{FHIR}/Observation/o-other")
        chart = await clinician.get("/api/patients/other/chart")
        nobody = await clinician.get(f"{FHIR}/Observation/o-nobody")
        lines = await clinician.get("/api/patients", params={"query": "Other"})

    assert refused.status_code == 403
    assert "/api/emergency-access" in refused.json()["issue"][0]["diagnostics"]
    assert (chart.status_code, chart.json()["code"]) == (403, "records-not-in-care")
    assert nobody.status_code == 404
    assert [line["id"] for line in lines.json()["patients"]] == ["other"]


async def test_writing_into_a_record_outside_ones_care_is_refused(
    application: Application, limited: Platform
) -> None:
    async with signed_in(application, Role.CLINICIAN) as clinician:
        created = await clinician.post(f"{FHIR}/Observation", json=result("x", "other"))
        changed = await clinician.put(f"{FHIR}/Observation/o-other", json=result("o-other", "own"))
        deleted = await clinician.delete(f"{FHIR}/Observation/o-other")
        allowed = await clinician.post(f"{FHIR}/Observation", json=result("x", "own"))
        source = a(
            "Provenance",
            "s",
            target=[to("Observation/o-own")],
            recorded="2026-11-24T09:00:00Z",
            agent=[{"who": to("Practitioner/d1")}],
        )
        nobodys = await clinician.post(f"{FHIR}/Provenance", json=source)

    assert nobodys.status_code == 201, nobodys.text
    assert (created.status_code, changed.status_code, deleted.status_code) == (403, 403, 403)
    assert allowed.status_code == 201


async def test_nobody_else_is_limited(application: Application) -> None:
    async with signed_in(application, Role.RECEPTIONIST) as desk:
        assert "other" in ids(await desk.get(f"{FHIR}/Patient"))
    async with signed_in(application, Role.NURSE) as nurse:
        assert ids(await nurse.get(f"{FHIR}/Patient")) == set()


async def test_an_emergency_opens_a_record_at_once_and_for_a_time(
    application: Application, clock: MovedClock
) -> None:
    async with signed_in(application, Role.NURSE) as nurse:
        before = await nurse.get(f"{FHIR}/Patient/other")
        body = {"patient_id": "other", "reason": REASON}
        opened = await nurse.post("/api/emergency-access", json=body)
        after = await nurse.get(f"{FHIR}/Patient/other")
        found = ids(await nurse.get(f"{FHIR}/Observation", params={"patient": "other"}))
        again = await nurse.post("/api/emergency-access", json=body)

    assert (before.status_code, opened.status_code, after.status_code) == (403, 201, 200)
    assert found == {"o-other"}
    assert again.json()["code"] == "identity-emergency-not-needed"
    ends = datetime.fromisoformat(opened.json()["ends_at"])
    assert ends - datetime.fromisoformat(opened.json()["began_at"]) == LASTS

    clock.by = LASTS + timedelta(minutes=1)
    async with signed_in(application, Role.NURSE) as nurse:
        assert (await nurse.get(f"{FHIR}/Patient/other")).status_code == 403


@pytest.mark.parametrize(
    ("role", "body", "status", "code"),
    [
        (Role.CLINICIAN, {"reason": "because"}, 400, "identity-emergency-reason"),
        (Role.CLINICIAN, {"reason": "x" * 501}, 400, "identity-emergency-reason"),
        (Role.CLINICIAN, {"patient_id": "nobody"}, 404, "identity-emergency-not-found"),
        (Role.CLINICIAN, {"patient_id": "own"}, 409, "identity-emergency-not-needed"),
        (Role.RECEPTIONIST, {}, 403, "identity-permission-missing"),
        (Role.ADMIN, {}, 403, "identity-permission-missing"),
        (Role.PATIENT, {}, 403, "identity-permission-missing"),
    ],
)
async def test_an_emergency_needs_a_role_a_reason_and_a_patient(
    application: Application, role: Role, body: dict[str, str], status: int, code: str
) -> None:
    async with signed_in(application, role) as client:
        sent = {"patient_id": "other", "reason": REASON} | body
        answer = await client.post("/api/emergency-access", json=sent)

    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_an_emergency_stands_in_the_trail_and_waits_for_review(
    application: Application,
) -> None:
    async with signed_in(application, Role.CLINICIAN) as clinician:
        body = {"patient_id": "other", "reason": REASON}
        await clinician.post("/api/emergency-access", json=body)
        hidden = await clinician.get("/api/emergency-access")
    async with signed_in(application, Role.ADMIN) as admin:
        lines = (await admin.get("/api/audit", params={"patient": "other"})).json()["entries"]
        [waiting] = (await admin.get("/api/emergency-access")).json()["accesses"]
        path = f"/api/emergency-access/{waiting['id']}/review"
        reviewed = await admin.post(path, json={"note": "Justified."})
        twice = await admin.post(path, json={"note": "Other words."})
        left = (await admin.get("/api/emergency-access")).json()["accesses"]
        done = await admin.get("/api/emergency-access", params={"status": "reviewed"})
        unknown = await admin.post("/api/emergency-access/nothing/review", json={})

    assert hidden.status_code == 403
    told = [(line["action"], line["reason"], line["actor_name"]) for line in lines]
    assert ("identity:emergency:open", REASON, "The clinician") in told
    assert (waiting["reason"], waiting["name"]) == (REASON, "The clinician")
    assert reviewed.json()["note"] == twice.json()["note"] == "Justified."
    assert left == []
    assert [one["id"] for one in done.json()["accesses"]] == [waiting["id"]]
    assert unknown.status_code == 404


async def test_a_record_that_is_opened_twice_is_open_to_one_account_alone(
    application: Application,
) -> None:
    async with signed_in(application, Role.NURSE) as nurse:
        await nurse.post("/api/emergency-access", json={"patient_id": "other", "reason": REASON})
    async with signed_in(application, Role.CLINICIAN) as clinician:
        assert (await clinician.get(f"{FHIR}/Patient/other")).status_code == 403


async def test_a_new_relation_counts_soon(
    application: Application, limited: Platform, clock: MovedClock
) -> None:
    async with signed_in(application, Role.CLINICIAN) as clinician:
        assert (await clinician.get(f"{FHIR}/Patient/other")).status_code == 403
        team = a(
            "CareTeam",
            "t9",
            status="active",
            subject=to("Patient/other"),
            participant=[{"member": to("Practitioner/d1")}],
        )
        async with Work(limited.documents) as work:
            await limited.records.update(work, team, actor=limited.operator)
        clock.by = timedelta(seconds=31)
        assert (await clinician.get(f"{FHIR}/Patient/other")).status_code == 200


async def test_a_program_sees_the_whole_clinic(application: Application, limited: Platform) -> None:
    async with client_of(application) as program:
        token = await machine_token(limited, program)
        headers = {"Authorization": f"Bearer {token}"}
        found = ids(await program.get(f"{FHIR}/Patient", headers=headers))

    assert "other" in found

"""Role by interaction by kind over FHIR REST, and for a patient by relation: who gets an answer.

The tables are written out here on purpose: a change of who may do what shows as a change of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import httpx2
import pytest

from careflow.composition import Platform
from careflow.database.work import Work
from careflow.identity.actor import Role
from tests.api.conftest import AsRole

FHIR = "/api/fhir/R4"
P, R, N, C, A, M = (
    Role.PATIENT,
    Role.RECEPTIONIST,
    Role.NURSE,
    Role.CLINICIAN,
    Role.ADMIN,
    Role.MACHINE,
)
Roles = frozenset[Role]

CARE = frozenset({N, C, M})
READ: Mapping[str, Roles] = {
    "Patient": frozenset({P, R}) | CARE,
    "Appointment": frozenset({P, R}) | CARE,
    "Observation": frozenset({P}) | CARE,
    "Flag": CARE,
    "Practitioner": frozenset(Role),
    "ValueSet": frozenset(Role) - {R},
}
WRITE: Mapping[str, Roles] = {
    "Patient": frozenset({R}) | CARE,
    "Appointment": CARE,
    "Observation": CARE,
    "Flag": CARE,
    "Practitioner": frozenset({A, M}),
    "ValueSet": frozenset({A, M}),
}
DELETE: Mapping[str, Roles] = {
    "Patient": frozenset({M}),
    "Appointment": frozenset({M}),
    "Observation": frozenset({C, M}),
    "Flag": frozenset({C, M}),
    "Practitioner": frozenset({A, M}),
    "ValueSet": frozenset({A, M}),
}
WHOLE = frozenset({N, C, M})
"""Who may ask about everything at once."""
TRAIL = frozenset({A, M})


def a(kind: str, id: str, patient: str = "p1") -> dict[str, Any]:
    """Return a valid resource of a kind, about a patient where it is about one."""
    about = {"reference": f"Patient/{patient}"}
    content: dict[str, dict[str, Any]] = {
        "Patient": {"active": True},
        "Appointment": {
            "status": "proposed",
            "participant": [{"actor": about, "status": "accepted"}],
        },
        "Observation": {"status": "final", "code": {"text": "K"}, "subject": about},
        "Flag": {"status": "active", "code": {"text": "Falls"}, "subject": about},
        "Practitioner": {"active": True},
        "ValueSet": {"status": "draft"},
    }
    return {"resourceType": kind, "id": id} | content[kind]


def bundle(type_: str, method: str, url: str, resource: Any = None) -> dict[str, Any]:
    entry = {"request": {"method": method, "url": url}}
    content = {} if resource is None else {"resource": resource}
    return {"resourceType": "Bundle", "type": type_, "entry": [entry | content]}


Ask = Callable[[str, str], tuple[str, str, Any, dict[str, str]]]
"""From kind and id to method, path, content and headers."""
PATCH = {"content-type": "application/json-patch+json"}
READS: Mapping[str, Ask] = {
    "read": lambda kind, id: ("GET", f"/{kind}/{id}", None, {}),
    "vread": lambda kind, id: ("GET", f"/{kind}/{id}/_history/1", None, {}),
    "history": lambda kind, id: ("GET", f"/{kind}/{id}/_history", None, {}),
    "search": lambda kind, id: ("GET", f"/{kind}?_id={id}", None, {}),
    "search-system": lambda kind, id: ("GET", f"/?_type={kind}&_id={id}", None, {}),
    "history-type": lambda kind, _: ("GET", f"/{kind}/_history", None, {}),
    "batch-read": lambda kind, id: ("POST", "", bundle("batch", "GET", f"{kind}/{id}"), {}),
}
WRITES: Mapping[str, Ask] = {
    "create": lambda kind, id: ("POST", f"/{kind}", a(kind, id), {}),
    "update": lambda kind, id: ("PUT", f"/{kind}/{id}", a(kind, id), {}),
    "update-new": lambda kind, id: ("PUT", f"/{kind}/{id}-new", a(kind, f"{id}-new"), {}),
    "update-where": lambda kind, id: ("PUT", f"/{kind}?_id={id}", a(kind, id), {}),
    "patch": lambda kind, id: ("PATCH", f"/{kind}/{id}", [], PATCH),
    "batch-create": lambda k, id: ("POST", "", bundle("batch", "POST", k, a(k, id)), {}),
    "transaction": lambda k, id: ("POST", "", bundle("transaction", "POST", k, a(k, id)), {}),
}
DELETES: Mapping[str, Ask] = {
    "delete": lambda kind, id: ("DELETE", f"/{kind}/{id}", None, {}),
    "delete-where": lambda kind, id: ("DELETE", f"/{kind}?_id={id}", None, {}),
    "transaction": lambda k, id: ("POST", "", bundle("transaction", "DELETE", f"{k}/{id}"), {}),
}


async def store(platform: Platform, *resources: dict[str, Any]) -> None:
    async with Work(platform.documents) as work:
        for resource in resources:
            await platform.records.update(work, resource, actor=platform.operator)


async def answered(client: httpx2.AsyncClient, ask: Ask, kind: str, id: str) -> bool:
    """Report whether a request was carried out rather than refused."""
    method, path, content, headers = ask(kind, id)
    answer = await client.request(method, f"{FHIR}{path}", json=content, headers=headers)
    assert answer.status_code < 500, answer.text
    body = answer.json() if answer.content else {}
    if body.get("type") == "batch-response":
        return bool(body["entry"][0]["response"]["status"].startswith("2"))
    return answer.status_code < 300


@pytest.mark.parametrize("role", list(Role))
async def test_a_role_gets_an_answer_where_the_table_says_so(
    role: Role, as_role: AsRole, platform: Platform
) -> None:
    parts = ((READS, READ), (WRITES, WRITE), (DELETES, DELETE))
    await store(platform, a("Patient", "p1"))
    wrong: list[str] = []
    async with as_role(role) as client:
        for asks, table in parts:
            for kind, roles in table.items():
                for name, ask in asks.items():
                    id = "p1" if (kind, asks) == ("Patient", READS) else f"{name}-{kind.lower()}"
                    await store(platform, a(kind, id))
                    if await answered(client, ask, kind, id) != (role in roles):
                        wrong.append(f"{name} {kind}")

    assert wrong == []


@pytest.mark.parametrize("role", list(Role))
async def test_the_whole_record_and_the_trail_are_for_some(
    role: Role, as_role: AsRole, platform: Platform
) -> None:
    await store(platform, a("Patient", "p1"))
    async with as_role(role) as client:
        history = await client.get(f"{FHIR}/_history")
        chart = await client.get(f"{FHIR}/Patient/p1/$everything")
        trail = await client.get(f"{FHIR}/AuditEvent")
        written = await client.post(f"{FHIR}/AuditEvent", json={"resourceType": "AuditEvent"})

    assert (history.status_code == 200) == (role in WHOLE)
    assert (chart.status_code == 200) == (role in READ["Patient"])
    assert (trail.status_code == 200) == (role in TRAIL)
    assert written.status_code in {403, 405}


@pytest.mark.parametrize("kind", ["Patient", "Appointment", "Observation"])
async def test_a_patient_is_answered_about_themselves_alone(
    kind: str, as_role: AsRole, platform: Platform
) -> None:
    own, other = ("p1", "p2") if kind == "Patient" else ("own", "other")
    await store(platform, a("Patient", "p1"), a("Patient", "p2"))
    await store(platform, a(kind, own, "p1"), a(kind, other, "p2"))
    seen: list[str] = []
    async with as_role(Role.PATIENT) as patient:
        for name, ask in READS.items():
            assert await answered(patient, ask, kind, own), name
            method, path, content, headers = ask(kind, other)
            answer = await patient.request(method, f"{FHIR}{path}", json=content, headers=headers)
            if f'"id":"{other}"' in answer.text:
                seen.append(name)

    assert seen == []


@pytest.mark.parametrize("role", [Role.RECEPTIONIST, Role.PATIENT])
async def test_a_whole_chart_holds_no_more_than_its_reader_may_see(
    role: Role, as_role: AsRole, platform: Platform
) -> None:
    await store(platform, a("Patient", "p1") | {"maritalStatus": {"text": "Divorced"}})
    await store(platform, a("Observation", "o"), a("Flag", "f"), a("Appointment", "v"))
    async with as_role(role) as client:
        answer = await client.get(f"{FHIR}/Patient/p1/$everything")

    kinds = {entry["resource"]["resourceType"] for entry in answer.json()["entry"]}
    shown = {"Patient", "Appointment"} | ({"Observation"} if role is Role.PATIENT else set())
    assert kinds == shown
    assert ("Divorced" in answer.text) == (role is Role.PATIENT)

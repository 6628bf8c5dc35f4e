"""Every route, walked without a token and as every role: nobody gets past the table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from careflow.app.assemble import api_of
from careflow.composition import Platform
from careflow.identity.actor import Role
from tests.api.conftest import AsRole

P, R, N, C, A, M = (
    Role.PATIENT,
    Role.RECEPTIONIST,
    Role.NURSE,
    Role.CLINICIAN,
    Role.ADMIN,
    Role.MACHINE,
)
EVERYONE = frozenset({P, R, N, C, A, M})
PEOPLE = frozenset({P, R, N, C, A})
DESK = frozenset({R, N, C})
CARE = frozenset({N, C})
OPEN = None
"""Needs no sign-in at all."""

MATRIX: Mapping[str, frozenset[Role] | None] = {
    "GET /api/health/live": OPEN,
    "GET /api/health/ready": OPEN,
    "GET /api/clinic": OPEN,
    "POST /api/auth/login": OPEN,
    "POST /api/auth/sign-up": OPEN,
    "POST /api/auth/token": OPEN,
    "POST /api/auth/refresh": OPEN,
    "POST /api/auth/logout": EVERYONE,
    "GET /api/auth/me": PEOPLE,
    "POST /api/auth/password": PEOPLE,
    "POST /api/auth/second-factor/enrol": PEOPLE,
    "POST /api/auth/second-factor/confirm": PEOPLE,
    "GET /api/day": DESK,
    "GET /api/patients": DESK,
    "POST /api/patients": DESK,
    "GET /api/patients/twins": DESK,
    "GET /api/patients/{patient_id}/merge": frozenset({R, C}),
    "POST /api/patients/{patient_id}/merge": frozenset({R, C}),
    "POST /api/merges/{merge_id}/undo": frozenset({R, C}),
    "POST /api/walk-ins": DESK,
    "GET /api/patients/{patient_id}/chart": CARE,
    "GET /api/patients/{patient_id}/results/{code}": CARE,
    "GET /api/inbox": DESK,
    "POST /api/documents": DESK,
    "GET /api/documents": DESK,
    "GET /api/documents/{document_id}": DESK,
    "GET /api/documents/{document_id}/candidates": DESK,
    "POST /api/documents/{document_id}/match": DESK,
    "POST /api/documents/{document_id}/discard": DESK,
    "POST /api/documents/{document_id}/file": frozenset({C}),
    "GET /api/documents/{document_id}/pages/{number}": DESK,
    "GET /api/documents/{document_id}/content": DESK,
    "GET /api/portal": frozenset({P}),
    "POST /api/portal/assistant": frozenset({P}),
    "POST /api/portal/explanations": frozenset({P}),
    "GET /api/portal/entries/{kind}/{entry_id}": frozenset({P}),
    "POST /api/portal/messages": frozenset({P}),
    "GET /api/portal/messages": frozenset({P}),
    "GET /api/patient-messages": CARE,
    "GET /api/patient-messages/waiting": CARE,
    "POST /api/patient-messages/{message_id}/take": CARE,
    "POST /api/patient-messages/{message_id}/class": CARE,
    "POST /api/patient-messages/{message_id}/reply": CARE,
    "GET /api/patients/{patient_id}/safety": CARE,
    "GET /api/ai/cards": PEOPLE,
    "GET /api/ai/cards/{task}": PEOPLE,
    "GET /api/ai/tasks": CARE,
    "POST /api/ai/tasks/{task}": CARE,
    "POST /api/ai/tasks/{task}/file": CARE,
    "GET /api/ai/oversight": frozenset({A}),
    "POST /api/ai/oversight/switches": frozenset({A}),
    "GET /api/ai/drafts": CARE,
    "GET /api/ai/drafts/{draft_id}": CARE,
    "POST /api/ai/drafts/{draft_id}/edit": CARE,
    "POST /api/ai/drafts/{draft_id}/accept": frozenset({C}),
    "POST /api/ai/drafts/{draft_id}/reject": frozenset({C}),
    "POST /api/ai/drafts/{draft_id}/reports": CARE,
    "GET /api/ai/task-drafts": CARE,
    "GET /api/ai/task-drafts/waiting": CARE,
    "GET /api/ai/task-drafts/{draft_id}": CARE,
    "GET /api/ai/task-drafts/{draft_id}/signed": CARE,
    "POST /api/ai/task-drafts/{draft_id}/edit": CARE,
    "POST /api/ai/task-drafts/{draft_id}/looks": CARE,
    "POST /api/ai/task-drafts/{draft_id}/accept": frozenset({C}),
    "POST /api/ai/task-drafts/{draft_id}/reject": frozenset({C}),
    "GET /api/visits/plan": DESK | {P},
    "GET /api/visits/openings": DESK | {P},
    "POST /api/visits/holds": DESK | {P},
    "POST /api/visits/holds/release": DESK,
    "GET /api/visits/zone-report": frozenset({R, C, A}),
    "POST /api/visits/holds/{hold_id}/renew": DESK | {P},
    "DELETE /api/visits/holds/{hold_id}": DESK | {P},
    "POST /api/visits": DESK | {P},
    "POST /api/visits/{visit_id}/move": DESK | {P},
    "POST /api/visits/{visit_id}/cancel": DESK | {P},
    "POST /api/visits/{visit_id}/stage": DESK,
    "POST /api/visits/{visit_id}/undo": DESK,
    "GET /api/visits/{visit_id}/last-change": DESK,
    "GET /api/visits/events": DESK,
    "GET /api/calendars/{practitioner_id}": DESK | {A},
    "PUT /api/calendars/{practitioner_id}": frozenset({R, C, A}),
    "POST /api/calendars/{practitioner_id}/stranded": frozenset({R, C, A}),
    "POST /api/calendars/{practitioner_id}/leave/preview": frozenset({R, C, A}),
    "POST /api/calendars/{practitioner_id}/leave": frozenset({R, C, A}),
    "POST /api/calendars/{practitioner_id}/leave/{absence_id}/undo": frozenset({R, C, A}),
    "POST /api/calendars/{practitioner_id}/leave/{absence_id}/visits/{visit_id}/undo": frozenset(
        {R, C, A}
    ),
    "POST /api/series/preview": DESK,
    "POST /api/series": DESK,
    "POST /api/series/{visit_id}/preview": DESK,
    "POST /api/series/{visit_id}/move": DESK,
    "POST /api/series/{visit_id}/cancel": DESK,
    "GET /api/waitlist": DESK | {P},
    "POST /api/waitlist": DESK | {P},
    "DELETE /api/waitlist/{waiting_id}": DESK | {P},
    "POST /api/waitlist/offers/{offer_id}/accept": DESK | {P},
    "POST /api/waitlist/offers/{offer_id}/decline": DESK | {P},
    "GET /api/public/booking": OPEN,
    "GET /api/public/booking/openings": OPEN,
    "POST /api/public/booking/hold": OPEN,
    "POST /api/public/booking/hold/renew": OPEN,
    "POST /api/public/booking/hold/release": OPEN,
    "POST /api/public/booking/code": OPEN,
    "POST /api/public/booking/visit": OPEN,
    "GET /api/visits/own": frozenset({P}),
    "GET /api/intake": CARE,
    "GET /api/intake/{form_id}": CARE,
    "POST /api/intake/{form_id}/answers/{key}/accept": CARE,
    "POST /api/intake/{form_id}/answers/{key}/decline": CARE,
    "POST /api/links/look": OPEN,
    "POST /api/links/confirm": OPEN,
    "POST /api/links/cancel": OPEN,
    "POST /api/links/late": OPEN,
    "POST /api/links/openings": OPEN,
    "POST /api/links/move": OPEN,
    "POST /api/links/offer": OPEN,
    "POST /api/links/stop": OPEN,
    "POST /api/replies/sms": OPEN,
    "GET /api/outbox": DESK,
    "POST /api/outbox/{message_id}/send-again": DESK,
    "GET /api/feeds": DESK | {P},
    "POST /api/feeds": DESK | {P},
    "DELETE /api/feeds": DESK | {P},
    "GET /api/feeds/{token}": OPEN,
    "GET /api/jobs": DESK | {A},
    "GET /api/jobs/{job_id}": EVERYONE,
    "GET /api/jobs/{job_id}/events": EVERYONE,
    "GET /api/audit": frozenset({A}),
    "POST /api/emergency-access": CARE,
    "GET /api/emergency-access": frozenset({A}),
    "POST /api/emergency-access/{emergency_id}/review": frozenset({A}),
    "GET /api/plan/answer": frozenset({A}),
    "GET /api/plan/decision": frozenset({A}),
    "GET /api/plan/comparison": frozenset({A}),
    "GET /api/plan/growth": frozenset({A}),
    "GET /api/plan/curves": frozenset({A}),
    "GET /api/plan/diagram": frozenset({A}),
    "GET /api/plan/migration": frozenset({A}),
    "GET /api/plan/breakeven": frozenset({A}),
    "GET /api/plan/compliance": frozenset({A}),
    "GET /api/plan/prices": frozenset({A}),
    "GET /api/plan/phases": frozenset({A}),
    "GET /api/plan/guide": frozenset({A}),
    "GET /api/plan/glossary": frozenset({A}),
}

_TIME = {
    "type": "none",
    "place": "none",
    "practitioner": "none",
    "start": "2026-11-25T09:00:00-05:00",
}
_LEAVE = {"begin": _TIME["start"], "end": "2026-11-26T09:00:00-05:00"}
_SERIES = {**_TIME, "patient": "p1", "rule": "FREQ=WEEKLY;COUNT=3"}
BODIES: Mapping[str, Any] = {
    "POST /api/visits/holds": _TIME,
    "POST /api/visits/holds/release": {"practitioner": "d1"},
    "POST /api/patients": {"family": "Tide", "given": "Ebb", "birth_date": "1970-01-02"},
    "POST /api/patients/{patient_id}/merge": {"into": "p2", "reason": "One person."},
    "POST /api/merges/{merge_id}/undo": {"reason": "Two people."},
    "POST /api/walk-ins": {"name": "Ebb Tide", "birth_date": "1970-01-02", "reason": "Cough"},
    "PUT /api/calendars/{practitioner_id}": {"version": 1, "hours": []},
    "POST /api/calendars/{practitioner_id}/stranded": {"version": 1, "hours": []},
    "POST /api/calendars/{practitioner_id}/leave/preview": _LEAVE,
    "POST /api/calendars/{practitioner_id}/leave": {**_LEAVE, "settlements": []},
    "POST /api/series/preview": _SERIES,
    "POST /api/series": _SERIES,
    "POST /api/series/{visit_id}/preview": {"which": "all", "start": _TIME["start"]},
    "POST /api/series/{visit_id}/move": {"which": "all", "start": _TIME["start"]},
    "POST /api/series/{visit_id}/cancel": {"which": "all"},
    "POST /api/waitlist": {"patient": "p1", "type": "none", "place": "none"},
    "POST /api/intake/{form_id}/answers/{key}/accept": {},
    "POST /api/intake/{form_id}/answers/{key}/decline": {"reason": "Not so."},
    "POST /api/visits": _TIME,
    "POST /api/visits/{visit_id}/move": {**_TIME, "version": 1},
    "POST /api/visits/{visit_id}/cancel": {"version": 1},
    "POST /api/visits/{visit_id}/stage": {"version": 1, "stage": "arrived"},
    "POST /api/visits/{visit_id}/undo": {"version": 1, "reason": "By mistake."},
    "POST /api/auth/password": {"current": "x" * 12, "new": "y" * 14},
    "POST /api/auth/second-factor/confirm": {"code": "123456"},
    "POST /api/documents/{document_id}/match": {"patient_id": "p1"},
    "POST /api/documents/{document_id}/discard": {"reason": "not ours"},
    "POST /api/documents/{document_id}/file": {"title": "A letter"},
    "POST /api/ai/tasks/{task}": {"text": "Glucose: 142 mg/dL (70-99)"},
    "POST /api/portal/assistant": {"messages": [{"role": "patient", "text": "Hello"}]},
    "POST /api/portal/explanations": {"term": "anaemia"},
    "POST /api/portal/messages": {"text": "Please renew my tablets."},
    "POST /api/patient-messages/{message_id}/take": {"version": 1},
    "POST /api/patient-messages/{message_id}/class": {
        "version": 1,
        "klass": "refill",
        "reason": "It is one.",
    },
    "POST /api/patient-messages/{message_id}/reply": {"version": 1, "text": "Done."},
    "POST /api/ai/oversight/switches": {"is_off": True, "reason": "An error was found."},
    "POST /api/ai/drafts/{draft_id}/edit": {"version": 1, "rows": []},
    "POST /api/ai/drafts/{draft_id}/accept": {"version": 1},
    "POST /api/ai/drafts/{draft_id}/reject": {"version": 1, "reason": "not ours"},
    "POST /api/ai/drafts/{draft_id}/reports": {"kind": "wrong"},
    "POST /api/ai/task-drafts/{draft_id}/edit": {"version": 1},
    "POST /api/ai/task-drafts/{draft_id}/accept": {"version": 1},
    "POST /api/ai/task-drafts/{draft_id}/looks": {"part": None},
    "POST /api/ai/task-drafts/{draft_id}/reject": {"version": 1, "reason": "not ours"},
    "POST /api/emergency-access": {"patient_id": "p1", "reason": "Unconscious at the door."},
    "POST /api/emergency-access/{emergency_id}/review": {"note": "Seen."},
}
REACHED = {
    "identity-wrong-credentials",
    "identity-wrong-code",
    "scheduling-not-their-calendar",
}
PARAMETERS = {
    "{patient_id}": "p1",
    "{code}": "2345-7",
    "{document_id}": "d1",
    "{number}": "1",
    "{task}": "lab-results",
    "{draft_id}": "x1",
    "{job_id}": "j1",
    "{emergency_id}": "m1",
    "{visit_id}": "v1",
    "{practitioner_id}": "ada",
    "{absence_id}": "a1",
    "{waiting_id}": "w1",
    "{offer_id}": "o1",
    "{form_id}": "q1",
    "{key}": "reason.0",
    "{hold_id}": "h1",
    "{merge_id}": "m1",
    "{message_id}": "m1",
    "{kind}": "Observation",
    "{entry_id}": "o1",
}
QUERIES = {
    "POST /api/documents": "?filename=a.pdf",
    "GET /api/patients/{patient_id}/merge": "?into=p2",
    "GET /api/visits/events": "?for_s=0",
    "GET /api/visits/openings": "?type=follow-up",
}


def address(route: str) -> tuple[str, str]:
    """Return the method and a path with every parameter filled."""
    method, path = route.split(" ")
    for name, value in PARAMETERS.items():
        path = path.replace(name, value)
    return method, path + QUERIES.get(route, "")


def test_every_route_stands_in_the_matrix_and_nothing_else(platform: Platform) -> None:
    schema = api_of(platform).openapi()

    routes = {f"{m.upper()} {path}" for path, ops in schema["paths"].items() for m in ops}

    assert routes == set(MATRIX)


async def test_without_a_token_nothing_is_answered(as_role: AsRole) -> None:
    answered: list[str] = []
    async with as_role(None) as client:
        for route in (r for r, roles in MATRIX.items() if roles is not OPEN):
            method, path = address(route)
            answer = await client.request(
                method, path, json=BODIES.get(route), headers={"Idempotency-Key": path}
            )
            if answer.status_code != 401 or not answer.json()["code"].startswith("identity-"):
                answered.append(f"{route}: {answer.status_code} {answer.text[:120]}")

    assert answered == []


@pytest.mark.parametrize("role", list(Role))
async def test_a_role_reaches_what_the_matrix_grants_and_no_more(
    role: Role, as_role: AsRole
) -> None:
    wrong: list[str] = []
    for route, roles in MATRIX.items():
        if roles is OPEN or route == "POST /api/auth/logout":
            continue
        method, path = address(route)
        async with as_role(role) as client:
            answer = await client.request(
                method, path, json=BODIES.get(route), headers={"Idempotency-Key": path}
            )
        # A wrong password or code is an answer of the route itself: it was reached.
        refused = answer.status_code in {401, 403} and answer.json()["code"] not in REACHED
        if refused == (role in roles):
            wrong.append(f"{route}: {answer.status_code} {answer.text[:120]}")

    assert wrong == []


async def test_the_apis_own_description_is_for_who_is_signed_in(as_role: AsRole) -> None:
    async with as_role(None) as nobody:
        refused = await nobody.get("/api/openapi.json")
    async with as_role(Role.RECEPTIONIST) as someone:
        shown = await someone.get("/api/openapi.json")

    assert refused.status_code == 401
    assert set(shown.json()["paths"]) == {route.split(" ")[1] for route in MATRIX}


FHIR_READ = {"Patient": {P, R, N, C, M}, "Observation": {P, N, C, M}, "Practitioner": PEOPLE | {M}}
FHIR_WRITE = {"Patient": {R, N, C, M}, "Observation": {N, C, M}, "AuditEvent": set()}


@pytest.mark.parametrize("role", list(Role))
async def test_fhir_is_open_by_role_and_type(role: Role, as_role: AsRole) -> None:
    wrong: list[str] = []
    async with as_role(role) as client:
        for kind, roles in FHIR_READ.items():
            answer = await client.get(f"/api/fhir/R4/{kind}")
            if (answer.status_code == 200) != (role in roles):
                wrong.append(f"read {kind}: {answer.status_code}")
        for kind, roles in FHIR_WRITE.items():
            answer = await client.post(
                f"/api/fhir/R4/{kind}",
                content=b'{"resourceType":"%s"}' % kind.encode(),
                headers={"Content-Type": "application/fhir+json"},
            )
            refused = answer.status_code in {401, 403, 404, 405}
            if refused == (role in roles):
                wrong.append(f"write {kind}: {answer.status_code} {answer.text[:100]}")

    assert wrong == []


async def test_fhir_without_a_token_answers_an_operation_outcome(as_role: AsRole) -> None:
    async with as_role(None) as client:
        answer = await client.get("/api/fhir/R4/Patient/p1")

    assert answer.status_code == 401
    assert answer.json()["resourceType"] == "OperationOutcome"


async def test_a_patient_cannot_tell_another_record_from_none(
    as_role: AsRole, platform: Platform
) -> None:
    async with as_role(Role.MACHINE) as machine:
        for id in ("p1", "p2"):
            stored = await machine.put(
                f"/api/fhir/R4/Patient/{id}", json={"resourceType": "Patient", "id": id}
            )
            assert stored.status_code == 201, stored.text

    async with as_role(Role.PATIENT) as patient:
        own = await patient.get("/api/fhir/R4/Patient/p1")
        other = await patient.get("/api/fhir/R4/Patient/p2")
        none = await patient.get("/api/fhir/R4/Patient/p999")
        found = await patient.get("/api/fhir/R4/Patient")

    assert (own.status_code, other.status_code, none.status_code) == (200, 404, 404)
    assert other.json()["issue"] == none.json()["issue"]
    assert [e["resource"]["id"] for e in found.json()["entry"]] == ["p1"]

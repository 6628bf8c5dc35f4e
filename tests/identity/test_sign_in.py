"""Signing in and out over HTTP, with the mistakes that are never to be repeated."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import httpx2
import pytest

from careflow.database.work import Work
from careflow.identity.actor import Role
from careflow.identity.assembly import Identity
from tests.identity.clinic import (
    PASSWORD,
    SetClock,
    add_person,
    bearer,
    browser,
    sign_in,
    trail,
)

NURSE = "nurse@harbour.example"


async def login(web: httpx2.AsyncClient, email: str, password: str) -> httpx2.Response:
    return await web.post("/api/auth/login", json={"email": email, "password": password})


# --- mistakes never to repeat ----------------------------------------------------------------


async def test_an_unknown_email_with_the_role_admin_creates_nobody(
    identity: Identity, web: httpx2.AsyncClient
) -> None:
    body = {"email": "stranger@mail.example", "password": "any password at all", "role": "admin"}

    with_role = await web.post("/api/auth/login", json=body)
    del body["role"]
    without = await web.post("/api/auth/login", json=body)

    assert with_role.status_code == 422
    assert without.status_code == 401
    assert await identity.accounts.listed() == []


@pytest.mark.parametrize("extra", [{"role": "admin"}, {"role": "nurse"}, {"patient_id": "p1"}])
async def test_sign_up_has_no_role_and_no_record_to_ask_for(
    identity: Identity, web: httpx2.AsyncClient, extra: dict[str, str]
) -> None:
    body = {"email": "pat@mail.example", "name": "Pat", "password": PASSWORD} | extra

    response = await web.post("/api/auth/sign-up", json=body)

    assert response.status_code == 422
    assert await identity.accounts.listed() == []


async def test_sign_up_never_yields_a_staff_session(
    identity: Identity, web: httpx2.AsyncClient
) -> None:
    body = {"email": "pat@mail.example", "name": "Pat", "password": PASSWORD}
    assert (await web.post("/api/auth/sign-up", json=body)).status_code == 202

    session = await sign_in(web, "pat@mail.example")

    account = session.answer["account"]
    assert account["role"] == "patient"
    assert account["patient_id"] is None
    assert [a.role for a in await identity.accounts.listed()] == [Role.PATIENT]


async def test_sign_up_answers_the_same_for_an_address_that_has_an_account(
    identity: Identity, web: httpx2.AsyncClient
) -> None:
    await add_person(identity, NURSE, Role.NURSE)
    known = {"email": NURSE, "name": "Thief", "password": "some other password"}
    unknown = known | {"email": "new@mail.example"}

    first = await web.post("/api/auth/sign-up", json=known)
    second = await web.post("/api/auth/sign-up", json=unknown)

    assert (first.status_code, first.content) == (second.status_code, second.content)
    assert (await login(web, NURSE, "some other password")).status_code == 401
    assert (await login(web, NURSE, PASSWORD)).json()["account"]["role"] == "nurse"


async def test_an_unknown_email_and_a_wrong_password_get_the_same_answer(
    identity: Identity, web: httpx2.AsyncClient
) -> None:
    await add_person(identity, NURSE, Role.NURSE)
    gone = await add_person(identity, "gone@harbour.example", Role.NURSE)
    async with Work(identity.documents) as work:
        await identity.accounts.disable(work, gone.id, by=None)

    answers = [
        await login(web, "nobody@harbour.example", "wrong password here"),
        await login(web, NURSE, "wrong password here"),
        await login(web, gone.email, PASSWORD),
    ]

    assert {a.status_code for a in answers} == {401}
    assert len({a.content for a in answers}) == 1
    assert answers[0].json()["code"] == "identity-wrong-credentials"
    assert len({tuple(sorted(a.headers)) for a in answers}) == 1


async def test_an_unknown_email_costs_the_same_hash(
    identity: Identity, web: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    await add_person(identity, NURSE, Role.NURSE)
    hashes: list[str] = []
    real = identity.accounts.passwords._fits

    def counted(password: str, kept: str) -> bool:
        hashes.append(kept.split("$")[2])
        return real(password, kept)

    monkeypatch.setattr(identity.accounts.passwords, "_fits", counted)
    await login(web, "nobody@harbour.example", "wrong password here")
    await login(web, NURSE, "wrong password here")

    assert hashes == ["04", "04"]


async def test_a_token_is_dead_after_sign_out_on_every_node_within_five_seconds(
    identity: Identity, web: httpx2.AsyncClient, other_node: Identity, clock: SetClock
) -> None:
    await add_person(identity, NURSE, Role.NURSE)
    session = await sign_in(web, NURSE)
    async with browser(other_node) as elsewhere:
        assert (await elsewhere.get("/api/chart", headers=session.headers)).status_code == 200

        await web.post("/api/auth/logout", headers=session.headers)
        here = await web.get("/api/chart", headers=session.headers)
        clock.move(seconds=5)
        there = await elsewhere.get("/api/chart", headers=session.headers)

    for answer in (here, there):
        assert answer.status_code == 401
        assert answer.json()["code"] == "identity-session-ended"


@pytest.mark.parametrize("change", ["role", "disable", "password", "everywhere"])
async def test_a_token_is_dead_within_five_seconds_of_a_change_made_elsewhere(
    identity: Identity,
    web: httpx2.AsyncClient,
    other_node: Identity,
    clock: SetClock,
    change: str,
) -> None:
    nurse = await add_person(identity, NURSE, Role.NURSE)
    session = await sign_in(web, NURSE)
    assert (await web.get("/api/chart", headers=session.headers)).status_code == 200
    accounts = other_node.accounts
    async with Work(other_node.documents) as work:
        if change == "role":
            await accounts.set_role(work, nurse.id, Role.RECEPTIONIST, by=None)
        elif change == "disable":
            await accounts.disable(work, nurse.id, by=None)
        elif change == "password":
            await accounts.set_password(work, nurse.id, "another password", by=None)
        else:
            await accounts.end_sessions(work, nurse.id, by=None)

    clock.move(seconds=5)
    access = await web.get("/api/chart", headers=session.headers)
    refresh = await web.post("/api/auth/refresh", json={"refresh_token": session.refresh})

    assert access.status_code == 401
    assert refresh.status_code == 401
    assert refresh.json()["code"] == "identity-session-ended"


async def test_a_banana_is_no_token_at_the_door(web: httpx2.AsyncClient) -> None:
    answers = {
        header: (await web.get("/api/chart", headers={"Authorization": header})).json()["code"]
        for header in ("Bearer banana", "banana", "Bearer", "Bearer ", "Basic YTpi", "")
    }

    assert set(answers.values()) == {"identity-token-invalid"}
    assert (await web.get("/api/chart")).json()["code"] == "identity-token-missing"


async def test_the_email_can_be_typed_in_any_case(
    identity: Identity, web: httpx2.AsyncClient
) -> None:
    await add_person(identity, NURSE, Role.NURSE)

    session = await sign_in(web, "NURSE@Harbour.Example")

    assert session.answer["account"]["email"] == NURSE


async def test_no_answer_echoes_a_password_or_a_hash(
    identity: Identity, web: httpx2.AsyncClient
) -> None:
    await add_person(identity, NURSE, Role.NURSE)

    right = await login(web, NURSE, PASSWORD)
    wrong = await login(web, NURSE, "a wrong password")

    assert PASSWORD not in right.text
    assert "$2b$" not in right.text
    assert "a wrong password" not in wrong.text


# --- the ordinary way ------------------------------------------------------------------------


async def test_a_nurse_signs_in_and_is_known(identity: Identity, web: httpx2.AsyncClient) -> None:
    nurse = await add_person(identity, NURSE, Role.NURSE)

    session = await sign_in(web, NURSE)
    me = await web.get("/api/auth/me", headers=session.headers)

    assert session.answer["expires_in"] == 600
    assert me.json() == {
        "id": nurse.id,
        "name": "nurse person",
        "email": NURSE,
        "role": "nurse",
        "organisation": "harbour",
        "patient_id": None,
        "practitioner_id": None,
        "mfa_enrolled": False,
        "demo": False,
    }


async def test_an_access_token_expires_after_ten_minutes(
    identity: Identity, web: httpx2.AsyncClient, clock: SetClock
) -> None:
    await add_person(identity, NURSE, Role.NURSE)
    session = await sign_in(web, NURSE)

    clock.move(minutes=10)
    answer = await web.get("/api/chart", headers=session.headers)

    assert answer.json()["code"] == "identity-token-expired"


async def test_a_token_of_another_organisation_is_refused(
    identity: Identity, web: httpx2.AsyncClient, clock: SetClock
) -> None:
    nurse = await add_person(identity, NURSE, Role.NURSE)
    session = await sign_in(web, NURSE)
    assert session.answer["account"]["organisation"] == "harbour"
    actor = replace(nurse.actor("s1"), organisation="other")
    forged = identity.tokens.sign(actor, at=clock(), until=clock().replace(hour=23))

    answer = await web.get("/api/chart", headers=bearer(forged))

    assert answer.json()["code"] == "identity-token-invalid"


async def test_changing_the_password_ends_every_other_session(
    identity: Identity, web: httpx2.AsyncClient, clock: SetClock
) -> None:
    await add_person(identity, NURSE, Role.NURSE)
    other, own = await sign_in(web, NURSE), await sign_in(web, NURSE)

    body = {"current": PASSWORD, "new": "a quite different one"}
    changed = await web.post("/api/auth/password", json=body, headers=own.headers)
    clock.move(seconds=5)

    assert changed.status_code == 200
    assert (await web.get("/api/chart", headers=other.headers)).status_code == 401
    assert (await web.get("/api/chart", headers=own.headers)).status_code == 401
    fresh = bearer(changed.json()["access_token"])
    assert (await web.get("/api/chart", headers=fresh)).status_code == 200
    assert (await login(web, NURSE, PASSWORD)).status_code == 401


async def test_changing_the_password_needs_the_current_one(
    identity: Identity, web: httpx2.AsyncClient
) -> None:
    await add_person(identity, NURSE, Role.NURSE)
    session = await sign_in(web, NURSE)

    body = {"current": "not the current one", "new": "a quite different one"}
    answer = await web.post("/api/auth/password", json=body, headers=session.headers)

    assert answer.status_code == 401
    assert (await login(web, NURSE, PASSWORD)).status_code == 200


async def test_signing_out_everywhere_ends_every_session(
    identity: Identity, web: httpx2.AsyncClient, clock: SetClock
) -> None:
    await add_person(identity, NURSE, Role.NURSE)
    phone, desk = await sign_in(web, NURSE), await sign_in(web, NURSE)

    answer = await web.post("/api/auth/logout", json={"everywhere": True}, headers=desk.headers)
    clock.move(seconds=5)

    assert answer.status_code == 204
    assert (await web.get("/api/chart", headers=phone.headers)).status_code == 401


async def test_the_trail_tells_who_came_who_went_and_who_was_refused(
    identity: Identity, web: httpx2.AsyncClient
) -> None:
    nurse = await add_person(identity, NURSE, Role.NURSE)
    await login(web, NURSE, "wrong password here")
    await login(web, "nobody@harbour.example", "wrong password here")
    session = await sign_in(web, NURSE)
    await web.post("/api/auth/logout", headers=session.headers)

    lines = [(e["action"], e["actor"], e["outcome"]) for e in await trail(identity)]

    assert lines[1:] == [
        ("identity:session:refuse", nurse.id, "refused"),
        ("identity:session:refuse", "unknown", "refused"),
        ("identity:session:start", nurse.id, "success"),
        ("identity:session:end", nurse.id, "success"),
    ]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"email": NURSE},
        {"email": NURSE, "password": None},
        {"email": NURSE, "password": 12},
        {"email": [NURSE], "password": PASSWORD},
        {"email": NURSE, "password": "x" * 2000},
        {"challenge": "x"},
        {"email": NURSE, "password": PASSWORD, "challenge": "x", "code": "1"},
    ],
)
async def test_a_body_of_another_shape_is_refused(web: httpx2.AsyncClient, body: Any) -> None:
    assert (await web.post("/api/auth/login", json=body)).status_code == 422


async def test_what_is_no_email_is_said_to_be_none(web: httpx2.AsyncClient) -> None:
    answer = await login(web, "not an address", PASSWORD)

    assert answer.status_code == 400
    assert answer.json()["code"] == "identity-bad-email"


async def test_a_machine_has_no_account_of_its_own(
    identity: Identity, web: httpx2.AsyncClient
) -> None:
    async with Work(identity.documents) as work:
        made = await identity.clients.add(work, name="Lab", scopes=["system/*.rs"], by=None)
    form = {
        "grant_type": "client_credentials",
        "client_id": made.client.id,
        "client_secret": made.secret,
    }
    headers = bearer((await web.post("/api/auth/token", data=form)).json()["access_token"])

    answers = [
        await web.get("/api/auth/me", headers=headers),
        await web.post("/api/auth/logout", headers=headers),
        await web.post("/api/auth/second-factor/enrol", headers=headers),
        await web.post("/api/auth/password", json={"current": "x", "new": "y"}, headers=headers),
    ]

    assert {a.status_code for a in answers} == {403}

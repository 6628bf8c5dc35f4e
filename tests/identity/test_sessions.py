"""Refresh tokens: rotated at each use, and a copied one ends the session."""

from __future__ import annotations

import asyncio

import httpx2
import pytest

from careflow.database.scope import organisation_scope
from careflow.identity.actor import Role
from careflow.identity.assembly import Identity
from careflow.identity.sessions import Lifetimes
from tests.identity.clinic import (
    ORGANISATION,
    Session,
    SetClock,
    add_person,
    bearer,
    sign_in,
    trail,
)

NURSE = "nurse@harbour.example"


@pytest.fixture
async def session(identity: Identity, web: httpx2.AsyncClient) -> Session:
    await add_person(identity, NURSE, Role.NURSE)
    return await sign_in(web, NURSE)


async def refresh(web: httpx2.AsyncClient, token: str) -> httpx2.Response:
    return await web.post("/api/auth/refresh", json={"refresh_token": token})


async def test_a_refresh_gives_a_new_pair_of_the_same_session(
    web: httpx2.AsyncClient, session: Session, clock: SetClock
) -> None:
    clock.move(minutes=9)

    answer = (await refresh(web, session.refresh)).json()

    assert answer["refresh_token"] != session.refresh
    clock.move(minutes=9)
    headers = bearer(answer["access_token"])
    assert (await web.get("/api/chart", headers=headers)).status_code == 200


async def test_an_old_refresh_token_ends_the_whole_session(
    identity: Identity, web: httpx2.AsyncClient, session: Session, clock: SetClock
) -> None:
    newer = (await refresh(web, session.refresh)).json()
    clock.move(seconds=11)

    reused = await refresh(web, session.refresh)
    clock.move(seconds=5)
    owner = await refresh(web, newer["refresh_token"])
    access = await web.get("/api/chart", headers=bearer(newer["access_token"]))

    assert (reused.status_code, reused.json()["code"]) == (401, "identity-refresh-reused")
    assert (owner.status_code, owner.json()["code"]) == (401, "identity-session-ended")
    assert access.status_code == 401
    assert (await trail(identity))[-1]["action"] == "identity:session:reuse"


async def test_a_token_two_generations_old_ends_the_session_at_once(
    web: httpx2.AsyncClient, session: Session
) -> None:
    second = (await refresh(web, session.refresh)).json()["refresh_token"]
    third = (await refresh(web, second)).json()["refresh_token"]

    reused = await refresh(web, session.refresh)

    assert reused.json()["code"] == "identity-refresh-reused"
    assert (await refresh(web, third)).status_code == 401


async def test_a_retry_after_a_lost_answer_gets_the_same_successor(
    web: httpx2.AsyncClient, session: Session, clock: SetClock
) -> None:
    lost = (await refresh(web, session.refresh)).json()
    clock.move(seconds=9)

    again = (await refresh(web, session.refresh)).json()

    assert again["refresh_token"] == lost["refresh_token"]
    assert (await refresh(web, again["refresh_token"])).status_code == 200


async def test_two_tabs_that_refresh_at_once_both_go_on(
    web: httpx2.AsyncClient, session: Session
) -> None:
    answers = await asyncio.gather(*(refresh(web, session.refresh) for _ in range(4)))

    assert [a.status_code for a in answers] == [200] * 4
    assert len({a.json()["refresh_token"] for a in answers}) == 1


async def test_a_made_up_refresh_token_ends_nothing(
    identity: Identity, web: httpx2.AsyncClient, session: Session
) -> None:
    body, _, _ = session.refresh.rpartition(".")
    id, _, _ = body.partition(".")

    for made_up in (
        "banana",
        "",
        "..",
        f"{body}.banana",
        f"{id}.0.banana",
        f"{id}.x.",
        "\u00e9.1.x",
    ):
        answer = await refresh(web, made_up)
        assert answer.status_code == 401, made_up

    assert (await refresh(web, session.refresh)).status_code == 200


async def test_nothing_of_a_refresh_token_is_stored(identity: Identity, session: Session) -> None:
    id, _, tag = session.refresh.split(".")

    document = await identity.documents.read("session", id, organisation_scope(ORGANISATION))

    assert document is not None
    assert tag.encode() not in document.body


async def test_a_session_that_is_idle_too_long_is_over(
    web: httpx2.AsyncClient, session: Session, clock: SetClock
) -> None:
    clock.move(hours=2)

    assert (await refresh(web, session.refresh)).json()["code"] == "identity-session-ended"


async def test_a_session_ends_after_a_working_day_however_busy(
    web: httpx2.AsyncClient, session: Session, clock: SetClock
) -> None:
    token, expires_in = session.refresh, 0
    for _ in range(12):
        clock.move(minutes=59)
        answer = (await refresh(web, token)).json()
        token, expires_in = answer["refresh_token"], answer["expires_in"]
    clock.move(minutes=7)
    last = (await refresh(web, token)).json()

    assert expires_in == 600
    # No access token outlives its session.
    assert last["expires_in"] == 300
    clock.move(minutes=5)
    assert (await refresh(web, last["refresh_token"])).status_code == 401


async def test_a_refresh_token_is_no_access_token_and_the_reverse(
    web: httpx2.AsyncClient, session: Session
) -> None:
    as_access = await web.get("/api/chart", headers=bearer(session.refresh))
    as_refresh = await refresh(web, session.access)

    assert as_access.json()["code"] == "identity-token-invalid"
    assert as_refresh.json()["code"] == "identity-refresh-invalid"


async def test_signing_out_ends_the_refresh_token_too(
    web: httpx2.AsyncClient, session: Session
) -> None:
    await web.post("/api/auth/logout", headers=session.headers)

    assert (await refresh(web, session.refresh)).status_code == 401


async def test_nothing_to_refresh_with_is_not_signed_in(web: httpx2.AsyncClient) -> None:
    for answer in (
        await web.post("/api/auth/refresh"),
        await web.post("/api/auth/refresh", json={}),
    ):
        assert answer.json()["code"] == "identity-token-missing"


async def test_a_warm_request_reads_nothing_from_the_store(
    identity: Identity, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    headers = [(b"authorization", session.headers["Authorization"].encode())]
    first = await identity.authenticator.authenticate(headers, "GET")

    async def refuse(*_: object, **__: object) -> None:
        pytest.fail("A warm request asked the store.")

    monkeypatch.setattr(identity.documents, "read", refuse, raising=True)
    assert await identity.authenticator.authenticate(headers, "GET") == first


def test_a_look_at_a_session_is_believed_for_less_than_five_seconds() -> None:
    assert Lifetimes().trust.total_seconds() < 5

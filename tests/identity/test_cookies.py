"""Browsers: tokens that scripts cannot read, and a header that only our own pages can send."""

from __future__ import annotations

from http.cookies import SimpleCookie

import httpx2
import pytest

from careflow.identity.actor import Role
from careflow.identity.assembly import Identity
from careflow.identity.cookies import cookie_value, needs_secure
from tests.identity.clinic import PASSWORD, SetClock, add_person, browser

NURSE = "nurse@harbour.example"
AS_COOKIES = {"X-CareFlow-Session": "cookie"}


async def sign_in(web: httpx2.AsyncClient, email: str = NURSE) -> str:
    """Sign in as a browser does; return the CSRF token."""
    body = {"email": email, "password": PASSWORD}
    response = await web.post("/api/auth/login", json=body, headers=AS_COOKIES)
    assert response.status_code == 200, response.text
    csrf: str = response.json()["csrf_token"]
    return csrf


def planted(response: httpx2.Response) -> dict[str, str]:
    return {
        next(iter(SimpleCookie(line))): line.lower()
        for line in response.headers.get_list("set-cookie")
    }


@pytest.fixture
async def csrf(identity: Identity, web: httpx2.AsyncClient) -> str:
    await add_person(identity, NURSE, Role.NURSE)
    return await sign_in(web)


async def test_tokens_go_into_cookies_that_scripts_cannot_read(
    identity: Identity, web: httpx2.AsyncClient
) -> None:
    await add_person(identity, NURSE, Role.NURSE)
    body = {"email": NURSE, "password": PASSWORD}

    response = await web.post("/api/auth/login", json=body, headers=AS_COOKIES)

    lines = planted(response)
    answer = response.json()
    assert answer["access_token"] is None
    assert answer["refresh_token"] is None
    assert answer["csrf_token"]
    for name in ("careflow_access", "careflow_refresh"):
        assert "; httponly" in lines[name]
        assert "; samesite=strict" in lines[name]
    assert "path=/api/auth" in lines["careflow_refresh"]
    assert "httponly" not in lines["careflow_csrf"]


@pytest.mark.parametrize(
    ("base_url", "secure"),
    [
        ("http://127.0.0.1:8000", False),
        ("http://localhost:8000", False),
        ("http://clinic.example", True),
        ("https://clinic.example", True),
        ("https://127.0.0.1:8443", True),
    ],
)
async def test_cookies_are_secure_but_for_plain_http_on_loopback(
    identity: Identity, base_url: str, secure: bool
) -> None:
    await add_person(identity, NURSE, Role.NURSE)
    async with browser(identity, base_url=base_url) as web:
        body = {"email": NURSE, "password": PASSWORD}
        response = await web.post("/api/auth/login", json=body, headers=AS_COOKIES)

    assert len(planted(response)) == 3
    assert {"; secure" in line for line in planted(response).values()} == {secure}


async def test_a_read_needs_no_csrf_header(web: httpx2.AsyncClient, csrf: str) -> None:
    assert (await web.get("/api/chart")).status_code == 200


async def test_a_write_without_the_csrf_header_is_refused(
    web: httpx2.AsyncClient, csrf: str
) -> None:
    answer = await web.post("/api/chart")

    assert (answer.status_code, answer.json()["code"]) == (403, "identity-csrf")


async def test_a_write_with_the_csrf_header_passes(web: httpx2.AsyncClient, csrf: str) -> None:
    answer = await web.post("/api/chart", headers={"X-CSRF-Token": csrf})

    assert answer.status_code == 200


async def test_the_csrf_token_of_another_session_is_refused(
    identity: Identity, web: httpx2.AsyncClient, csrf: str
) -> None:
    async with browser(identity) as attacker:
        theirs = await sign_in(attacker)
    # A planted cookie changes nothing: the token is compared with the session.
    web.cookies.set("careflow_csrf", theirs, domain="127.0.0.1")

    answer = await web.post("/api/chart", headers={"X-CSRF-Token": theirs})

    assert theirs != csrf
    assert answer.status_code == 403


@pytest.mark.parametrize("shown", ["", "banana", "\u00e9"])
async def test_a_made_up_csrf_token_is_refused(
    web: httpx2.AsyncClient, csrf: str, shown: str
) -> None:
    headers = [(b"X-CSRF-Token", shown.encode("latin-1"))]

    assert (await web.post("/api/chart", headers=headers)).status_code == 403


async def test_a_bearer_token_needs_no_csrf_header(
    identity: Identity, web: httpx2.AsyncClient
) -> None:
    await add_person(identity, NURSE, Role.NURSE)
    answer = await web.post("/api/auth/login", json={"email": NURSE, "password": PASSWORD})
    headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}

    assert (await web.post("/api/chart", headers=headers)).status_code == 200


async def test_a_browser_goes_on_with_its_cookie(
    web: httpx2.AsyncClient, csrf: str, clock: SetClock
) -> None:
    clock.move(minutes=11)
    assert (await web.get("/api/chart")).status_code == 401

    refreshed = await web.post(
        "/api/auth/refresh", json={}, headers=AS_COOKIES | {"X-CSRF-Token": csrf}
    )

    assert refreshed.status_code == 200
    assert refreshed.json()["refresh_token"] is None
    assert (await web.get("/api/chart")).status_code == 200


async def test_a_refresh_by_cookie_without_the_csrf_header_is_refused(
    web: httpx2.AsyncClient, csrf: str
) -> None:
    answer = await web.post("/api/auth/refresh", json={}, headers=AS_COOKIES)

    assert (answer.status_code, answer.json()["code"]) == (403, "identity-csrf")


async def test_signing_out_takes_the_cookies_away(web: httpx2.AsyncClient, csrf: str) -> None:
    without = await web.post("/api/auth/logout")
    answer = await web.post("/api/auth/logout", headers={"X-CSRF-Token": csrf})

    assert without.status_code == 403
    assert answer.status_code == 204
    assert len(planted(answer)) == 3
    assert (await web.get("/api/chart")).json()["code"] == "identity-token-missing"


async def test_who_signs_out_late_does_not_leave_the_session_behind(
    identity: Identity, web: httpx2.AsyncClient, csrf: str, clock: SetClock
) -> None:
    refresh = web.cookies["careflow_refresh"]
    clock.move(minutes=30)

    without = await web.post("/api/auth/logout")
    answer = await web.post("/api/auth/logout", headers={"X-CSRF-Token": csrf})
    again = await web.post("/api/auth/refresh", json={"refresh_token": refresh})

    assert without.status_code == 403
    assert answer.status_code == 204
    assert again.json()["code"] == "identity-session-ended"


async def test_signing_out_without_a_sign_in_is_refused(web: httpx2.AsyncClient) -> None:
    assert (await web.post("/api/auth/logout")).status_code == 401


def test_a_cookie_is_found_by_its_whole_name() -> None:
    header = b"xcareflow_access=no; careflow_access=yes; careflow_access2=no"

    assert cookie_value(header, "careflow_access") == b"yes"
    assert cookie_value(b"other=1", "careflow_access") is None


def test_an_unknown_host_needs_secure_cookies() -> None:
    assert needs_secure("http", None)

"""Tokens, cookies and clients that are not what they say: refused alike at every address."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from careflow.composition import Platform
from careflow.database.work import Work
from careflow.identity.actor import Role
from careflow.keys import derive
from tests.api.conftest import PASSWORD, AsRole
from tests.api.refusals import code_of, refused

pytestmark = pytest.mark.usefixtures("quiet")

ADDRESSES = ("/api/auth/me", "/api/documents", "/api/fhir/R4/Patient")
TYPE = {"typ": "at+jwt"}
Forge = Callable[[dict[str, Any]], str]


def encoded(part: dict[str, Any]) -> str:
    """Return a part of a token that nobody signed."""
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


def payload_of(token: str) -> dict[str, Any]:
    """Return what a token says, unverified."""
    said: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return said


def public_key() -> bytes:
    """Return a public key, for whoever mistakes it for a secret."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def signed_by_guess(secret: str) -> Forge:
    """Return a forger who guesses the secret."""
    return lambda payload: jwt.encode(payload, secret.ljust(32, "!"), "HS256", headers=TYPE)


def confused(payload: dict[str, Any]) -> str:
    """Return a token that says RS256 and is signed with the public key as if it were a secret."""
    signed = jwt.encode(payload, b"k" * 32, "HS256", headers=TYPE).split(".")
    return ".".join([encoded({"alg": "RS256", "typ": "at+jwt"}), signed[1], signed[2]])


FORGERIES: dict[str, Forge] = {
    "nobody's signature": lambda p: f"{encoded({'alg': 'none', 'typ': 'at+jwt'})}.{encoded(p)}.",
    "nobody's signature, spelt oddly": lambda p: (
        f"{encoded({'alg': 'nOnE', 'typ': 'at+jwt'})}.{encoded(p)}."
    ),
    "no signature": lambda p: f"{encoded({'alg': 'HS256', 'typ': 'at+jwt'})}.{encoded(p)}.",
    "an empty secret": signed_by_guess(""),
    "a common secret": signed_by_guess("secret"),
    "a secret from somebody's source": signed_by_guess("your-secret-key-change-in-production"),
    "keys confused": confused,
    "a key of its own": lambda p: jwt.encode(
        p, b"k" * 32, "HS256", headers={**TYPE, "jwk": {"kty": "oct", "k": "a2s"}, "kid": "../../x"}
    ),
    "garbage": lambda _: "garbage",
    "dots": lambda _: "..",
    "a megabyte": lambda _: "a" * 1_000_000,
    "no text": lambda _: "\xff\xfe\xfd",
}


@pytest.mark.parametrize("how", FORGERIES)
async def test_a_forged_token_opens_nothing(how: str, as_role: AsRole) -> None:
    async with as_role(Role.NURSE) as nurse:
        token = nurse.headers["Authorization"].removeprefix("Bearer ")
        forged = FORGERIES[how]({**payload_of(token), "role": "admin"})
        header = {b"Authorization": f"Bearer {forged}".encode("latin-1")}
        for address in ADDRESSES:
            answer = await nurse.get(address, headers=header)
            assert (answer.status_code, code_of(answer)) == (401, "identity-token-invalid")
            assert answer.headers["www-authenticate"] == "Bearer"
            assert forged not in answer.text


CHANGES: dict[str, tuple[dict[str, Any], str]] = {
    "expired": ({"exp": int(time.time()) - 10}, "identity-token-expired"),
    "expired long ago": ({"exp": 1}, "identity-token-expired"),
    "a time beyond time": ({"exp": 10**30}, "identity-token-invalid"),
    "a time that is text": ({"exp": "tomorrow"}, "identity-token-invalid"),
    "another audience": ({"aud": "somebody-else"}, "identity-token-invalid"),
    "another issuer": ({"iss": "somebody-else"}, "identity-token-invalid"),
    "another organisation": ({"org": "elsewhere"}, "identity-token-invalid"),
    "a role that is none": ({"role": "root"}, "identity-token-invalid"),
    "no session": ({"sid": None}, "identity-token-invalid"),
    "another's session": ({"sid": "x" * 32}, "identity-session-ended"),
    "a role it does not have": ({"role": "admin"}, "identity-session-ended"),
    "an account it is not": ({"sub": "x" * 32}, "identity-session-ended"),
    "a machine it is not": (
        {"role": "machine", "scope": "system/*.cruds"},
        "identity-session-ended",
    ),
}


@pytest.mark.parametrize("what", CHANGES)
async def test_even_under_our_own_signature_a_token_must_fit(
    what: str, as_role: AsRole, tmp_path: Path
) -> None:
    changes, code = CHANGES[what]
    master = bytes.fromhex((tmp_path / "keys" / "master.key").read_text().strip())
    async with as_role(Role.NURSE) as nurse:
        said = payload_of(nurse.headers["Authorization"].removeprefix("Bearer "))
        token = jwt.encode(said | changes, derive(master, "access tokens"), "HS256", headers=TYPE)
        for address in ADDRESSES:
            answer = await nurse.get(address, headers={"Authorization": f"Bearer {token}"})
            assert (answer.status_code, code_of(answer)) == (401, code), answer.text


async def test_a_tampered_payload_breaks_the_signature(as_role: AsRole) -> None:
    async with as_role(Role.PATIENT) as paul:
        head, payload, signature = paul.headers["Authorization"].removeprefix("Bearer ").split(".")
        said = json.loads(base64.urlsafe_b64decode(payload + "=="))
        changed = encoded({**said, "role": "clinician"})
        for token in (
            f"{head}.{changed}.{signature}",
            f"{head}.{payload}.{signature[:-2]}AA",
            f"{head}.{payload}",
        ):
            answer = await paul.get("/api/auth/me", headers={"Authorization": f"Bearer {token}"})
            refused(answer, 401, "identity-token-invalid")


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Basic bnVyc2U6eA==", "Bearer a b c", "bearer: x", "\t"]
)
async def test_a_header_that_holds_no_token_is_not_signed_in(header: str, as_role: AsRole) -> None:
    async with as_role(None) as nobody:
        for address in ADDRESSES:
            answer = await nobody.get(address, headers={"Authorization": header})
            assert answer.status_code == 401
            assert (code_of(answer) or "").startswith("identity-token-")


async def login(client: httpx2.AsyncClient, role: Role, **headers: str) -> dict[str, Any]:
    """Sign in and return what was answered."""
    body = {"email": f"{role}@clinic.example", "password": PASSWORD}
    answer = await client.post("/api/auth/login", json=body, headers=headers)
    assert answer.status_code == 200, answer.text
    said: dict[str, Any] = answer.json()
    return said


async def test_tokens_do_not_stand_in_for_each_other(as_role: AsRole) -> None:
    async with as_role(None) as nobody:
        said = await login(nobody, Role.NURSE)
        access, refresh = said["access_token"], said["refresh_token"]

        as_access = await nobody.get("/api/auth/me", headers={"Authorization": f"Bearer {refresh}"})
        as_refresh = await nobody.post("/api/auth/refresh", json={"refresh_token": access})
        as_challenge = await nobody.post(
            "/api/auth/login", json={"challenge": access, "code": "123456"}
        )

    refused(as_access, 401, "identity-token-invalid")
    assert as_refresh.status_code == as_challenge.status_code == 401


async def test_a_refresh_token_of_the_past_ends_the_session(as_role: AsRole) -> None:
    async def refreshed(token: str) -> httpx2.Response:
        return await nobody.post("/api/auth/refresh", json={"refresh_token": token})

    async with as_role(None) as nobody:
        first = (await login(nobody, Role.NURSE))["refresh_token"]
        second = (await refreshed(first)).json()["refresh_token"]
        third = (await refreshed(second)).json()
        reused = await refreshed(first)
        after = await refreshed(third["refresh_token"])
        header = {"Authorization": f"Bearer {third['access_token']}"}
        access = await nobody.get("/api/auth/me", headers=header)

    refused(reused, 401, "identity-refresh-reused")
    assert after.status_code == access.status_code == 401


COOKIE = {"X-CareFlow-Session": "cookie"}


async def test_with_cookies_an_act_needs_the_csrf_token_of_its_own_session(
    platform: Platform, as_role: AsRole
) -> None:
    async with as_role(None) as nurse, as_role(None) as other:
        nurse.base_url = "https://clinic.test"
        await login(nurse, Role.NURSE, **COOKIE)
        theirs = (await login(other, Role.RECEPTIONIST, **COOKIE))["csrf_token"]
        nurse.cookies.set("careflow_csrf", theirs, domain="clinic.test", path="/")
        tries = [{}, {"X-CSRF-Token": ""}, {"X-CSRF-Token": theirs}, {"X-CSRF-Token": "x" * 10_000}]
        for headers in tries:
            for path in ("/api/documents?filename=a.pdf", "/api/fhir/R4/Patient"):
                answer = await nurse.post(
                    path,
                    content=b'{"resourceType": "Patient"}',
                    headers={"Content-Type": "application/fhir+json", **headers},
                )
                assert (answer.status_code, code_of(answer)) == (403, "identity-csrf")
        read = await nurse.get("/api/documents")

    assert read.json() == {"documents": []}


async def test_a_client_does_what_its_scopes_say_and_no_more(
    platform: Platform, as_role: AsRole
) -> None:
    async with Work(platform.documents) as work:
        made = await platform.identity.clients.add(
            work, name="reader", scopes=["system/Observation.rs"], by=None
        )
    form = {
        "grant_type": "client_credentials",
        "client_id": made.client.id,
        "client_secret": made.secret,
    }
    async with as_role(None) as client:
        wider = await client.post("/api/auth/token", data={**form, "scope": "system/*.cruds"})
        wrong = await client.post("/api/auth/token", data={**form, "client_secret": "x" * 40})
        person = await client.post("/api/auth/token", data={**form, "grant_type": "password"})
        token = (await client.post("/api/auth/token", data=form)).json()["access_token"]
        client.headers["Authorization"] = f"Bearer {token}"
        body = {"resourceType": "Observation", "status": "final", "code": {"text": "x"}}
        answers = {
            "read": await client.get("/api/fhir/R4/Observation"),
            "another type": await client.get("/api/fhir/R4/Patient"),
            "create": await client.post("/api/fhir/R4/Observation", json=body),
            "delete": await client.delete("/api/fhir/R4/Observation/x"),
            "everything": await client.get("/api/fhir/R4/_history"),
            "chained": await client.get("/api/fhir/R4/Observation?subject:Patient.name=x"),
            "a screen": await client.get("/api/patients/p1/chart"),
            "the inbox": await client.get("/api/documents"),
            "the trail": await client.get("/api/audit"),
        }

    assert wrong.status_code == 401
    assert person.status_code == 400
    assert wider.status_code == 400 or wider.json()["scope"] == "system/Observation.rs"
    statuses = {name: answer.status_code for name, answer in answers.items()}
    chained = statuses.pop("chained")
    assert chained in {200, 403}
    assert statuses.pop("read") == 200
    assert set(statuses.values()) == {403}


async def test_a_client_that_was_switched_off_is_out(platform: Platform, as_role: AsRole) -> None:
    async with as_role(Role.MACHINE) as machine, as_role(None) as nobody:
        [client] = await platform.identity.clients.listed()
        async with Work(platform.documents) as work:
            await platform.identity.clients.disable(work, client.id, by=None)
        token = await nobody.post(
            "/api/auth/token",
            data={
                "grant_type": "client_credentials",
                "client_id": client.id,
                "client_secret": "x",
            },
        )
        answer = await machine.get("/api/fhir/R4/Patient")

    assert token.status_code == 401
    assert answer.status_code == 401, answer.text

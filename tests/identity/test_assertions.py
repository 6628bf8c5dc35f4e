"""Programs that sign: one key of their own, one server, five minutes at most, one use."""

from __future__ import annotations

import asyncio
import base64
import hmac
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import httpx2
import jwt
import pytest

from careflow.database.work import Work
from careflow.identity import assertions
from careflow.identity.actor import Role
from careflow.identity.assembly import Identity
from careflow.identity.assertions import BadKeysError, public_keys
from careflow.identity.clients import ClientNotFoundError
from careflow.identity.permissions import PermissionMissingError
from tests.identity.clinic import SetClock, add_person, browser, trail
from tests.identity.signing import SigningKey, as_jwk, asking_with, key_set, private_key

HERE = "http://127.0.0.1:8000/api/auth/token"
KEYS = {name: SigningKey(name) for name in ("RS384", "ES384")}


async def add(identity: Identity, key: SigningKey) -> str:
    async with Work(identity.documents) as work:
        made = await identity.clients.add(
            work, name="Feed", scopes=["system/*.rs"], by=None, keys=key.registered()
        )
    assert made.secret == ""
    return made.client.id


@pytest.fixture
async def feed(identity: Identity) -> str:
    """A client that signs with ES384."""
    return await add(identity, KEYS["ES384"])


async def ask(web: httpx2.AsyncClient, assertion: str, **changes: str) -> httpx2.Response:
    return await web.post("/api/auth/token", data=asking_with(assertion, **changes))


@pytest.mark.parametrize("algorithm", KEYS)
async def test_a_client_that_signs_gets_a_token(
    identity: Identity, web: httpx2.AsyncClient, clock: SetClock, algorithm: str
) -> None:
    client = await add(identity, KEYS[algorithm])

    answer = await ask(web, KEYS[algorithm].signed(client, HERE, clock()), client_id=client)

    assert answer.status_code == 200, answer.text
    assert answer.json()["scope"] == "system/*.rs"
    headers = [(b"authorization", f"Bearer {answer.json()['access_token']}".encode())]
    assert (await identity.authenticator.authenticate(headers, "GET")).id == client
    assert [entry["action"] for entry in await trail(identity)] == [
        "identity:client:create",
        "identity:client:start",
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "https://else.test/api/auth/token"},
        {"aud": None},
        {"sub": "someone"},
        {"sub": None},
        {"jti": None},
        {"jti": ""},
        {"jti": "x" * 300},
        {"jti": 7},
        {"exp": None},
        {"exp": "soon"},
        {"exp": 10**400},
        {"header": {"kid": "k2"}},
        {"header": {"kid": ""}},
        {"header": {"jku": "https://else.test/keys"}},
        {"header": {"typ": "at+jwt"}},
        {"header": {"crit": ["x"], "x": 1}},
    ],
    ids=str,
)
async def test_a_statement_of_another_shape_is_not_accepted(
    web: httpx2.AsyncClient, feed: str, clock: SetClock, changes: Mapping[str, Any]
) -> None:
    answer = await ask(web, KEYS["ES384"].signed(feed, HERE, clock(), **changes))

    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert answer.json()["code"] == "identity-assertion-refused"


@pytest.mark.parametrize(
    ("claim", "seconds", "status"),
    [
        ("exp", 300, 200),
        ("exp", 301, 401),
        ("exp", 86_400, 401),
        ("exp", 1, 200),
        ("exp", 0, 401),
        ("exp", -1, 401),
        ("iat", 60, 200),
        ("iat", 61, 401),
        ("nbf", 61, 401),
        ("nbf", -60, 200),
    ],
)
async def test_it_is_good_for_five_minutes_at_most(
    web: httpx2.AsyncClient, feed: str, clock: SetClock, claim: str, seconds: int, status: int
) -> None:
    when: dict[str, Any] = {claim: int(clock().timestamp()) + seconds}

    answer = await ask(web, KEYS["ES384"].signed(feed, HERE, clock(), **when))

    assert answer.status_code == status, answer.text


async def test_it_counts_once_on_whatever_node_and_even_at_once(
    web: httpx2.AsyncClient, other_node: Identity, feed: str, clock: SetClock
) -> None:
    signed = KEYS["ES384"].signed(feed, HERE, clock())

    at_once = await asyncio.gather(*[ask(web, signed) for _ in range(4)])
    async with browser(other_node) as elsewhere:
        later = await ask(elsewhere, signed)

    assert sorted(answer.status_code for answer in at_once) == [200, 401, 401, 401]
    assert later.status_code == 401


async def test_one_jti_of_two_clients_is_two_statements_and_is_free_again_when_it_ended(
    identity: Identity, web: httpx2.AsyncClient, feed: str, clock: SetClock
) -> None:
    other = await add(identity, KEYS["ES384"])

    statuses = []
    for client, moved in ((feed, 0), (other, 0), (feed, 0), (feed, 60)):
        clock.move(seconds=moved)
        signed = KEYS["ES384"].signed(client, HERE, clock(), jti="one")
        statuses.append((await ask(web, signed)).status_code)

    assert statuses == [200, 200, 401, 200]


async def test_what_is_remembered_is_bounded(
    web: httpx2.AsyncClient, feed: str, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assertions, "_AT_ONCE_MAX", 3)

    async def asked() -> httpx2.Response:
        return await ask(web, KEYS["ES384"].signed(feed, HERE, clock()))

    statuses = [(await asked()).status_code for _ in range(4)]
    refused = await asked()
    clock.move(seconds=int(refused.headers["Retry-After"]))

    assert statuses == [200, 200, 200, 429]
    assert (await asked()).status_code == 200


def unsigned(client: str, clock: SetClock) -> str:
    claims = {"iss": client, "sub": client, "aud": HERE, "jti": "j", "exp": clock().timestamp() + 9}
    return jwt.encode(claims, "", algorithm="none", headers={"kid": "k1"})


def keyed_with_what_is_public(client: str, clock: SetClock) -> str:
    (public,) = KEYS["ES384"].registered()
    _, body, _ = KEYS["ES384"].signed(client, HERE, clock()).split(".")
    head = _encoded(json.dumps({"alg": "HS384", "kid": "k1", "typ": "JWT"}).encode())
    proof = hmac.digest(json.dumps(public).encode(), f"{head}.{body}".encode(), "sha384")
    return f"{head}.{body}.{_encoded(proof)}"


def of_another_key(client: str, clock: SetClock) -> str:
    return SigningKey("ES384", number=1).signed(client, HERE, clock())


def of_another_kind_of_key(client: str, clock: SetClock) -> str:
    return KEYS["RS384"].signed(client, HERE, clock())


def under_another_algorithm(client: str, clock: SetClock) -> str:
    return SigningKey("ES256").signed(client, HERE, clock())


def changed_after_signing(client: str, clock: SetClock) -> str:
    head, body, proof = KEYS["ES384"].signed(client, HERE, clock()).split(".")
    said = json.loads(base64.urlsafe_b64decode(body + "=="))
    said["jti"] = "another"
    return f"{head}.{_encoded(json.dumps(said).encode())}.{proof}"


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


@pytest.mark.parametrize(
    "forged",
    [
        unsigned,
        keyed_with_what_is_public,
        of_another_key,
        of_another_kind_of_key,
        under_another_algorithm,
        changed_after_signing,
    ],
)
async def test_a_forgery_is_not_accepted(
    identity: Identity, web: httpx2.AsyncClient, feed: str, clock: SetClock, forged: Any
) -> None:
    answer = await ask(web, forged(feed, clock))

    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert (await trail(identity))[-1]["outcome"] == "refused"


@pytest.mark.parametrize(
    "assertion", ["banana", "a.b.c", "..", "x" * 9000, "e30.e30.e30", "\u0000", "é.é.é"]
)
async def test_what_is_no_statement_is_not_accepted(
    web: httpx2.AsyncClient, assertion: str
) -> None:
    answer = await ask(web, assertion)

    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


async def test_nobody_learns_whether_a_client_exists_and_guessing_is_slowed(
    identity: Identity, web: httpx2.AsyncClient, feed: str, clock: SetClock
) -> None:
    unknown = await ask(web, KEYS["ES384"].signed("nobody", HERE, clock()))
    wrong = [await ask(web, of_another_key(feed, clock)) for _ in range(11)]

    assert unknown.content == wrong[0].content
    assert [answer.status_code for answer in wrong] == [401] * 10 + [429]


async def test_a_client_switched_off_or_named_otherwise_is_not_accepted(
    identity: Identity, web: httpx2.AsyncClient, feed: str, clock: SetClock
) -> None:
    named = await ask(web, KEYS["ES384"].signed(feed, HERE, clock()), client_id="another")
    async with Work(identity.documents) as work:
        await identity.clients.disable(work, feed, by=None)
    off = await ask(web, KEYS["ES384"].signed(feed, HERE, clock()))

    assert (named.status_code, off.status_code) == (401, 401)


async def test_a_client_with_a_key_has_no_secret_and_one_with_a_secret_no_key(
    identity: Identity, web: httpx2.AsyncClient, feed: str, clock: SetClock
) -> None:
    async with Work(identity.documents) as work:
        plain = await identity.clients.add(work, name="Lab", scopes=["system/*.rs"], by=None)
    form = {"grant_type": "client_credentials", "client_id": feed}

    for secret in ("x", plain.secret):
        answer = await web.post("/api/auth/token", data=form | {"client_secret": secret})
        assert answer.status_code == 401
    signed = await ask(web, KEYS["ES384"].signed(plain.client.id, HERE, clock()))
    assert signed.status_code == 401


@pytest.mark.parametrize(
    ("changes", "header"),
    [
        ({"client_secret": "x"}, {}),
        ({"client_assertion_type": "urn:else"}, {}),
        ({"client_assertion": ""}, {}),
        ({}, {"Authorization": "Basic YTpi"}),
    ],
)
async def test_a_request_of_another_shape_is_refused(
    web: httpx2.AsyncClient, feed: str, clock: SetClock, changes: Any, header: Any
) -> None:
    form = asking_with(KEYS["ES384"].signed(feed, HERE, clock()), **changes)

    answer = await web.post("/api/auth/token", data=form, headers=header)

    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


async def test_keys_are_replaced_and_an_old_one_or_a_secret_then_ends(
    identity: Identity, web: httpx2.AsyncClient, feed: str, clock: SetClock
) -> None:
    asker = (await add_person(identity, "asker@harbour.example", Role.CLINICIAN)).actor("s")
    new = SigningKey("RS384", "k2")
    async with Work(identity.documents) as work:
        plain = await identity.clients.add(work, name="Lab", scopes=["system/*.rs"], by=None)
    async with Work(identity.documents) as work:
        for id in (feed, plain.client.id):
            await identity.clients.replace_keys(work, id, new.registered(), by=None)
        with pytest.raises(PermissionMissingError):
            await identity.clients.replace_keys(work, feed, new.registered(), by=asker)
        with pytest.raises(ClientNotFoundError):
            await identity.clients.replace_keys(work, "nobody", new.registered(), by=None)

    assert (await ask(web, KEYS["ES384"].signed(feed, HERE, clock()))).status_code == 401
    for id in (feed, plain.client.id):
        assert (await ask(web, new.signed(id, HERE, clock()))).status_code == 200
    form = {"client_id": plain.client.id, "client_secret": plain.secret}
    answer = await web.post("/api/auth/token", data={"grant_type": "client_credentials"} | form)
    assert answer.status_code == 401


async def test_a_settled_address_is_the_one_that_counts(
    identity: Identity, feed: str, clock: SetClock
) -> None:
    settled = "https://clinic.example"
    object.__setattr__(identity, "origin", settled)
    async with browser(identity) as web:
        here = await ask(web, KEYS["ES384"].signed(feed, HERE, clock()))
        there = await ask(web, KEYS["ES384"].signed(feed, f"{settled}/api/auth/token", clock()))

    assert (here.status_code, there.status_code) == (401, 200)


def public(algorithm: str, kid: Any = "k1", bits: int = 2048) -> dict[str, Any]:
    return as_jwk(private_key(algorithm, bits=bits).public_key(), kid)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "banana",
        "{}",
        "[]",
        '{"keys": []}',
        '{"keys": {}}',
        '{"keys": [1]}',
        '{"keys": [{"kty": "oct", "kid": "a", "k": "YQ"}]}',
        '{"keys": [{"kty": "EC", "kid": "a", "crv": "P-384", "x": "YQ", "y": "YQ"}]}',
        '{"keys": [{"kty": "RSA", "kid": "a", "n": "!", "e": "AQAB"}]}',
        key_set(public("ES256")),
        key_set(public("RS384", bits=1024)),
        key_set(public("ES384", kid=None)),
        key_set(public("ES384", kid="")),
        key_set(public("ES384"), public("RS384")),
        key_set(*[public("ES384", kid=str(n)) for n in range(11)]),
        key_set(as_jwk(private_key("ES384"), "k1")),
    ],
    ids=lambda text: text[:40],
)
def test_keys_that_cannot_be_used_are_refused_when_they_are_given(text: str) -> None:
    with pytest.raises(BadKeysError):
        public_keys(text)


def test_no_more_is_kept_of_a_key_than_it_takes() -> None:
    given = public("RS384") | {"use": "sig", "alg": "RS384", "x5c": ["..."]}

    (kept,) = public_keys(key_set(given))

    assert set(kept) == {"kty", "kid", "n", "e"}
    assert timedelta(minutes=5) == assertions.LIFETIME_MAX

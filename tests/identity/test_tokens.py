"""Access tokens: ours, of this moment, for this use, or nothing."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from careflow.identity.actor import Actor, Role
from careflow.identity.tokens import (
    AUDIENCE,
    ISSUER,
    AccessTokens,
    Claims,
    TokenExpiredError,
    TokenInvalidError,
)
from careflow.ids import mint
from careflow.keys import derive
from tests.identity.clinic import MASTER_KEY, SetClock

KEY = derive(MASTER_KEY, "access tokens")
ADMIN = Actor(id="a1", name="Ada", role=Role.ADMIN, organisation="harbour", session="s1")
DEFAULT_SECRETS = ["", "secret", "changeme", "your-secret-key", "careflow", "jwt-secret-key"]


@pytest.fixture
def tokens() -> AccessTokens:
    return AccessTokens(KEY, mint=mint)


def payload(clock: SetClock, **changes: Any) -> dict[str, Any]:
    now = int(clock().timestamp())
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": "a1",
        "sid": "s1",
        "org": "harbour",
        "role": "admin",
        "iat": now,
        "exp": now + 600,
    } | changes
    return {name: value for name, value in claims.items() if value is not None}


def made(claims: dict[str, Any], key: Any = KEY, algorithm: str = "HS256", **header: Any) -> bytes:
    return jwt.encode(claims, key, algorithm=algorithm, headers={"typ": "at+jwt"} | header).encode()


def by_hand(header: dict[str, Any], claims: dict[str, Any], key: bytes) -> bytes:
    """Sign what no library would."""

    def part(value: dict[str, Any]) -> bytes:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=")

    body = part(header) + b"." + part(claims)
    tag = hmac.new(key, body, hashlib.sha256).digest()
    return body + b"." + base64.urlsafe_b64encode(tag).rstrip(b"=")


def test_a_token_says_who_it_was_made_for(tokens: AccessTokens, clock: SetClock) -> None:
    until = clock() + timedelta(minutes=10)

    claims = tokens.verify(tokens.sign(ADMIN, at=clock(), until=until).encode(), at=clock())

    assert claims == Claims("a1", "s1", "harbour", Role.ADMIN, until)


def test_a_token_made_by_hand_as_ours_is_taken(tokens: AccessTokens, clock: SetClock) -> None:
    assert tokens.verify(made(payload(clock)), at=clock()).subject == "a1"


@pytest.mark.parametrize("token", [b"banana", b"", b".", b"..", b"a.b.c", b"\xff\xfe", b"x" * 9000])
def test_a_banana_is_no_token(tokens: AccessTokens, clock: SetClock, token: bytes) -> None:
    with pytest.raises(TokenInvalidError):
        tokens.verify(token, at=clock())


@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
@pytest.mark.parametrize("secret", DEFAULT_SECRETS)
def test_a_token_forged_with_a_default_secret_is_refused(
    tokens: AccessTokens, clock: SetClock, secret: str
) -> None:
    header = {"alg": "HS256", "typ": "at+jwt"}

    with pytest.raises(TokenInvalidError):
        tokens.verify(by_hand(header, payload(clock), secret.encode()), at=clock())


def test_a_token_signed_with_the_master_key_itself_is_refused(
    tokens: AccessTokens, clock: SetClock
) -> None:
    with pytest.raises(TokenInvalidError):
        tokens.verify(made(payload(clock), MASTER_KEY), at=clock())


def test_a_token_without_a_signature_is_refused(tokens: AccessTokens, clock: SetClock) -> None:
    for algorithm in ("none", "None", "NONE", ""):
        header = {"alg": algorithm, "typ": "at+jwt"}
        unsigned = by_hand(header, payload(clock), b"").rpartition(b".")[0] + b"."
        with pytest.raises(TokenInvalidError):
            tokens.verify(unsigned, at=clock())


@pytest.mark.parametrize("algorithm", ["HS384", "HS512"])
@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
def test_another_algorithm_with_our_own_key_is_refused(
    tokens: AccessTokens, clock: SetClock, algorithm: str
) -> None:
    with pytest.raises(TokenInvalidError):
        tokens.verify(made(payload(clock), algorithm=algorithm), at=clock())


def test_an_asymmetric_signature_is_refused(tokens: AccessTokens, clock: SetClock) -> None:
    key = ec.generate_private_key(ec.SECP256R1())

    with pytest.raises(TokenInvalidError):
        tokens.verify(made(payload(clock), key, "ES256"), at=clock())


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "another-api"},
        {"aud": None},
        {"iss": "someone"},
        {"iss": None},
        {"sub": None},
        {"sub": 7},
        {"sid": None},
        {"org": None},
        {"role": None},
        {"role": "owner"},
        {"exp": None},
        {"exp": "tomorrow"},
        {"iat": None},
        {"scope": ["system/*.rs"]},
    ],
)
def test_a_claim_that_is_missing_or_not_ours_refuses_the_token(
    tokens: AccessTokens, clock: SetClock, changes: dict[str, Any]
) -> None:
    header = {"alg": "HS256", "typ": "at+jwt"}

    with pytest.raises(TokenInvalidError):
        tokens.verify(by_hand(header, payload(clock, **changes), KEY), at=clock())


def test_a_token_of_another_type_is_refused(tokens: AccessTokens, clock: SetClock) -> None:
    with pytest.raises(TokenInvalidError):
        tokens.verify(made(payload(clock), typ="JWT"), at=clock())


def test_a_changed_claim_breaks_the_signature(tokens: AccessTokens, clock: SetClock) -> None:
    nurse = replace(ADMIN, role=Role.NURSE)
    token = tokens.sign(nurse, at=clock(), until=clock() + timedelta(minutes=10)).encode()
    head, _, tag = token.split(b".")
    forged = base64.urlsafe_b64encode(json.dumps(payload(clock)).encode()).rstrip(b"=")

    with pytest.raises(TokenInvalidError):
        tokens.verify(b".".join((head, forged, tag)), at=clock())


def test_an_expired_token_is_refused_warm_or_cold(tokens: AccessTokens, clock: SetClock) -> None:
    token = tokens.sign(ADMIN, at=clock(), until=clock() + timedelta(minutes=10)).encode()
    tokens.verify(token, at=clock())
    clock.move(minutes=10)

    for reader in (tokens, AccessTokens(KEY, mint=mint)):
        with pytest.raises(TokenExpiredError):
            reader.verify(token, at=clock())


def test_the_cache_of_verified_tokens_is_bounded(clock: SetClock) -> None:
    tokens = AccessTokens(KEY, mint=mint, cached_max=3)
    until = clock() + timedelta(minutes=10)
    made_tokens = [tokens.sign(ADMIN, at=clock(), until=until).encode() for _ in range(10)]

    for token in made_tokens * 2:
        assert tokens.verify(token, at=clock()).subject == "a1"

    assert len(tokens._verified) == 3


def test_what_was_refused_is_not_remembered_as_verified(
    tokens: AccessTokens, clock: SetClock
) -> None:
    for _ in range(2):
        with pytest.raises(TokenInvalidError):
            tokens.verify(b"banana", at=clock())

    assert not tokens._verified


@pytest.mark.parametrize("key", [b"", b"short", bytes(31)])
def test_a_missing_or_short_master_key_stops_the_start(key: bytes) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        derive(key, "access tokens")


def test_keys_for_two_purposes_differ() -> None:
    assert derive(MASTER_KEY, "access tokens") != derive(MASTER_KEY, "csrf")

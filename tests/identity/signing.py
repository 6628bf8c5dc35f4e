"""A program that proves itself by what it signs."""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from careflow.identity.assertions import ASSERTION_TYPE, public_keys

_NUMBERS = itertools.count(1)
PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@cache
def private_key(algorithm: str, number: int = 0, bits: int = 2048) -> PrivateKey:
    """Return a key, the same whenever it is asked for: they take long to make."""
    if algorithm.startswith("ES"):
        return ec.generate_private_key(
            {"ES384": ec.SECP384R1(), "ES256": ec.SECP256R1()}[algorithm]
        )
    return rsa.generate_private_key(public_exponent=65537, key_size=bits + 0 * number)


def as_jwk(key: Any, kid: str) -> dict[str, Any]:
    """Return a key, public or private, as a JSON Web Key."""
    maker: Any = jwt.algorithms.RSAAlgorithm
    if isinstance(key, ec.EllipticCurvePrivateKey | ec.EllipticCurvePublicKey):
        maker = jwt.algorithms.ECAlgorithm
    return {**maker.to_jwk(key, as_dict=True), "kid": kid}


def key_set(*keys: Mapping[str, Any]) -> str:
    """Return a JSON Web Key Set."""
    return json.dumps({"keys": keys})


class SigningKey:
    """One key pair of a program, under a name."""

    def __init__(self, algorithm: str, kid: str = "k1", number: int = 0) -> None:
        self.algorithm, self.kid = algorithm, kid
        self.private = private_key(algorithm, number)

    def registered(self) -> tuple[Mapping[str, str], ...]:
        """Return what is told of it when the client is added."""
        return public_keys(key_set(as_jwk(self.private.public_key(), self.kid)))

    def signed(
        self,
        client: str,
        audience: str,
        at: datetime,
        *,
        header: Mapping[str, Any] | None = None,
        **changes: Any,
    ) -> str:
        """Return a statement good for a minute; a change to ``None`` leaves that claim out."""
        claims = {
            "iss": client,
            "sub": client,
            "aud": audience,
            "exp": int(at.timestamp()) + 60,
            "jti": f"jti-{next(_NUMBERS)}",
        } | changes
        return jwt.encode(
            {name: value for name, value in claims.items() if value is not None},
            self.private,
            algorithm=self.algorithm,
            headers={"kid": self.kid, **(header or {})},
        )


def asking_with(assertion: str, **changes: str) -> dict[str, str]:
    """Return the form of a token request."""
    return {
        "grant_type": "client_credentials",
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": assertion,
    } | changes

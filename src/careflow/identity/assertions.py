"""Clients that prove themselves by a signature: SMART backend services, ``private_key_jwt``.

A program signs a short statement with a private key that never leaves it; here lie its public keys
alone. RFC 7523 and SMART App Launch 2.2, "Client Authentication: Asymmetric": RS384 or ES384, made
for this token address, good for five minutes at most, and for one use.

Keys are given when the client is added, as a JSON Web Key Set. An address of one is not fetched:
the server asks nobody whom a request names.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Final

import msgspec

from careflow.clock import Clock
from careflow.database.documents import Documents, Put
from careflow.database.scope import organisation_scope
from careflow.database.work import Work
from careflow.errors import BadInputError
from careflow.identity.clients import Client, ClientRefusedError
from careflow.identity.slowing import TooManyAttemptsError

if TYPE_CHECKING:
    from jwt import PyJWK

KIND: Final = "client-assertions"
ALGORITHMS: Final = ("RS384", "ES384")
ASSERTION_TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LIFETIME_MAX: Final = timedelta(minutes=5)
_CLOCKS_APART: Final = timedelta(minutes=1)
_LENGTH_MAX: Final = 8192
_JTI_MAX: Final = 256
_KEYS_MAX: Final = 10
_RSA_BITS_MIN: Final = 2048
_AT_ONCE_MAX: Final = 1000
"""Statements of one client that may be good at the same time: each is remembered until it ends."""

_PUBLIC: Final = {"RSA": ("n", "e"), "EC": ("crv", "x", "y")}
_OF_TYPE: Final = {"RS384": "RSA", "ES384": "EC"}


class AssertionRefusedError(ClientRefusedError):
    """A statement that is not accepted: which part of it is wrong is not told."""

    code: ClassVar[str] = "identity-assertion-refused"

    def __init__(self) -> None:
        super().__init__(
            "This client assertion is not accepted: sign a new one with RS384 or ES384 and a "
            "key that is registered here, for this token address and at most five minutes, "
            "and use it once."
        )


class BadKeysError(BadInputError):
    """Not a set of public keys that can be used here."""

    code: ClassVar[str] = "identity-bad-keys"

    def __init__(self, why: str) -> None:
        super().__init__(f"These keys cannot be used: {why}", place="keys")


@dataclass(frozen=True, slots=True)
class Assertion:
    """A statement that was checked; it counts once :meth:`Assertions.use` is committed."""

    client: Client
    jti: str
    expires_at: datetime


class _Payload(msgspec.Struct):
    iss: str
    sub: str
    jti: str
    exp: int | float
    nbf: int | float | None = None
    iat: int | float | None = None


class _Used(msgspec.Struct):
    """What is stored of one client: the statements that are still good, by digest."""

    until: dict[str, datetime]


def public_keys(text: str | bytes) -> tuple[Mapping[str, str], ...]:
    """Return the keys of a JSON Web Key Set, with what is needed of each.

    Raises:
        BadKeysError: It is no such set, a key is private, too weak, or of another kind.
    """
    try:
        found = msgspec.json.decode(text)["keys"]
        keys = tuple(_public_key(one) for one in found)
    except (msgspec.DecodeError, UnicodeDecodeError, KeyError, TypeError) as error:
        raise BadKeysError('give a JSON Web Key Set: {"keys": [...]}.') from error
    if not 0 < len(keys) <= _KEYS_MAX:
        raise BadKeysError(f"give one to {_KEYS_MAX} keys.")
    if len({key["kid"] for key in keys}) != len(keys):
        raise BadKeysError("two of them have one kid.")
    return keys


def client_named(assertion: str) -> str:
    """Return whom a statement says it is of, before anything of it is believed."""
    import jwt

    if len(assertion) > _LENGTH_MAX:
        raise AssertionRefusedError
    try:
        claims = jwt.decode(assertion, options={"verify_signature": False})
        return msgspec.convert(claims, _Payload).iss
    except (jwt.PyJWTError, msgspec.ValidationError, ValueError) as error:
        raise AssertionRefusedError from error


def check(assertion: str, client: Client, *, audience: str, at: datetime) -> Assertion:
    """Return what a client's statement says, if the client made it for us and for now.

    Raises:
        AssertionRefusedError: It did not, or it is of another form.
    """
    # Loaded with the first statement: it brings certificates and key formats that no start needs.
    import jwt

    try:
        header = jwt.get_unverified_header(assertion)
        claims = jwt.decode(
            assertion,
            _key(header, client.keys),
            algorithms=[header["alg"]],
            audience=audience,
            issuer=client.id,
            # Time is compared with the injected clock, below.
            options={
                "require": ["iss", "sub", "aud", "exp", "jti"],
                "verify_exp": False,
                "verify_iat": False,
                "verify_nbf": False,
            },
        )
        payload = msgspec.convert(claims, _Payload)
        expires_at = at + timedelta(seconds=payload.exp - at.timestamp())
        begins = max(payload.nbf or 0, payload.iat or 0)
    except (jwt.PyJWTError, msgspec.ValidationError, ValueError, OverflowError) as error:
        raise AssertionRefusedError from error
    if (
        payload.sub != client.id
        or not 0 < len(payload.jti) <= _JTI_MAX
        or not at < expires_at <= at + LIFETIME_MAX
        or begins > (at + _CLOCKS_APART).timestamp()
    ):
        raise AssertionRefusedError
    return Assertion(client, payload.jti, expires_at)


class Assertions:
    """Remembers what was used, in the store, so that every node refuses it a second time."""

    def __init__(self, documents: Documents, *, organisation: str, clock: Clock) -> None:
        self._documents = documents
        self._organisation = organisation
        self._scope = organisation_scope(organisation)
        self._clock = clock

    async def use(self, work: Work, proved: Assertion) -> None:
        """Stage that it is used up; of two at once one meets another version and is refused.

        Raises:
            AssertionRefusedError: It was used before.
            TooManyAttemptsError: The client has too many that are still good.
        """
        at, id = self._clock(), proved.client.id
        document = await self._documents.read(KIND, id, self._scope)
        used = msgspec.json.decode(document.body, type=_Used).until if document else {}
        until = {digest: end for digest, end in used.items() if end > at}
        digest = hashlib.sha256(proved.jti.encode("utf-8", "surrogatepass")).hexdigest()[:32]
        if digest in until:
            raise AssertionRefusedError
        if len(until) >= _AT_ONCE_MAX:
            raise TooManyAttemptsError(min(until.values()) - at)
        until[digest] = proved.expires_at
        work.put(
            Put(
                kind=KIND,
                id=id,
                body=msgspec.json.encode(_Used(until)),
                organisation=self._organisation,
                expected=document.version if document else 0,
                keep_history=False,
            )
        )


def _key(header: Mapping[str, Any], keys: Iterable[Mapping[str, str]]) -> PyJWK:
    """Return the key that a header names; the algorithm is one of ours and the key's own."""
    import jwt

    kind = _OF_TYPE.get(str(header.get("alg")))
    key = next((k for k in keys if k["kid"] == header.get("kid") and k["kty"] == kind), None)
    if key is None or header.get("typ", "JWT") != "JWT" or "jku" in header:
        raise AssertionRefusedError
    return jwt.PyJWK(dict(key), algorithm=header["alg"])


def _public_key(given: Mapping[str, object]) -> Mapping[str, str]:
    import jwt

    kind, kid = str(given["kty"]), given.get("kid")
    if kind not in _PUBLIC:
        raise BadKeysError("a key is of kty RSA or EC.")
    if not isinstance(kid, str) or not 0 < len(kid) <= _JTI_MAX:
        raise BadKeysError("each has a kid.")
    if "d" in given:
        raise BadKeysError(f"{kid!r} is a private key. Keep it secret and send the public one.")
    kept = {"kty": kind, "kid": kid} | {name: str(given[name]) for name in _PUBLIC[kind]}
    if kind == "EC" and kept["crv"] != "P-384":
        raise BadKeysError(f"{kid!r} is not on the curve P-384, which ES384 takes.")
    try:
        bits = jwt.PyJWK(kept, algorithm="RS384" if kind == "RSA" else "ES384").key.key_size
    except (jwt.PyJWTError, ValueError) as error:
        raise BadKeysError(f"{kid!r} cannot be read.") from error
    if kind == "RSA" and bits < _RSA_BITS_MIN:
        raise BadKeysError(f"{kid!r} is shorter than {_RSA_BITS_MIN} bits.")
    return kept

"""Access tokens: short-lived JWTs that say who asks, signed with a key outside the database.

HS256 only, whatever a token claims about itself. A verified token is kept in a bounded cache under
the SHA-256 of its bytes until it expires, because checking a signature again costs more than the
rest of a warm request. A cached token says only that we signed it; whether its session still stands
is asked of :mod:`careflow.identity.sessions` on every request.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar

import msgspec

from careflow.errors import NotSignedInError
from careflow.identity.actor import Actor, Role
from careflow.ids import Mint

ISSUER = "careflow"
AUDIENCE = "careflow-api"
ALGORITHM = "HS256"
_TYPE = "at+jwt"
_LENGTH_MAX = 8192
_CACHED_MAX = 10_000


class TokenMissingError(NotSignedInError):
    """Nothing says who is asking."""

    code: ClassVar[str] = "identity-token-missing"

    def __init__(self) -> None:
        super().__init__("Sign in first.")


class TokenInvalidError(NotSignedInError):
    """Not a token that was made here for this use."""

    code: ClassVar[str] = "identity-token-invalid"

    def __init__(self) -> None:
        super().__init__("This sign-in is not valid: sign in again.")


class TokenExpiredError(NotSignedInError):
    """A token of ours whose time is over; a refresh gives a new one."""

    code: ClassVar[str] = "identity-token-expired"

    def __init__(self) -> None:
        super().__init__("This sign-in has expired: refresh it or sign in again.")


@dataclass(frozen=True, slots=True)
class Claims:
    """What a verified token says."""

    subject: str
    session: str
    organisation: str
    role: Role
    expires_at: datetime
    scopes: frozenset[str] = frozenset()


class _Payload(msgspec.Struct, frozen=True):
    sub: str
    sid: str
    org: str
    role: Role
    exp: int
    scope: str = ""


class AccessTokens:
    """Signs and verifies access tokens."""

    def __init__(self, key: bytes, *, mint: Mint, cached_max: int = _CACHED_MAX) -> None:
        self._key = key
        self._mint = mint
        self._cached_max = cached_max
        self._verified: dict[bytes, Claims] = {}

    def sign(self, actor: Actor, *, at: datetime, until: datetime) -> str:
        """Return a token for the actor, valid from ``at`` until ``until`` (whole seconds)."""
        # Loaded with the first token: it brings certificates and key formats that no start needs.
        import jwt

        payload: dict[str, Any] = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": actor.id,
            "sid": actor.session,
            "org": actor.organisation,
            "role": str(actor.role),
            "iat": int(at.timestamp()),
            "exp": int(until.timestamp()),
            "jti": self._mint(),
        }
        if actor.scopes:
            payload["scope"] = " ".join(sorted(actor.scopes))
        return jwt.encode(payload, self._key, algorithm=ALGORITHM, headers={"typ": _TYPE})

    def verify(self, token: bytes, *, at: datetime) -> Claims:
        """Return what a token says, if we signed it for this use and it has not expired.

        Raises:
            TokenInvalidError: Malformed, forged, of another algorithm, issuer, audience or type.
            TokenExpiredError: It was good until its time was over.
        """
        digest = hashlib.sha256(token).digest()
        claims = self._verified.get(digest)
        if claims is None:
            claims = self._checked(token)
            self._keep(digest, claims)
        if at >= claims.expires_at:
            self._verified.pop(digest, None)
            raise TokenExpiredError
        return claims

    def _keep(self, digest: bytes, claims: Claims) -> None:
        while len(self._verified) >= self._cached_max:
            # The oldest is the likeliest to have expired.
            self._verified.pop(next(iter(self._verified)), None)
        self._verified[digest] = claims

    def _checked(self, token: bytes) -> Claims:
        import jwt

        if len(token) > _LENGTH_MAX:
            raise TokenInvalidError
        try:
            decoded = jwt.decode_complete(
                token,
                self._key,
                algorithms=[ALGORITHM],
                audience=AUDIENCE,
                issuer=ISSUER,
                # Time is compared with the injected clock, in verify.
                options={
                    "require": ["iss", "aud", "sub", "sid", "org", "role", "iat", "exp"],
                    "verify_exp": False,
                    "verify_iat": False,
                    "verify_nbf": False,
                },
            )
            payload = msgspec.convert(decoded["payload"], _Payload)
            expires_at = datetime.fromtimestamp(payload.exp, UTC)
        except (jwt.InvalidTokenError, msgspec.ValidationError, ValueError, OverflowError) as error:
            raise TokenInvalidError from error
        if decoded["header"].get("typ") != _TYPE:
            raise TokenInvalidError
        return Claims(
            subject=payload.sub,
            session=payload.sid,
            organisation=payload.org,
            role=payload.role,
            expires_at=expires_at,
            scopes=frozenset(payload.scope.split()),
        )

"""Answers "who is asking?" from the headers of a request, for FastAPI and raw ASGI alike.

A warm request costs a SHA-256, two dictionary hits and two comparisons of time. A cold one checks
a signature, and every few seconds a session is looked up again (see ``sessions.py``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from careflow.clock import Clock
from careflow.errors import NotAllowedError
from careflow.identity.actor import Actor, Role
from careflow.identity.clients import Clients
from careflow.identity.cookies import ACCESS, CSRF_HEADER, SAFE_METHODS, CsrfTokens, cookie_value
from careflow.identity.panels import Panels
from careflow.identity.sessions import SessionEndedError, Sessions
from careflow.identity.smart import grants_of
from careflow.identity.tokens import AccessTokens, Claims, TokenInvalidError, TokenMissingError

Headers = Iterable[tuple[bytes, bytes]]
"""Raw ASGI headers, names in lower case."""

_AUTHORIZATION, _COOKIE, _CSRF = b"authorization", b"cookie", CSRF_HEADER.encode("ascii")
_KNOWN_MAX = 10_000


class SecondFactorNeededError(NotAllowedError):
    """A staff session that may do nothing but enrol a second factor."""

    code: ClassVar[str] = "identity-second-factor-needed"

    def __init__(self) -> None:
        super().__init__("Set up your second factor first: this clinic requires one of its staff.")


@dataclass(frozen=True, slots=True)
class Standing:
    """What a look at the store said about a session, and until when that is believed."""

    actor: Actor
    limited: bool
    until: datetime


class Authenticator:
    """Turns headers into an actor whose session stands."""

    def __init__(
        self,
        *,
        tokens: AccessTokens,
        sessions: Sessions,
        clients: Clients,
        csrf: CsrfTokens,
        panels: Panels,
        organisation: str,
        clock: Clock,
    ) -> None:
        self._tokens = tokens
        self._sessions = sessions
        self._clients = clients
        self._csrf = csrf
        self._panels = panels
        self._organisation = organisation
        self._clock = clock
        self._known: dict[str, Standing] = {}

    async def authenticate(
        self, headers: Headers, method: str, *, enrolling: bool = False
    ) -> Actor:
        """Return who is asking.

        Args:
            headers: Raw headers; a bearer token is taken before a cookie.
            method: Unsafe ones need the CSRF header when the token came in a cookie.
            enrolling: Whether a session limited to enrolling a second factor may pass.

        Raises:
            careflow.errors.NotSignedInError: No token, or none that stands; the code says which.
            careflow.identity.cookies.CsrfError: The CSRF header is missing or another session's.
            SecondFactorNeededError: The session may only enrol.
        """
        token, from_cookie, csrf = _shown(headers)
        if token is None:
            raise TokenMissingError
        at = self._clock()
        claims = self._tokens.verify(token, at=at)
        if from_cookie and method not in SAFE_METHODS:
            self._csrf.check(claims.session, csrf)
        standing = self._known.get(claims.session)
        if standing is None or at >= standing.until:
            standing = await self._looked_up(claims, at)
        if standing.limited and not enrolling:
            raise SecondFactorNeededError
        return standing.actor

    def forget(self, session: str) -> None:
        """Look a session up again at its next request, because it was just changed here."""
        self._known.pop(session, None)

    async def _looked_up(self, claims: Claims, at: datetime) -> Standing:
        self._known.pop(claims.session, None)
        if claims.organisation != self._organisation:
            raise TokenInvalidError
        if claims.role is Role.MACHINE:
            actor, limited = await self._machine(claims), False
        else:
            stored = await self._sessions.standing(claims.session)
            actor, limited = stored.account.actor(claims.session), stored.session.limited
            panel = await self._panels.of(stored.account)
            if panel is not None:
                actor = replace(actor, panel=panel)
        if (actor.id, actor.role) != (claims.subject, claims.role):
            raise SessionEndedError
        standing = Standing(actor, limited, at + self._sessions.lifetimes.trust)
        while len(self._known) >= _KNOWN_MAX:
            self._known.pop(next(iter(self._known)), None)
        self._known[claims.session] = standing
        return standing

    async def _machine(self, claims: Claims) -> Actor:
        client = await self._clients.active(claims.subject)
        if client is None:
            raise SessionEndedError
        # Scopes taken from the client since the token was made are gone from the token too.
        scopes = grants_of(claims.scopes).within(grants_of(client.scopes)).scopes()
        return self._clients.actor(client, scopes, claims.session)


def _shown(headers: Headers) -> tuple[bytes | None, bool, bytes | None]:
    """Return the token, whether it came in a cookie, and the value against forged requests."""
    token = cookie = csrf = None
    for name, value in headers:
        if name == _AUTHORIZATION:
            token = _bearer(value)
        elif name == _COOKIE and cookie is None:
            cookie = cookie_value(value, ACCESS)
        elif name == _CSRF:
            csrf = value
    return (cookie, True, csrf) if token is None and cookie else (token, False, csrf)


def _bearer(value: bytes) -> bytes:
    scheme, _, token = value.partition(b" ")
    if scheme.lower() != b"bearer" or not token:
        raise TokenInvalidError
    return token.strip()

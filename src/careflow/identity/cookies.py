"""Cookies of browser sessions, and the CSRF token that goes with them.

The access and refresh tokens stand in ``HttpOnly`` ``SameSite=Strict`` cookies that scripts cannot
read. Because a browser sends cookies whoever asks it to, an unsafe request must also carry the
header ``X-CSRF-Token``, an HMAC of the session id that only our own pages can read (from the cookie
``careflow_csrf`` or the answer to a sign-in). It is checked against the session, not against the
cookie: planting a cookie from a neighbouring domain gains nothing.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import ClassVar

from careflow.errors import NotAllowedError

ACCESS = "careflow_access"
REFRESH = "careflow_refresh"
CSRF = "careflow_csrf"
ACCESS_PATH = "/api"
REFRESH_PATH = "/api/auth"
CSRF_HEADER = "x-csrf-token"

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class CsrfError(NotAllowedError):
    """An unsafe request with cookies but without the header that proves our own page sent it."""

    code: ClassVar[str] = "identity-csrf"

    def __init__(self) -> None:
        super().__init__("This request did not come from the clinic's own page: reload and retry.")


class CsrfTokens:
    """Makes and checks the CSRF token of a session."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def token(self, session: str) -> str:
        """Return the session's token; it holds for as long as the session."""
        digest = hmac.new(self._key, session.encode(), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest).decode("ascii").rstrip("=")

    def check(self, session: str, shown: bytes | None) -> None:
        """Return if the header holds the session's token, or raise :class:`CsrfError`."""
        if shown is None or not hmac.compare_digest(shown, self.token(session).encode("ascii")):
            raise CsrfError


def cookie_value(header: bytes, name: str) -> bytes | None:
    """Return the first cookie of this name in a ``Cookie`` header, if it is there."""
    wanted = name.encode("ascii") + b"="
    for part in header.split(b";"):
        pair = part.strip()
        if pair.startswith(wanted):
            return pair[len(wanted) :]
    return None


def needs_secure(scheme: str, host: str | None) -> bool:
    """Report whether cookies must be ``Secure``: always, but for plain HTTP on loopback."""
    return not (scheme == "http" and host in _LOOPBACK)

"""The token request of OAuth 2.0 client credentials, read by hand.

RFC 6749, 2.3.1 and 4.4, and RFC 7523, 2.2.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Final
from urllib.parse import parse_qsl, unquote_plus

from careflow.errors import BadInputError, CareFlowError, NotSignedInError, TooManyRequestsError
from careflow.identity.assertions import ASSERTION_TYPE
from careflow.identity.smart import BadScopeError

FORM = "application/x-www-form-urlencoded"
_FIELDS_MAX = 20
_LENGTH_MAX = 16_384
GRANT: Final = "client_credentials"
AUTHENTICATION_METHODS: Final = ("client_secret_basic", "client_secret_post", "private_key_jwt")
"""How a client proves itself: by HTTP Basic, in the form, or by what it signs."""


class BadTokenRequestError(BadInputError):
    """Not a token request in the form that OAuth describes."""

    code: ClassVar[str] = "identity-bad-token-request"

    def __init__(self, message: str) -> None:
        super().__init__(message)


class UnsupportedGrantError(BadInputError):
    """A grant that is not offered."""

    code: ClassVar[str] = "identity-unsupported-grant"

    def __init__(self) -> None:
        super().__init__(f"Ask with grant_type={GRANT}.")


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """Who asks, and for which scopes (none asks for all).

    Attributes:
        client_id: Empty where only the assertion says it.
        assertion: What the client signed; it has no secret then.
    """

    client_id: str
    client_secret: str
    scopes: frozenset[str]
    assertion: str = ""


def parse(content_type: str, authorization: str | None, body: bytes) -> TokenRequest:
    """Read a token request; id and secret come in the form or by HTTP Basic, not both.

    In place of the secret comes what the client signed, in the form.

    Unknown fields are ignored, as the standard asks; repeated ones are refused, as it asks too.

    Raises:
        BadTokenRequestError: It is not a form, or id and secret are missing or doubled.
        UnsupportedGrantError: It asks for another grant.
    """
    fields = _fields(content_type, body)
    if fields.get("grant_type") != GRANT:
        raise UnsupportedGrantError
    scopes = frozenset(fields.get("scope", "").split())
    if "client_assertion" in fields or "client_assertion_type" in fields:
        return _asserted(fields, scopes, has_header=bool(authorization))
    basic = _basic(authorization) if authorization else None
    if basic and "client_secret" in fields:
        raise BadTokenRequestError("Send the client's secret once: by HTTP Basic or in the form.")
    id, secret = basic or (fields.get("client_id", ""), fields.get("client_secret", ""))
    if not id or not secret:
        raise BadTokenRequestError("Send client_id and client_secret.")
    return TokenRequest(id, secret, scopes)


def error_name(error: CareFlowError) -> str:
    """Return OAuth's word for an error (RFC 6749, 5.2)."""
    if isinstance(error, NotSignedInError):
        return "invalid_client"
    if isinstance(error, BadScopeError):
        return "invalid_scope"
    if isinstance(error, UnsupportedGrantError):
        return "unsupported_grant_type"
    if isinstance(error, TooManyRequestsError):
        return "temporarily_unavailable"
    return "invalid_request"


def _asserted(
    fields: Mapping[str, str], scopes: frozenset[str], *, has_header: bool
) -> TokenRequest:
    if has_header or "client_secret" in fields:
        raise BadTokenRequestError("Send a client assertion or a secret, not both.")
    if fields.get("client_assertion_type") != ASSERTION_TYPE:
        raise BadTokenRequestError(f"Send client_assertion_type={ASSERTION_TYPE}.")
    assertion = fields.get("client_assertion", "")
    if not assertion:
        raise BadTokenRequestError("Send client_assertion.")
    return TokenRequest(fields.get("client_id", ""), "", scopes, assertion)


def _fields(content_type: str, body: bytes) -> dict[str, str]:
    if content_type.partition(";")[0].strip().lower() != FORM:
        raise BadTokenRequestError(f"Send a form ({FORM}).")
    if len(body) > _LENGTH_MAX:
        raise BadTokenRequestError("The form is too long.")
    try:
        pairs = parse_qsl(
            body.decode("utf-8"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=_FIELDS_MAX,
        )
    except ValueError as error:
        raise BadTokenRequestError("The form cannot be read.") from error
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise BadTokenRequestError("Send each field once.")
    return fields


def _basic(authorization: str) -> tuple[str, str]:
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() != "basic":
        raise BadTokenRequestError("Send the client's secret by HTTP Basic or in the form.")
    try:
        plain = base64.b64decode(encoded.strip(), validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise BadTokenRequestError("The Authorization header cannot be read.") from error
    id, _, secret = plain.partition(":")
    return unquote_plus(id), unquote_plus(secret)

"""One FHIR request as it came over the wire, split by hand: no router, no framework."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final
from urllib.parse import unquote, unquote_plus

import msgspec

from careflow.errors import BadInputError, CareFlowError, TooLargeError, UnsupportedMediaError

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

RawHeaders = Iterable[tuple[bytes, bytes]]
Header = tuple[bytes, bytes]
Headers = Sequence[Header]
Pairs = list[tuple[str, str]]

JSON_TYPES = frozenset({"application/fhir+json", "application/json", "text/json"})
FORM_TYPE = "application/x-www-form-urlencoded"
_PASSED_OVER_BYTES = 64 * 1024 * 1024
_PASSED_OVER_S = 2.0


class BadQueryStringError(BadInputError):
    """A query string that is not UTF-8 text."""

    code: ClassVar[str] = "records-bad-query-string"

    def __init__(self) -> None:
        super().__init__("The query string is not valid UTF-8.")


class BodyTooLargeError(TooLargeError):
    """The body is longer than what is taken here; the rest was not read."""

    code: ClassVar[str] = "records-body-too-large"

    def __init__(self, limit_bytes: int) -> None:
        super().__init__(f"The body is longer than the {limit_bytes} bytes that are taken here.")


class UnsupportedContentTypeError(UnsupportedMediaError):
    """A body of another type than FHIR JSON (or a form, for a search)."""

    code: ClassVar[str] = "records-unsupported-content-type"

    def __init__(self, wanted: str) -> None:
        super().__init__(f"Send this body as {wanted}, in UTF-8.")
        self.wanted = wanted


class NotAcceptableError(CareFlowError):
    """The asker wants a form that is not offered."""

    code: ClassVar[str] = "records-not-acceptable"
    status: ClassVar[int] = 406
    issue: ClassVar[str] = "not-supported"

    def __init__(self) -> None:
        super().__init__("Answers are given as application/fhir+json only.")


@dataclass(frozen=True, slots=True)
class Preference:
    """What the ``Prefer`` header asks for."""

    returns: str = "representation"
    lenient: bool = False


_NO_PREFERENCE: Final = Preference()


class FhirRequest(msgspec.Struct):
    """A request, before anything of it is believed.

    Attributes:
        segments: The path below the base, split: ``("Patient", "123")``.
        query: The query string as sent; ``pairs`` is the same decoded, in order.
        headers: Lower-case names; of repeated ones the last.
        base: Address of the FHIR base, without a trailing slash.
        id: Correlates the audit entry, the answer and log lines.
        is_read: Whether all of the body was taken.
    """

    method: str
    segments: tuple[str, ...]
    query: bytes
    headers: Mapping[str, str]
    base: str
    id: str
    receive: Receive
    raw_headers: RawHeaders = ()
    pairs: Pairs = []
    is_read: bool = False

    @property
    def has_more(self) -> bool:
        """Report whether a body is being sent that nobody took."""
        headers = self.headers
        sends = headers.get("content-length", "0") != "0" or "transfer-encoding" in headers
        return sends and not self.is_read

    @property
    def prefer(self) -> Preference:
        """Return the preferences, read anew: few requests have any."""
        header = self.headers.get("prefer")
        return preference(header) if header else _NO_PREFERENCE

    @property
    def pretty(self) -> bool:
        """Report whether ``_pretty`` asks for an indented answer."""
        return ("_pretty", "true") in self.pairs


def preference(header: str) -> Preference:
    """Read a ``Prefer`` header; what it does not know it passes over, as the standard asks."""
    wishes = {wish.strip() for wish in header.replace(",", ";").split(";")}
    returns = next((w[7:] for w in wishes if w.startswith("return=")), "representation")
    return Preference(returns=returns, lenient="handling=lenient" in wishes)


def split_path(path: str, prefix: str) -> tuple[str, ...]:
    """Return the segments below the base; a trailing slash means nothing."""
    below = path.removeprefix(prefix).strip("/")
    if not below:
        return ()
    parts = below.split("/")
    return tuple(unquote(part) for part in parts) if "%" in below else tuple(parts)


def split_query(query: bytes) -> Pairs:
    """Return the pairs of a query string or form, decoded, in order."""
    if not query:
        return []
    try:
        text = query.decode("utf-8")
        parts = [part.partition("=") for part in text.split("&") if part]
        if "%" in text or "+" in text:
            return [(_unquoted(name), _unquoted(value)) for name, _, value in parts]
        return [(name, value) for name, _, value in parts]
    except UnicodeDecodeError as error:
        raise BadQueryStringError from error


def _unquoted(text: str) -> str:
    return unquote_plus(text, errors="strict") if "%" in text or "+" in text else text


def header_map(raw: RawHeaders) -> dict[str, str]:
    """Return the headers by lower-case name (ASGI servers send them so)."""
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in raw}


def require_json_answer(headers: Mapping[str, str], pairs: Pairs) -> None:
    """Raise if the asker takes neither FHIR JSON nor anything that covers it."""
    for name, value in pairs:
        if name == "_format" and "json" not in value:
            raise NotAcceptableError
    accept = headers.get("accept", "*/*")
    if "json" not in accept and "*/*" not in accept and "application/*" not in accept:
        raise NotAcceptableError


def require_content_type(headers: Mapping[str, str], allowed: frozenset[str]) -> None:
    """Raise unless the body's declared type is one of these, in UTF-8."""
    media_type, _, rest = headers.get("content-type", "").lower().partition(";")
    charset = rest.partition("charset=")[2].strip(' "') or "utf-8"
    if media_type.strip() not in allowed or charset not in {"utf-8", "utf8"}:
        raise UnsupportedContentTypeError(min(allowed))


async def read_body(request: FhirRequest, *, limit_bytes: int) -> bytes:
    """Return the whole body, refusing it before (or as soon as) it is longer than the limit."""
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > limit_bytes:
        raise BodyTooLargeError(limit_bytes)
    chunks: list[bytes] = []
    length = 0
    while True:
        message = await request.receive()
        if message["type"] == "http.disconnect":
            raise BadInputError("The connection was closed before the body was complete.")
        chunk = message.get("body", b"")
        length += len(chunk)
        if length > limit_bytes:
            raise BodyTooLargeError(limit_bytes)
        chunks.append(chunk)
        if not message.get("more_body", False):
            request.is_read = True
            return b"".join(chunks)


async def pass_over_body(request: FhirRequest) -> None:
    """Take, within bounds, what is still being sent by someone who was already answered.

    A connection that is closed over bytes that nobody took is reset, and a reset takes the answer
    with it: whoever sent too much would never read why.
    """
    left = _PASSED_OVER_BYTES
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_PASSED_OVER_S):
            while left > 0:
                message = await request.receive()
                left -= len(message.get("body", b""))
                if not message.get("more_body", False):
                    return

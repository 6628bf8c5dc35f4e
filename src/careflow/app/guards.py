"""What holds for every request, as plain ASGI: a request number, safe headers, a body limit."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from careflow.app import problems
from careflow.ids import Mint

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

# Mantine writes style elements at run time, hence 'unsafe-inline' for styles; scripts are ours.
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; object-src 'none'; "
    "base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
_HEADERS = [
    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
]
DATA_HEADERS = [
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
]
"""What an answer carries that is never a page: nothing in it may run, load or be framed."""
_OF_FILE = re.compile(r"^/api/ai/tasks/[^/]+/file$")
_NO_STORE = (b"cache-control", b"no-store")
JSON_BODY_LIMIT = 1024 * 1024
TOO_LARGE = 413
_CLOSE = (b"connection", b"close")
"""What was not read is still on its way: such a connection cannot carry another request."""


class Guards:
    """Wraps the whole application."""

    def __init__(self, application: Application, *, mint: Mint) -> None:
        self._application = application
        self._mint = mint

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Number the request, bound its body, and complete the headers of its answer."""
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        request = self._mint()
        scope.setdefault("state", {})["request"] = request
        answer = _WithHeaders(send, request, is_api=scope["path"].startswith("/api/"))
        if _reads_its_own_body(scope):
            await self._application(scope, receive, answer)
            return
        body = await _bounded(scope, receive)
        if body is None:
            await _refuse(answer)
            return
        await self._application(scope, _replay(body, receive), answer)


class _WithHeaders:
    """Adds the headers that every answer carries, unless the answer has its own."""

    def __init__(self, send: Send, request: str, *, is_api: bool) -> None:
        self._send, self._request, self._is_api = send, request, is_api

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = list(message.get("headers", ()))
            present = {name.lower() for name, _ in headers}
            headers += [pair for pair in _HEADERS if pair[0] not in present]
            if self._is_api and b"cache-control" not in present:
                headers.append(_NO_STORE)
            if message["status"] == TOO_LARGE and _CLOSE not in headers:
                headers.append(_CLOSE)
            headers.append((b"x-request-id", self._request.encode()))
            message = {**message, "headers": headers}
        await self._send(message)


def _reads_its_own_body(scope: Scope) -> bool:
    """Report whether the body is read as a stream, under a limit of the address's own."""
    path: str = scope["path"]
    is_file = path == "/api/documents" or _OF_FILE.match(path) is not None
    return scope["method"] == "POST" and is_file


async def _bounded(scope: Scope, receive: Receive) -> bytes | None:
    """Return the whole body, or ``None`` as soon as it is known to pass the limit."""
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit() and int(value) > JSON_BODY_LIMIT:
            return None
    if scope["method"] in {"GET", "HEAD", "OPTIONS"}:
        return b""
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return b""
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > JSON_BODY_LIMIT:
            return None
        if not message.get("more_body", False):
            return b"".join(parts)


def _replay(body: bytes, receive: Receive) -> Receive:
    given = False

    async def replay() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay


async def _refuse(send: Send) -> None:
    document = problems.problem(TOO_LARGE, "too-large", "The body is larger than 1 MiB.")
    await respond(send, TOO_LARGE, problems.body(document), problems.MEDIA_TYPE)


async def respond(send: Send, status: int, body: bytes, media_type: str) -> None:
    """Send one complete answer."""
    headers = [(b"content-type", media_type.encode()), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})

"""Takes text messages as Twilio's Messages resource does, faults included."""

from __future__ import annotations

import base64
import json
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

Json = dict[str, Any]

ACCOUNT, TOKEN = "AC0123456789abcdef0123456789abcdef", "a-token"
FAULTS = {
    "401": (401, 20003, "Authenticate"),
    "429": (429, 20429, "Too Many Requests"),
    "500": (500, 20500, "Internal Server Error"),
    "invalid": (400, 21211, "Invalid 'To' Phone Number"),
    "stopped": (400, 21610, "Attempt to send to unsubscribed recipient"),
}


@dataclass
class TwilioStandin:
    """The provider's state; ``script`` names faults, in order."""

    script: deque[str] = field(default_factory=deque)
    taken: list[dict[str, str]] = field(default_factory=list)

    async def __call__(
        self,
        scope: Mapping[str, Any],
        receive: Callable[[], Awaitable[Json]],
        send: Callable[[Json], Awaitable[None]],
    ) -> None:
        """Answer one request (ASGI)."""
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        status, answer = self._answer(scope, body)
        kind = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": status, "headers": kind})
        await send({"type": "http.response.body", "body": json.dumps(answer).encode()})

    def _answer(self, scope: Mapping[str, Any], body: bytes) -> tuple[int, Json]:
        if scope["path"] != f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json":
            return 404, {"code": 20404, "status": 404, "message": "not found"}
        secret = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode())
        if dict(scope["headers"]).get(b"authorization") != b"Basic " + secret:
            return 401, {"code": 20003, "status": 401, "message": "Authenticate"}
        if self.script and (fault := FAULTS.get(self.script.popleft())):
            status, code, words = fault
            return status, {"code": code, "status": status, "message": words}
        form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        self.taken.append(form)
        sid = f"SM{len(self.taken):032x}"
        return 201, {"sid": sid, "status": "queued", "error_code": None, **form}

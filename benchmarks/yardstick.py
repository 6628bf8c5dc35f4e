"""The yardstick H: a raw ASGI application that answers one resource's bytes and does nothing else.

What it reaches in a run is what this machine, server and socket can give at that moment; our own
figures are quoted as a share of it.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

BODY = Path(os.environ["CAREFLOW_TEST_YARDSTICK_BODY"]).read_bytes()  # noqa: TID251
HEADERS = [
    (b"content-type", b"application/fhir+json"),
    (b"content-length", str(len(BODY)).encode()),
]


async def application(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401, ARG001
    """Answer every request with the same bytes."""
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        await send({"type": "http.response.body", "body": BODY})

"""What goes back over the wire, as bytes."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Final

import msgspec

from careflow.database.documents import Document
from careflow.records.request import Header, Headers, Send

FHIR_JSON: Final = (b"content-type", b"application/fhir+json; charset=utf-8")
# Written by hand: names in HTTP are English, whatever the locale.
_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS: Final = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip
# Health data is never kept by anything between the server and the person who asked for it.
_NO_STORE: Final = (b"cache-control", b"private, no-store")
_ALWAYS: Final[list[Header]] = [FHIR_JSON, _NO_STORE]
_ALWAYS_PLAIN: Final[list[Header]] = [(b"content-type", b"application/json"), _NO_STORE]


class Answer(msgspec.Struct):
    """A status, headers and the exact bytes of the body; the version it is about, if one.

    ``plain`` is JSON that is no resource.
    """

    status: int
    body: bytes = b""
    headers: list[Header] = []
    document: Document | None = None
    plain: bool = False

    async def send(
        self,
        send: Send,
        always: Headers,
        *,
        with_body: bool,
        request_id: str,
        pretty: bool,
        is_open: bool = False,
    ) -> None:
        """Write it to the socket, with the headers that every answer has.

        With ``is_open`` all of it is sent and the exchange goes on, until :func:`close`.
        """
        body = msgspec.json.format(self.body, indent=2) if pretty and self.body else self.body
        headers = [*(_ALWAYS_PLAIN if self.plain else _ALWAYS), *always, *self.headers]
        headers.append((b"x-request-id", request_id.encode("ascii")))
        if self.status != 304:
            headers.append((b"content-length", b"%d" % len(body)))
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        sent = body if with_body else b""
        await send({"type": "http.response.body", "body": sent, "more_body": is_open})


async def close(send: Send) -> None:
    """End the exchange that an answer left open."""
    await send({"type": "http.response.body", "body": b""})


def etag(document: Document) -> str:
    """Return the weak entity tag of a version."""
    return f'W/"{document.version}"'


@lru_cache(maxsize=4096)
def http_date(instant: datetime) -> str:
    """Return an instant as HTTP writes it, to the second."""
    day, month = _DAYS[instant.weekday()], _MONTHS[instant.month - 1]
    time = f"{instant.hour:02d}:{instant.minute:02d}:{instant.second:02d}"
    return f"{day}, {instant.day:02d} {month} {instant.year:04d} {time} GMT"


def version_headers(document: Document) -> list[Header]:
    """Return ETag and Last-Modified of a version."""
    return [
        (b"etag", etag(document).encode("ascii")),
        (b"last-modified", http_date(document.stored_at).encode("ascii")),
    ]


def location(base: str, document: Document) -> str:
    """Return the address of exactly this version."""
    return f"{base}/{document.kind}/{document.id}/_history/{document.version}"

"""The entries of transaction-response and batch-response bundles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC
from http import HTTPStatus
from typing import Any, Final

import msgspec

from careflow.clock import instant_text
from careflow.database.documents import Document
from careflow.fhir.outcome import all_is_well
from careflow.records.answer import Answer, etag, http_date, location
from careflow.records.offered import PATCH_TYPES
from careflow.records.request import FhirRequest, Message, split_path, split_query
from careflow.records.steps import Step

_encode: Final = msgspec.json.encode


def response_bundle(kind: str, entries: Iterable[bytes]) -> bytes:
    """Return the bundle; an empty one has no entry, as the standard allows no empty list."""
    joined = b",".join(entries)
    head = f'{{"resourceType":"Bundle","type":"{kind}"'.encode("ascii")
    return head + (b',"entry":[' + joined + b"]}" if joined else b"}")


def response_to_write(request: FhirRequest, document: Document | None, *, created: bool) -> bytes:
    """Return the entry for a write of a transaction and the version that stands after it."""
    if document is None or document.deleted:
        return _entry(b"", _about(request.base, 204, document))
    about = _about(request.base, 201 if created else 200, document)
    wish = request.headers.get("prefer", "")
    if "return=OperationOutcome" in wish:
        return _entry(b"", about, outcome=all_is_well("Stored."))
    return _entry(document.body if "return=representation" in wish else b"", about)


def response_of(answer: Answer) -> bytes:
    """Return the entry for a part that was answered as a request of its own."""
    about = _about("", answer.status, answer.document)
    if answer.status >= 400:
        return _entry(b"", about, outcome=answer.body)
    return _entry(answer.body, about)


def _about(base: str, status: int, document: Document | None) -> dict[str, Any]:
    about: dict[str, Any] = {"status": f"{status} {HTTPStatus(status).phrase}"}
    if document is not None:
        about["etag"] = etag(document)
        about["lastModified"] = instant_text(document.stored_at)
        if status in {200, 201}:
            about["location"] = location(base, document).removeprefix("/")
    return about


def _entry(resource: bytes, about: Mapping[str, Any], *, outcome: bytes = b"") -> bytes:
    response = _encode(about)
    if outcome:
        response = response[:-1] + b',"outcome":' + outcome + b"}"
    head = b'{"resource":' + resource + b"," if resource else b"{"
    return head + b'"response":' + response + b"}"


def part_request(request: FhirRequest, step: Step) -> FhirRequest:
    """Return the request that one entry of a bundle stands for."""
    path, _, query = step.url.partition("?")
    headers = {name: request.headers[name] for name in ("prefer",) if name in request.headers}
    patches = step.method == "PATCH"
    headers["content-type"] = PATCH_TYPES[0] if patches else "application/fhir+json"
    if step.expected is not None and step.known_tag != "*":
        headers["if-match"] = f'W/"{step.expected}"'
    if step.condition is not None:
        headers["if-none-exist"] = step.condition
    if step.known_tag is not None:
        headers["if-none-match"] = step.known_tag
    if step.known_since is not None:
        headers["if-modified-since"] = http_date(step.known_since.astimezone(UTC))

    async def content() -> Message:
        return {"type": "http.request", "body": step.content, "more_body": False}

    return FhirRequest(
        method="GET" if step.method == "HEAD" else step.method,
        segments=split_path(path, ""),
        query=query.encode(),
        headers=headers,
        base=request.base,
        id=request.id,
        receive=content,
        pairs=split_query(query.encode()),
    )

"""The entries of transaction-response and batch-response bundles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any, Final

import msgspec

from careflow.clock import instant_text
from careflow.database.documents import Document
from careflow.database.narrowing import shown
from careflow.database.scope import AccessScope
from careflow.database.work import Staged
from careflow.records.answer import Answer, etag, location
from careflow.records.request import FhirRequest, Message, split_path, split_query
from careflow.records.steps import Step

_encode: Final = msgspec.json.encode


def response_bundle(kind: str, entries: Iterable[bytes]) -> bytes:
    """Return the bundle; an empty one has no entry, as the standard allows no empty list."""
    joined = b",".join(entries)
    head = f'{{"resourceType":"Bundle","type":"{kind}"'.encode("ascii")
    return head + (b',"entry":[' + joined + b"]}" if joined else b"}")


def response_to_write(
    request: FhirRequest, step: Step, staged: Staged | None, scope: AccessScope
) -> bytes:
    """Return the entry for a write of a transaction (``None``: it was there already)."""
    document = staged.document if staged is not None else step.existing
    if document is None or document.deleted:
        return _entry(b"", _about(request.base, 204, document))
    created = staged is not None and (step.method == "POST" or document.version == 1)
    wanted = "return=representation" in request.headers.get("prefer", "")
    about = _about(request.base, 201 if created else 200, document)
    return _entry(shown(document, scope).body if wanted else b"", about)


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
    headers["content-type"] = "application/fhir+json"
    if step.expected is not None:
        headers["if-match"] = f'W/"{step.expected}"'
    if step.condition is not None:
        headers["if-none-exist"] = step.condition

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

"""The content of a request: its type and length checked, then read and validated."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final

from careflow.fhir.patching import Operation, patched, read_patch
from careflow.fhir.resource import Resource, parse
from careflow.records.offered import PATCH_TYPES
from careflow.records.request import JSON_TYPES, FhirRequest, read_body, require_content_type

LARGE_BODY_BYTES: Final = 128 * 1024
"""Above this, parsing takes milliseconds and belongs off the event loop."""


async def read_resource(request: FhirRequest, kind: str, *, limit_bytes: int) -> Resource:
    """Return the resource that was sent.

    Raises:
        careflow.fhir.resource.InvalidResourceError: It is none, or not a valid one of this kind.
    """
    require_content_type(request.headers, JSON_TYPES)
    return await validated(await read_body(request, limit_bytes=limit_bytes), kind)


async def validated(body: bytes, kind: str) -> Resource:
    """Return a resource of a kind, read off the event loop where that takes long."""
    if len(body) > LARGE_BODY_BYTES:
        return await asyncio.to_thread(parse, body, expected_type=kind)
    return parse(body, expected_type=kind)


async def read_patch_sent(request: FhirRequest, *, limit_bytes: int) -> list[Operation]:
    """Return the operations of the JSON Patch that was sent.

    Raises:
        careflow.fhir.patching.BadPatchError: It is none.
    """
    require_content_type(request.headers, frozenset(PATCH_TYPES))
    body = await read_body(request, limit_bytes=limit_bytes)
    if len(body) > LARGE_BODY_BYTES:
        return await asyncio.to_thread(read_patch, body)
    return read_patch(body)


async def apply_patch(body: bytes, operations: Sequence[Operation]) -> bytes:
    """Return a resource's bytes with a patch applied."""
    if len(body) > LARGE_BODY_BYTES or len(operations) > 50:
        return await asyncio.to_thread(patched, body, operations)
    return patched(body, operations)

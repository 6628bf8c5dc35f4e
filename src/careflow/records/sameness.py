"""Whether a resource says the same as a stored version, but for what the store itself puts in."""

from __future__ import annotations

import json
from typing import Any

from careflow.database.documents import Document
from careflow.fhir.resource import Resource, stamp


def same_content(resource: Resource, document: Document) -> bool:
    """Report whether storing the resource would change nothing but version and time.

    The common case, the same file read again, is settled by comparing bytes; otherwise spelling
    (spaces, order of members) does not count, and numbers do by their text.
    """
    if document.deleted:
        return False
    again = stamp(resource, id=document.id, version=document.version, updated=document.stored_at)
    return again == document.body or _meaning(again) == _meaning(document.body)


def _meaning(body: bytes) -> Any:  # noqa: ANN401 - JSON.
    return json.loads(body, parse_float=_number_text, parse_int=_number_text)


def _number_text(text: str) -> tuple[str, str]:
    """Return a number by its text: 72.50 is not 72.5, nor is it the string "72.50"."""
    return "number", text

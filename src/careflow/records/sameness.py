"""Whether a resource says the same as a stored version, but for what the store itself puts in."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any, Final

from careflow.database.documents import Document
from careflow.fhir.resource import Resource, stamp

_CONDITIONAL: Final = re.compile(r"([A-Z][A-Za-z]+)\?")


def same_content(resource: Resource, document: Document, *, unlinked: bytes | None = None) -> bool:
    """Report whether storing the resource would change nothing but version and time.

    The common case, the same file read again, is settled by comparing bytes; otherwise spelling
    (spaces, order of members) does not count, and numbers do by their text.

    ``unlinked`` is the resource with its conditional references as they were sent. Whatever such a
    reference was taken to mean when it was stored, it still says the same: who else has come to
    meet the condition since changes nothing that was written.
    """
    if document.deleted:
        return False
    if _stamped(resource, document) == document.body:
        return True
    sent = resource if unlinked is None else replace(resource, body=unlinked)
    return _alike(_meaning(_stamped(sent, document)), _meaning(document.body))


def _stamped(resource: Resource, document: Document) -> bytes:
    return stamp(resource, id=document.id, version=document.version, updated=document.stored_at)


def _meaning(body: bytes) -> Any:  # noqa: ANN401 - JSON.
    return json.loads(body, parse_float=_number_text, parse_int=_number_text)


def _number_text(text: str) -> tuple[str, str]:
    """Return a number by its text: 72.50 is not 72.5, nor is it the string "72.50"."""
    return "number", text


def _alike(sent: Any, stored: Any) -> bool:  # noqa: ANN401 - JSON.
    if isinstance(sent, dict) and isinstance(stored, dict):
        return sent.keys() == stored.keys() and all(
            _alike(value, stored[name]) or (name == "reference" and _means(value, stored[name]))
            for name, value in sent.items()
        )
    if isinstance(sent, list) and isinstance(stored, list):
        return len(sent) == len(stored) and all(map(_alike, sent, stored))
    return bool(sent == stored)


def _means(sent: Any, stored: Any) -> bool:  # noqa: ANN401 - JSON.
    """Report whether a conditional reference may have been stored as this literal one."""
    if not isinstance(sent, str) or not isinstance(stored, str):
        return False
    condition = _CONDITIONAL.match(sent)
    return condition is not None and stored.startswith(f"{condition[1]}/")

"""Whose data leaves with a stored resource, found without parsing it.

Every read is answered with stored bytes, and its audit entry names every patient whose data left.
A reference to a patient is always the JSON string ``"Patient/<id>"``, so a scan for it finds every
patient whose compartment holds the resource (and any other patient it mentions, who is named too).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from careflow.database.documents import Document

_PATIENT = re.compile(rb'"Patient/([A-Za-z0-9\-.]{1,64})["/]')


def patients_in(document: Document) -> tuple[str, ...]:
    """Return the ids of every patient whose data the document holds, in the order met."""
    if document.kind == "Patient":
        return (document.id, *(p for p in _mentioned(document.body) if p != document.id))
    return tuple(_mentioned(document.body))


def patients_among(documents: Sequence[Document]) -> tuple[str, ...]:
    """Return the ids of every patient whose data these documents hold, each once."""
    named = dict.fromkeys([one.id for one in documents if one.kind == "Patient"])
    bodies = [one.body for one in documents]
    whole = b"\n".join(bodies)
    if b"\\" not in whole:
        bodies = [whole]
    for body in bodies:
        named.update(_mentioned(body))
    return tuple(named)


def _mentioned(body: bytes) -> dict[str, None]:
    if b"\\" in body and (b"\\/" in body or b"\\u00" in body):
        # A writer may escape a solidus or a letter; writing it again spells both plainly.
        body = msgspec.json.encode(msgspec.json.decode(body))
    return {found.decode("ascii"): None for found in dict.fromkeys(_PATIENT.findall(body))}

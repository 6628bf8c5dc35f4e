"""What the last change of a visit was, out of its versions and the trail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from careflow.audit.trail import Trail
from careflow.database.documents import Document, Documents
from careflow.database.scope import organisation_scope
from careflow.scheduling.flow.life import Stage, stage_of
from careflow.scheduling.visit import DECODER, Appointment

Act = Literal["booked", "moved", "staged", "changed"]
_WRITES: Final = frozenset({"create", "update", "patch"})
_LOOKED_AT: Final = 200
"""Entries of the patient that are looked through for the visit's own."""


@dataclass(frozen=True, slots=True)
class LastChange:
    """A visit's last change.

    Attributes:
        by: Account or machine client; ``None`` where the trail says it too far back.
        stage: Where the visit stands now.
        start: When it begins now.
    """

    by: str | None
    at: datetime
    act: Act
    stage: Stage | None
    start: datetime | None


async def last_change(documents: Documents, trail: Trail, organisation: str, id: str) -> LastChange:
    """Return what was done last to a visit that there is."""
    scope = organisation_scope(organisation)
    page = await documents.history(scope, kind="Appointment", id=id, count=2)
    versions = page.documents
    now = DECODER.decode(versions[0].body)
    before = DECODER.decode(versions[1].body) if len(versions) > 1 else None
    return LastChange(
        by=await _author(trail, versions[0], now.patient),
        at=versions[0].stored_at,
        act=_act(before, now),
        stage=stage_of(now),
        start=now.start,
    )


async def _author(trail: Trail, document: Document, patient: str | None) -> str | None:
    page = await trail.entries(patient=patient, count=_LOOKED_AT)
    subject = f"Appointment/{document.id}"
    for entry in page.entries:
        if subject in entry.subjects and entry.action.rpartition(":")[2] in _WRITES:
            return entry.actor
    return None


def _act(before: Appointment | None, now: Appointment) -> Act:
    if before is None:
        return "booked"
    if stage_of(before) != stage_of(now):
        return "staged"
    if (before.start, before.taking_part()) != (now.start, now.taking_part()):
        return "moved"
    return "changed"

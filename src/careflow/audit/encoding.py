"""An entry as bytes: a JSON array in a fixed order, so that the same entry is the same bytes."""

from __future__ import annotations

from datetime import datetime
from typing import cast

import msgspec

from careflow.audit.entry import AuditEntry, Outcome
from careflow.clock import instant_text


class _Line(msgspec.Struct, array_like=True, frozen=True):
    """Fields are only ever added at the end."""

    at: str
    action: str
    organisation: str
    actor: str
    role: str
    patients: tuple[str, ...]
    subjects: tuple[str, ...]
    outcome: str
    reason: str | None = None
    request: str | None = None


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(_Line)


def encode(entry: AuditEntry) -> bytes:
    """Write an entry; its instant is kept to the millisecond."""
    return _encoder.encode(
        _Line(
            at=instant_text(entry.at),
            action=str(entry.action),
            organisation=entry.organisation,
            actor=entry.actor,
            role=str(entry.role),
            patients=entry.patients,
            subjects=entry.subjects,
            outcome=entry.outcome,
            reason=entry.reason,
            request=entry.request,
        )
    )


def decode(body: bytes) -> AuditEntry:
    """Read an entry back; raises msgspec.MsgspecError on what is none."""
    line = _decoder.decode(body)
    return AuditEntry(
        at=datetime.fromisoformat(line.at),
        action=line.action,
        organisation=line.organisation,
        actor=line.actor,
        role=line.role,
        patients=line.patients,
        subjects=line.subjects,
        outcome=cast("Outcome", line.outcome),
        reason=line.reason,
        request=line.request,
    )

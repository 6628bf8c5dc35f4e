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


_encode = msgspec.json.Encoder().encode
_decoder = msgspec.json.Decoder(_Line)


def encode(entry: AuditEntry) -> bytes:
    """Write an entry; its instant is kept to the millisecond."""
    # A tuple is written as a line is, without making one first.
    return _encode(
        (
            instant_text(entry.at),
            entry.action,
            entry.organisation,
            entry.actor,
            str(entry.role),
            entry.patients,
            entry.subjects,
            entry.outcome,
            entry.reason,
            entry.request,
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

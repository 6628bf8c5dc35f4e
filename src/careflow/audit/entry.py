"""One line of the trail."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

Outcome = Literal["success", "refused", "failed"]


class AuditEntry(msgspec.Struct, frozen=True, gc=False):
    """Who did what, when, why and to whose record.

    Attributes:
        action: Typed three-part name, ``room:subject:act`` (``records:patient:read``).
        patients: Ids of every patient whose data left or changed.
        subjects: What was touched, as ``Type/id`` or ``Type/id/_history/version``.
        reason: Why, where a reason is asked for; never clinical text.
        request: Correlates entries and log lines of one request.
    """

    at: datetime
    action: str
    organisation: str
    actor: str
    role: str
    patients: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    outcome: Outcome = "success"
    reason: str | None = None
    request: str | None = None

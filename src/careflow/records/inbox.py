"""Documents that arrived and belong to no chart yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from careflow.records.person import PatientLine

InboxStatus = Literal["reading", "to-match", "to-review", "filed", "rejected", "unreadable"]


@dataclass(frozen=True, slots=True)
class InboxDocument:
    """A document of the inbox as screens show it."""

    id: str
    filename: str
    media_type: str
    size: int
    received_at: str
    received_by: str
    status: InboxStatus
    patient: PatientLine | None
    pages: int | None
    draft_id: str | None
    job_id: str | None
    duplicate_of: str | None
    note: str | None
    critical: bool
    must_check: int

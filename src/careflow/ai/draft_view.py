"""A draft as the review screen shows it."""

from __future__ import annotations

from dataclasses import dataclass

from careflow.ai.draft import Status
from careflow.ai.lab_report import ReportHead, Row, Unreadable
from careflow.records.person import PatientLine


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A draft in a list."""

    id: str
    task: str
    status: Status
    created_at: str
    document_id: str | None
    patient: PatientLine | None
    lab: str | None
    rows: int
    must_check: int
    critical: bool
    version: int


@dataclass(frozen=True, slots=True)
class DraftView:
    """A draft under review.

    Attributes:
        must_check: Rows that a person has to settle before anyone can sign.
        identity_problem: How the report's name or birth date differs from the matched patient's;
            signing then asks for a reason.
        blocked_by: Everything that stands in the way of signing now, as sentences.
    """

    id: str
    task: str
    status: Status
    engine: str
    model: str
    prompt_version: str
    created_at: str
    document_id: str | None
    patient: PatientLine | None
    version: int
    rows: list[Row]
    unreadable: list[Unreadable]
    report: ReportHead
    explanation: str | None
    signed_by: str | None
    signed_at: str | None
    must_check: int
    critical: bool
    identity_problem: str | None
    blocked_by: list[str]
    notice: str

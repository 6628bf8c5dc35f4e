"""A draft as the review screen shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from careflow.ai.draft import Draft
from careflow.ai.lab_report import LabReport, ReportHead, Row, Unreadable
from careflow.clock import instant_text
from careflow.records.person import PatientLine

ReportStatus = Literal["draft", "signed", "rejected"]
"""A laboratory report is reviewed row by row, never as a whole before it is signed."""


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A draft in a list."""

    id: str
    task: str
    status: ReportStatus
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
    status: ReportStatus
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


NOTICE = "Read by a program, not by a person. Compare every value with the page before signing."


def _status(draft: Draft[LabReport]) -> ReportStatus:
    return "draft" if draft.status == "reviewed" else draft.status


def line_of_draft(draft: Draft[LabReport], patient: PatientLine | None, version: int) -> DraftLine:
    """Return a draft as a line of a list."""
    report = draft.output
    return DraftLine(
        id=draft.id,
        task=draft.task,
        status=_status(draft),
        created_at=instant_text(draft.created_at),
        document_id=draft.document_id,
        patient=patient,
        lab=report.head.lab,
        rows=len(report.kept),
        must_check=report.must_check,
        critical=report.critical,
        version=version,
    )


def view_of_draft(
    draft: Draft[LabReport],
    patient: PatientLine | None,
    version: int,
    identity_problem: str | None,
) -> DraftView:
    """Return a draft as the review screen shows it."""
    report = draft.output
    signed = draft.status == "signed"
    return DraftView(
        id=draft.id,
        task=draft.task,
        status=_status(draft),
        engine=draft.made_by.engine,
        model=draft.made_by.model,
        prompt_version=draft.made_by.prompt,
        created_at=instant_text(draft.created_at),
        document_id=draft.document_id,
        patient=patient,
        version=version,
        rows=list(report.rows),
        unreadable=list(report.unreadable),
        report=report.head,
        explanation=report.explanation,
        signed_by=draft.reviewer_name if signed else None,
        signed_at=instant_text(draft.reviewed_at) if signed and draft.reviewed_at else None,
        must_check=report.must_check,
        critical=report.critical,
        identity_problem=identity_problem,
        blocked_by=blocked_by(draft, patient, identity_problem),
        notice=NOTICE,
    )


def blocked_by(
    draft: Draft[LabReport], patient: PatientLine | None, identity_problem: str | None
) -> list[str]:
    """Return what stands in the way of signing, a sentence each; what signing itself asks too."""
    if draft.status != "draft":
        return []
    report = draft.output
    found: list[str] = []
    if patient is None:
        found.append("Match the document to a patient.")
    if report.must_check:
        found.append("Settle every row that is marked to be checked.")
    if not report.kept:
        found.append("Keep at least one row, or reject the draft.")
    if not report.head.collected_at:
        found.append("Say when the sample was taken.")
    if identity_problem:
        found.append(f"{identity_problem} Give a reason, or match it to another patient.")
    return found

"""Which patient a report may be about: candidates with reasons, never a decision."""

from __future__ import annotations

from dataclasses import dataclass

from careflow.records.person import PatientLine


@dataclass(frozen=True, slots=True)
class ReadIdentity:
    """Who a document says it is about, as read from its pages."""

    name: str | None
    birth_date: str | None
    record_number: str | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A patient it may be about; ``score`` runs from 0 to 1 and ``reasons`` say why."""

    patient: PatientLine
    score: float
    reasons: list[str]

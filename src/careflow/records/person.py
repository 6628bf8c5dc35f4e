"""How a patient is named on screens, and how old they are by the clinical rule."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PatientLine:
    """A patient in a list.

    Attributes:
        birth_date: As recorded; FHIR allows a year or a month alone.
        sex: Administrative gender: male, female, other or unknown.
    """

    id: str
    family: str
    given: str
    prefix: str | None
    birth_date: str | None
    sex: str | None
    record_number: str | None


@dataclass(frozen=True, slots=True)
class Banner:
    """What stands fixed at the top of every patient screen."""

    id: str
    family: str
    given: str
    prefix: str | None
    birth_date: str | None
    age_text: str | None
    sex: str | None
    record_number: str | None
    language: str | None
    interpreter_needed: bool
    phone: str | None

"""The visits of one day at the clinic's own time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

VisitStatus = Literal["booked", "arrived", "in-room", "done", "signed", "no-show", "cancelled"]


@dataclass(frozen=True, slots=True)
class VisitPatient:
    """Who comes."""

    id: str
    family: str
    given: str
    prefix: str | None


@dataclass(frozen=True, slots=True)
class VisitPractitioner:
    """Whom they see."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit of the day; instants carry their offset."""

    id: str
    start: str
    end: str
    status: VisitStatus
    status_text: str
    reason: str | None
    patient: VisitPatient
    practitioner: VisitPractitioner | None
    place: str | None


@dataclass(frozen=True, slots=True)
class Day:
    """A day's visits in time order; ``seen`` of ``total`` are done, cancelled ones not counted."""

    date: str
    zone: str
    now: str
    seen: int
    total: int
    visits: list[Visit]

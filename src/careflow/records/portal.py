"""What a patient sees of their own record: signed results, in plain words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from careflow.records.chart import Flag


@dataclass(frozen=True, slots=True)
class PortalPatient:
    """The patient, as addressed."""

    given: str
    family: str
    preferred: str


@dataclass(frozen=True, slots=True)
class PortalPoint:
    """An earlier or the present value, for drawing."""

    at: str
    value: float


@dataclass(frozen=True, slots=True)
class PortalResult:
    """One result with what it means in general; ``advice`` comes from rules alone."""

    code: str
    name: str
    plain_name: str
    what_it_is: str | None
    value: float | None
    value_text: str
    unit: str | None
    low: float | None
    high: float | None
    range_text: str | None
    flag: Flag | None
    flag_words: str | None
    advice: str | None
    trend: list[PortalPoint]


@dataclass(frozen=True, slots=True)
class PortalReport:
    """A signed report; ``new`` until the patient has had a week to see it."""

    id: str
    title: str
    collected_at: str | None
    issued_at: str | None
    released_by: str | None
    comment: str | None
    new: bool
    results: list[PortalResult]


@dataclass(frozen=True, slots=True)
class NextVisit:
    """The patient's next visit, at the place's own time."""

    start: str
    zone: str
    with_: Annotated[str, Field(serialization_alias="with")]
    reason: str | None
    place: str | None


@dataclass(frozen=True, slots=True)
class Portal:
    """A patient's home screen."""

    patient: PortalPatient
    new_results: int
    reports: list[PortalReport]
    next_visit: NextVisit | None
    access_log_hint: str

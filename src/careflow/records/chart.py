"""A patient's chart on one screen, assembled from resources."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from careflow.records.person import Banner
from careflow.records.trends import Trend

Flag = Literal["LOW", "NORMAL", "HIGH", "CRITICAL_LOW", "CRITICAL_HIGH"]


@dataclass(frozen=True, slots=True)
class Allergy:
    """A known allergy."""

    substance: str
    reaction: str | None
    severity: str | None


@dataclass(frozen=True, slots=True)
class Allergies:
    """Exactly one of three states; ``not-recorded`` is not ``none-known``."""

    state: Literal["known", "none-known", "not-recorded"]
    items: list[Allergy]


@dataclass(frozen=True, slots=True)
class Vital:
    """The newest measurement of one vital sign.

    Attributes:
        value: For drawing; ``value_text`` is what is printed.
        previous_text: The measurement before, with its date.
    """

    code: str
    name: str
    value: float | None
    value_text: str
    unit: str | None
    flag: Flag | None
    low: float | None
    high: float | None
    range_text: str | None
    taken_at: str | None
    taken_by: str | None
    previous_text: str | None


@dataclass(frozen=True, slots=True)
class Result:
    """The newest signed result of one analyte, with the range the laboratory printed."""

    observation_id: str
    code: str
    name: str
    value: float | None
    value_text: str
    unit: str | None
    low: float | None
    high: float | None
    range_text: str | None
    flag: Flag | None
    collected_at: str | None
    report_id: str | None
    source: str | None


@dataclass(frozen=True, slots=True)
class Medicine:
    """A medicine the patient takes now."""

    name: str
    dose_text: str | None
    since: str | None


@dataclass(frozen=True, slots=True)
class Problem:
    """A condition on the problem list."""

    name: str
    since: str | None
    status: str


@dataclass(frozen=True, slots=True)
class Due:
    """Something planned, and how it stands today."""

    name: str
    state: Literal["overdue", "today", "done", "soon"]
    date: str | None


@dataclass(frozen=True, slots=True)
class ChartDocument:
    """A document filed in the chart; ``content_url`` is set where the original is kept here."""

    id: str
    title: str
    date: str | None
    status: str
    content_url: str | None


@dataclass(frozen=True, slots=True)
class ReasonForVisit:
    """Why the patient comes: title, the patient's own words, and where they were written."""

    title: str
    words: str | None
    source: str


@dataclass(frozen=True, slots=True)
class Chart:
    """One patient on one screen."""

    patient: Banner
    allergies: Allergies
    vitals: list[Vital]
    results: list[Result]
    trends: list[Trend]
    medicines: list[Medicine]
    problems: list[Problem]
    due: list[Due]
    documents: list[ChartDocument]
    reason_for_visit: ReasonForVisit | None

"""Allergies, medicines, problems, what is due, documents and why the patient comes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal
from zoneinfo import ZoneInfo

from careflow.records.elements import (
    SNOMED,
    Json,
    code_in,
    codes_of,
    concept_text,
    day_text,
    first_text,
    instant_of,
    order_of,
    reference_id,
)
from careflow.records.trends import TrendEvent

NO_KNOWN_ALLERGY = frozenset({"716186003", "409137002", "428607008", "429625007"})
"""SNOMED CT: no known allergy; no known drug, environmental and food allergy."""
_SOON_DAYS = 90
_DONE_DAYS = 90


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


DueState = Literal["overdue", "today", "done", "soon"]


@dataclass(frozen=True, slots=True)
class Due:
    """Something planned, and how it stands today."""

    name: str
    state: DueState
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


# --- allergies -----------------------------------------------------------------------------


def allergies_of(resources: Iterable[Json]) -> Allergies:
    """Return what is known of allergies; none known only where someone recorded exactly that."""
    standing = [one for one in resources if _stands(one)]
    known = [one for one in standing if not _denies(one)]
    if known:
        items = sorted((_allergy(one) for one in known), key=lambda one: one.substance.casefold())
        return Allergies("known", items)
    # A denied drug allergy alone says nothing of food: only the whole denial counts as none known.
    whole = any(code_in(one.get("code"), SNOMED) == "716186003" for one in standing)
    return Allergies("none-known" if whole else "not-recorded", [])


def _stands(resource: Json) -> bool:
    clinical = codes_of(resource.get("clinicalStatus"))
    verified = codes_of(resource.get("verificationStatus"))
    return not clinical & {"inactive", "resolved"} and not verified & {
        "refuted",
        "entered-in-error",
    }


def _denies(resource: Json) -> bool:
    return code_in(resource.get("code"), SNOMED) in NO_KNOWN_ALLERGY


def _allergy(resource: Json) -> Allergy:
    reactions: list[Json] = resource.get("reaction", [])
    felt = [text for one in reactions if (text := first_text(one.get("manifestation")))]
    severities = [str(one["severity"]) for one in reactions if one.get("severity")]
    worst = next((s for s in ("severe", "moderate", "mild") if s in severities), None)
    high = "severe" if resource.get("criticality") == "high" else None
    return Allergy(
        substance=concept_text(resource.get("code")) or "Substance not named",
        reaction=", ".join(dict.fromkeys(felt)) or None,
        severity=worst or high,
    )


# --- medicines -----------------------------------------------------------------------------


def medicines_of(requests: Iterable[Json], *, named: Mapping[str, str]) -> list[Medicine]:
    """Return the medicines that are active, each once, by name."""
    current: dict[str, Medicine] = {}
    active = [one for one in requests if one.get("status") == "active"]
    for one in sorted(active, key=_started, reverse=True):
        name = medicine_name(one, named)
        current.setdefault(name.casefold(), Medicine(name, _dose(one), _started(one) or None))
    return sorted(current.values(), key=lambda medicine: medicine.name.casefold())


def starts_of(requests: Iterable[Json], *, named: Mapping[str, str]) -> list[TrendEvent]:
    """Return when each medicine was first started, for lines over time."""
    first: dict[str, TrendEvent] = {}
    for one in sorted(requests, key=_started):
        if not _started(one) or one.get("status") in {"entered-in-error", "cancelled", "draft"}:
            continue
        name = medicine_name(one, named)
        first.setdefault(name.casefold(), TrendEvent(_started(one), f"{name} started"))
    return list(first.values())


def medicine_name(request: Json, named: Mapping[str, str]) -> str:
    """Return the medicine's name, looked up where the request only refers to it."""
    text = concept_text(request.get("medicationCodeableConcept"))
    reference: Json = request.get("medicationReference") or {}
    held = {one.get("id"): concept_text(one.get("code")) for one in request.get("contained", ())}
    inside = held.get(str(reference.get("reference", "")).removeprefix("#"))
    other = named.get(reference_id(reference, "Medication") or "")
    return text or reference.get("display") or inside or other or "Medicine not named"


def _started(request: Json) -> str:
    period = request.get("effectivePeriod") or {}
    found = request.get("authoredOn") or request.get("effectiveDateTime") or period.get("start")
    return str(found or "")


def _dose(request: Json) -> str | None:
    doses = request.get("dosageInstruction") or request.get("dosage") or ()
    texts = (one.get("text") or one.get("patientInstruction") for one in doses)
    return next((str(text) for text in texts if text), None)


# --- problems, due, documents --------------------------------------------------------------


def problems_of(conditions: Iterable[Json]) -> list[Problem]:
    """Return the conditions that are active, newest first."""
    active = [one for one in conditions if _stands(one) and not _over(one)]
    active.sort(key=_since, reverse=True)
    found: dict[str, Problem] = {}
    for one in active:
        name = concept_text(one.get("code")) or "Not named"
        status = next(iter(sorted(codes_of(one.get("clinicalStatus")))), "active")
        found.setdefault(name.casefold(), Problem(name, _since(one) or None, status))
    return list(found.values())


def _over(condition: Json) -> bool:
    return bool(condition.get("abatementDateTime")) or bool(
        codes_of(condition.get("clinicalStatus")) & {"remission"}
    )


def _since(condition: Json) -> str:
    period = condition.get("onsetPeriod") or {}
    found = condition.get("onsetDateTime") or period.get("start") or condition.get("recordedDate")
    return str(found or "")


def due_of(
    orders: Iterable[Json], plans: Iterable[Json], *, today: date, zone: ZoneInfo
) -> list[Due]:
    """Return what is planned, overdue first; what was done lately stays in view for a while."""
    planned = [_ordered(one) for one in orders]
    planned += [_activity(detail) for plan in plans for detail in _details(plan)]
    placed = (_due(name, when, status, today, zone) for name, when, status in planned)
    found = [one for one in placed if one]
    order: dict[DueState, int] = {"overdue": 0, "today": 1, "soon": 2, "done": 3}
    return sorted(found, key=lambda one: (order[one.state], one.date or ""))


Planned = tuple[str, str | None, str]


def _ordered(order: Json) -> Planned:
    when = order.get("occurrenceDateTime") or (order.get("occurrencePeriod") or {}).get("end")
    return concept_text(order.get("code")) or "Order", when, str(order.get("status", ""))


def _details(plan: Json) -> list[Json]:
    if plan.get("status") != "active":
        return []
    return [one["detail"] for one in plan.get("activity", ()) if one.get("detail")]


def _activity(detail: Json) -> Planned:
    when = (detail.get("scheduledPeriod") or {}).get("end")
    name = concept_text(detail.get("code")) or detail.get("description") or "Planned"
    return name, when, str(detail.get("status", ""))


_OPEN = frozenset({"active", "scheduled", "not-started", "in-progress", "on-hold"})


def _due(name: str, when: str | None, status: str, today: date, zone: ZoneInfo) -> Due | None:
    instant = instant_of(when, zone)
    if instant is None:
        return None
    days = (instant.astimezone(zone).date() - today).days
    if status == "completed":
        return Due(name, "done", when) if -_DONE_DAYS <= days <= 0 else None
    if status not in _OPEN or days > _SOON_DAYS:
        return None
    state: DueState = "overdue" if days < 0 else "soon"
    return Due(name, "today" if days == 0 else state, when)


def documents_of(references: Iterable[Json], *, zone: ZoneInfo) -> list[ChartDocument]:
    """Return the documents that stand, newest first."""
    standing = [one for one in references if one.get("status") == "current"]
    standing.sort(key=lambda one: order_of(one.get("date"), zone), reverse=True)
    return [_document(one) for one in standing]


def _document(reference: Json) -> ChartDocument:
    contents: list[Json] = reference.get("content", [])
    attachments: list[Json] = [one.get("attachment") or {} for one in contents]
    url = next((str(a["url"]) for a in attachments if a.get("url")), "")
    titles = (str(a["title"]) for a in attachments if a.get("title"))
    title = reference.get("description") or concept_text(reference.get("type")) or next(titles, "")
    return ChartDocument(
        id=reference["id"],
        title=title or "Document",
        date=reference.get("date"),
        status=reference.get("docStatus") or "final",
        content_url=url if url.startswith("/api/documents/") else None,
    )


# --- why the patient comes -----------------------------------------------------------------


def reason_of(
    appointments: Iterable[Json], *, today: date, zone: ZoneInfo
) -> ReasonForVisit | None:
    """Return why the patient comes today, in the words of whoever booked."""
    for one in sorted(appointments, key=lambda a: order_of(a.get("start"), zone)):
        begins = instant_of(one.get("start"), zone)
        if begins is None or begins.astimezone(zone).date() != today or _is_off(one):
            continue
        title = first_text(one.get("reasonCode")) or one.get("description")
        if title:
            return ReasonForVisit(str(title), one.get("comment"), _booked(one, zone))
    return None


def _is_off(appointment: Json) -> bool:
    return appointment.get("status") in {"cancelled", "noshow", "entered-in-error"}


def _booked(appointment: Json, zone: ZoneInfo) -> str:
    created = instant_of(appointment.get("created"), zone)
    return f"Appointment, booked {day_text(created, zone)}" if created else "Appointment"

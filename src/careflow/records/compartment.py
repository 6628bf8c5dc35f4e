"""A patient's chart as the store holds it: which types, by which dates, in which order.

Nothing is held between pages. A place in a chart is a type and the store's own cursor within it, so
that pages of a chart that grows meanwhile show nothing twice.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from careflow.database.conditions import (
    AnyOf,
    Condition,
    Has,
    IdIn,
    Not,
    RangeWithin,
    StoredBetween,
    TermIn,
)
from careflow.database.documents import Document, Documents, Query
from careflow.database.scope import COMPARTMENT, AccessScope
from careflow.fhir.definitions import patient_compartment, resource_types
from careflow.fhir.reference import parse_reference, references_in
from careflow.records.owners import VIEWS

CHUNK: Final = 200
"""Resources that are in hand at once while a chart is looked through."""
PAGE_MAX_BYTES: Final = 16 * 1024 * 1024
"""A page ends once it is this long, however few resources it holds."""

CHART: Final = (
    "Patient",
    *sorted(k for k in resource_types() - VIEWS - {"Patient"} if patient_compartment(k)),
)
"""Types that stand in a patient's compartment, the patient first."""
BESIDE: Final = (
    "Device",
    "HealthcareService",
    "Location",
    "Medication",
    "Organization",
    "Practitioner",
    "PractitionerRole",
    "Substance",
)
"""Types outside of it that a chart refers to."""
CARE_DATES: Final = {
    "Account": "period",
    "AdverseEvent": "date",
    "Appointment": "date",
    "Basic": "created",
    "CarePlan": "date",
    "ChargeItem": "occurrence",
    "Claim": "created",
    "ClaimResponse": "created",
    "ClinicalImpression": "date",
    "Communication": "sent",
    "CommunicationRequest": "occurrence",
    "Composition": "date",
    "CoverageEligibilityRequest": "created",
    "CoverageEligibilityResponse": "created",
    "DetectedIssue": "identified",
    "DeviceRequest": "authored-on",
    "DiagnosticReport": "date",
    "DocumentManifest": "created",
    "DocumentReference": "date",
    "Encounter": "date",
    "EpisodeOfCare": "date",
    "ExplanationOfBenefit": "created",
    "ImagingStudy": "started",
    "Immunization": "date",
    "ImmunizationEvaluation": "date",
    "Invoice": "date",
    "Media": "created",
    "MedicationAdministration": "effective-time",
    "MedicationDispense": "whenhandedover",
    "MedicationRequest": "authoredon",
    "MedicationStatement": "effective",
    "NutritionOrder": "datetime",
    "Observation": "date",
    "Procedure": "date",
    "QuestionnaireResponse": "authored",
    "RequestGroup": "authored",
    "RiskAssessment": "date",
    "ServiceRequest": "authored",
    "Specimen": "collected",
    "SupplyRequest": "date",
    "VisionPrescription": "datewritten",
}
"""The search parameter that says when care was given, of the types that are care at a time.

What is not here lasts (allergies, problems, coverage, family) and is part of any period."""


@dataclass(frozen=True, slots=True)
class Period:
    """Which part of a chart is wanted.

    Attributes:
        start: Care from then on, in ms since 1970; ``None`` is open.
        end: Care until then.
        since: What was stored from then on.
    """

    start: float | None = None
    end: float | None = None
    since: datetime | None = None

    def stored(self) -> tuple[Condition, ...]:
        """Return the condition on when something was stored."""
        return () if self.since is None else (StoredBetween(after=self.since),)

    def given(self, kind: str) -> tuple[Condition, ...]:
        """Return the condition on when care was given; what says nothing of it is not left out."""
        parameter = CARE_DATES.get(kind)
        if parameter is None or (self.start is None and self.end is None):
            return ()
        within = RangeWithin(parameter, low_max=self.end, high_min=self.start)
        return (AnyOf((within, Not(Has(parameter)))),)


@dataclass(frozen=True, slots=True)
class Source:
    """One type of a chart."""

    kind: str
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a list of sources a page begins."""

    source: int = 0
    cursor: str | None = None


def chart_sources(kinds: Iterable[str], patient: str | None, period: Period) -> list[Source]:
    """Return what to ask for a patient's chart (``None``: for every patient's)."""
    own = () if patient is None else (TermIn(COMPARTMENT, (patient,)),)
    return [Source(kind, (*own, *period.given(kind), *period.stored())) for kind in kinds]


async def page_of_chart(
    documents: Documents,
    scope: AccessScope,
    sources: Sequence[Source],
    *,
    place: Place,
    count: int,
) -> tuple[list[Document], Place | None]:
    """Return up to ``count`` resources from a place on, and where the next page begins."""
    found: list[Document] = []
    length = 0
    at, cursor = place.source, place.cursor
    while at < len(sources):
        if len(found) >= count or length > PAGE_MAX_BYTES:
            return found, Place(at, cursor)
        wanted = min(CHUNK, count - len(found))
        query = Query(sources[at].kind, sources[at].conditions, count=wanted, cursor=cursor)
        page = await documents.find(query, scope)
        found += page.documents
        length += sum(len(document.body) for document in page.documents)
        at, cursor = (at, page.next) if page.next else (at + 1, None)
    return found, None


async def whole_chart(
    documents: Documents, scope: AccessScope, sources: Sequence[Source]
) -> AsyncIterator[list[Document]]:
    """Yield a whole chart, a chunk at a time."""
    place: Place | None = Place()
    while place is not None:
        found, place = await page_of_chart(documents, scope, sources, place=place, count=CHUNK)
        yield found


def referred_to(found: Iterable[Document], kinds: Iterable[str]) -> set[tuple[str, str]]:
    """Return (type, id) of what resources refer to in this record, of these types."""
    kinds = frozenset(kinds)
    references = {text for document in found for text in references_in(document.body)}
    literal = (parse_reference(text) for text in references)
    return {(one.type, one.id) for one in literal if one and not one.base and one.type in kinds}


async def referred_after(
    documents: Documents,
    scope: AccessScope,
    addresses: Iterable[tuple[str, str]],
    *,
    last: tuple[str, str],
    count: int,
    period: Period,
) -> tuple[list[Document], tuple[str, str] | None]:
    """Return up to ``count`` of these resources after the last one sent, by type and id.

    Returns:
        The resources, and the last address that was looked at if there are more.
    """
    waiting = sorted(address for address in addresses if address > last)
    now, more = waiting[:count], len(waiting) > count
    found: list[Document] = []
    for kind in dict.fromkeys(kind for kind, _ in now):
        ids = tuple(id for of, id in now if of == kind)
        query = Query(kind, (IdIn(ids), *period.stored()), count=len(ids))
        page = await documents.find(query, scope)
        found += sorted(page.documents, key=lambda document: document.id)
    return found, now[-1] if more else None

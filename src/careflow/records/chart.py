"""A patient's chart on one screen, assembled from resources."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import ClassVar
from zoneinfo import ZoneInfo

from careflow.clock import Clock
from careflow.database.conditions import Condition, IdIn, SeriesIn, SortKey, TermIn
from careflow.database.documents import Documents, Query
from careflow.database.scope import COMPARTMENT, AccessScope
from careflow.errors import NotFoundError
from careflow.records.directory import Directory
from careflow.records.elements import LOINC, Json, concept_text, decoded, reference_id
from careflow.records.history import (
    Allergies,
    ChartDocument,
    Due,
    Medicine,
    Problem,
    ReasonForVisit,
    allergies_of,
    documents_of,
    due_of,
    medicines_of,
    problems_of,
    reason_of,
    starts_of,
)
from careflow.records.measured import is_signed, key_of
from careflow.records.person import Banner, banner_of
from careflow.records.results import Result, lines_worth_showing, results_of
from careflow.records.trends import Trend, TrendEvent, trend_of
from careflow.records.vitals import TOKENS, Vital, vitals_of

_NEWEST = (SortKey("date", descending=True),)
_LABS_MAX = 1000
_VITALS_MAX = 120
_LIST_MAX = 200
_POINTS_MAX = 200


class NoSuchResultError(NotFoundError):
    """The patient has no number of this analyte."""

    code: ClassVar[str] = "records-no-such-result"

    def __init__(self) -> None:
        super().__init__("There is no such result with a number in this chart.")


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


@dataclass(frozen=True, slots=True)
class Charts:
    """Charts of one clinic; ``zone`` is the clinic's, for days and ages."""

    documents: Documents
    directory: Directory
    clock: Clock
    zone: ZoneInfo

    async def of(self, patient_id: str, scope: AccessScope) -> Chart:
        """Return a patient's chart, or raise PatientNotFoundError."""
        patient = await self.directory.patient(patient_id, scope)
        today = self.clock().astimezone(self.zone).date()
        parts = await self._parts(patient_id, scope)
        named = await self._medicine_names(parts.medicines, scope)
        starts = starts_of(parts.medicines, named=named)
        return Chart(
            patient=banner_of(patient, today=today),
            allergies=allergies_of(parts.allergies),
            vitals=vitals_of(parts.vitals, zone=self.zone),
            results=results_of(parts.labs, parts.reports, zone=self.zone),
            trends=lines_worth_showing(parts.labs, starts=starts, zone=self.zone),
            medicines=medicines_of(parts.medicines, named=named),
            problems=problems_of(parts.conditions),
            due=due_of(parts.orders, parts.plans, today=today, zone=self.zone),
            documents=documents_of(parts.references, zone=self.zone),
            reason_for_visit=reason_of(parts.appointments, today=today, zone=self.zone),
        )

    async def trend(self, patient_id: str, code: str, scope: AccessScope) -> Trend:
        """Return one analyte over time.

        Raises:
            PatientNotFoundError: No such patient for the asker.
            NoSuchResultError: The chart holds no number under this code.
        """
        await self.directory.patient(patient_id, scope)
        series = (SeriesIn((f"{patient_id}|{LOINC}|{code}",)),)
        newest = (SortKey("_series", descending=True),)
        found = await self._find("Observation", series, scope, sort=newest, count=_POINTS_MAX)
        if not found:
            # An analyte without a LOINC code goes by its name.
            labs = await self.labs(patient_id, scope)
            found = [one for one in labs if key_of(one).code == code.casefold()]
        signed = [one for one in found if is_signed(one)]
        starts = await self._starts(patient_id, scope)
        line = trend_of(signed, starts=starts, zone=self.zone)
        if line is None:
            raise NoSuchResultError
        return line

    async def _parts(self, patient_id: str, scope: AccessScope) -> _Parts:
        of_patient = (TermIn(COMPARTMENT, (patient_id,)),)

        async def listed(kind: str, *more: Condition) -> list[Json]:
            return await self._find(kind, (*of_patient, *more), scope)

        vitals, labs, rest = await asyncio.gather(
            self._find(
                "Observation",
                (*of_patient, TermIn("code", TOKENS)),
                scope,
                sort=_NEWEST,
                count=_VITALS_MAX,
            ),
            self.labs(patient_id, scope),
            asyncio.gather(
                listed("DiagnosticReport"),
                listed("AllergyIntolerance"),
                listed("MedicationRequest"),
                listed("MedicationStatement"),
                listed("Condition"),
                listed("ServiceRequest"),
                listed("CarePlan"),
                listed("DocumentReference"),
                listed("Appointment"),
            ),
        )
        reports, allergies, requests, statements, conditions, orders, plans, files, visits = rest
        return _Parts(
            vitals=vitals,
            labs=labs,
            reports=reports,
            allergies=allergies,
            medicines=[*requests, *statements],
            conditions=conditions,
            orders=orders,
            plans=plans,
            references=files,
            appointments=visits,
        )

    async def labs(self, patient_id: str, scope: AccessScope) -> list[Json]:
        """Return a patient's laboratory observations, newest first, whoever answers for them."""
        asked = (TermIn(COMPARTMENT, (patient_id,)), TermIn("category", ("laboratory",)))
        return await self._find("Observation", asked, scope, sort=_NEWEST, count=_LABS_MAX)

    async def _starts(self, patient_id: str, scope: AccessScope) -> list[TrendEvent]:
        asked = (TermIn(COMPARTMENT, (patient_id,)),)
        requests = await self._find("MedicationRequest", asked, scope)
        named = await self._medicine_names(requests, scope)
        return starts_of(requests, named=named)

    async def _medicine_names(self, requests: list[Json], scope: AccessScope) -> dict[str, str]:
        refs = (reference_id(one.get("medicationReference"), "Medication") for one in requests)
        ids = tuple(sorted({id for id in refs if id}))
        if not ids:
            return {}
        found = await self._find("Medication", (IdIn(ids),), scope, count=len(ids))
        return {one["id"]: concept_text(one.get("code")) or "" for one in found}

    async def _find(
        self,
        kind: str,
        conditions: tuple[Condition, ...],
        scope: AccessScope,
        *,
        sort: tuple[SortKey, ...] = (SortKey("_lastUpdated", descending=True),),
        count: int = _LIST_MAX,
    ) -> list[Json]:
        page = await self.documents.find(Query(kind, conditions, sort=sort, count=count), scope)
        return [decoded(document) for document in page.documents]


@dataclass(frozen=True, slots=True)
class _Parts:
    """Everything of one patient that the screen shows, as plain resources."""

    vitals: list[Json]
    labs: list[Json]
    reports: list[Json]
    allergies: list[Json]
    medicines: list[Json]
    conditions: list[Json]
    orders: list[Json]
    plans: list[Json]
    references: list[Json]
    appointments: list[Json]

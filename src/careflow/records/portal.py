"""What a patient sees of their own record: signed results, in plain words."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import Field

from careflow.clock import Clock
from careflow.database.conditions import RangeWithin, SortKey, TermIn
from careflow.database.documents import Documents, Query
from careflow.database.scope import COMPARTMENT, AccessScope
from careflow.knowledge.labs import Flag
from careflow.records.day import participant_name
from careflow.records.directory import Directory
from careflow.records.elements import (
    Json,
    at_zone,
    concept_text,
    decoded,
    display_of,
    effective_text,
    first_text,
    instant_of,
    order_of,
    reference_id,
    utc_ms,
)
from careflow.records.measured import Key, is_signed, key_of
from careflow.records.person import line_of
from careflow.records.plain_words import advice_for, flag_words, plain_name, what_it_is
from careflow.records.results import result_of
from careflow.records.trends import by_analyte, trend_of

_REPORTS_SHOWN = 50
_LABS_MAX = 1000
_NEW_FOR = timedelta(days=14)
_NEWEST = (SortKey("date", descending=True),)


@dataclass(frozen=True, slots=True)
class PortalPatient:
    """The patient, as addressed."""

    given: str
    family: str
    preferred: str


@dataclass(frozen=True, slots=True)
class PortalPoint:
    """An earlier or the present value: for drawing, and as it was printed."""

    at: str
    value: float
    value_text: str


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
    """A signed report; ``new`` for two weeks from its release."""

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


@dataclass(frozen=True, slots=True)
class Portals:
    """The portal of one clinic; ``zone`` is the clinic's own."""

    documents: Documents
    directory: Directory
    clock: Clock
    zone: ZoneInfo

    async def of(self, patient_id: str, scope: AccessScope) -> Portal:
        """Return a patient's own home screen, or raise PatientNotFoundError."""
        patient = await self.directory.patient(patient_id, scope)
        reports, labs, visit = await asyncio.gather(
            self._newest("DiagnosticReport", patient_id, scope, count=_REPORTS_SHOWN),
            self._newest("Observation", patient_id, scope, count=_LABS_MAX, category="laboratory"),
            self._next_visit(patient_id, scope),
        )
        shown = self._reports(reports, labs)
        line = line_of(patient)
        return Portal(
            patient=PortalPatient(line.given, line.family, _preferred(patient)),
            new_results=sum(report.new for report in shown),
            reports=shown,
            next_visit=visit,
            access_log_hint="Your clinic keeps a list of everyone who looks at your record. "
            "Ask the clinic to see it.",
        )

    def _reports(self, reports: Sequence[Json], labs: Sequence[Json]) -> list[PortalReport]:
        signed = [one for one in labs if is_signed(one)]
        lines = self._lines(signed)
        by_id = {one["id"]: one for one in signed}
        shown = (self._report(one, by_id, lines) for one in reports if is_signed(one))
        return [report for report in shown if report.results]

    def _report(
        self, report: Json, by_id: Mapping[str, Json], lines: Mapping[Key, list[PortalPoint]]
    ) -> PortalReport:
        ids = (reference_id(one, "Observation") for one in report.get("result", ()))
        results = [by_id[id] for id in ids if id is not None and id in by_id]
        return PortalReport(
            id=report["id"],
            title=concept_text(report.get("code")) or "Laboratory report",
            collected_at=effective_text(report),
            issued_at=report.get("issued"),
            released_by=display_of(report.get("resultsInterpreter")),
            comment=report.get("conclusion"),
            new=self._is_new(report),
            results=[explained(one, report, lines.get(key_of(one), [])) for one in results],
        )

    def _lines(self, labs: Sequence[Json]) -> dict[Key, list[PortalPoint]]:
        found: dict[Key, list[PortalPoint]] = {}
        for key, group in by_analyte(labs).items():
            line = trend_of(group, starts=(), zone=self.zone)
            if line:
                found[key] = [
                    PortalPoint(point.at, point.value, point.value_text) for point in line.points
                ]
        return found

    def _is_new(self, report: Json) -> bool:
        released = instant_of(report.get("issued"), self.zone)
        return released is not None and self.clock() - released < _NEW_FOR

    async def _next_visit(self, patient_id: str, scope: AccessScope) -> NextVisit | None:
        now = self.clock()
        asked = (
            TermIn(COMPARTMENT, (patient_id,)),
            TermIn("status", ("booked", "pending", "arrived", "checked-in")),
            RangeWithin("date", low_min=utc_ms(now)),
        )
        query = Query("Appointment", asked, sort=(SortKey("date"),), count=1)
        page = await self.documents.find(query, scope)
        return next((self._visit(decoded(one)) for one in page.documents), None)

    def _visit(self, appointment: Json) -> NextVisit:
        start = instant_of(appointment.get("start"), self.zone) or self.clock()
        return NextVisit(
            start=at_zone(start, self.zone),
            zone=self.zone.key,
            with_=participant_name(appointment, "Practitioner") or "your clinic",
            reason=first_text(appointment.get("reasonCode")) or appointment.get("description"),
            place=participant_name(appointment, "Location"),
        )

    async def _newest(
        self,
        kind: str,
        patient_id: str,
        scope: AccessScope,
        *,
        count: int,
        category: str | None = None,
    ) -> list[Json]:
        asked = [TermIn(COMPARTMENT, (patient_id,))]
        if category:
            asked.append(TermIn("category", (category,)))
        page = await self.documents.find(
            Query(kind, tuple(asked), sort=_NEWEST, count=count), scope
        )
        found = [decoded(document) for document in page.documents]
        return sorted(found, key=lambda one: order_of(effective_text(one), self.zone), reverse=True)


def explained(observation: Json, report: Json, line: list[PortalPoint]) -> PortalResult:
    """Return one result with plain words; every number in it is the stored one."""
    result = result_of(observation, report)
    return PortalResult(
        code=result.code,
        name=result.name,
        plain_name=plain_name(result.code, result.name),
        what_it_is=what_it_is(result.code),
        value=result.value,
        value_text=result.value_text,
        unit=result.unit,
        low=result.low,
        high=result.high,
        range_text=result.range_text,
        flag=result.flag,
        flag_words=flag_words(result.flag, result.value, result.low, result.high),
        advice=advice_for(result.flag),
        trend=line,
    )


def _preferred(patient: Json) -> str:
    """Return the name the patient wants to be called by, else the first given name."""
    names: list[Json] = patient.get("name", [])
    nick = next((n for n in names if n.get("use") == "nickname" and n.get("given")), None)
    given = (nick or {}).get("given") or line_of(patient).given.split()
    return str(given[0]) if given else line_of(patient).family

"""A chart looked at by tables and rules: medicines, allergies, complaint and vital signs.

No engine is asked. What could not be checked is named, so that silence is never taken for safety.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal

from careflow.ai.tasks.drug_interactions import DrugInteractions, MedicationsInput, table_findings
from careflow.ai.tasks.symptom_analysis import Level, RedFlag, SymptomInput, findings_of
from careflow.clock import Clock, instant_text
from careflow.database.scope import AccessScope
from careflow.records.chart import Chart, Charts
from careflow.records.elements import instant_of
from careflow.records.vitals import Vital

SIGNS_FOR: Final = timedelta(hours=24)
"""Vital signs tell how somebody is now; older ones are not judged."""
NEWS2: Final = (
    "National Early Warning Score (NEWS) 2, Royal College of Physicians, London 2017"
    " (read 2026-11-24). Consciousness, extra oxygen and what was not measured are not counted."
)
_NAMED: Final = {
    "Blood pressure": "systolic",
    "Heart rate": "heart_rate",
    "Oxygen saturation": "spo2",
    "Temperature": "temperature",
}
"""Vital signs of the chart as the score names them; its value of a blood pressure is systolic."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """What the patient wrote of why they come, and the red flags in it."""

    words: str
    source: str
    level: Level
    red_flags: tuple[RedFlag, ...]


@dataclass(frozen=True, slots=True)
class SignsJudged:
    """What the newest vital signs say by the score of adults; ``None`` where it may not be used."""

    score: int | None
    level: Literal["emergency", "urgent"] | None
    worst: str | None
    odd: tuple[str, ...]
    measured: tuple[str, ...]
    taken_at: str
    source: str


@dataclass(frozen=True, slots=True)
class Safety:
    """What tables and rules say of a chart.

    Attributes:
        medicines: What was checked: the active medicines of the chart, by name.
        drugs: ``None`` where no medicine is recorded.
        has_allergies_recorded: Whether anyone recorded allergies, be it that there are none.
    """

    checked_at: str
    medicines: tuple[str, ...]
    drugs: DrugInteractions | None
    has_allergies_recorded: bool
    complaint: Complaint | None
    signs: SignsJudged | None


@dataclass(frozen=True, slots=True)
class SafetyChecks:
    """Looks at the charts of one clinic."""

    charts: Charts
    clock: Clock

    async def of(self, patient_id: str, scope: AccessScope) -> Safety:
        """Return what tables and rules say, or raise PatientNotFoundError."""
        chart = await self.charts.of(patient_id, scope)
        return await asyncio.to_thread(self._checked, chart)

    def _checked(self, chart: Chart) -> Safety:
        now = self.clock()
        medicines = tuple(one.name for one in chart.medicines)
        allergies = tuple(one.substance for one in chart.allergies.items)
        asked = MedicationsInput(medications=medicines, allergies=allergies)
        return Safety(
            checked_at=instant_text(now),
            medicines=medicines,
            drugs=table_findings(asked) if medicines else None,
            has_allergies_recorded=chart.allergies.state != "not-recorded",
            complaint=_complaint(chart),
            signs=self._signs(chart, now),
        )

    def _signs(self, chart: Chart, now: datetime) -> SignsJudged | None:
        # The score is read with the first chart, not with the server.
        from careflow.knowledge.symptoms import vitals_of

        zone = self.charts.zone
        timed = [(one, instant_of(one.taken_at, zone)) for one in chart.vitals]
        fresh = [
            (one, at)
            for one, at in timed
            if at is not None and one.value is not None and now - at <= SIGNS_FOR
        ]
        judged = [(one, at) for one, at in fresh if one.name in _NAMED]
        if not judged:
            return None
        age = _years(chart.patient.birth_date, now.astimezone(zone).date())
        values = {_NAMED[one.name]: one.value for one, _ in judged if one.value is not None}
        found = vitals_of(values, age=age)
        is_adult = age is not None and age >= _adult_years()
        return SignsJudged(
            score=found.score if is_adult else None,
            level=found.level,
            worst=_shown(found.worst, [one for one, _ in judged]),
            odd=tuple(_shown(one, [vital for vital, _ in judged]) or one for one in found.odd),
            measured=tuple(one.name for one, _ in judged),
            taken_at=instant_text(min(at for _, at in judged)),
            source=NEWS2,
        )


def _adult_years() -> int:
    from careflow.knowledge.symptoms.news2 import ADULT_YEARS

    return ADULT_YEARS


def _complaint(chart: Chart) -> Complaint | None:
    reason = chart.reason_for_visit
    if reason is None:
        return None
    words = reason.words or reason.title
    if not any(map(str.isalpha, words)):
        return None
    found = findings_of(SymptomInput(text=words))
    return Complaint(words, reason.source, found.level, found.red_flags)


def _shown(sign: str | None, vitals: Sequence[Vital]) -> str | None:
    """Return a vital sign with its value, as the chart names it."""
    for one in vitals:
        if _NAMED[one.name] == sign:
            return f"{one.name} {one.value_text} {one.unit or ''}".strip()
    return None


def _years(born: str | None, today: date) -> int | None:
    """Return completed years by a whole date of birth."""
    try:
        birth = date.fromisoformat(born or "")
    except ValueError:
        return None
    return today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))

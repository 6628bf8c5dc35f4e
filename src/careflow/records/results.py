"""Laboratory results: the newest signed value of each analyte, and the lines worth showing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from careflow.knowledge.labs import Flag
from careflow.records.elements import (
    Json,
    display_of,
    effective_text,
    number_of,
    order_of,
    reference_id,
)
from careflow.records.measured import (
    flag_of,
    is_signed,
    key_of,
    name_of,
    range_of,
    unit_of,
    value_text_of,
)
from careflow.records.trends import Trend, TrendEvent, by_analyte, trend_of

_LINES_SHOWN = 6
_FOLLOWED = ("4548-4", "2089-1", "13457-7", "69405-9", "98979-8", "33914-3")
"""LOINC of what is followed over years, the first to be shown first: HbA1c, LDL, eGFR."""
_POINTS_MIN = 2


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


def results_of(
    observations: Iterable[Json], reports: Iterable[Json], *, zone: ZoneInfo
) -> list[Result]:
    """Return the newest signed result of each analyte, newest first."""
    signed = (one for one in observations if is_signed(one))
    newest = [
        max(group, key=lambda one: order_of(effective_text(one), zone))
        for group in by_analyte(signed).values()
    ]
    newest.sort(key=lambda one: order_of(effective_text(one), zone), reverse=True)
    report_by_result = reports_by_result(reports)
    return [result_of(one, report_by_result.get(one["id"])) for one in newest]


def result_of(observation: Json, report: Json | None) -> Result:
    """Return one observation as a line of results."""
    low, high, printed = range_of(observation)
    quantity = observation.get("valueQuantity") or {}
    performers = observation.get("performer") or (report or {}).get("performer")
    return Result(
        observation_id=observation["id"],
        code=key_of(observation).code,
        name=name_of(observation),
        value=None if quantity.get("comparator") else number_of(quantity),
        value_text=value_text_of(observation),
        unit=unit_of(observation),
        low=low,
        high=high,
        range_text=printed,
        flag=flag_of(observation),
        collected_at=effective_text(observation),
        report_id=report["id"] if report else None,
        source=display_of(performers),
    )


def reports_by_result(reports: Iterable[Json]) -> Mapping[str, Json]:
    """Return the report that each observation is a result of, by observation id."""
    found: dict[str, Json] = {}
    for report in reports:
        for reference in report.get("result", ()):
            id = reference_id(reference, "Observation")
            if id:
                found[id] = report
    return found


def lines_worth_showing(
    observations: Iterable[Json], *, starts: list[TrendEvent], zone: ZoneInfo
) -> list[Trend]:
    """Return a few lines over time: out of range first, then those followed for years."""
    signed = (one for one in observations if is_signed(one))
    lines = (trend_of(group, starts=starts, zone=zone) for group in by_analyte(signed).values())
    whole = [line for line in lines if line and len(line.points) >= _POINTS_MIN]
    whole.sort(key=_worth)
    return whole[:_LINES_SHOWN]


def _worth(line: Trend) -> tuple[bool, int, int]:
    followed = _FOLLOWED.index(line.code) if line.code in _FOLLOWED else len(_FOLLOWED)
    return line.points[-1].flag in {None, "NORMAL"}, followed, -len(line.points)

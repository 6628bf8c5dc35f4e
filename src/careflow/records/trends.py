"""One analyte over time: points of one unit, the range, and what was started when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from careflow.knowledge.labs import Flag
from careflow.records.elements import (
    Json,
    day_text,
    effective_text,
    instant_of,
    number_of,
    order_of,
    quantity_text,
    unit_text,
)
from careflow.records.measured import Key, flag_of, key_of, name_of, range_of

_EVENTS_SHOWN = 8


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """One measured value; ``value`` is for drawing, never for printing."""

    at: str
    value: float
    value_text: str
    flag: Flag | None
    observation_id: str


@dataclass(frozen=True, slots=True)
class TrendEvent:
    """Something that may explain a turn in the line, e.g. a medicine started."""

    at: str
    label: str


@dataclass(frozen=True, slots=True)
class Trend:
    """Values of one analyte in one unit, oldest first.

    Attributes:
        low: Lower end of the range printed with the newest value, for drawing.
        left_out: How many values were in another unit and therefore not joined.
    """

    code: str
    name: str
    unit: str | None
    low: float | None
    high: float | None
    points: list[TrendPoint]
    events: list[TrendEvent]
    change_text: str | None
    left_out: int


def trend_of(
    observations: Sequence[Json], *, starts: Iterable[TrendEvent], zone: ZoneInfo
) -> Trend | None:
    """Join values of one analyte into a line, or return ``None`` where no number is among them.

    The unit of the newest value decides: what is in another unit is left out, never converted. A
    value known only as a bound (``<5``) is no point of a line either.
    """
    ordered = sorted(observations, key=lambda one: order_of(effective_text(one), zone))
    drawable = [one for one in ordered if _is_drawable(one)]
    if not drawable:
        return None
    newest = drawable[-1]
    joined = [one for one in drawable if _unit_key(one) == _unit_key(newest)]
    points = [_point(one) for one in joined]
    low, high, _ = range_of(newest)
    return Trend(
        code=key_of(newest).code,
        name=name_of(newest),
        unit=unit_text(newest["valueQuantity"]),
        low=low,
        high=high,
        points=points,
        events=_within(points, starts, zone),
        change_text=_change(joined, zone),
        left_out=len(drawable) - len(joined),
    )


def by_analyte(observations: Iterable[Json]) -> dict[Key, list[Json]]:
    """Group observations by what they measure."""
    groups: dict[Key, list[Json]] = {}
    for one in observations:
        groups.setdefault(key_of(one), []).append(one)
    return groups


def _is_drawable(observation: Json) -> bool:
    quantity = observation.get("valueQuantity") or {}
    timed = effective_text(observation) is not None
    return quantity.get("value") is not None and not quantity.get("comparator") and timed


def _unit_key(observation: Json) -> str | None:
    quantity = observation["valueQuantity"]
    unit = quantity.get("code") or quantity.get("unit")
    return str(unit) if unit else None


def _point(observation: Json) -> TrendPoint:
    quantity = observation["valueQuantity"]
    return TrendPoint(
        at=effective_text(observation) or "",
        value=number_of(quantity) or 0.0,
        value_text=quantity_text(quantity) or "",
        flag=flag_of(observation),
        observation_id=observation["id"],
    )


def _within(
    points: Sequence[TrendPoint], starts: Iterable[TrendEvent], zone: ZoneInfo
) -> list[TrendEvent]:
    first, last = (order_of(points[i].at, zone) for i in (0, -1))
    inside = [event for event in starts if first <= order_of(event.at, zone) <= last]
    inside.sort(key=lambda event: order_of(event.at, zone))
    return inside[-_EVENTS_SHOWN:]


def _change(joined: Sequence[Json], zone: ZoneInfo) -> str | None:
    """Say both ends with their days, so that no arithmetic is left to read wrong."""
    first, last = joined[0], joined[-1]
    begun = instant_of(effective_text(first), zone)
    if first is last or begun is None:
        return None
    texts = [quantity_text(one["valueQuantity"]) for one in (first, last)]
    unit = unit_text(last["valueQuantity"])
    printed = f"{texts[0]} to {texts[1]} {unit or ''}".rstrip()
    return f"{printed} since {day_text(begun, zone)}"

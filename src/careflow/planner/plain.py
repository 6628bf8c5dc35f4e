"""Answers as plain values, ready for JSON: numbers, texts, lists and mappings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from careflow.planner.architecture import Architecture
from careflow.planner.availability import Availability
from careflow.planner.bill import Bill, Line, not_priced
from careflow.planner.capacity import Capacity
from careflow.planner.comparison import Column
from careflow.planner.curves import group_of, stacked
from careflow.planner.decision import Candidate, Decision
from careflow.planner.growth import Growth, GrowthMonth
from careflow.planner.horizon import Horizon
from careflow.planner.inquiry import AgedPrice, Curves, Lived, PriceList
from careflow.planner.money import Money
from careflow.planner.shape import Shape
from careflow.planner.spans import Span, plain


def as_plain(value: object) -> Any:  # noqa: ANN401 - plain values of any kind.
    """Turn an answer of the planner into plain values."""
    for kind, write in _WRITERS.items():
        if isinstance(value, kind):
            return write(value)
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: as_plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(name): as_plain(one) for name, one in value.items()}
    if isinstance(value, tuple | list):
        return [as_plain(one) for one in value]
    if isinstance(value, frozenset):
        return sorted(as_plain(one) for one in value)
    return value


def _money(value: Money) -> dict[str, Any]:
    return {"low": plain(value.low), "high": plain(value.high), "currency": value.currency}


def _shape(value: Shape) -> dict[str, Any]:
    return {
        "architecture": value.architecture.name,
        "title": value.architecture.title,
        "instance": value.instance,
        "instances": value.instances,
        "disk_gb": value.disk_gb,
        "database_tier": value.tier,
        "model": value.model if value.architecture.ai == "gemini" else None,
        "hipaa": value.hipaa,
        "private_subnets": value.private_subnets,
        "text": value.text(),
    }


def _bill(value: Bill) -> dict[str, Any]:
    return {
        "scope": value.scope,
        "catalog": value.catalogue,
        "on": value.on.isoformat(),
        "total": _money(value.total),
        "lines": [_line(line) for line in value.lines],
        "not_priced": list(not_priced(value.shape)),
    }


def _line(value: Line) -> dict[str, Any]:
    return {
        "item": value.item,
        "group": group_of(value.item),
        "label": value.label,
        "why": value.why,
        "quantity": plain(value.quantity),
        "unit": value.unit,
        "amount": _money(value.amount),
        "source": value.source,
        "source_url": value.source_url,
        "read_on": value.read_on.isoformat(),
        "confidence": value.confidence,
    }


def _horizon(value: Horizon) -> dict[str, Any]:
    return {
        "months": len(value.bills),
        "total": _money(value.total),
        "dearest": _money(value.dearest.total),
        "monthly": [[bill.on.isoformat(), plain(bill.total.high)] for bill in value.bills],
    }


def _capacity(value: Capacity) -> dict[str, Any]:
    return {
        "asked_per_s": round(float(value.asked_per_s), 2),
        "carries_per_s": round(float(value.carries_per_s), 2),
        "busy": plain(value.busy),
        "p95_ms": None if value.p95_ms is None else round(value.p95_ms, 1),
        "memory_mb": plain(value.memory_mb),
        "memory_needed_mb": plain(value.memory_needed_mb),
        "ai_per_hour": None if value.ai_per_hour is None else round(float(value.ai_per_hour), 1),
        "credit_hours_left": None
        if value.credit_hours_left is None
        else round(float(value.credit_hours_left), 1),
        "problems": list(value.problems),
        "claim": value.claim,
    }


def _about(value: Architecture) -> dict[str, Any]:
    return {
        "architecture": value.name,
        "number": value.number,
        "title": value.title,
        "ai": value.ai,
        "privacy": value.privacy,
        "maintenance": value.maintenance,
        "complexity": value.complexity,
        "effort_hours": value.effort_hours.as_numbers(),
        "when_the_box_dies": value.when_the_box_dies,
    }


def _candidate(value: Candidate) -> dict[str, Any]:
    return {
        **_summary(value),
        "core": _bill(value.core),
        "deployed": _bill(value.bill),
    }


def _summary(value: Candidate) -> dict[str, Any]:
    """Return a candidate without the lines of its bills."""
    return {
        **_about(value.architecture),
        "shape": _shape(value.capacity.shape),
        "fits": value.fits,
        "violations": as_plain(value.violations),
        "monthly": _money(value.bill.total),
        "horizon": _horizon(value.horizon),
        "capacity": _capacity(value.capacity),
        "availability": _availability(value.availability),
    }


def _decision(value: Decision) -> dict[str, Any]:
    def of(one: Candidate | None) -> dict[str, Any] | None:
        return None if one is None else _summary(one)

    return {
        "request": as_plain(value.request),
        "best": of(value.best),
        "runner_up": of(value.runner_up),
        "gap": as_plain(value.gap),
        "fitting": [_summary(one) for one in value.fitting],
        "rejected": [_summary(one) for one in value.rejected],
        "nearest": of(value.nearest),
        "guide": as_plain(value.guide),
    }


def _availability(value: Availability) -> dict[str, Any]:
    return {
        "platform": plain(value.platform),
        "with_ai": plain(value.with_ai),
        "minutes_down": round(float(value.minutes_down)),
        "sentence": value.sentence,
    }


def _column(value: Column) -> dict[str, Any]:
    return {
        **_about(value.architecture),
        "capacity": _capacity(value.capacity),
        "shape": _shape(value.capacity.shape),
        "core": _bill(value.core),
        "deployed": _bill(value.deployed),
        "guide": as_plain(value.guide),
        "over_months": _money(value.over_months),
        "availability": _availability(value.availability),
        "violations": as_plain(value.violations),
        "words": as_plain(value.words),
    }


def _growth(value: Growth) -> dict[str, Any]:
    return {
        "pattern": value.pattern.name,
        "total": _money(value.total),
        "months": [
            _month(one, parts) for one, parts in zip(value.months, stacked(value), strict=True)
        ],
    }


def _lived(value: Lived) -> dict[str, Any]:
    return {**_growth(value.growth), "bands": as_plain(value.bands)}


def _month(value: GrowthMonth, groups: dict[str, Decimal]) -> dict[str, Any]:
    return {
        "month": value.month,
        "on": value.on.isoformat(),
        "users": value.workload.users,
        "ai_requests_per_month": value.workload.ai_requests_per_month,
        "architecture": value.running.architecture.name,
        "title": value.running.architecture.title,
        "size": value.running.capacity.shape.text(),
        "total": _money(value.bill.total),
        "groups": [{"name": name, "amount": plain(amount)} for name, amount in groups.items()],
        "moved": value.moved,
        "crossings": [
            {"sentence": one.sentence, "line": one.line, "leads_to": one.leads[1]}
            for one in value.crossings
        ],
        "guide": value.guide,
    }


def _curves(value: Curves) -> dict[str, Any]:
    return {
        "shape": _shape(value.running.capacity.shape),
        "capacity": _capacity(value.running.capacity),
        "p95_most_ms": value.p95_most_ms,
        "latency": [
            {
                "per_s": round(one.per_s, 2),
                "mean_ms": None if one.mean_ms is None else round(one.mean_ms, 1),
                "p95_ms": None if one.p95_ms is None else round(one.p95_ms, 1),
            }
            for one in value.latency
        ],
        "cost": [
            {
                "architecture": one.architecture.name,
                "title": one.architecture.title,
                "points": as_plain(one.points),
            }
            for one in value.cost
        ],
    }


def _price_list(value: PriceList) -> dict[str, Any]:
    held = value.catalogue
    return {
        "catalog": held.name,
        "edition": held.edition,
        "compiled": held.compiled.isoformat(),
        "currency": held.currency,
        "regions": list(held.regions),
        "prices": [_aged(one) for one in value.prices],
    }


def _aged(value: AgedPrice) -> dict[str, Any]:
    names = ("id", "service", "unit", "price", "source", "source_url", "read_on", "confidence",
             "starts", "ends", "note")  # fmt: skip
    written = {name: as_plain(getattr(value.price, name)) for name in names}
    return {**written, "age_days": value.age_days}


def _day(value: date) -> str:
    return value.isoformat()


_WRITERS: dict[type, Any] = {
    Money: _money,
    Span: Span.as_numbers,
    Shape: _shape,
    Architecture: lambda value: value.name,
    Bill: _bill,
    Line: _line,
    Horizon: _horizon,
    Capacity: _capacity,
    Availability: _availability,
    Candidate: _candidate,
    Column: _column,
    Curves: _curves,
    Decision: _decision,
    Growth: _growth,
    Lived: _lived,
    PriceList: _price_list,
    Decimal: plain,
    date: _day,
}

"""Answers as plain values, ready for JSON: numbers, texts, lists and mappings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from careflow.planner.architecture import Architecture
from careflow.planner.bill import Bill, Line
from careflow.planner.capacity import Capacity
from careflow.planner.decision import Candidate
from careflow.planner.horizon import Horizon
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
    }


def _line(value: Line) -> dict[str, Any]:
    return {
        "item": value.item,
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


def _candidate(value: Candidate) -> dict[str, Any]:
    return {
        "architecture": value.architecture.name,
        "number": value.architecture.number,
        "shape": _shape(value.capacity.shape),
        "fits": value.fits,
        "violations": as_plain(value.violations),
        "monthly": _money(value.bill.total),
        "core": _bill(value.core),
        "deployed": _bill(value.bill),
        "horizon": _horizon(value.horizon),
        "capacity": _capacity(value.capacity),
        "availability": as_plain(value.availability),
    }


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
    Candidate: _candidate,
    Decimal: plain,
    date: _day,
}

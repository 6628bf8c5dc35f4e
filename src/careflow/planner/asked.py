"""What somebody typed about a clinic, and the request and workload that it makes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation

from careflow.errors import BadInputError
from careflow.planner.constraints import Request
from careflow.planner.patterns import Pattern, own_curve, pattern
from careflow.planner.prices import Catalogue, catalogue
from careflow.planner.workload import Workload

REGION = "us-east-1"
_MONTHS = 36
_TOKENS = 1000


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed, before it is a request.

    Attributes:
        values: Option names, as ``ai_requests_per_month``, and what was typed for each.
        private_subnets: Whether boxes stand behind NAT gateways.
        managed_redis: Whether a fleet's jobs run over a managed queue.
        flags: Whether sentences name an option as the command line does.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    private_subnets: bool = False
    managed_redis: bool = False
    flags: bool = False

    def text(self, name: str) -> str | None:
        """Return an option as typed, or None."""
        return self.values.get(name)

    def number(self, name: str) -> Decimal | None:
        """Return an option as a number, or None."""
        text = self.text(name)
        return None if text is None else self._number(name, text)

    def whole(self, name: str) -> int | None:
        """Return an option as a whole number, or None."""
        value = self.number(name)
        if value is not None and value != value.to_integral_value():
            raise BadInputError(f"{self._named(name)} is a whole number, not {value}.")
        return None if value is None else int(value)

    def ends(self, name: str) -> tuple[int, int]:
        """Return an option that may be a range; nothing is zero."""
        text = self.text(name) or "0"
        found = re.fullmatch(r"([\d,]+)\s*-\s*([\d,]+)", text.strip(), re.ASCII)
        if found is None:
            value = Asked({name: text}, flags=self.flags).whole(name) or 0
            return value, value
        low, high = (int(end.replace(",", "") or 0) for end in found.groups())
        if low > high:
            raise BadInputError(f"{self._named(name)} runs upwards: {low} is above {high}.")
        return low, high

    def _number(self, name: str, text: str) -> Decimal:
        try:
            value = Decimal(text.replace(",", "").replace("$", "").strip())
        except InvalidOperation as error:
            raise BadInputError(f"{self._named(name)} is a number, not {text!r}.") from error
        if not value.is_finite():
            raise BadInputError(f"{self._named(name)} is a number, not {text!r}.")
        return value

    def _named(self, name: str) -> str:
        return f"--{name.replace('_', '-')}" if self.flags else name.replace("_", " ")


def prices_of(wanted: Asked) -> Catalogue:
    """Return the catalogue that is asked, with the region looked up in it."""
    prices = catalogue(wanted.text("catalog") or "current")
    prices.require_region(wanted.text("region") or REGION)
    return prices


def workload_of(wanted: Asked, *, high: bool = True) -> Workload:
    """Return the workload, at the high or the low end of inputs that are ranges."""
    users, calls = (wanted.ends(name)[high] for name in ("users", "ai_requests_per_month"))
    tokens = wanted.whole("tokens_per_ai_request")
    return Workload(
        users=users,
        concurrent=wanted.whole("concurrent"),
        requests_per_second=wanted.number("requests_per_second"),
        visits_per_day=wanted.whole("visits_per_day"),
        documents_per_day=wanted.whole("documents_per_day"),
        ai_requests_per_month=calls,
        tokens_per_ai_request=_TOKENS if tokens is None else tokens,
        data_gb=wanted.number("data_gb"),
    )


def request_of(wanted: Asked, today: date) -> Request:
    """Return the request; it starts today."""
    months = wanted.whole("months")
    return Request(
        workload=workload_of(wanted),
        stage=wanted.text("stage"),
        budget=wanted.number("budget"),
        uptime=wanted.number("uptime"),
        ai=wanted.text("ai"),
        compliance=wanted.text("compliance") or "none",
        months=_MONTHS if months is None else months,
        private_subnets=wanted.private_subnets,
        managed_redis=wanted.managed_redis,
        start=today,
    )


def pattern_of(growth: str, curve: str | None) -> Pattern:
    """Return a pattern of the guide, or an own curve such as ``6:100:0,12:400:2000``."""
    return pattern(growth) if curve is None else own_curve(_points(curve))


def _points(curve: str) -> list[tuple[int, int, int]]:
    try:
        points = [tuple(int(part) for part in point.split(":")) for point in curve.split(",")]
        return [(month, users, calls) for month, users, calls in points]
    except ValueError as error:
        raise BadInputError(
            f"A curve is month:users:ai, separated by commas, not {curve!r}."
        ) from error

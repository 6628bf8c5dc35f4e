"""Prices as dated facts: two catalogues, each price with its source and the days it applies."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any, ClassVar

from careflow.errors import BadInputError
from careflow.planner.spans import Span, span

CATALOGUES = ("guide", "current")
PER_UNIT = {
    "1k_requests": 1_000,
    "10k_requests": 10_000,
    "1m_requests": 1_000_000,
    "1m_queries": 1_000_000,
    "1m_ecpu": 1_000_000,
    "1m_tokens": 1_000_000,
}
"""How many of a thing one unit of a price holds; every other unit is one."""
HOURLY = frozenset({"hour", "vcpu_hour", "gb_hour", "lcu_hour", "dcu_hour"})
STALE_AFTER_DAYS = 180


class MissingPriceError(BadInputError):
    """A catalogue has no price for something an architecture needs."""

    code: ClassVar[str] = "planner-missing-price"


class UnknownRegionError(BadInputError):
    """A region for which there are no prices."""

    code: ClassVar[str] = "planner-unknown-region"


@dataclass(frozen=True, slots=True)
class Price:
    """One price and where it comes from.

    Attributes:
        free: How many single things (requests, GB, GB-seconds) are free each month.
        source: Where it was read; ``source_url`` is the provider's page to check it against.
        read_on: The earliest day that the source's date allows, so that age is never understated.
        confidence: ``seen``, ``derived``, ``recalled`` or, in the guide's catalogue, ``stated``.
        starts: First day it applies, or None; ``ends`` the last.
    """

    id: str
    service: str
    unit: str
    price: Span
    source: str
    source_url: str
    read_on: date
    confidence: str
    free: Decimal = Decimal(0)
    starts: date | None = None
    ends: date | None = None
    note: str = ""
    status: str = ""
    facts: tuple[tuple[str, Decimal], ...] = ()

    def fact(self, name: str) -> Decimal | None:
        """Return a machine fact (``vcpu``, ``ram_gb``, ``storage_gb``), or None."""
        return dict(self.facts).get(name)

    def applies(self, day: date) -> bool:
        """Report whether the price is in force on a day."""
        return (self.starts is None or self.starts <= day) and (
            self.ends is None or day <= self.ends
        )

    def age_days(self, today: date) -> int:
        """Return how many days ago it was read."""
        return (today - self.read_on).days


@dataclass(frozen=True, slots=True)
class Ending:
    """A model, library, instance type or runtime that has ended or will."""

    subject: str
    kind: str
    ends: date | None
    not_before: date | None
    successor: str
    note: str
    source_url: str
    read_on: date

    def is_past(self, day: date) -> bool:
        """Report whether it has ended by a day; a previous generation has no date and counts."""
        return self.not_before is None and (self.ends is None or self.ends <= day)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """One dated set of prices."""

    name: str
    edition: str
    compiled: date
    currency: str
    hours: int
    regions: tuple[str, ...]
    prices: dict[str, tuple[Price, ...]]
    lifecycle: tuple[Ending, ...]

    def find(self, id: str, on: date | None = None) -> Price | None:
        """Return the price in force on a day (default: the day of compilation), or None."""
        day = on or self.compiled
        rows = self.prices.get(id, ())
        return next((row for row in rows if row.applies(day)), None)

    def price(self, id: str, on: date | None = None) -> Price:
        """Return the price in force, or raise `MissingPriceError`."""
        found = self.find(id, on)
        if found is None:
            raise MissingPriceError(f"The catalogue {self.name!r} has no price for {id}.")
        return found

    def require_region(self, region: str) -> None:
        """Raise `UnknownRegionError` unless there are prices for a region."""
        if region not in self.regions:
            known = ", ".join(self.regions)
            raise UnknownRegionError(f"There are prices for {known} alone, not for {region!r}.")

    def changes(self, start: date, end: date) -> tuple[date, ...]:
        """Return the days within a period on which some price changes."""
        days = {p.starts for rows in self.prices.values() for p in rows if p.starts is not None}
        return tuple(sorted(day for day in days if start < day <= end))


@cache
def catalogue(name: str = "current") -> Catalogue:
    """Load a catalogue by name."""
    if name not in CATALOGUES:
        raise BadInputError(f"There is no catalogue {name!r}: use guide or current.")
    text = files("careflow.planner").joinpath("catalogues", f"{name}.json").read_text("utf-8")
    return read_catalogue(json.loads(text))


def read_catalogue(raw: dict[str, Any]) -> Catalogue:
    """Make a catalogue of its JSON."""
    prices: dict[str, tuple[Price, ...]] = {}
    for row in raw["prices"]:
        prices[row["id"]] = (*prices.get(row["id"], ()), _price(row))
    return Catalogue(
        name=raw["name"],
        edition=raw["edition"],
        compiled=date.fromisoformat(raw["compiled"]),
        currency=raw["currency"],
        hours=int(raw["hours_per_month"]),
        regions=tuple(raw["regions"]),
        prices=prices,
        lifecycle=tuple(_ending(row) for row in raw["lifecycle"]),
    )


def _price(row: dict[str, Any]) -> Price:
    both = row["price"] if isinstance(row["price"], list) else [row["price"]]
    facts = ("vcpu", "ram_gb", "storage_gb", "minimum_gb", "minimum_dcu", "monthly_cap")
    return Price(
        id=row["id"],
        service=row["service"],
        unit=row["unit"],
        price=span(*both),
        source=row["source"],
        source_url=row["source_url"],
        read_on=date.fromisoformat(row["read_on"]),
        confidence=row["confidence"],
        free=Decimal(row.get("free", 0)),
        starts=_day(row.get("from")),
        ends=_day(row.get("until")),
        note=row.get("note", ""),
        status=row.get("status", ""),
        facts=tuple((name, Decimal(row[name])) for name in facts if name in row),
    )


def _ending(row: dict[str, Any]) -> Ending:
    return Ending(
        subject=row["subject"],
        kind=row["kind"],
        ends=_day(row.get("ends")),
        not_before=_day(row.get("not_before")),
        successor=row.get("successor", ""),
        note=row.get("note", ""),
        source_url=row["source_url"],
        read_on=date.fromisoformat(row["read_on"]),
    )


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)

"""How old the planner's facts are, and which of what it names has ended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from careflow.planner.bill import Bill
from careflow.planner.prices import STALE_AFTER_DAYS, Catalogue, Ending, Price


@dataclass(frozen=True, slots=True)
class Age:
    """A price that is old, or not confirmed."""

    item: str
    read_on: date
    days: int
    confidence: str


def stale_prices(prices: Catalogue, today: date, after: int = STALE_AFTER_DAYS) -> tuple[Age, ...]:
    """Return the prices in force that were read longer ago than that, oldest first."""
    ages = (
        Age(price.id, price.read_on, price.age_days(today), price.confidence)
        for price in _in_force(prices, today)
        if price.age_days(today) > after
    )
    return tuple(sorted(ages, key=lambda age: (-age.days, age.item)))


def _in_force(prices: Catalogue, today: date) -> Iterable[Price]:
    return (row for rows in prices.prices.values() for row in rows if row.applies(today))


def ended(prices: Catalogue, today: date) -> tuple[Ending, ...]:
    """Return the models, libraries, instance types and runtimes that have ended by a day."""
    return tuple(one for one in prices.lifecycle if one.is_past(today))


def endings_in(bill: Bill, prices: Catalogue, today: date) -> tuple[str, ...]:
    """Say in sentences what a bill uses that has ended or whose end is announced."""
    used = {bill.shape.instance, f"gemini-{bill.shape.model}"}
    if bill.shape.architecture.ai != "gemini":
        used.discard(f"gemini-{bill.shape.model}")
    return tuple(_sentence(one, today) for one in prices.lifecycle if one.subject in used)


def _sentence(one: Ending, today: date) -> str:
    then = f"; {one.successor} follows" if one.successor else ""
    if one.not_before is not None:
        return f"{one.subject} stays at least until {one.not_before.isoformat()}{then}."
    if one.ends is None:
        return f"{one.subject}: {one.note}{then}."
    verb = "ended" if one.is_past(today) else "ends"
    return f"{one.subject} {verb} on {one.ends.isoformat()}{then}."


def age_text(bill: Bill, today: date) -> str:
    """Say how old the oldest price of a bill is, and which are not confirmed."""
    if bill.oldest is None:
        return "There is nothing to pay."
    days = (today - bill.oldest).days
    unsure = ", ".join(sorted({line.item for line in bill.unconfirmed}))
    text = f"The oldest price is {days} days old (read {bill.oldest.isoformat()})"
    return f"{text}; recalled or derived, so check first: {unsure}." if unsure else f"{text}."

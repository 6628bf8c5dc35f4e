"""Lists facts whose source was read longer ago than they may be trusted unread.

Compares with today: a report for people who keep the facts fresh, never a test.
"""

from __future__ import annotations

import argparse
from datetime import date, timedelta

from careflow.clock import now
from careflow.fhir import units
from careflow.knowledge.labs import sources
from careflow.planner.freshness import ended
from careflow.planner.measurements import measurements
from careflow.planner.prices import catalogue

TRUSTED_DAYS = 365


def main() -> None:
    """Print each stale source, oldest first."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=TRUSTED_DAYS)
    limit = now().date() - timedelta(days=parser.parse_args().days)
    stale = sorted((found, name) for name, found in facts() if found < limit)
    for read_on, name in stale:
        print(f"{read_on}  {name}")
    print(f"{len(stale)} of {len(facts())} sources were read before {limit}.")
    for one in ended(catalogue("current"), now().date()):
        then = f"; {one.successor} follows" if one.successor else ""
        print(f"{one.kind} {one.subject} has ended ({one.ends or one.note}){then}")


def facts() -> list[tuple[str, date]]:
    """Return every dated source of the product's facts."""
    labs = [(source.title, source.read_on) for source in sources().values()]
    prices = catalogue("current").prices.values()
    paid = [(f"price of {row.id}", row.read_on) for rows in prices for row in rows]
    own = [("measurements of our own", measurements().measured_on)]
    return [*labs, *paid, *own, ("units of measure", units.READ_ON)]


if __name__ == "__main__":
    main()

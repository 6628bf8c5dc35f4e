"""Passages of a record read back into what they say: a name, details, a state and a day."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from careflow.ai.task import Passage

_DAY: Final = re.compile(r"(?:on|since|until) (\d{4}(?:-\d\d(?:-\d\d)?)?)")
_START: Final = re.compile(r"\d{4}-\d\d-\d\dT\S+")
_VALUE: Final = re.compile(
    r"^(?P<value>.*?)(?: \((?P<flag>LOW|HIGH|NORMAL|CRITICAL_LOW|CRITICAL_HIGH)\))?"
    r"(?: \[range (?P<range>[^\]]*)\])?$"
)
_STATES: Final = frozenset(
    str.split(
        "active inactive resolved completed stopped cancelled booked pending proposed arrived"
        " fulfilled noshow planned in-progress finished on-hold draft final amended corrected"
        " recurrence relapse remission not-done unconfirmed provisional refuted unknown ended"
        " checked-in waitlist onleave triaged preparation"
    )
)
_NAME_MOST: Final = 15
"""Words of what an entry is named by; more are sentences, which nobody asked to be told."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One entry of the record.

    Attributes:
        kind: The kind of resource.
        details: What it says beside its name, in the record's words.
        day: When, as the record has it; ``starts`` to the minute, of an appointment.
    """

    source: str
    text: str
    kind: str
    name: str
    details: tuple[str, ...] = ()
    state: str | None = None
    day: str | None = None
    starts: datetime | None = None

    @property
    def measured(self) -> tuple[str, str | None, str | None]:
        """Return value with unit, flag and range of a result."""
        hit = _VALUE.match(", ".join(self.details))
        if hit is None:
            return ", ".join(self.details), None, None
        return hit["value"], hit["flag"], hit["range"]


def facts_of(record: Sequence[Passage]) -> list[Fact]:
    """Return the entries of a record that are entries: what is long winded is none."""
    found = [_fact(passage) for passage in record]
    return [one for one in found if len(one.name.split()) <= _NAME_MOST]


def _fact(passage: Passage) -> Fact:
    kind = passage.source.partition("/")[0]
    if kind == "Observation":
        name, _, said = passage.text.partition(": ")
        parts = said.split(", ")
    else:
        name, *parts = passage.text.split(", ")
        name = name.partition(": ")[2] or name
        if kind == "Appointment":
            name = ""
    details: list[str] = []
    state = day = None
    starts = None
    for part in parts:
        dated = _DAY.fullmatch(part)
        if dated:
            day = day or dated[1]
        elif _START.fullmatch(part):
            starts, day = _moment(part), part[:10]
        elif part.casefold() in _STATES:
            state = part.casefold()
        else:
            details.append(part)
    return Fact(passage.source, passage.text, kind, name, tuple(details), state, day, starts)


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None

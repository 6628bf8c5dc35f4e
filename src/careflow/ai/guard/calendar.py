"""Dates of a text, in any common form; what a form leaves open stays open."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_MONTHS_WRITTEN = """
january jan enero ene
february feb febrero
march mar marzo
april apr abril abr
may mayo
june jun junio
july jul julio
august aug agosto ago
september sep sept septiembre set
october oct octubre
november nov noviembre
december dec diciembre dic
"""
_MONTHS = {
    name: number
    for number, names in enumerate(_MONTHS_WRITTEN.strip().splitlines(), start=1)
    for name in names.split()
}
_NAME = "|".join(sorted(_MONTHS, key=len, reverse=True))
_FORMS = re.compile(
    rf"(?<![\w/.-])(?:"
    rf"(?P<y>(?:19|20)\d\d)[-/.](?P<m>\d{{1,2}})[-/.](?P<d>\d{{1,2}})(?:t[\d:.+z-]*)?"
    rf"|(?P<a>\d{{1,2}})(?P<sep>[/.-])(?P<b>\d{{1,2}})(?P=sep)(?P<year>\d{{4}}|\d\d)"
    rf"|(?P<day1>\d{{1,2}})(?:st|nd|rd|th|o)?[\s-](?:of\s|de\s)?(?P<month1>{_NAME})\.?"
    rf"(?:,?[\s-](?:de[l]?\s)?(?P<year1>(?:19|20)\d\d))?"
    rf"|(?P<month2>{_NAME})\.?\s(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?(?!\d|[.,]\d|:)"
    rf"(?:,?\s(?P<year2>(?:19|20)\d\d))?"
    rf"|(?P<month3>{_NAME})\.?,?\s(?:of\s|de[l]?\s)?(?P<year3>(?:19|20)\d\d)"
    rf"|(?P<y4>(?:19|20)\d\d)-(?P<m4>\d\d)"
    rf")(?![\w/]|-\d)"
)


@dataclass(frozen=True, slots=True)
class Day:
    """A date, or what is said of it."""

    year: int | None
    month: int | None
    day: int | None

    def fits(self, other: Day) -> bool:
        """Report whether both may be the same date, and this one says no more than the other."""
        pairs = ((self.year, other.year), (self.month, other.month), (self.day, other.day))
        return all(mine is None or mine == theirs for mine, theirs in pairs)


@dataclass(frozen=True, slots=True)
class Dated:
    """A date of a text and its readings."""

    readings: frozenset[Day]
    start: int
    end: int


def dates_of(text: str) -> list[Dated]:
    """Return the dates of a folded text, in order."""
    found = []
    for one in _FORMS.finditer(text):
        readings = frozenset(day for day in _readings(one) if _is_day(day))
        if readings:
            found.append(Dated(readings, *one.span()))
    return found


def _readings(one: re.Match[str]) -> Iterator[Day]:
    if one["y"]:
        yield Day(int(one["y"]), int(one["m"]), int(one["d"]))
    elif one["a"]:
        year = int(one["year"])
        whole = year if year > 99 else (1900 if year > 40 else 2000) + year
        yield Day(whole, int(one["a"]), int(one["b"]))
        yield Day(whole, int(one["b"]), int(one["a"]))
    elif one["month1"]:
        yield Day(_year(one["year1"]), _MONTHS[one["month1"]], int(one["day1"]))
    elif one["month2"]:
        yield Day(_year(one["year2"]), _MONTHS[one["month2"]], int(one["day2"]))
    elif one["month3"]:
        yield Day(int(one["year3"]), _MONTHS[one["month3"]], None)
    else:
        yield Day(int(one["y4"]), int(one["m4"]), None)


def _year(text: str | None) -> int | None:
    return int(text) if text else None


def _is_day(day: Day) -> bool:
    return 1 <= (day.month or 1) <= 12 and 1 <= (day.day or 1) <= 31

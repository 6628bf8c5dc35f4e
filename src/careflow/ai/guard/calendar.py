"""Dates of a text, in any common form; what a form leaves open stays open."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from careflow.ai.guard.spelled import ORDINALS

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
_SPOKEN = (
    "uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciseis"
    " diecisiete dieciocho diecinueve veinte veintiuno veintidos veintitres veinticuatro"
    " veinticinco veintiseis veintisiete veintiocho veintinueve treinta"
)
_DAYS = {**ORDINALS, **{word: day for day, word in enumerate(_SPOKEN.split(), start=1)}}
_NAME = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DAY = rf"(?:\d{{1,2}}(?:st|nd|rd|th|o)?|{'|'.join(sorted(_DAYS, key=len, reverse=True))})"
_FORMS = re.compile(
    rf"(?<![\w/.-])(?:"
    rf"(?P<y>(?:19|20)\d\d)[-/.](?P<m>\d{{1,2}})[-/.](?P<d>\d{{1,2}})(?:t[\d:.+z-]*)?"
    rf"|(?P<a>\d{{1,2}})(?P<sep>[/.-])(?P<b>\d{{1,2}})(?P=sep)(?P<year>\d{{4}}|\d\d)"
    rf"|(?P<day1>{_DAY})[\s-](?:of\s|de\s)?(?P<month1>{_NAME})\.?"
    rf"(?:,?[\s-](?:de[l]?\s)?(?P<year1>(?:19|20)\d\d))?"
    rf"|(?P<month2>{_NAME})\.?\s(?:the\s)?(?P<day2>{_DAY})(?!\w|[.,]\d|:)"
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


Order = Literal["month", "day"]
"""Which of two figures comes first where a date is all figures."""


def order_of(text: str) -> Order | None:
    """Return the order that the dates of a folded text show; ``None`` where none does."""
    for one in _FORMS.finditer(text):
        if one["a"] and int(one["a"]) > 12 >= int(one["b"]):
            return "day"
        if one["a"] and int(one["b"]) > 12 >= int(one["a"]):
            return "month"
    return None


def dates_of(text: str, order: Order | None = None) -> list[Dated]:
    """Return the dates of a folded text; without an order, figures may be read either way."""
    found = []
    for one in _FORMS.finditer(text):
        readings = frozenset(day for day in _readings(one, order) if _is_day(day))
        if readings:
            found.append(Dated(readings, *one.span()))
    return found


def _readings(one: re.Match[str], order: Order | None) -> Iterator[Day]:
    if one["y"]:
        yield Day(int(one["y"]), int(one["m"]), int(one["d"]))
    elif one["a"]:
        year = int(one["year"])
        whole = year if year > 99 else (1900 if year > 40 else 2000) + year
        a, b = int(one["a"]), int(one["b"])
        if order != "day" or b > 12:
            yield Day(whole, a, b)
        if order != "month" or a > 12:
            yield Day(whole, b, a)
    elif one["month1"]:
        yield Day(_year(one["year1"]), _MONTHS[one["month1"]], _day(one["day1"]))
    elif one["month2"]:
        yield Day(_year(one["year2"]), _MONTHS[one["month2"]], _day(one["day2"]))
    elif one["month3"]:
        yield Day(int(one["year3"]), _MONTHS[one["month3"]], None)
    else:
        yield Day(int(one["y4"]), int(one["m4"]), None)


def _day(text: str) -> int:
    return _DAYS.get(text) or int(re.sub(r"\D", "", text))


def _year(text: str | None) -> int | None:
    return int(text) if text else None


def _is_day(day: Day) -> bool:
    return 1 <= (day.month or 1) <= 12 and 1 <= (day.day or 1) <= 31


_CLOCK = re.compile(
    r"(?<![\d:.-])(?P<h>[01]?\d|2[0-3]):(?P<m>[0-5]\d)(?::[0-5]\d)?(?:\s?(?P<half>[ap])\.?\s?m\b\.?)?(?![\d:])"
    r"|(?<![\w:.-])(?P<hour>1[0-2]|[1-9])\s?(?P<half2>[ap])\.?m\b\.?"
)
_OF_A_STAMP = re.compile(r"\d\d\d\d-\d\d-\d\dt(\d\d):(\d\d)")


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day and its readings, each hour and minute."""

    readings: frozenset[tuple[int, int]]
    start: int
    end: int


def clocks_of(text: str) -> list[Clock]:
    """Return the times of day of a folded text, in order."""
    found = []
    for one in _CLOCK.finditer(text):
        hour, minute = int(one["h"] or one["hour"]), int(one["m"] or 0)
        half = one["half"] or one["half2"]
        if half:
            hours = {hour % 12 + (12 if half == "p" else 0)}
        else:
            hours = {hour, hour + 12} if hour < 12 else {hour}
        found.append(Clock(frozenset((each, minute) for each in hours), *one.span()))
    found += [
        Clock(frozenset({(int(one[1]), int(one[2]))}), one.start(1), one.end())
        for one in _OF_A_STAMP.finditer(text)
    ]
    return found

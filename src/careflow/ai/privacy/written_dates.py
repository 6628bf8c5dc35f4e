"""Dates as people write them, moved by a number of days and written again in the same form.

A date with its year moves by days, a month with its year by months, a year by years, and a day
without a year on a circle of 365 days: each of these can be undone, and intervals stay.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from careflow.ai.words import folded

Precision = Literal["day", "month", "year", "day of year"]
_DAYS_OF_YEAR = 365
_MONTHS_OF_YEAR = 12
_DAYS_OF_MONTH = 30.4375
_CENTURY_TURNS = 30
"""Two digits up to this are of this century; above, of the last."""
_MONTHS_LAST = 12

_ENGLISH = [name.lower() for name in calendar.month_name[1:]]
_SPANISH = [
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
]
_MONTHS: dict[str, tuple[int, list[str], bool]] = {}
for _names in (_SPANISH, _ENGLISH):
    for _number, _name in enumerate(_names, 1):
        _MONTHS[_name[:3]] = (_number, _names, True)
        _MONTHS[_name] = (_number, _names, False)
_MONTHS["sept"] = (9, _ENGLISH, True)
_MONTHS["setiembre"] = (9, _SPANISH, False)

_NAME = "(?P<name>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\b\.?"
_SEP = r"\s?[-/.]\s?"
_DAY = r"(?P<day>\d{1,2})(?P<ordinal>st|nd|rd|th|º|°)?"
_OF = r"(?:\s*(?:,|de|del|of|[-/.])\s*|\s+(?:(?:of|de|del)\s+)?)"
_YEAR = r"(?P<year>(?:19|20)\d{2})(?!\d)"
_SHORT = r"(?P<year>(?:19|20)\d{2}|\d{2}|['’]\d{2})(?!\d)"

_NOT_WITHIN = r"(?<![\w/.])(?<!-(?=\d{1,4}\s?-))(?<!\d-(?!\d{1,2}[/.]))"
_YEAR_FIRST = (
    rf"(?P<year>(?:19|20)\d{{2}})(?P<sep>{_SEP})(?P<first>\d{{1,2}})(?P=sep)"
    r"(?P<second>\d{1,2})(?!\d)"
)
_YEAR_LAST = (
    rf"(?P<first>\d{{1,2}})(?P<sep>{_SEP})(?P<second>\d{{1,2}})(?P=sep)"
    r"(?P<year>(?:19|20)\d{2}|\d{2})(?!\d|(?P=sep)\d)"
)
_FORMS: tuple[tuple[re.Pattern[str], bool], ...] = tuple(
    (re.compile(_NOT_WITHIN + form, re.IGNORECASE), form.startswith("(?P<name>"))
    for form in (
        _YEAR_FIRST,
        _YEAR_LAST,
        r"(?P<year>(?:19|20)\d{2})(?P<first>0[1-9]|1[0-2])(?P<second>0[1-9]|[12]\d|3[01])(?!\d)",
        rf"{_NAME}{_OF}{_DAY}{_OF}{_SHORT}",
        rf"{_DAY}{_OF}{_NAME}{_OF}{_SHORT}",
        rf"(?P<year>(?:19|20)\d{{2}}){_OF}{_NAME}{_OF}{_DAY}(?!\d)",
        rf"{_NAME}{_OF}{_YEAR}",
        rf"{_NAME}\s+{_DAY}(?!\d|\s*(?:mg|mcg|ml|g|%))",
        rf"{_DAY}{_OF}{_NAME}",
        rf"(?P<first>\d{{1,2}})(?P<sep>[-/]){_YEAR}(?![-/.]\d)",
        r"(?P<year>(?:19|20)\d{2})(?P<sep>[-/])(?P<first>0[1-9]|1[0-2])(?![-/.]?\d)",
        r"(?P<first>\d{1,2})(?P<sep>[-/])(?P<second>\d{1,2})(?![-/.]?\d)",
        rf"{_YEAR}",
    )
)
"""Each form, and whether it begins with the month's name; others begin with a digit."""
_NUMBERS_ALONE = re.compile(_NOT_WITHIN + _YEAR_LAST)
_DIGITS = re.compile(r"\d+")
_MONTH = re.compile("|".join(sorted({name[:3] for name in _MONTHS})))


@dataclass(frozen=True, slots=True)
class Written:
    """A date in a text.

    Attributes:
        start: Where it begins in the text; ``end`` is behind it.
        year: Where it has one; a day of a year without one has none.
        day_first: Whether the day stands before the month, in numbers alone.
        found: How it is written.
    """

    start: int
    end: int
    precision: Precision
    year: int | None
    month: int
    day: int
    day_first: bool
    found: re.Match[str]

    @property
    def day_meant(self) -> date | None:
        """Return the day, where it is one of a year."""
        return date(self.year, self.month, self.day) if self.year and self.day else None

    @property
    def has_name(self) -> bool:
        """Report whether the month is written as a word."""
        return "name" in self.found.re.groupindex


def dates_in(text: str, *, day_first: bool = False) -> list[Written]:
    """Return the dates of a text, the first ones first, none within another.

    Args:
        text: Any.
        day_first: How to read numbers that may be either, as in 3/4/2025.
    """
    taken: list[Written] = []
    # Looking only where a date can begin is several times faster than looking everywhere.
    starts = {
        False: [one.start() for one in _DIGITS.finditer(text)],
        True: [one.start() for one in _MONTH.finditer(_lower(text))],
    }
    for form, begins_with_name in _FORMS:
        for found in filter(None, (form.match(text, at) for at in starts[begins_with_name])):
            if any(found.start() < one.end and one.start < found.end() for one in taken):
                continue
            written = _read(found, day_first=day_first)
            if written is not None:
                taken.append(written)
    return sorted(taken, key=lambda one: one.start)


def _lower(text: str) -> str:
    lower = text.lower()
    return lower if len(lower) == len(text) else folded(text)


def is_mostly_day_first(text: str) -> bool | None:
    """Report in which order a text writes day and month, by dates that can be read in one only."""
    votes = 0
    for found in _NUMBERS_ALONE.finditer(text):
        first, second = int(found["first"]), int(found["second"])
        votes += (first > _MONTHS_LAST >= second) - (second > _MONTHS_LAST >= first)
    return None if votes == 0 else votes > 0


def _read(found: re.Match[str], *, day_first: bool) -> Written | None:
    groups = found.groupdict()
    year = _year(groups["year"]) if groups.get("year") else None
    turned = False
    if "name" in groups:
        month, day = _MONTHS[folded(groups["name"]).rstrip(".")][0], int(groups.get("day") or 0)
    elif groups.get("second"):
        leads_year = found.start("year") == found.start() if year is not None else False
        first, second = int(groups["first"]), int(groups["second"])
        turned = not leads_year and (first > _MONTHS_LAST or (day_first and second <= _MONTHS_LAST))
        month, day = (second, first) if turned else (first, second)
    else:
        month, day = int(groups.get("first") or 0), 0
    return _placed(found, year, month, day, turned=turned)


def _placed(
    found: re.Match[str], year: int | None, month: int, day: int, *, turned: bool
) -> Written | None:
    if day == 0 and (found.groupdict().get("second") or found.groupdict().get("day")):
        return None
    precision: Precision = "year"
    if day:
        precision = "day" if year is not None else "day of year"
    elif month:
        precision = "month"
    try:
        # A year that has no 29 February stands in where there is no year.
        date(year if year is not None else 2001, month or 1, day or 1)
    except ValueError:
        return None
    if month > _MONTHS_LAST:
        return None
    return Written(*found.span(), precision, year, month, day, turned, found)


def _year(text: str) -> int:
    digits = text.lstrip("'’")
    if len(digits) == 4:
        return int(digits)
    return int(digits) + (2000 if int(digits) <= _CENTURY_TURNS else 1900)


# --- moving --------------------------------------------------------------------------------


def moved(one: Written, days: int) -> str:
    """Return a date that many days later, or earlier, in the same writing.

    Raises:
        ValueError: It leaves the calendar.
    """
    return _MOVES[one.precision](one, days)


def _day_moved(one: Written, days: int) -> str:
    try:
        then = date(one.year or 1, one.month, one.day) + timedelta(days=days)
    except OverflowError as error:
        raise ValueError from error
    return _rewritten(one, then.year, then.month, then.day)


def _month_moved(one: Written, days: int) -> str:
    count = (one.year or 1) * _MONTHS_OF_YEAR + one.month - 1 + round(days / _DAYS_OF_MONTH)
    year, month = divmod(count, _MONTHS_OF_YEAR)
    return _rewritten(one, date(year, 1, 1).year, month + 1, 0)


def _year_moved(one: Written, days: int) -> str:
    years = max(1, round(abs(days) / _DAYS_OF_YEAR)) * (1 if days > 0 else -1)
    return _rewritten(one, date((one.year or 1) + years, 1, 1).year, 0, 0)


def _turned(one: Written, days: int) -> str:
    at = date(2001, one.month, one.day).timetuple().tm_yday - 1
    then = date(2001, 1, 1) + timedelta(days=(at + days) % _DAYS_OF_YEAR)
    return _rewritten(one, 0, then.month, then.day)


_MOVES: dict[Precision, Callable[[Written, int], str]] = {
    "day": _day_moved,
    "month": _month_moved,
    "year": _year_moved,
    "day of year": _turned,
}


def _rewritten(one: Written, year: int, month: int, day: int) -> str:
    found, at = one.found, one.start
    new: dict[str, str] = {}
    groups = found.groupdict()
    if groups.get("year"):
        new["year"] = _year_like(groups["year"], year)
    if one.has_name:
        new["name"] = _name_like(groups["name"], month, before=found.string[: found.start("name")])
        if groups.get("day"):
            new["day"] = f"{day:02d}" if groups["day"].startswith("0") else str(day)
            if (groups.get("ordinal") or "º") not in "º°":
                new["ordinal"] = _ordinal(day)
    elif groups.get("first"):
        new |= _numbers_like(one, month, day)
    text = found.group()
    for name in sorted(new, key=found.start, reverse=True):
        start, end = found.span(name)
        text = text[: start - at] + new[name] + text[end - at :]
    return text


def _numbers_like(one: Written, month: int, day: int) -> dict[str, str]:
    groups = one.found.groupdict()
    old = [groups[name] for name in ("first", "second") if groups.get(name)]
    width = 2 if all(len(part) == 2 for part in old) else 1
    order = (day, month) if one.day_first else (month, day)
    names = ("first", "second") if groups.get("second") else ("first",)
    return {name: f"{number:0{width}d}" for name, number in zip(names, order, strict=False)}


def _year_like(old: str, year: int) -> str:
    if len(old) == 4:
        return f"{year:04d}"
    return old[:-2] + f"{year % 100:02d}"


def _name_like(old: str, month: int, *, before: str) -> str:
    _, names, is_short = _MONTHS[folded(old)]
    # May is short for itself; between hyphens months are written short.
    is_short = is_short or (names[4] == folded(old) == "may" and before.endswith("-"))
    name = names[month - 1][:3] if is_short else names[month - 1]
    if old.isupper():
        return name.upper()
    return name.capitalize() if old[0].isupper() else name


def _ordinal(day: int) -> str:
    if day in {11, 12, 13}:
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")

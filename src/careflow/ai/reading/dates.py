"""Reads printed dates; where the order of day and month is not clear it says so."""

from __future__ import annotations

import re
from datetime import date

from careflow.ai.reading.report import PrintedDate

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_TIME = re.compile(r"(?<![\d-])(\d{1,2}):(\d{2})(?::\d{2})?\s*([AaPp])?\.?[Mm]?\.?")
_ISO = re.compile(r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_NAMED = re.compile(
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th)?[-/ ,.]*([A-Za-z]{3,9})[-/ ,.]*(\d{4}|\d{2})(?!\d)"
)
_NAMED_FIRST = re.compile(r"([A-Za-z]{3,9})[-/ .]*(\d{1,2})(?:st|nd|rd|th)?[-/ ,.]+(\d{4})(?!\d)")
_NUMBERS = re.compile(r"(?<!\d)(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(?!\d)")
AMBIGUOUS = "The order of day and month is not clear."


def day_first(texts: list[str]) -> bool | None:
    """Return whether the dates of one report put the day first, or None when none settles it."""
    firsts = seconds = False
    for text in texts:
        for found in _NUMBERS.finditer(text):
            firsts = firsts or int(found.group(1)) > 12
            seconds = seconds or int(found.group(2)) > 12
    if firsts == seconds:
        return None
    return firsts


def read_date(
    text: str, *, day_comes_first: bool | None = None, birth: bool = False
) -> PrintedDate | None:
    """Return the first date of a text, or None when there is none.

    Args:
        text: As printed, perhaps with a time.
        day_comes_first: What other dates of the report settled, if anything.
        birth: Whether a two-digit year is left open (a birth may lie in either century).
    """
    found = _ISO.search(text)
    if found:
        year, month, day = (int(part) for part in found.groups())
        return _made(text, found, year, month, day)
    named = _NAMED.search(text)
    if named and named.group(2)[:3].lower() in _MONTHS:
        month = _MONTHS.index(named.group(2)[:3].lower()) + 1
        return _made(text, named, _year(named.group(3), birth=birth), month, int(named.group(1)))
    first = _NAMED_FIRST.search(text)
    if first and first.group(1)[:3].lower() in _MONTHS:
        month = _MONTHS.index(first.group(1)[:3].lower()) + 1
        return _made(text, first, int(first.group(3)), month, int(first.group(2)))
    numbers = _NUMBERS.search(text)
    return (
        _from_numbers(text, numbers, day_comes_first=day_comes_first, birth=birth)
        if numbers
        else None
    )


def _from_numbers(
    text: str, found: re.Match[str], *, day_comes_first: bool | None, birth: bool
) -> PrintedDate:
    one, two = int(found.group(1)), int(found.group(2))
    year = _year(found.group(3), birth=birth)
    if one > 12 or one == two:
        return _made(text, found, year, two, one)
    if two > 12:
        return _made(text, found, year, one, two)
    if day_comes_first is None:
        return PrintedDate(_shown(text, found), None, AMBIGUOUS)
    day, month = (one, two) if day_comes_first else (two, one)
    return _made(text, found, year, month, day)


def _year(text: str, *, birth: bool) -> int | None:
    if len(text) == 4:
        return int(text)
    return None if birth else 2000 + int(text)


def _shown(text: str, found: re.Match[str]) -> str:
    time = _TIME.match(text[found.end() :].lstrip(" ,T"))
    return found.group().strip() + (f" {time.group().strip()}" if time else "")


def _made(text: str, found: re.Match[str], year: int | None, month: int, day: int) -> PrintedDate:
    shown = _shown(text, found)
    if year is None:
        return PrintedDate(shown, None, "The century of the year is not clear.")
    try:
        iso = date(year, month, day).isoformat()
    except ValueError:
        return PrintedDate(shown, None, "There is no such date.")
    time = _TIME.match(text[found.end() :].lstrip(" ,T"))
    return PrintedDate(shown, iso + _clock(time) if time else iso)


def _clock(found: re.Match[str]) -> str:
    hour, minute = int(found.group(1)), int(found.group(2))
    half = (found.group(3) or "").lower()
    if half == "p" and hour < 12:
        hour += 12
    if half == "a" and hour == 12:
        hour = 0
    return f"T{hour:02d}:{minute:02d}" if hour < 24 and minute < 60 else ""

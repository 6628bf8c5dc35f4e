"""The ways in which a date of birth may be written."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from itertools import product

_REMEMBERED = 256
_SHORTEST_NUMBER = 4
_MONTHS = (
    "january enero", "february febrero", "march marzo", "april abril", "may mayo", "june junio",
    "july julio", "august agosto", "september septiembre setiembre", "october octubre",
    "november noviembre", "december diciembre",
)  # fmt: skip


@lru_cache(maxsize=_REMEMBERED)
def birth_forms(born: date) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the ways to write a day: letters and digits alone; and without its year, spaced."""
    days = {str(born.day), f"{born.day:02d}"}
    said = days | {f"{born.day}{end}" for end in ("st", "nd", "rd", "th")}
    words = {
        form for word in _MONTHS[born.month - 1].split() for form in (word, word[:3], word[:4])
    }
    digits = {str(born.month), f"{born.month:02d}"}
    years = {str(born.year), f"{born.year % 100:02d}"}
    joined: set[str] = set()
    for day, month, year in product(said, words, years):
        joined |= {f"{day}{month}{year}", f"{month}{day}{year}", f"{year}{month}{day}"}
        joined |= {f"{day}of{month}{year}", f"{day}de{month}de{year}", f"{month}the{day}{year}"}
    for day, month, year in product(days, digits, years):
        if len(day) + len(month) + len(year) > _SHORTEST_NUMBER:
            joined |= {f"{day}{month}{year}", f"{month}{day}{year}", f"{year}{month}{day}"}
    shown: set[str] = set()
    for day, month in product(said, words):
        shown |= {f"{month} {day}", f"{month}. {day}", f"{day} {month}", f"{day}-{month}"}
        shown |= {f"{day} of {month}", f"{day} de {month}"}
    return tuple(joined), tuple(shown)

"""When something is, in words: the place's own clock and the zone's letters, the same everywhere.

Screens, mail, text messages, calendar entries and the API all show what this makes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from zoneinfo import ZoneInfo

from careflow.clock import letters

Language = Literal["en", "es"]

_DAYS: Final[dict[Language, tuple[str, ...]]] = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "es": ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
}
_MONTHS: Final[dict[Language, tuple[str, ...]]] = {
    "en": (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
    "es": (
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
    ),
}
_HALVES: Final[dict[Language, tuple[str, str]]] = {"en": ("AM", "PM"), "es": ("a. m.", "p. m.")}


@dataclass(frozen=True, slots=True)
class When:
    """An instant as a place's clock shows it.

    Attributes:
        at: The instant, aware, in the place's zone.
    """

    at: datetime
    zone: ZoneInfo
    language: Language = "en"

    @classmethod
    def of(cls, at: datetime, zone: ZoneInfo, language: Language = "en") -> When:
        """Return an aware instant by a place's clock."""
        return cls(at.astimezone(zone), zone, language)

    @property
    def letters(self) -> str:
        """Return the zone's letters then, as ``EDT``."""
        return letters(self.at)

    @property
    def day(self) -> str:
        """Return the day: "Tuesday, March 10, 2026"."""
        weekday = _DAYS[self.language][self.at.weekday()]
        month = _MONTHS[self.language][self.at.month - 1]
        if self.language == "es":
            return f"{weekday}, {self.at.day} de {month} de {self.at.year}"
        return f"{weekday}, {month} {self.at.day}, {self.at.year}"

    @property
    def time(self) -> str:
        """Return the time with the zone's letters: "9:00 AM EDT"."""
        half = _HALVES[self.language][self.at.hour >= 12]
        return f"{self.at.hour % 12 or 12}:{self.at.minute:02} {half} {self.letters}"

    @property
    def text(self) -> str:
        """Return day and time: "Tuesday, March 10, 2026, 9:00 AM EDT"."""
        return f"{self.day}, {self.time}"

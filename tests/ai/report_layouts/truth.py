"""What stands on a drawn report, written down while it is drawn."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True)
class Line:
    """One result as its lab prints it; `number` is None for words and censored values."""

    test: str
    value: str
    number: Decimal | None
    unit: str
    low: Decimal | None
    high: Decimal | None
    range_text: str
    flag: str = ""


@dataclass(frozen=True)
class Hidden:
    """A result that was printed and then made unreadable: nobody may guess its value."""

    test: str
    value: str
    how: str


@dataclass(frozen=True)
class Person:
    """Who the report is about, as printed; the dates are kept in ISO form too."""

    name: str
    birth_date: str
    record_number: str
    sex: str


@dataclass(frozen=True)
class Truth:
    """Everything a reader may say about one report, and nothing else."""

    person: Person | None
    collected: str | None
    rows: tuple[Line, ...] = ()
    unreadable: tuple[Hidden, ...] = ()


@dataclass(frozen=True)
class Report:
    """One drawn document with its truth."""

    layout: str
    family: str
    content: bytes = field(repr=False)
    media_type: str
    truth: Truth

    @property
    def scanned(self) -> bool:
        """Whether the document is an image, to be read by a recogniser."""
        return self.family == "scans"

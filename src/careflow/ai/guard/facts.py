"""Everything of a text that must not be changed: read once, compared many times."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from careflow.ai.guard.calendar import Clock, Dated, Order, clocks_of, dates_of
from careflow.ai.guard.frequencies import Frequency, frequencies_of
from careflow.ai.guard.quantities import Quantity, quantities_of
from careflow.ai.guard.sides import SideSaid, sides_of
from careflow.ai.words import Word, folded, listed, words_of
from careflow.knowledge.drugs import drug_named

_SPANISH = listed("""
el la los las del que con por para una paciente sin desde hace es esta tiene dolor y en niega
presenta refiere toma usted su dia dias cada veces se al ni tomar hay lo como segun
""")
_PART = re.compile(r"[^-'’]+")
_ENGLISH = listed("""
the of and with for has was is to patient on his her she he you your denies reports takes without
daily day days not there are or at from have
""")


@dataclass(frozen=True, slots=True)
class Drug:
    """A medicine that a text names."""

    drug: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Facts:
    """What a text says that may not be changed; places are offsets into it."""

    text: str
    words: list[Word]
    quantities: list[Quantity]
    frequencies: list[Frequency]
    dates: list[Dated]
    clocks: list[Clock]
    drugs: list[Drug]
    sides: list[SideSaid]

    @property
    def is_spanish(self) -> bool | None:
        """Report whether the text is in Spanish rather than English; ``None`` if it may be both."""
        spanish = sum(word.text in _SPANISH for word in self.words)
        english = sum(word.text in _ENGLISH for word in self.words)
        return None if spanish == english else spanish > english

    def may_be_compared(self, other: Facts) -> bool:
        """Report whether words of both texts may be compared: neither is in another language."""
        mine, theirs = self.is_spanish, other.is_spanish
        return mine is None or theirs is None or mine == theirs


def facts_of(text: str, order: Order | None = None) -> Facts:
    """Read a text; what is part of a date or of a frequency is no number of its own."""
    plain = folded(text)
    words = words_of(plain)
    dates = dates_of(plain, order)
    clocks = clocks_of(plain)
    often = [one for one in frequencies_of(plain) if not _within(one.start, dates)]
    return Facts(
        text=plain,
        words=words,
        quantities=[
            one
            for one in quantities_of(plain)
            if not any(_within(one.start, spans) for spans in (dates, often, clocks))
        ],
        frequencies=often,
        dates=dates,
        clocks=clocks,
        drugs=drugs_of(words),
        sides=sides_of(plain),
    )


def drugs_of(words: Iterable[Word]) -> list[Drug]:
    """Return the medicines among words."""
    found = []
    for word in words:
        for part in _PART.finditer(word.text):
            drug = drug_named(part[0])
            if drug is not None:
                found.append(Drug(drug, word.start + part.start(), word.start + part.end()))
    return found


def _within(place: int, spans: Iterable[Clock | Dated | Frequency]) -> bool:
    return any(one.start <= place < one.end for one in spans)

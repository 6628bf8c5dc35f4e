"""What an answer may rest on: the text, the record's passages, and what was asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

import msgspec

from careflow.ai.guard.alignment import Sentence, sentences
from careflow.ai.guard.binding import Bound, bound_in
from careflow.ai.guard.calendar import Day, Order, order_of
from careflow.ai.guard.facts import Facts, facts_of
from careflow.ai.guard.language import language_of
from careflow.ai.guard.polarity import Polarity
from careflow.ai.guard.quantities import Quantity, quantities_of
from careflow.ai.task import Given


@dataclass(frozen=True)
class Sources:
    """What an answer may rest on, read once."""

    text: str
    order: Order | None = None
    """Of dates in figures, where the texts around it tell."""

    @cached_property
    def facts(self) -> Facts:
        """Return what may not be changed."""
        return facts_of(self.text, self.order)

    @cached_property
    def bound(self) -> Bound:
        """Return what belongs together."""
        return bound_in(self.facts)

    @cached_property
    def polarity(self) -> Polarity:
        """Return what is affirmed and denied."""
        return Polarity(self.facts.text)

    @cached_property
    def quantities(self) -> list[Quantity]:
        """Return every number, those in dates and frequencies too."""
        return quantities_of(self.facts.text)

    @cached_property
    def numbers(self) -> dict[str | None, set[Decimal]]:
        """Return the numbers by the kind of their unit; under ``"any"`` all, as written."""
        numbers: dict[str | None, set[Decimal]] = {"any": set()}
        for one in self.quantities:
            numbers["any"] |= one.bare
            if one.kind is None and self._is_of_a_date(one):
                continue
            numbers.setdefault(one.kind, set()).update(one.readings)
        return numbers

    def _is_of_a_date(self, one: Quantity) -> bool:
        return any(day.start <= one.start < day.end for day in self.facts.dates)

    @cached_property
    def drugs(self) -> set[str]:
        """Return the medicines."""
        return {one.drug for one in self.facts.drugs}

    @cached_property
    def sentences(self) -> list[Sentence]:
        """Return the sentences."""
        return sentences(self.facts)

    @cached_property
    def dates(self) -> list[Day]:
        """Return the dates in every reading."""
        return [day for one in self.facts.dates for day in one.readings]


def order_in(plain: str) -> Order | None:
    """Return the order of dates in figures of a folded text, by its dates or its language."""
    shown = order_of(plain)
    if shown is not None:
        return shown
    return {"en": "month", "es": "day"}.get(language_of(plain) or "")  # type: ignore[return-value]


_NOT_SAID = frozenset({"patient", "encounter", "file", "bundle", "text", "dialogue", "language"})


def sources_of(given: Given) -> Sources:
    """Return everything that was given, as one text to compare with."""
    parts = [
        given.text or "",
        *(one.text for one in given.record),
        *_asked(given),
        *(_result(one) for one in given.results or ()),
    ]
    return Sources("\n".join(part for part in parts if part))


def _asked(given: Given) -> Iterator[str]:
    if given.asked is None:
        return
    fields = msgspec.to_builtins(given.asked)
    for name, value in fields.items():
        if name not in _NOT_SAID:
            yield from _lines(value, name.replace("_", " "))


def _lines(value: Any, name: str) -> Iterator[str]:  # noqa: ANN401 - JSON
    if isinstance(value, dict):
        for inner, one in value.items():
            yield from _lines(one, inner.replace("_", " "))
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _lines(one, "")
    elif value not in (None, "", False):
        yield f"{name} {value}".strip()


def _result(one: Any) -> str:  # noqa: ANN401 - a GivenResult
    return " ".join(part for part in (one.test, one.value, one.unit, one.low, one.high) if part)

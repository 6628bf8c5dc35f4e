"""Numbers of a text, in figures or words, each with its unit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from careflow.ai.guard.spelled import spelled_numbers
from careflow.ai.guard.units import UNIT, unit_of

_FIGURES = re.compile(r"(?<![\w.,])(?:\d+(?:[.,]\d+)*|\.\d+)|(?<=[a-z(/-])\d+(?:[.,]\d+)*|[½¼¾⅓⅔]")
_FRACTION = re.compile(r"(?<![\d/.])([1-3])\s?/\s?([234])(?![\d/])")
_FRACTION_SIGNS = {"½": "0.5", "¼": "0.25", "¾": "0.75"}
_OF_A = re.compile(r"\s(?:of )?(?:an?|de(?: una?)?)(?=\s(?:tab|cap|pill|comp|past|patch|tea|cuch))")
"""Between a part and what it is a part of: "half a tablet"."""
_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:[.,]\d{3})+")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number of a text.

    Attributes:
        readings: What it may mean, in the base of its unit: marks may be thousands or decimals.
        kind: The kind of its unit; ``None`` without one.
        is_soft: Whether it may be no statement of a number at all ("one of them").
    """

    readings: frozenset[Decimal]
    kind: str | None
    start: int
    end: int
    bare: frozenset[Decimal]
    is_soft: bool = False


def quantities_of(text: str) -> list[Quantity]:
    """Return the numbers of a folded text, in order."""
    found = [*_in_figures(text), *_in_words(text)]
    return sorted(found, key=lambda one: one.start)


def _in_figures(text: str) -> Iterator[Quantity]:
    parts = []
    for found in _FRACTION.finditer(text):
        value = Decimal(found[1]) / Decimal(found[2])
        part = _with_unit(text, frozenset({value}), *found.span(), is_soft=True)
        parts += [part] if part.kind else []
        yield part
    for found in _FIGURES.finditer(text):
        # "1/2 tablet" is half a tablet, and neither one nor two.
        if not any(part.start <= found.start() < part.end for part in parts):
            yield _with_unit(text, readings_of(found[0]), *found.span())


def _in_words(text: str) -> Iterator[Quantity]:
    for one in spelled_numbers(text):
        yield _with_unit(text, frozenset({one.value}), one.start, one.end, is_soft=one.is_soft)


def _with_unit(
    text: str, bare: frozenset[Decimal], start: int, end: int, *, is_soft: bool = False
) -> Quantity:
    unit = UNIT.match(text, end) or (_OF_A.match(text, end) and UNIT.match(text, _past(text, end)))
    if unit is None:
        return Quantity(bare, None, start, end, bare, is_soft)
    kind, factor = unit_of(unit["unit"])
    if kind in {"degrees", "grados"}:
        kind = "°"
    values = frozenset(value * factor for value in bare)
    # "second" and "one" beside a unit are numbers.
    return Quantity(values, kind, start, unit.end(), bare, is_soft=False)


def _past(text: str, end: int) -> int:
    found = _OF_A.match(text, end)
    return found.end() if found else end


def readings_of(number: str) -> frozenset[Decimal]:
    """Return what a number may mean: a mark before three figures as either, else as decimal."""
    if number in _FRACTION_SIGNS:
        return frozenset({Decimal(_FRACTION_SIGNS[number])})
    if number in "⅓⅔":
        return frozenset({Decimal(1) / 3 * (2 if number == "⅔" else 1)})
    marks = [sign for sign in number if sign in ".,"]
    readings = set()
    if _THOUSANDS.fullmatch(number) and len(set(marks)) == 1:
        readings.add(Decimal(re.sub("[.,]", "", number)))
    if len(marks) <= 1:
        readings.add(Decimal(number.replace(",", ".")))
    elif len(set(marks)) == 2:
        whole, _, rest = number.replace(",", ".").rpartition(".")
        readings.add(Decimal(whole.replace(".", "") + "." + rest))
    elif not readings:
        readings |= {Decimal(part) for part in re.split("[.,]", number) if part}
    return frozenset(readings)

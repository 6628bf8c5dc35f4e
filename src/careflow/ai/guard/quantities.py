"""Numbers of a text, in figures or words, each with its unit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from careflow.ai.guard.units import UNIT, unit_of

_FIGURES = re.compile(r"(?<![\w.,])(?:\d+(?:[.,]\d+)*|\.\d+)|(?<=[a-z(/-])\d+(?:[.,]\d+)*|[½¼¾⅓⅔]")
_FRACTION = re.compile(r"(?<![\d/.])([1-3])\s?/\s?([234])(?![\d/])")
_FRACTION_SIGNS = {"½": "0.5", "¼": "0.25", "¾": "0.75"}
_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:[.,]\d{3})+")

_SMALL_WRITTEN = """
zero cero|one|two dos|three tres|four cuatro|five cinco|six seis|seven siete|eight ocho|nine nueve
|ten diez|eleven once|twelve doce|thirteen trece|fourteen catorce|fifteen quince
|sixteen dieciseis|seventeen diecisiete|eighteen dieciocho|nineteen diecinueve
"""
_SMALL = {
    word: number for number, words in enumerate(_SMALL_WRITTEN.split("|")) for word in words.split()
}
_TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70,
    "eighty": 80, "ninety": 90, "veinte": 20, "treinta": 30, "cuarenta": 40, "cincuenta": 50,
    "sesenta": 60, "setenta": 70, "ochenta": 80, "noventa": 90,
}  # fmt: skip
_ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7,
    "eighth": 8, "ninth": 9, "tenth": 10,
}  # fmt: skip
_HALVES = {"half": Decimal("0.5"), "medio": Decimal("0.5"), "media": Decimal("0.5"),
           "quarter": Decimal("0.25")}  # fmt: skip
_ONE = frozenset({"one", "un", "una", "uno"})
_NUMBER_WORD = re.compile(
    rf"(?<![\w-])(?:(?P<tens>{'|'.join(_TENS)})(?:(?:-|\s|\sy\s)(?P<unit>{'|'.join(_SMALL)}))?"
    rf"|(?P<small>{'|'.join(_SMALL)}|un|una|uno)|(?P<half>{'|'.join(_HALVES)})"
    rf"|(?P<ordinal>{'|'.join(_ORDINALS)}))(?:\s(?P<hundred>hundred|thousand))?(?![\w])"
)


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
    for found in _FIGURES.finditer(text):
        yield _with_unit(text, readings_of(found[0]), *found.span())
    for found in _FRACTION.finditer(text):
        value = Decimal(found[1]) / Decimal(found[2])
        yield _with_unit(text, frozenset({value}), *found.span(), is_soft=True)


def _in_words(text: str) -> Iterator[Quantity]:
    for found in _NUMBER_WORD.finditer(text):
        value, is_soft = _worth(found)
        yield _with_unit(text, frozenset({value}), *found.span(), is_soft=is_soft)


def _worth(found: re.Match[str]) -> tuple[Decimal, bool]:
    many = {"hundred": 100, "thousand": 1000}.get(found["hundred"] or "", 1)
    if found["tens"]:
        return Decimal((_TENS[found["tens"]] + _SMALL.get(found["unit"] or "", 0)) * many), False
    if found["half"]:
        return _HALVES[found["half"]], True
    if found["ordinal"]:
        return Decimal(_ORDINALS[found["ordinal"]]), True
    word = found["small"]
    return Decimal(_SMALL.get(word, 1) * many), word in _ONE or word == "once"


def _with_unit(
    text: str, bare: frozenset[Decimal], start: int, end: int, *, is_soft: bool = False
) -> Quantity:
    unit = UNIT.match(text, end)
    if unit is None:
        return Quantity(bare, None, start, end, bare, is_soft)
    kind, factor = unit_of(unit["unit"])
    if kind in {"degrees", "grados"}:
        kind = "°"
    values = frozenset(value * factor for value in bare)
    # "second" and "one" beside a unit are numbers.
    return Quantity(values, kind, start, unit.end(), bare, is_soft=False)


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

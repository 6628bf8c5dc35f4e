"""Units of measure: UCUM expressions as a factor over base units, so that 5.4 g is 5400 mg.

The grammar of https://ucum.org/ucum: prefixes, exponents, products, quotients, parentheses and
annotations in braces, which carry no meaning. What cannot be read has no canonical form and is
compared as written.
"""

from __future__ import annotations

import pathlib
import re
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache, lru_cache
from typing import Final, NamedTuple

UCUM = "http://unitsofmeasure.org"
"""The code system's address in FHIR."""
READ_ON: Final = date(2026, 11, 24)
"""When the table of units was read from its source, which the file names."""
_FILE = pathlib.Path(__file__).with_name("definitions") / "ucum.csv"
_PREFIXES = {
    "Y": 24,
    "Z": 21,
    "E": 18,
    "P": 15,
    "T": 12,
    "G": 9,
    "M": 6,
    "k": 3,
    "h": 2,
    "da": 1,
    "d": -1,
    "c": -2,
    "m": -3,
    "u": -6,
    "n": -9,
    "p": -12,
    "f": -15,
    "a": -18,
    "z": -21,
    "y": -24,
}
_ZERO_CELSIUS = Fraction("273.15")
_ZERO_FAHRENHEIT = Fraction("459.67")
_OFFSETS = {
    "Cel": (Fraction(1), _ZERO_CELSIUS),
    "[degF]": (Fraction(5, 9), _ZERO_FAHRENHEIT * 5 / 9),
    "[degRe]": (Fraction(5, 4), _ZERO_CELSIUS),
}
"""Scales with a zero of their own; they stand alone, since no product of them has a meaning."""
_LONGEST = 64
_DEEPEST = 8
_MOST = 64
"""Greatest exponent of a base unit; no quantity of medicine comes near."""
_SYMBOL = re.compile(
    r"(?P<unit>10[*^]|(?:[^\[\](){}./0-9\s+-]|\[[^\[\](){}\s]*\])+)(?P<exponent>[+-]?[0-9]{1,3})?"
)
_NUMBER = re.compile(r"[0-9]{1,12}")
_ANNOTATION = re.compile(r"\{[^{}]*\}")
_ENDLESS = 1e300
"""Beyond it lie the ends of what has no end, which is the same in every unit."""
_DIGITS = 12
"""Digits that canonical values keep: more than any measurement has, fewer than floats get wrong."""


@dataclass(frozen=True, slots=True)
class Unit:
    """What one of a unit is in base units.

    Attributes:
        dimension: ``=`` and the base units with their exponents, as ``=m-3.mol``; ``=1`` without.
        is_base: Values stay as they are (mmol/L is mol/m3).
    """

    factor: float
    offset: float
    dimension: str
    is_base: bool = False

    def canonical(self, value: float) -> float:
        """Return a value of this unit in base units, without the noise of the last digits."""
        if self.is_base or abs(value) > _ENDLESS:
            return value
        return float(f"{value * self.factor + self.offset:.{_DIGITS}g}")


@dataclass(frozen=True, slots=True)
class _Product:
    factor: Fraction
    powers: tuple[tuple[str, int], ...] = ()

    def times(self, other: _Product, sign: int = 1) -> _Product:
        powers = dict(self.powers)
        for base, exponent in other.powers:
            powers[base] = powers.get(base, 0) + sign * exponent
        kept = tuple(sorted((base, power) for base, power in powers.items() if power))
        return _Product(self.factor * other.factor**sign, kept)

    def to_the(self, exponent: int) -> _Product:
        if abs(exponent) > _MOST:
            raise _UnreadableError
        powers = tuple((base, power * exponent) for base, power in self.powers if exponent)
        return _Product(self.factor**exponent, powers)


class _Row(NamedTuple):
    takes_prefixes: bool
    value: str
    unit: str


_ONE = _Product(Fraction(1))


class _UnreadableError(Exception):
    """The text is no expression over units of the table."""


@lru_cache(maxsize=4096)
def unit_of(code: str) -> Unit | None:
    """Return the unit that a UCUM code stands for, or ``None`` if it has no canonical form."""
    scale = _OFFSETS.get(_ANNOTATION.sub("", code))
    if scale is not None:
        return Unit(float(scale[0]), float(scale[1]), "=K")
    if len(code) > _LONGEST:
        return None
    try:
        product = _Reader(code).read()
        factor = float(product.factor)
    except (_UnreadableError, OverflowError):
        return None
    if not factor:
        return None
    powers = (base if power == 1 else f"{base}{power}" for base, power in product.powers)
    return Unit(factor, 0.0, "=" + (".".join(powers) or "1"), is_base=factor == 1)


class _Reader:
    """Reads one expression from left to right."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._depth = 0

    def read(self) -> _Product:
        found = self._term()
        if self._at < len(self._text):
            raise _UnreadableError
        return found

    def _term(self) -> _Product:
        found = _ONE
        sign = -1 if self._take("/") else 1
        while True:
            found = found.times(self._component(), sign)
            if self._take("/"):
                sign = -1
            elif self._take("."):
                sign = 1
            else:
                return found

    def _component(self) -> _Product:
        if self._take("("):
            self._depth += 1
            if self._depth > _DEEPEST:
                raise _UnreadableError
            found = self._term()
            if not self._take(")"):
                raise _UnreadableError
            return found
        if self._match(_ANNOTATION):
            return _ONE
        number = self._number()
        if number is not None:
            self._match(_ANNOTATION)
            return number
        symbol = self._match(_SYMBOL)
        if symbol is None:
            raise _UnreadableError
        self._match(_ANNOTATION)
        return _symbol(symbol["unit"]).to_the(int(symbol["exponent"] or 1))

    def _number(self) -> _Product | None:
        if self._text.startswith(("10*", "10^"), self._at):
            return None
        number = self._match(_NUMBER)
        if number is None:
            return None
        if not int(number[0]):
            raise _UnreadableError
        return _Product(Fraction(number[0]))

    def _take(self, mark: str) -> bool:
        taken = self._text.startswith(mark, self._at)
        self._at += taken
        return taken

    def _match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        match = pattern.match(self._text, self._at)
        if match is not None:
            self._at = match.end()
        return match


def _symbol(text: str) -> _Product:
    """Return a unit of the table, or a metric one with its prefix."""
    rows = _rows()
    if text in rows:
        return _row(text)
    for length in (1, 2):
        power = _PREFIXES.get(text[:length])
        row = rows.get(text[length:])
        if power is not None and row is not None and row.takes_prefixes:
            return _row(text[length:]).times(_Product(Fraction(10) ** power))
    raise _UnreadableError


@cache
def _rows() -> dict[str, _Row]:
    lines = _FILE.read_text(encoding="utf-8").splitlines()
    _, *rows = (line.split(",") for line in lines if line[0] != "#")
    return {code: _Row(metric == "yes", value, unit) for code, metric, value, unit in rows}


@cache
def _row(code: str) -> _Product:
    """Return a unit of the table in base units; a row without a value is one itself."""
    row = _rows()[code]
    if not row.value:
        return _Product(Fraction(1), ((code, 1),))
    return _Reader(row.unit).read().times(_Product(Fraction(row.value)))

"""Unit spellings of laboratory reports, their UCUM codes, and conversion between them.

A printed unit ("thou/mm3", "gm%", "x10³/µL") is taken apart into a numerator and a denominator,
each known by a small table, so spellings nobody listed whole are still understood. UCUM codes
follow The Unified Code for Units of Measure, https://ucum.org/ucum (read 2026-11-24).
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache

from careflow.knowledge.labs.unit_spellings import (
    CASED,
    DENOMINATOR_WORDS,
    DENOMINATORS,
    NUMERATOR_WORDS,
    NUMERATORS,
    WHOLE,
    Unit,
)

__all__ = ["Unit", "convert", "parse_unit"]


_EXPONENTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


_SUPERSCRIPT = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹]+")


_POWER = re.compile(r"^(?:x|\*|×)?10(?:\*|\^|e|\*\*)?\(?(\d{1,2})\)?(?![\d])")


@cache
def parse_unit(text: str) -> Unit | None:
    """Return the unit a printed text means, or None if it is not one that is known here."""
    if text.strip() in CASED:
        text = CASED[text.strip()]
    plain = _plain(text)
    if not plain:
        return None
    if plain in WHOLE:
        return WHOLE[plain]
    return _compound(plain)


def _plain(text: str) -> str:
    """Fold the ways of writing the same signs: µ, superscripts, ×, blanks, brackets."""
    text = (
        re.sub(r"[\[\]{}_]", "", text.strip())
        .replace("µ", "u")
        .replace("μ", "u")
        .replace("×", "x")
        .replace("⁄", "/")
    )
    text = _SUPERSCRIPT.sub(lambda found: "^" + found.group().translate(_EXPONENTS), text)
    text = re.sub(r"\bper\b|∕", "/", text.lower())
    text = text.replace("m^2", "m2").replace("mm^3", "mm3").replace("um^3", "um3")
    text = re.sub(r"\s+", "", text)
    if text.startswith("(") and text.endswith(")"):
        text = text[1:-1]
    return text.rstrip(".,;:")


def _compound(plain: str) -> Unit | None:
    top, slash, bottom = plain.partition("/")
    if not slash:
        return None  # A count without its volume ("million") says too little.
    below = _denominator(bottom)
    above = _numerator(top)
    if below is None or above is None:
        return None
    return _quotient(above, below)


def _numerator(top: str) -> tuple[str, str, Decimal] | None:
    if top in {"", "1"}:
        return ("", "number", Decimal(1))
    power = _POWER.match(top)
    if power is not None:
        rest = top[power.end() :].strip(".*x")
        if rest in {"", "cells", "cell"}:
            return NUMERATORS.get(f"10*{int(power.group(1))}")
        return None
    top = top.removesuffix("cells").removesuffix(".") or "cells"
    return NUMERATORS.get(NUMERATOR_WORDS.get(top, top))


def _denominator(bottom: str) -> tuple[str, str, Decimal] | None:
    name = DENOMINATOR_WORDS.get(bottom, bottom)
    return DENOMINATORS.get(name)


def _quotient(above: tuple[str, str, Decimal], below: tuple[str, str, Decimal]) -> Unit:
    code = f"{above[0]}/{below[0]}"
    return Unit(code, f"{above[1]}/{below[1]}", above[2] / below[2])


def convert(
    value: Decimal, unit: Unit, to: Unit, *, molar_mass: Decimal | None = None, valence: int = 1
) -> Decimal | None:
    """Return the value in another unit, or None where the two do not measure the same.

    Args:
        value: The number in ``unit``.
        unit: Its unit.
        to: The wanted unit.
        molar_mass: Grams per mole, which joins mass and amount of substance.
        valence: Charges per particle, which joins equivalents and amount of substance.
    """
    factor = _factor(unit, to, molar_mass, valence)
    return None if factor is None else value * factor


def _factor(unit: Unit, to: Unit, molar_mass: Decimal | None, valence: int) -> Decimal | None:
    if unit.kind == to.kind:
        return unit.scale / to.scale
    top, _, bottom = unit.kind.partition("/")
    to_top, _, to_bottom = to.kind.partition("/")
    if bottom != to_bottom:
        return None
    moles = _moles_per(top, molar_mass, valence)
    to_moles = _moles_per(to_top, molar_mass, valence)
    if moles is None or to_moles is None:
        return None
    return unit.scale * moles / (to.scale * to_moles)


def _moles_per(kind: str, molar_mass: Decimal | None, valence: int) -> Decimal | None:
    """Return how many moles one base unit of the kind is."""
    if kind == "substance":
        return Decimal(1)
    if kind == "equivalents":
        return Decimal(1) / valence
    if kind == "mass" and molar_mass is not None:
        return Decimal(1) / molar_mass
    return None

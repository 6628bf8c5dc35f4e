"""Unit spellings of laboratory reports, their UCUM codes, and conversion between them.

A printed unit ("thou/mm3", "gm%", "x10³/µL") is taken apart into a numerator and a denominator,
each known by a small table, so spellings nobody listed whole are still understood. UCUM codes
follow The Unified Code for Units of Measure, https://ucum.org/ucum (read 2026-11-24).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

_EXPONENTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_SUPERSCRIPT = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹]+")


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as understood.

    Attributes:
        code: UCUM code.
        kind: What is measured; units of one kind convert by ``scale`` alone.
        scale: How many of the kind's base unit one of these is (base units: g/L, mol/L, eq/L,
            [IU]/L, 1/L, 1, g, L, mol, s ...).
    """

    code: str
    kind: str
    scale: Decimal


def _d(text: str) -> Decimal:
    return Decimal(text)


# spelling -> (UCUM code, kind, scale to the base of the kind)
_NUMERATORS: dict[str, tuple[str, str, Decimal]] = {
    "kg": ("kg", "mass", _d("1e3")),
    "g": ("g", "mass", _d("1")),
    "mg": ("mg", "mass", _d("1e-3")),
    "ug": ("ug", "mass", _d("1e-6")),
    "ng": ("ng", "mass", _d("1e-9")),
    "pg": ("pg", "mass", _d("1e-12")),
    "mol": ("mol", "substance", _d("1")),
    "mmol": ("mmol", "substance", _d("1e-3")),
    "umol": ("umol", "substance", _d("1e-6")),
    "nmol": ("nmol", "substance", _d("1e-9")),
    "pmol": ("pmol", "substance", _d("1e-12")),
    "fmol": ("fmol", "substance", _d("1e-15")),
    "eq": ("eq", "equivalents", _d("1")),
    "meq": ("meq", "equivalents", _d("1e-3")),
    "ueq": ("ueq", "equivalents", _d("1e-6")),
    "u": ("U", "activity", _d("1")),
    "ku": ("kU", "activity", _d("1e3")),
    "mu": ("mU", "activity", _d("1e-3")),
    "uu": ("uU", "activity", _d("1e-6")),
    "iu": ("[IU]", "activity", _d("1")),
    "kiu": ("k[IU]", "activity", _d("1e3")),
    "miu": ("m[IU]", "activity", _d("1e-3")),
    "uiu": ("u[IU]", "activity", _d("1e-6")),
    "ukat": ("ukat", "katal", _d("1e-6")),
    "nkat": ("nkat", "katal", _d("1e-9")),
    "mosm": ("mosm", "osmoles", _d("1e-3")),
    "cells": ("{cells}", "number", _d("1")),
    "copies": ("{copies}", "copies", _d("1")),
    "ml": ("mL", "volume", _d("1e-3")),
    "l": ("L", "volume", _d("1")),
    "mm": ("mm", "length", _d("1e-3")),
    "10*2": ("10*2", "number", _d("1e2")),
    "10*3": ("10*3", "number", _d("1e3")),
    "10*4": ("10*4", "number", _d("1e4")),
    "10*5": ("10*5", "number", _d("1e5")),
    "10*6": ("10*6", "number", _d("1e6")),
    "10*9": ("10*9", "number", _d("1e9")),
    "10*12": ("10*12", "number", _d("1e12")),
}
_NUMERATOR_WORDS = {
    "gm": "g",
    "gms": "g",
    "gr": "g",
    "grams": "g",
    "mgs": "mg",
    "mcg": "ug",
    "mcgs": "ug",
    "mmols": "mmol",
    "mmole": "mmol",
    "mmoles": "mmol",
    "mcmol": "umol",
    "micromol": "umol",
    "units": "u",
    "unit": "u",
    "iu": "iu",
    "mcu": "uu",
    "mciu": "uiu",
    "uiu": "uiu",
    "ui": "iu",
    "mui": "miu",
    "uui": "uiu",
    "kui": "kiu",
    "microiu": "uiu",
    "mosmol": "mosm",
    "mosmols": "mosm",
    "cell": "cells",
    "no": "cells",
    "#": "cells",
    "k": "10*3",
    "thou": "10*3",
    "thous": "10*3",
    "thousand": "10*3",
    "thousands": "10*3",
    "th": "10*3",
    "ths": "10*3",
    "m": "10*6",
    "mil": "10*6",
    "mill": "10*6",
    "mill.": "10*6",
    "million": "10*6",
    "millions": "10*6",
    "mio": "10*6",
    "lakh": "10*5",
    "lakhs": "10*5",
    "lac": "10*5",
    "lacs": "10*5",
    "gi": "10*9",
    "ti": "10*12",
    "cfu": "cells",
}
# spelling -> (UCUM code, kind, litres/grams/... in one of it)
_DENOMINATORS: dict[str, tuple[str, str, Decimal]] = {
    "l": ("L", "volume", _d("1")),
    "dl": ("dL", "volume", _d("0.1")),
    "ml": ("mL", "volume", _d("1e-3")),
    "ul": ("uL", "volume", _d("1e-6")),
    "nl": ("nL", "volume", _d("1e-9")),
    "pl": ("pL", "volume", _d("1e-12")),
    "fl": ("fL", "volume", _d("1e-15")),
    "kg": ("kg", "mass", _d("1e3")),
    "g": ("g", "mass", _d("1")),
    "mg": ("mg", "mass", _d("1e-3")),
    "mol": ("mol", "substance", _d("1")),
    "mmol": ("mmol", "substance", _d("1e-3")),
    "h": ("h", "time", _d("3600")),
    "min": ("min", "time", _d("60")),
    "24h": ("(24.h)", "day", _d("1")),
    "hpf": ("[HPF]", "field", _d("1")),
    "lpf": ("[LPF]", "low field", _d("1")),
}
_DENOMINATOR_WORDS = {
    "lt": "l",
    "ltr": "l",
    "litre": "l",
    "liter": "l",
    "dlt": "dl",
    "100ml": "dl",
    "mm3": "ul",
    "mm^3": "ul",
    "cumm": "ul",
    "cmm": "ul",
    "cu.mm": "ul",
    "cu.mm.": "ul",
    "c.mm": "ul",
    "cmm.": "ul",
    "mcl": "ul",
    "hr": "h",
    "hrs": "h",
    "hour": "h",
    "hour1": "h",
    "1sthr": "h",
    "1sthour": "h",
    "1hr": "h",
    "1h": "h",
    "gm": "g",
    "gmcr": "g",
    "gcr": "g",
    "gcreat": "g",
    "gcreatinine": "g",
    "mgcr": "mg",
    "mmolcr": "mmol",
    "24hr": "24h",
    "24hrs": "24h",
    "24hours": "24h",
    "day": "24h",
    "d": "24h",
    "hpf": "hpf",
    "h.p.f": "hpf",
    "h.p.f.": "hpf",
    "hp": "hpf",
    "highpowerfield": "hpf",
    "lpf": "lpf",
    "moll": "mol",
}
_WHOLE: dict[str, Unit] = {
    "%": Unit("%", "fraction", _d("0.01")),
    "percent": Unit("%", "fraction", _d("0.01")),
    "fraction": Unit("1", "fraction", _d("1")),
    "l/l": Unit("L/L", "fraction", _d("1")),
    "ratio": Unit("{ratio}", "ratio", _d("1")),
    "index": Unit("{index}", "ratio", _d("1")),
    "s/co": Unit("{s_co_ratio}", "ratio", _d("1")),
    "coi": Unit("{index}", "ratio", _d("1")),
    "inr": Unit("{INR}", "ratio", _d("1")),
    "g%": Unit("g/dL", "mass/volume", _d("10")),
    "gm%": Unit("g/dL", "mass/volume", _d("10")),
    "gms%": Unit("g/dL", "mass/volume", _d("10")),
    "mg%": Unit("mg/dL", "mass/volume", _d("0.01")),
    "mgs%": Unit("mg/dL", "mass/volume", _d("0.01")),
    "ug%": Unit("ug/dL", "mass/volume", _d("1e-5")),
    "fl": Unit("fL", "volume", _d("1e-15")),
    "femtolitre": Unit("fL", "volume", _d("1e-15")),
    "um3": Unit("fL", "volume", _d("1e-15")),
    "cu.micron": Unit("fL", "volume", _d("1e-15")),
    "cu.microns": Unit("fL", "volume", _d("1e-15")),
    "pg": Unit("pg", "mass", _d("1e-12")),
    "pg/cell": Unit("pg", "mass", _d("1e-12")),
    "picogram": Unit("pg", "mass", _d("1e-12")),
    "fmol": Unit("fmol", "substance", _d("1e-15")),
    "s": Unit("s", "time", _d("1")),
    "sec": Unit("s", "time", _d("1")),
    "secs": Unit("s", "time", _d("1")),
    "second": Unit("s", "time", _d("1")),
    "seconds": Unit("s", "time", _d("1")),
    "min": Unit("min", "time", _d("60")),
    "mins": Unit("min", "time", _d("60")),
    "minutes": Unit("min", "time", _d("60")),
    "mm": Unit("mm/h", "length/time", _d("1e-3") / 3600),
    "mmhg": Unit("mm[Hg]", "pressure", _d("133.322387415")),
    "torr": Unit("mm[Hg]", "pressure", _d("133.322387415")),
    "kpa": Unit("kPa", "pressure", _d("1000")),
    "ml/min": Unit("mL/min", "clearance", _d("1")),
    "ml/min/1.73m2": Unit("mL/min/{1.73_m2}", "clearance/area", _d("1")),
    "ml/min/1,73m2": Unit("mL/min/{1.73_m2}", "clearance/area", _d("1")),
    "ml/min/1.73": Unit("mL/min/{1.73_m2}", "clearance/area", _d("1")),
    "ml/min/1.73sqm": Unit("mL/min/{1.73_m2}", "clearance/area", _d("1")),
    "ml/min/1.73m^2": Unit("mL/min/{1.73_m2}", "clearance/area", _d("1")),
    "ml/min/1.73sq.m": Unit("mL/min/{1.73_m2}", "clearance/area", _d("1")),
    "ml/min/1.73sq.mt": Unit("mL/min/{1.73_m2}", "clearance/area", _d("1")),
    "u": Unit("U", "units", _d("1")),
    "units": Unit("U", "units", _d("1")),
    "ngfeu/ml": Unit("ng{FEU}/mL", "FEU/volume", _d("1e-6")),
    "ng/mlfeu": Unit("ng{FEU}/mL", "FEU/volume", _d("1e-6")),
    "ugfeu/ml": Unit("ug{FEU}/mL", "FEU/volume", _d("1e-3")),
    "ug/mlfeu": Unit("ug{FEU}/mL", "FEU/volume", _d("1e-3")),
    "mg/lfeu": Unit("mg{FEU}/L", "FEU/volume", _d("1e-3")),
    "ng/mlddu": Unit("ng{DDU}/mL", "DDU/volume", _d("1e-6")),
    "logiu/ml": Unit("{Log_IU}/mL", "log", _d("1")),
    "log10iu/ml": Unit("{Log_IU}/mL", "log", _d("1")),
    "mosm/kgh2o": Unit("mosm/kg", "osmoles/mass", _d("1e-6")),
    "/100wbc": Unit("/100{WBCs}", "per 100 WBC", _d("1")),
    "/100wbcs": Unit("/100{WBCs}", "per 100 WBC", _d("1")),
    "per100wbc": Unit("/100{WBCs}", "per 100 WBC", _d("1")),
}
# Written with a capital these prefixes mean giga and tera (SI), not gram and ton.
_CASED = {
    "G/L": "10*9/l",
    "T/L": "10*12/l",
    "G/l": "10*9/l",
    "T/l": "10*12/l",
    "GI/L": "10*9/l",
    "TI/L": "10*12/l",
}
_POWER = re.compile(r"^(?:x|\*|×)?10(?:\*|\^|e|\*\*)?\(?(\d{1,2})\)?(?![\d])")
_FIELD_WORDS = {"hpf": "hpf", "lpf": "lpf", "h.p.f": "hpf"}


@cache
def parse_unit(text: str) -> Unit | None:
    """Return the unit a printed text means, or None if it is not one that is known here."""
    if text.strip() in _CASED:
        text = _CASED[text.strip()]
    plain = _plain(text)
    if not plain:
        return None
    if plain in _WHOLE:
        return _WHOLE[plain]
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
        return ("", "number", _d("1"))
    power = _POWER.match(top)
    if power is not None:
        rest = top[power.end() :].strip(".*x")
        if rest in {"", "cells", "cell"}:
            return _NUMERATORS.get(f"10*{int(power.group(1))}")
        return None
    top = top.removesuffix("cells").removesuffix(".") or "cells"
    return _NUMERATORS.get(_NUMERATOR_WORDS.get(top, top))


def _denominator(bottom: str) -> tuple[str, str, Decimal] | None:
    name = _DENOMINATOR_WORDS.get(bottom, bottom)
    return _DENOMINATORS.get(name)


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

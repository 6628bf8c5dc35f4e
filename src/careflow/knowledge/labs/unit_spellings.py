"""How laboratories spell units, and what each spelling measures."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


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
NUMERATORS: dict[str, tuple[str, str, Decimal]] = {
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


NUMERATOR_WORDS = {
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
DENOMINATORS: dict[str, tuple[str, str, Decimal]] = {
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


DENOMINATOR_WORDS = {
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


WHOLE: dict[str, Unit] = {
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
CASED = {
    "G/L": "10*9/l",
    "T/L": "10*12/l",
    "G/l": "10*9/l",
    "T/l": "10*12/l",
    "GI/L": "10*9/l",
    "TI/L": "10*12/l",
}

"""Recognises a unit that the recogniser damaged, where the analyte leaves exactly one.

A unit is a word of a closed list. "UA" after a value of ALT can only be U/L, "10%/L" after a count
of white cells only 10^9/L. Where two units fit what is left of the print, none is chosen, and a
number is never repaired like this.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import cache

from careflow.knowledge.labs import Analyte, check, parse_unit
from careflow.knowledge.labs.plausible import in_own_unit

_SPELLINGS = (
    *("mmol/L", "µmol/L", "nmol/L", "mmol/mol", "mEq/L"),
    *("mg/dL", "g/dL", "g/L", "mg/L", "µg/L", "µg/dL", "µg/mL", "ng/L", "ng/mL", "ng/dL", "pg/mL"),
    *("U/L", "IU/L", "mU/L", "mIU/L", "mIU/mL", "µIU/mL", "kU/L", "U/mL", "IU/mL"),
    *("10^9/L", "10^12/L", "10^3/µL", "10^6/µL", "/nL", "/pL", "/µL"),
    *("L/L", "fL", "mm/h", "mL/min"),
)
_STROKE = "[lLI1|!]"
_OVER_LITRE = rf"(?:/{_STROKE}?|{_STROKE}{{1,2}}|[AN])"
_SHAPES = {
    "/L": _OVER_LITRE,
    "/µL": rf"/[uµμ][uU]?{_STROKE}",
    "/dL": rf"/?d{_STROKE}",
    "/mL": rf"/?m{_STROKE}",
    "/": "[/|]",
    "µ": "[uµμ]",
    "l": "[lI1|]",
    "I": "[Il1|]",
    "L": _STROKE,
    "10^12": r"[xX×*]?\s?1[0OoQ]\s?[\^A*]?[!lI|1'’°]\s?[27Z?°]",
    "10^9": r"[xX×*]?\s?1[0OoQ]\s?[\^A*°º'’?%gq9]{1,2}",
    "10^6": r"[xX×*]?\s?1[0OoQ]\s?[\^4A*]?6",
    "10^3": r"[xX×*]?\s?1[0OoQ]\s?[\^4A*]?3",
}
_PARTS = re.compile("|".join(re.escape(part) for part in sorted(_SHAPES, key=len, reverse=True)))
_ABSURD = Decimal("1e-5")
"""A result below this share of what is possible is in a unit far too small."""


def restored(text: str, number: Decimal | None, named: Sequence[Analyte]) -> str | None:
    """Return the one unit of the analyte that a damaged text can be, or None.

    Args:
        text: What was read where the unit stands, and is no unit.
        number: The result; the unit must make it possible.
        named: What the name can mean; a share of cells and their count may have one name.
    """
    if number is None:
        return None
    known = [one for one in named if one.unit is not None]
    fitting: dict[str, str] = {}
    for spelling in _SPELLINGS:
        unit = parse_unit(spelling)
        if unit is None or not _looks_like(text, spelling):
            continue
        if any(check(number, unit, one) is None for one in known):
            fitting.setdefault(unit.code, spelling)
    return next(iter(fitting.values())) if len(fitting) == 1 else None


def micro(text: str, number: Decimal | None, named: Sequence[Analyte]) -> str | None:
    """Return "µg/L" for "pg/L" where only that makes the result possible, else None.

    The recogniser of English text has no µ and takes it for a p or a y.
    """
    if number is None or len(named) != 1 or text[:1] not in {"p", "y"}:
        return None
    known, meant, printed = named[0], parse_unit(f"µ{text[1:]}"), parse_unit(text)
    if meant is None or known.possible is None or check(number, meant, known) is not None:
        return None
    own = in_own_unit(number, printed, known) if printed is not None else None
    absurd = own is not None and own < _ABSURD * known.possible[1]
    return f"µ{text[1:]}" if printed is None or absurd else None


def _looks_like(text: str, spelling: str) -> bool:
    if text.endswith("/") and len(text) > 1:
        # What stands below the stroke is lost: any unit with the same above it may be meant.
        above, stroke, _ = spelling.partition("/")
        return bool(stroke) and re.fullmatch(_shape(above), text[:-1]) is not None
    return re.fullmatch(_shape(spelling), text) is not None


@cache
def _shape(spelling: str) -> str:
    """Return the pattern of what a recogniser may make of a spelling."""
    pattern, at = "", 0
    for found in _PARTS.finditer(spelling):
        pattern += re.escape(spelling[at : found.start()]) + _SHAPES[found.group()]
        at = found.end()
    return pattern + re.escape(spelling[at:])

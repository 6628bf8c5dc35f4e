"""Reads the unit of a row, and says when it is not legible."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from careflow.ai.reading.damaged_units import micro, restored
from careflow.ai.reading.drafts import Draft
from careflow.knowledge.labs import Analyte, check, parse_number, parse_unit
from careflow.knowledge.labs.units import Unit

UNKNOWN = "The unit is not one that is known here; check it."
_LIKE = (("l", "I"), ("1", "l"), ("I", "l"), ("|", "l"), ("0", "O"), ("p", "µ"))
_POWER = re.compile(r"^([xX]?\s?)10.{0,2}?([369]|12)/(?=[A-Za-zµ])")


@dataclass(frozen=True, slots=True)
class PrintedUnit:
    """A unit as printed and as understood, with what stands against it."""

    text: str | None
    unit: Unit | None
    problem: str | None = None


def unit_of(draft: Draft, named: Sequence[Analyte]) -> PrintedUnit:
    """Return the unit of a row.

    On pictures the recogniser mixes up letters that look alike; a unit is a word of a closed
    list, so "ulU/mL" can only be "uIU/mL" and "1043/uL" only "10^3/uL". Numbers are never
    repaired like this.
    """
    text = _text(draft)
    number = parse_number(draft.value.text)
    if draft.line.from_picture:
        found = _from_picture(draft, text, named, number)
        if found is not None:
            return found
    if text is None:
        return PrintedUnit(None, None)
    unit = parse_unit(text)
    if unit is not None:
        return PrintedUnit(text, unit)
    return _restored(text, draft, named[0] if len(named) == 1 else None) or PrintedUnit(
        text, None, UNKNOWN
    )


def _from_picture(
    draft: Draft, text: str | None, named: Sequence[Analyte], number: Decimal | None
) -> PrintedUnit | None:
    """Return the unit that a picture shows, repaired where only one can be meant."""
    if text is not None and parse_unit(text) is not None:
        meant = micro(text, number, named)
        return PrintedUnit(meant, parse_unit(meant)) if meant else None
    cell = "".join(token.text for one in draft.unit_cell for token in one.tokens)
    for damaged in dict.fromkeys(one for one in (text, cell) if one):
        for repaired in _repairs(damaged):
            made = parse_unit(repaired)
            if made is not None:
                return PrintedUnit(repaired, made)
        whole = restored(damaged, number, named) or micro(damaged, number, named)
        if whole is not None:
            return PrintedUnit(whole, parse_unit(whole))
    return _taken_for_a_flag(draft, named, number) if text is None else None


def _taken_for_a_flag(
    draft: Draft, named: Sequence[Analyte], number: Decimal | None
) -> PrintedUnit | None:
    """Without its stroke L/L looks like the flag LL; the value tells which it is."""
    for flag in draft.flags:
        if flag.text == "LL" and restored("L/L", number, named) == "L/L":
            draft.flags.remove(flag)
            return PrintedUnit("L/L", parse_unit("L/L"))
    return None


def _text(draft: Draft) -> str | None:
    for one in draft.units:
        text = one.text.strip(" ()[]:;,")
        if text:
            return text.rstrip(".") if parse_unit(text) else text
    name = " ".join(token.text for token in draft.name)
    inside = re.search(r"[(\[]([^()\[\]]+)[)\]]\s*:?$", name)
    if inside and parse_unit(inside.group(1)):
        return inside.group(1).strip()
    after_comma = re.search(r",\s*(\S+)\s*:?$", name)
    if after_comma and parse_unit(after_comma.group(1)):
        return after_comma.group(1).strip(":")
    return "%" if re.search(r"%\s*:?$", draft.test) else None


def _repairs(text: str) -> list[str]:
    found = [text, _POWER.sub(r"\g<1>10^\2/", text)]
    # A small raised 9 looks like a degree sign, a raised 12 like "!2".
    found.append(re.sub(r"10[°º*'’?]/", "10^9/", text))
    found.append(re.sub(r"10[!l|I'’]2/", "10^12/", text))
    for wrong, right in _LIKE[:5]:
        found.append(text.replace(wrong, right))
        found.append(re.sub(rf"^(.?){re.escape(wrong)}", rf"\g<1>{right}", text))
    return list(dict.fromkeys(found))


def _restored(text: str, draft: Draft, known: Analyte | None) -> PrintedUnit | None:
    """Offer the one unit of the analyte that a damaged one can have been, and say so.

    The first sign and one more must still be legible, and the value must be possible in it.
    """
    number = parse_number(draft.value.text)
    if known is None or known.unit is None or number is None or parse_unit(text) is not None:
        return None
    if not re.search(r"[^\x00-\x7fµ]|[;&\\]", text):
        return None
    possible = [
        one
        for one in ("/µL", "10^3/µL", "10^6/µL", "µg/dL", "µmol/L", "µIU/mL", "µg/mL", "µg/L")
        if text[:1] == one[:1] and "µ" in text and check(number, parse_unit(one), known) is None
    ]
    if len(possible) != 1:
        return None
    return PrintedUnit(
        possible[0],
        parse_unit(possible[0]),
        f"The unit is printed illegibly; {possible[0]} fits what is left of it and the value. "
        "Check it.",
    )

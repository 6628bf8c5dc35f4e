"""What one Observation says: what was measured, the value, its flag and its range."""

from __future__ import annotations

from dataclasses import dataclass

from careflow.knowledge.labs import Flag
from careflow.records.elements import (
    INTERPRETATION,
    LOINC,
    Json,
    code_in,
    codes_of,
    codings,
    concept_text,
    number_of,
    quantity_text,
    unit_text,
)

FLAG_CODES: dict[Flag, str] = {
    "LOW": "L",
    "NORMAL": "N",
    "HIGH": "H",
    "CRITICAL_LOW": "LL",
    "CRITICAL_HIGH": "HH",
}
"""Our flags as codes of HL7's observation interpretation."""

_FLAGS: dict[str, Flag] = {code: flag for flag, code in FLAG_CODES.items()}
SIGNED = ("final", "amended", "corrected")
"""States of an observation or report that someone answers for."""


@dataclass(frozen=True, slots=True)
class Key:
    """What an observation measures: a code in a system, or a text where there is no code."""

    system: str
    code: str


def is_signed(resource: Json) -> bool:
    """Report whether someone answers for it: final, amended or corrected."""
    return resource.get("status") in SIGNED


def key_of(observation: Json) -> Key:
    """Return what is measured: LOINC where coded so, else the first code, else the text."""
    concept = observation.get("code")
    loinc = code_in(concept, LOINC)
    if loinc:
        return Key(LOINC, loinc)
    for coding in codings(concept):
        if coding.get("code"):
            return Key(str(coding.get("system", "")), str(coding["code"]))
    return Key("", (concept_text(concept) or "unnamed").casefold())


def name_of(observation: Json) -> str:
    """Return the name of what is measured, as the record has it."""
    return concept_text(observation.get("code")) or "Not named"


def value_text_of(observation: Json) -> str:
    """Return the value as people read it, without its unit; says so where there is none."""
    quantity = quantity_text(observation.get("valueQuantity"))
    if quantity:
        return quantity
    for key in ("valueString", "valueInteger", "valueDateTime", "valueTime"):
        if observation.get(key) is not None:
            return str(observation[key])
    if observation.get("valueBoolean") is not None:
        return "Yes" if observation["valueBoolean"] else "No"
    said = concept_text(observation.get("valueCodeableConcept"))
    absent = concept_text(observation.get("dataAbsentReason"))
    return said or absent or "No value"


def unit_of(observation: Json) -> str | None:
    """Return the unit of a quantity, as people read it."""
    return unit_text(observation.get("valueQuantity"))


def flag_of(observation: Json) -> Flag | None:
    """Return the flag that was recorded, else where the value lies in the printed range."""
    for concept in observation.get("interpretation", ()):
        for code in (code_in(concept, INTERPRETATION), *sorted(codes_of(concept))):
            if code in _FLAGS:
                return _FLAGS[code]
    return _placed(observation)


def range_of(observation: Json) -> tuple[float | None, float | None, str | None]:
    """Return low and high for drawing and the range as printed."""
    for one in observation.get("referenceRange", ()):
        low, high = one.get("low"), one.get("high")
        text = one.get("text") or _range_text(low, high)
        return number_of(low), number_of(high), text
    return None, None, None


def _range_text(low: Json | None, high: Json | None) -> str | None:
    below, above = quantity_text(low), quantity_text(high)
    if below and above:
        return f"{below} to {above}"
    if above:
        return f"up to {above}"
    return f"{below} or more" if below else None


def _placed(observation: Json) -> Flag | None:
    quantity = observation.get("valueQuantity") or {}
    value = quantity.get("value")
    ranges = observation.get("referenceRange", ())
    if value is None or quantity.get("comparator") or len(ranges) != 1:
        return None
    low, high = ((ranges[0].get(end) or {}).get("value") for end in ("low", "high"))
    if low is None and high is None:
        return None
    if low is not None and value < low:
        return "LOW"
    return "HIGH" if high is not None and value > high else "NORMAL"

"""Results in a patient's words. Rules write these sentences; no model does."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from careflow.knowledge.labs import Analyte, Flag
from careflow.knowledge.labs.analytes import all_analytes

_A_LITTLE = 0.1
"""Share of the range's width beyond its end that is still called a little."""


def plain_name(code: str, name: str) -> str:
    """Return what patients call it: the known analyte's name, else the name in the record."""
    known = _by_loinc().get(code)
    return known.name if known else name


def what_it_is(code: str) -> str | None:
    """Return one sentence on what is measured, where the analyte is known for certain."""
    known = _by_loinc().get(code)
    return known.what if known else None


def flag_words(
    flag: Flag | None, value: float | None, low: float | None, high: float | None
) -> str | None:
    """Say where a result lies, without saying what it means for the patient."""
    match flag:
        case None:
            return None
        case "NORMAL":
            return "In the usual range"
        case "CRITICAL_LOW":
            return "Far below the usual range"
        case "CRITICAL_HIGH":
            return "Far above the usual range"
    side = "Above" if flag == "HIGH" else "Below"
    if _is_little(value, low, high):
        return f"A little {side.lower()} the usual range"
    return f"{side} the usual range"


def advice_for(flag: Flag | None) -> str | None:
    """Return what to do next. Emergency wording belongs to critical flags alone."""
    match flag:
        case "CRITICAL_LOW" | "CRITICAL_HIGH":
            return (
                "Your clinician has seen this result. If you feel unwell, call your clinic now. "
                "In an emergency, call 911."
            )
        case "LOW" | "HIGH":
            return "Ask your clinician what this result means for you."
        case _:
            return None


def _is_little(value: float | None, low: float | None, high: float | None) -> bool:
    if value is None or low is None or high is None or high <= low:
        return False
    beyond = max(value - high, low - value)
    return beyond <= _A_LITTLE * (high - low)


@cache
def _by_loinc() -> Mapping[str, Analyte]:
    return {
        code: one
        for one in all_analytes().values()
        for code in (*one.loinc.values(), *one.methods.values())
    }

"""How often, in the many ways it is written: ``2/d`` for "BID", "twice daily", "every 12 hours"."""

from __future__ import annotations

import re
from dataclasses import dataclass

_N = {
    "one": 1, "once": 1, "two": 2, "twice": 2, "three": 3, "thrice": 3, "four": 4, "five": 5,
    "six": 6, "eight": 8, "twelve": 12, "una": 1, "un": 1, "dos": 2, "tres": 3, "cuatro": 4,
    "cinco": 5, "seis": 6, "ocho": 8, "doce": 12, "other": 2, "second": 2, "third": 3, "single": 1,
}  # fmt: skip
_PERIOD = {
    "day": "d", "daily": "d", "dia": "d", "d": "d", "diarias": "d", "diaria": "d", "24h": "d",
    "week": "w", "weekly": "w", "semana": "w", "wk": "w", "month": "m", "monthly": "m", "mes": "m",
    "morning": "d", "evening": "d", "night": "d", "bedtime": "d", "manana": "d", "noche": "d",
    "year": "y", "yearly": "y", "ano": "y",
}  # fmt: skip
_FIXED = {
    "qd": "1/d", "q.d.": "1/d", "od": "1/d", "bid": "2/d", "b.i.d.": "2/d", "b.i.d": "2/d",
    "tid": "3/d", "t.i.d.": "3/d", "t.i.d": "3/d", "tds": "3/d", "qid": "4/d", "q.i.d.": "4/d",
    "q.i.d": "4/d", "qds": "4/d", "qhs": "1/d", "qod": "1/2d", "qam": "1/d", "qpm": "1/d",
    "qwk": "1/w", "biw": "2/w", "tiw": "3/w", "nightly": "1/d", "at bedtime": "1/d",
    "before bed": "1/d", "at night": "1/d", "in the morning": "1/d", "in the evening": "1/d",
    "every morning": "1/d", "every evening": "1/d", "every night": "1/d", "each morning": "1/d",
    "each night": "1/d", "each evening": "1/d",
    "al acostarse": "1/d", "por la noche": "1/d", "por la manana": "1/d", "cada noche": "1/d",
    "cada manana": "1/d", "a diario": "1/d", "diariamente": "1/d", "q24h": "1/d",
}  # fmt: skip
_NUM = rf"(?:\d{{1,2}}|{'|'.join(_N)})"
_PER = "|".join(sorted(_PERIOD, key=len, reverse=True))
_OFTEN = re.compile(
    rf"(?<![\w/])(?:"
    rf"(?P<both>(?:in the |every |each )?mornings?,? and (?:one |two |\d )?"
    rf"(?:in the |at |every |each |before )?"
    rf"(?:evening|night|bedtime|bed)s?|(?:por la |cada )?manana y (?:por la |cada |a la )?noche)"
    rf"|(?P<fixed>{'|'.join(map(re.escape, sorted(_FIXED, key=len, reverse=True)))})"
    rf"|(?:q|every|each|cada)\s?(?P<every>{_NUM})?"
    rf"(?:\s?(?:-|to|a)\s?(?P<to>{_NUM}))?\s?(?P<each>h|hrs?|hours?|horas?|days?|dias?|weeks?|semanas?|"
    rf"months?|mes(?:es)?|d)"
    rf"|(?P<n>{_NUM})\s?(?:x|times?|veces|vez)\s(?:every|each|per|in|cada)\s(?P<of>\d{{1,2}})\s?"
    rf"(?P<unit>h|hrs?|hours?|horas?|d|days?|dias?|wks?|weeks?|semanas?|mo|months?|mes(?:es)?)"
    rf"|(?P<count>{_NUM})(?:\s?(?:-|to|a)\s?(?P<upto>{_NUM}))?\s?(?:x|times?|veces|vez)?\s?"
    rf"(?:/|a|per|each|every|al|por|la|cada|en el)?\s?(?:el|la)?\s?(?P<period>{_PER})"
    rf"|(?P<x>x)\s?(?P<by>\d)\s?/\s?(?P<xper>{_PER})"
    rf"|(?P<alone>daily|weekly|monthly|yearly|diario|diaria|semanal|mensual)"
    rf")(?![\w])(?!\s(?:living|life|activit|routine|basis))"
)
_ALONE = {
    "daily": "1/d", "weekly": "1/w", "monthly": "1/m", "yearly": "1/y", "diario": "1/d",
    "diaria": "1/d", "semanal": "1/w", "mensual": "1/m",
}  # fmt: skip
_TIMES = re.compile(r"x|times?|veces|vez|once|twice|thrice|a |per|/|al |una|daily|single")


_DAYTIMES = {
    "early": r"mornings?|breakfast|qam|q\.?a\.?m\.?|manana|desayuno",
    "noon": r"noon|midday|lunch(?:time)?|afternoons?|mediodia|almuerzo|tarde",
    "late": r"evenings?|nights?|nightly|bedtime|bed|supper|dinner|qhs|q\.?h\.?s\.?|hs|qpm|noches?|"
    r"acostarse|cena|dormir",
}
_DAYTIME = re.compile(
    r"\b(?:" + "|".join(f"(?P<{name}>{words})" for name, words in _DAYTIMES.items()) + r")(?!\w)"
)


@dataclass(frozen=True, slots=True)
class Frequency:
    """How often something is done; several readings where it is a range."""

    readings: frozenset[str]
    start: int
    end: int


def frequencies_of(text: str) -> list[Frequency]:
    """Return the frequencies of a folded text, in order."""
    found = []
    for one in _OFTEN.finditer(text):
        readings = _readings(one)
        if readings:
            found.append(Frequency(frozenset(readings), *one.span()))
    return found


def daytimes_of(text: str) -> set[str]:
    """Return the times of day that a folded text names: ``early``, ``noon``, ``late``."""
    return {one.lastgroup for one in _DAYTIME.finditer(text) if one.lastgroup}


def _readings(one: re.Match[str]) -> set[str]:
    if one["both"]:
        return {"2/d"}
    if one["fixed"]:
        return {_FIXED[one["fixed"]]}
    if one["alone"]:
        return {_ALONE[one["alone"]]}
    if one["n"]:
        return {_times_every(_number(one["n"]), int(one["of"]), one["unit"])}
    if one["x"]:
        return {f"{one['by']}/{_PERIOD[one['xper']]}"}
    if one["each"]:
        return {_every(one[name], one["each"]) for name in ("every", "to") if _said(one, name)}
    if not _TIMES.search(one[0]):
        return set()
    ends = [one[name] for name in ("count", "upto") if one[name]]
    return {f"{_number(end)}/{_PERIOD[one['period']]}" for end in ends}


def _said(one: re.Match[str], name: str) -> bool:
    return name == "every" or one[name] is not None


def _every(number: str | None, each: str) -> str:
    count = _number(number) if number else 1
    if each.startswith("h"):
        return f"{24 // count}/d" if count and 24 % count == 0 else f"1/{count}h"
    period = {"s": "w", "w": "w", "m": "m"}.get(each[0], "d")
    return f"1/{period}" if count == 1 else f"1/{count}{period}"


def _times_every(times: int, many: int, unit: str) -> str:
    if many == 1 or unit.startswith("h"):
        period = {"h": "h", "s": "w", "w": "w", "m": "m"}.get(unit[0], "d")
        if period != "h":
            return f"{times}/{period}"
        return f"{times * 24 // many}/d" if many and times * 24 % many == 0 else f"{times}/{many}h"
    return _every(str(many), unit) if times == 1 else f"{times}/{many}{unit[0]}"


def _number(text: str) -> int:
    return int(text) if text.isdigit() else _N[text]

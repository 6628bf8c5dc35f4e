"""Finds the analyte behind a printed test name, and its LOINC code where that is certain."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from careflow.knowledge.labs.analytes import Analyte, all_analytes
from careflow.knowledge.labs.plausible import measures
from careflow.knowledge.labs.units import Unit, parse_unit

_SPELLING = (
    (re.compile(r"haem"), "hem"),
    (re.compile(r"leuco"), "leuko"),
    (re.compile(r"oestr"), "estr"),
    (re.compile(r"sulph"), "sulf"),
    (re.compile(r"caer"), "cer"),
    (re.compile(r"foet"), "fet"),
    (re.compile(r"ionised"), "ionized"),
    (re.compile(r"glycosylated"), "glycated"),
    (re.compile(r"colour"), "color"),
)
# Words that say where or how, not what; dropped before looking a name up.
_SERUM = frozenset(
    [
        "serum",
        "plasma",
        "sr",
        "blood",
        "venous",
        "whole",
        "wb",
        "bld",
        "ser",
        "plas",
        "edta",
        "fluoride",
        "serique",
        "serico",
        "suero",
        "plasmatique",
    ]
)
_URINE = frozenset(["urine", "urinary", "spot", "urin", "harn", "orina", "urines", "urinaire"])
_OTHER = frozenset(
    [
        "csf",
        "cerebrospinal",
        "pleural",
        "ascitic",
        "ascites",
        "synovial",
        "fluid",
        "stool",
        "semen",
        "saliva",
        "sweat",
        "cord",
    ]
)
_HOW = frozenset(
    [
        "photometric",
        "jaffe",
        "kinetic",
        "ifcc",
        "enzymatic",
        "method",
        "automated",
        "auto",
        "calculated",
        "calc",
        "measured",
        "westergren",
        "clia",
        "cmia",
        "eclia",
        "elisa",
        "hplc",
        "mdrd",
        "ckd",
        "epi",
        "2021",
        "equation",
        "colorimetric",
        "ise",
        "ultrasensitive",
        "estimation",
        "level",
        "levels",
        "test",
        "value",
        "quantitative",
        "the",
        "of",
        "in",
        "by",
        "and",
        "for",
        "result",
        "im",
        "en",
        "de",
        "dans",
    ]
)
_DRUG_TIME = frozenset(["trough", "peak"])


@dataclass(frozen=True, slots=True)
class Match:
    """An analyte recognised in a printed name.

    Attributes:
        analyte: What is measured.
        loinc: Its LOINC code, only where name, unit and specimen leave one choice.
        certain: Whether the whole name was understood and the unit fits.
    """

    analyte: Analyte
    loinc: str | None
    certain: bool


def match(
    name: str, unit: str | Unit | None = None, *, specimen: str | None = None
) -> Match | None:
    """Return the analyte a printed test name means, or None when it is not known here.

    Args:
        name: The test as printed ("SGPT (ALT)", "Bilirubin, Total", "S. Creatinine").
        unit: The unit as printed or understood; tells a count from a share of cells.
        specimen: "blood" or "urine", where the report says so outside the name.
    """
    measured = parse_unit(unit) if isinstance(unit, str) else unit
    tokens = _tokens(name)
    where = _specimen(tokens) or specimen
    if where == "other":
        return None
    candidates = _candidates(name, where)
    fitting = [one for one in candidates if _fits(one, measured, unit)]
    if not fitting:
        return Match(candidates[0], None, certain=False) if len(candidates) == 1 else None
    if len(fitting) > 1:
        return None
    found = fitting[0]
    return Match(found, _loinc(found, measured, unit, tokens), certain=True)


def candidates(name: str) -> list[Analyte]:
    """Return every analyte a printed name can mean by itself, before its unit is known."""
    where = _specimen(_tokens(name))
    return [] if where == "other" else _candidates(name, where)


def is_known(name: str) -> bool:
    """Report whether a text is the name of some analyte, of whatever specimen."""
    return any(key in index() for key in _keys(name))


def strength(name: str) -> int:
    """Return how far a text names an analyte: 2 as a whole, 1 by its bracket alone, 0 not."""
    outside, inside = _brackets(name)
    if _key(_tokens(name)) in index() or _key(_tokens(outside)) in index():
        return 2
    return int(bool(inside) and _key(_tokens(inside)) in index())


def is_whole_name(name: str) -> bool:
    """Report whether every word of a text belongs to the name of an analyte."""
    outside, inside = _brackets(name)
    inner, outer = _key(_tokens(inside)), _key(_tokens(outside))
    if _key(_tokens(name)) in index():
        return True
    explained = (inner in index() and _agree(inner, outer)) if outer in index() else False
    return explained or (bool(inside) and outer in index() and _only_how(inside))


def _fits(one: Analyte, measured: Unit | None, printed: str | Unit | None) -> bool:
    if measured is None:
        return printed is None or printed == ""
    return measures(measured, one)


def _candidates(name: str, where: str | None) -> list[Analyte]:
    for key in _keys(name):
        found = [one for one in index().get(key, ()) if _is_from(one, where)]
        if where is None and any(one.specimen != "urine" for one in found):
            found = [one for one in found if one.specimen != "urine"]
        if found:
            return found
    return []


def _is_from(one: Analyte, where: str | None) -> bool:
    if where == "urine":
        return one.specimen == "urine"
    if one.specimen == "blood gas":
        return where == "blood"
    if one.specimen == "urine":
        return one.named_there_only and where is None
    return True


def _loinc(
    one: Analyte, measured: Unit | None, printed: str | Unit | None, tokens: list[str]
) -> str | None:
    said = " ".join(tokens)
    for method, code in one.methods.items():
        if re.search(rf"\b{method}\b", said):
            return code
    if measured is not None:
        kind = measured.kind.replace("equivalents", "substance")
        return one.loinc.get(kind)
    if printed:
        return None
    if one.unitless:
        return one.loinc.get("ratio")
    return one.loinc.get("presence") if one.qualitative and len(one.loinc) == 1 else None


def _specimen(tokens: list[str]) -> str | None:
    said = set(tokens)
    if said & _OTHER:
        return "other"
    if said & _URINE:
        return "urine"
    return "blood" if said & _SERUM else None


def _keys(name: str) -> list[str]:
    """Return the look-up keys of a name, the most telling first.

    The whole name, then the name without what stands in brackets, then the bracket alone; a
    bracket that names something else ("Calcium (Ionized)") has already matched as a whole.
    """
    outside, inside = _brackets(name)
    keys = [_key(_tokens(name))]
    if inside:
        inner, outer = _key(_tokens(inside)), _key(_tokens(outside))
        if outer in index() and (inner in index() or _only_how(inside)):
            keys.append(outer if _agree(inner, outer) else "")
        elif inner in index() and outer not in index():
            keys.append(inner)
    return [key for key in keys if key]


def _agree(inner: str, outer: str) -> bool:
    if inner not in index():
        return True
    return bool({one.key for one in index()[inner]} & {one.key for one in index()[outer]})


def _only_how(text: str) -> bool:
    return all(token in _HOW | _SERUM for token in _tokens(text))


def _brackets(name: str) -> tuple[str, str]:
    inside = " ".join(re.findall(r"[(\[]([^()\[\]]*)[)\]]", name))
    return re.sub(r"[(\[][^()\[\]]*[)\]]", " ", name), inside


@cache
def index() -> dict[str, tuple[Analyte, ...]]:
    """Return the analytes by look-up key."""
    found: dict[str, list[Analyte]] = {}
    for one in all_analytes().values():
        for name in one.names:
            place = found.setdefault(_key(_tokens(name)), [])
            if one not in place:
                place.append(one)
    return {key: tuple(ones) for key, ones in found.items() if key}


def _without_accents(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.replace("ß", "ss"))
    return "".join(one for one in decomposed if not unicodedata.combining(one))


@cache
def _tokens(name: str) -> list[str]:
    text = _without_accents(name.lower().replace("μ", "u").replace("µ", "u"))
    text = re.sub(
        r"\b(?:[a-z]\.){2,}[a-z]?\b\.?", lambda found: found.group().replace(".", ""), text
    )
    text = re.sub(r"^s\.\s*|^sr\.\s*", "serum ", text)
    for pattern, plain in _SPELLING:
        text = pattern.sub(plain, text)
    text = re.sub(r"\b(chol\w*|tc|ldl|bun)\s*/\s*(?=hdl|creat)", r"\1 ratio ", text)
    text = re.sub(r"\bratio\b(.*)\bratio\b", r"ratio \1", text)
    text = text.replace("%", " percent ").replace("+ve", " positive ")
    return re.findall(r"[a-z]+|\d+", text)


def _key(tokens: list[str]) -> str:
    """Words sorted, singular, without where and how: "Bilirubin, Total" is "Total Bilirubin"."""
    kept = [token for token in tokens if token not in _SERUM | _URINE | _HOW | {"percent"}]
    return " ".join(sorted(_singular(token) for token in kept or tokens))


def _singular(token: str) -> str:
    if len(token) > 4 and token.endswith("s") and not token.endswith(("ss", "us", "is")):
        return token[:-1]
    return token

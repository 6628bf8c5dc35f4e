"""What a printed result says: a number, a censored number, or words.

Arithmetic is in ``Decimal``: 0.1 + 0.2 must not turn a normal result into a high one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Comparator = Literal["<", "<=", ">", ">="]
DecimalMark = Literal[".", ","]

_COMPARATORS: dict[str, Comparator] = {
    "<": "<",
    "<=": "<=",
    "=<": "<=",
    "≤": "<=",
    ">": ">",
    ">=": ">=",
    "=>": ">=",
    "≥": ">=",
}
_COMPARATOR = re.compile(r"^(<=|=<|≤|<|>=|=>|≥|>)\s*")

# Thousands may be grouped western (14,200) or Indian (1,89,000); the last group has three digits.
_PLAIN = re.compile(r"^[+-]?(\d+(\.\d+)?|\.\d+)$")
_COMMA_GROUPS = re.compile(r"^[+-]?\d{1,3}(,\d{2,3})*,\d{3}(\.\d+)?$")
_DOT_GROUPS = re.compile(r"^[+-]?\d{1,3}(\.\d{3})+(,\d+)?$")
_COMMA_DECIMAL = re.compile(r"^[+-]?\d+,\d+$")
_SPACED = re.compile(r"(?<=\d)['’\u00a0\u2009\u202f ](?=\d{3}(?!\d))")

_NEGATIVE = frozenset(
    [
        "negative",
        "neg",
        "nonreactive",
        "notdetected",
        "undetected",
        "absent",
        "nil",
        "none",
        "notseen",
        "notfound",
        "notpresent",
        "nonegrowth",
        "nogrowth",
        "noneseen",
        "notobserved",
    ]
)
_POSITIVE = frozenset(["positive", "pos", "reactive", "detected", "present"])
_OTHER_WORDS = frozenset(
    [
        "trace",
        "traces",
        "few",
        "occasional",
        "rare",
        "moderate",
        "many",
        "plenty",
        "numerous",
        "scanty",
        "small",
        "large",
        "clear",
        "turbid",
        "cloudy",
        "hazy",
        "slightlyturbid",
        "slightlyhazy",
        "slightlycloudy",
        "yellow",
        "paleyellow",
        "lightyellow",
        "strawyellow",
        "straw",
        "darkyellow",
        "amber",
        "colourless",
        "colorless",
        "red",
        "reddish",
        "brown",
        "orange",
        "milky",
        "equivocal",
        "indeterminate",
        "borderline",
        "weaklypositive",
        "weaklyreactive",
        "adequate",
        "normal",
        "abnormal",
        "normocytic",
        "normochromic",
        "normocyticnormochromic",
        "microcytic",
        "hypochromic",
        "acidic",
        "alkaline",
        "neutral",
        "immune",
        "nonimmune",
    ]
)
_PLUSES = re.compile(r"^(\+{1,4}|[1-4]\s?\+)$")
_BLOOD_GROUP = re.compile(
    r"^(A|B|AB|O)\s?(\+|-|positive|negative|\+ve|-ve|pos|neg)$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Value:
    """A result as understood: either ``number`` (perhaps censored) or ``words``.

    Attributes:
        text: The result exactly as printed.
        number: The number, if it is one.
        comparator: ``<``, ``<=``, ``>`` or ``>=`` when the laboratory gave only a bound.
        words: The normalised qualitative result ("negative", "positive", "trace").
    """

    text: str
    number: Decimal | None = None
    comparator: Comparator | None = None
    words: str | None = None


def parse_number(text: str, *, mark: DecimalMark | None = None) -> Decimal | None:
    """Return the number a printed text means, or None when it is none or could be two.

    Args:
        text: Digits with an optional sign, decimal mark and thousands separators.
        mark: The decimal mark of the document, when known. Without it "14,200" is read as
            fourteen thousand two hundred and "7,2" as seven point two, for nothing else fits
            their form in the style of the writer; "0,123" and "4.500" stay with the dot and
            comma of English.
    """
    plain = _SPACED.sub("", text.strip()).replace("−", "-").replace("–", "-")
    if mark == ",":
        return _continental(plain)
    if _PLAIN.match(plain):
        return Decimal(plain)
    if _COMMA_GROUPS.match(plain) and not plain.lstrip("+-").startswith("0"):
        return Decimal(plain.replace(",", ""))
    if mark is None and _COMMA_DECIMAL.match(plain):
        return Decimal(plain.replace(",", "."))
    if mark is None and _DOT_GROUPS.match(plain) and "," in plain:
        return _continental(plain)
    return None


def _continental(plain: str) -> Decimal | None:
    if _DOT_GROUPS.match(plain):
        return Decimal(plain.replace(".", "").replace(",", "."))
    if _COMMA_DECIMAL.match(plain):
        return Decimal(plain.replace(",", "."))
    if _PLAIN.match(plain):
        return Decimal(plain)
    return None


def split_comparator(text: str) -> tuple[Comparator | None, str]:
    """Return the leading comparator, if any, and the rest."""
    found = _COMPARATOR.match(text.strip())
    if found is None:
        return None, text.strip()
    return _COMPARATORS[found.group(1)], text.strip()[found.end() :]


def parse_value(text: str, *, mark: DecimalMark | None = None) -> Value | None:
    """Return what a printed result says, or None when it says nothing that is known here."""
    comparator, rest = split_comparator(text)
    number = parse_number(rest, mark=mark)
    if number is not None:
        return Value(text=text, number=number, comparator=comparator)
    words = qualitative(text)
    return Value(text=text, words=words) if words is not None else None


def qualitative(text: str) -> str | None:
    """Return the normalised words of a qualitative result, or None if it is not one."""
    stripped = text.strip().strip("().[]*")
    letters = re.sub(r"[^a-z]", "", stripped.lower())
    if letters in _NEGATIVE and not re.search(r"\d", stripped):
        return "negative"
    if letters in _POSITIVE and not re.search(r"\d", stripped):
        return "positive"
    if letters in _OTHER_WORDS and not re.search(r"\d", stripped):
        return " ".join(stripped.lower().split())
    if _PLUSES.match(stripped) or _BLOOD_GROUP.match(stripped):
        return stripped
    return None


def decimal_mark(texts: list[str]) -> DecimalMark | None:
    """Return the decimal mark that the numbers of one document show, or None if unsettled.

    Only numbers that can be read in one way are witnesses: "7,2" and "13,50" for the comma
    (a thousands group has three digits), "7.2" and "13.50" for the dot.
    """
    comma = sum(bool(re.fullmatch(r"\D*\d+,(\d{1,2}|\d{4,})\D*", text)) for text in texts)
    dot = sum(bool(re.fullmatch(r"\D*\d+\.(\d{1,2}|\d{4,})\D*", text)) for text in texts)
    if comma and not dot:
        return ","
    if dot and not comma:
        return "."
    return None

"""Printed reference ranges: "13.0-17.0", "< 5.7", "up to 200", "Negative"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from careflow.knowledge.labs.values import DecimalMark, parse_number, qualitative

_NUMBER = r"[+-]?(?:\d[\d.,'’ \u00a0\u202f]*\d|\d|\.\d+)"
_BETWEEN = re.compile(
    rf"^({_NUMBER})\s*(?:-|–|—|−|~|to|à|a|bis|hasta|\.\.\.?)\s*({_NUMBER})$", re.IGNORECASE
)
_BOUND = re.compile(
    rf"^(<=|=<|≤|<|>=|=>|≥|>|up\s?to|upto|below|less\s+than|under|above|more\s+than|greater\s+than|"
    rf"over|at\s+least|at\s+most|not\s+more\s+than|min\.?|max\.?|bis|unter|über|ab|hasta|"
    rf"menor\s+(?:de|que|a)|mayor\s+(?:de|que|a)|inf(?:\.|érieure?)\s*à|sup(?:\.|érieure?)\s*à|"
    rf"jusqu'à|moins\s+de|plus\s+de)\s*(?:or\s+equal\s+to\s+)?({_NUMBER})$",
    re.IGNORECASE,
)
_AFTER = re.compile(
    rf"^({_NUMBER})\s*(or\s+less|or\s+below|or\s+more|or\s+above|or\s+higher|or\s+lower)$",
    re.IGNORECASE,
)
_UPPER_INCLUSIVE = frozenset(
    [
        *("<=", "=<", "≤", "up to", "upto", "at most", "not more than", "max", "max."),
        *("bis", "hasta", "jusqu'à"),
    ]
)
_UPPER = frozenset(
    [
        *("<", "below", "less than", "under", "unter", "menor de", "menor que", "menor a"),
        *("inf. à", "inf.à", "inférieur à", "inférieure à", "moins de"),
    ]
)
_LOWER_INCLUSIVE = frozenset([">=", "=>", "≥", "at least", "min", "min.", "ab"])


@dataclass(frozen=True, slots=True)
class Range:
    """A reference range; ends count as inside unless said otherwise.

    Attributes:
        low: Lower end, or None when open below.
        high: Upper end, or None when open above.
        includes_low: Whether a value equal to ``low`` is inside.
        includes_high: Whether a value equal to ``high`` is inside.
        words: The expected qualitative result, for ranges in words ("negative").
    """

    low: Decimal | None = None
    high: Decimal | None = None
    includes_low: bool = True
    includes_high: bool = True
    words: str | None = None

    def __post_init__(self) -> None:
        """Refuse a range that is upside down or empty: it was misread or misprinted."""
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError("The lower end of a range lies above its upper end.")


def parse_range(text: str, *, mark: DecimalMark | None = None) -> Range | None:
    """Return the range a printed text means, or None if it is not one.

    Brackets, a leading "Ref:" and surrounding blanks are ignored; a unit must be taken off first.
    """
    plain = bare(text)
    between = _BETWEEN.match(plain)
    if between is not None:
        return _two_ends(between.group(1), between.group(2), mark)
    bound = _BOUND.match(plain)
    if bound is not None:
        return _one_end(bound.group(1), bound.group(2), mark)
    after = _AFTER.match(plain)
    if after is not None:
        word = "<=" if after.group(2).split()[-1].lower() in {"less", "below", "lower"} else ">="
        return _one_end(word, after.group(1), mark)
    words = qualitative(plain)
    return Range(words=words) if words is not None else None


def bare(text: str) -> str:
    """Return a printed range without brackets and without a leading "Reference range:"."""
    text = re.sub(r"^[\s(\[{]+|[\s)\]};,]+$", "", text)
    text = re.sub(r"([<>])\s*or\s*=", r"\1=", text, flags=re.IGNORECASE)
    text = re.sub(
        r"^(biological\s+)?(ref(erence)?|normal|nr|rr)?\.?\s*(range|interval|value|values)?\s*[:=]\s*",
        "",
        text,
        flags=re.IGNORECASE,
    )
    return re.sub(r"\s+", " ", text).strip()


def _two_ends(low: str, high: str, mark: DecimalMark | None) -> Range | None:
    first, second = parse_number(low, mark=mark), parse_number(high, mark=mark)
    if first is None or second is None or first > second:
        return None
    return Range(low=first, high=second)


def _one_end(word: str, number: str, mark: DecimalMark | None) -> Range | None:
    end = parse_number(number, mark=mark)
    if end is None:
        return None
    word = re.sub(r"\s+", " ", word.lower())
    if word in _UPPER_INCLUSIVE:
        return Range(high=end)
    if word in _UPPER:
        return Range(high=end, includes_high=False)
    return Range(low=end, includes_low=word in _LOWER_INCLUSIVE)

"""Weighs several readings of one number against each other; in doubt none of them counts."""

from __future__ import annotations

import re
from dataclasses import dataclass

_NUMBER = r"\d+(?:[.,]\d+)?"
_FORM = re.compile(
    rf"^(?:[<>]=?{_NUMBER}|{_NUMBER}(?:-(?:{_NUMBER})?)?|-{_NUMBER}|"
    r"\d{1,4}([./-])\d{1,2}\1\d{2,4})$"
)
_SURE = 0.8
_FAINT = 0.3
_ENOUGH = 2.0
_ENOUGH_ALONE = 2.5
_UNANIMOUS = 4.5
_MANY = 4
_AGAINST = 0.25
_LESS = 0.3
ACCEPTED = 0.8
"""Confidence of a number that the readings agree on."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one way of reading saw in a cell, and how sure it was of the digits.

    Attributes:
        text: The characters.
        confidence: 0..1, of the least certain word that holds a digit.
        fresh: Whether the cell was cut out and read by itself.
    """

    text: str
    confidence: float
    fresh: bool = False


def number_form(text: str) -> str | None:
    """Return a number, bound, range or date without blanks and brackets, None for all else."""
    plain = re.sub(r"[\s()\[\]{}|]", "", text).replace("–", "-").replace("—", "-")
    plain = re.sub(r"(?<=\d)[lI](?![A-Za-z])", "1", plain)
    plain = re.sub(r"(?<=\d)[=~]?-+[=~]?(?=\d)|(?<=\d)[=~](?=\d)", "-", plain).strip(".,:;'’‘\"_°*")
    return plain if _FORM.match(plain) else None


def elected(readings: list[Reading], *, points: int) -> str | None:
    """Return the number that enough readings agree on, or None.

    Two fresh readings must agree, and one of the page as a whole with them; where the page as a
    whole made no number of the cell, more fresh ones. A reading that saw more than the number in
    question (a point, a digit) is not outvoted: something may have been lost in the others.

    Args:
        readings: Of the page as a whole, and fresh ones of the cell alone.
        points: How many points the picture shows; a number with fewer is not taken.
    """
    forms = [(number_form(reading.text), reading) for reading in readings]
    weights: dict[str, float] = {}
    for form, reading in forms:
        if form is not None:
            weights[form] = weights.get(form, 0.0) + _weight(reading)
    best = max(weights, key=lambda form: weights[form], default=None)
    if best is None or points > _points(best) or _outvoted_more(best, forms, weights[best]):
        return None
    backers = [one for form, one in forms if form == best or (form is None and _bare(one, best))]
    backing = sum(_weight(one) for one in backers)
    unanimous = len(weights) == 1 and len(backers) >= _MANY and points == _points(best)
    sure = sum(one.confidence >= _SURE for one in backers) >= (1 if "-" in best else 2)
    if not (sure or unanimous) or _against(best, weights) > _AGAINST * backing:
        return None
    whole = sum(not one.fresh for one in backers)
    if not whole and _contradicted(best, forms, points):
        return None
    enough = _ENOUGH if whole and not unanimous else 0.0 if unanimous else _ENOUGH_ALONE
    return best if len(backers) - whole >= 2 and backing >= enough else None


def _contradicted(best: str, forms: list[tuple[str | None, Reading]], points: int) -> bool:
    """Report whether the page as a whole says another number.

    It does not where all it lacks is points that can be seen in the picture.
    """
    shown = points == _points(best)
    others = [form for form, one in forms if form is not None and not one.fresh]
    return any(not (shown and form == re.sub(r"[.,]", "", best)) for form in others)


def _outvoted_more(best: str, forms: list[tuple[str | None, Reading]], weight: float) -> bool:
    """Report whether some reading saw more than ``best`` and may be right.

    Only a further digit that all the others miss for certain can be grain; a point never is.
    """
    for form, one in forms:
        if form is None or one.confidence < _FAINT or not saw_more(form, best):
            continue
        if _marks(form) > _marks(best) or weight < _UNANIMOUS:
            return True
    return False


def _against(best: str, weights: dict[str, float]) -> float:
    """Return the weight of other numbers; those that only lost a part of ``best`` weigh less."""
    others = ((form, weight) for form, weight in weights.items() if form != best)
    return sum(weight * (_LESS if saw_more(best, form) else 1.0) for form, weight in others)


def _bare(reading: Reading, best: str) -> bool:
    """A range whose dash was overlooked says the same digits and points without it."""
    return "-" in best and re.sub(r"\s", "", reading.text).strip("()") == best.replace("-", "")


def _points(form: str) -> int:
    return len(re.findall(r"[.,]", form))


def _marks(form: str) -> int:
    return len(re.findall(r"[.,<>-]", form))


def opposed(form: str, readings: list[Reading]) -> bool:
    """Report whether fresh readings contradict a number that the whole page was read to say."""
    others = [(number_form(one.text), one) for one in readings if one.fresh]
    sure = [other for other, one in others if other and other != form and one.confidence >= _SURE]
    return any(
        saw_more(other, form) or (sure.count(other) >= 2 and not saw_more(form, other))
        for other in sure
    )


def saw_more(form: str, than: str) -> bool:
    """Report whether a reading holds all the characters of another in order, and more."""
    rest = iter(form)
    return len(form) > len(than) and all(character in rest for character in than)


def _weight(reading: Reading) -> float:
    if reading.confidence >= _SURE:
        return 1.0
    return 0.6 if reading.confidence >= _FAINT else 0.25

"""Which number belongs to which words of a text, and which dose to which medicine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from careflow.ai.guard.facts import Drug, Facts
from careflow.ai.guard.negations import key_of
from careflow.ai.guard.quantities import Quantity
from careflow.ai.guard.units import TIMES, UNITS
from careflow.ai.words import is_content, sentences_of

DOSED = frozenset({"mg", "ml", "iu", "meq", "tablet", "capsule", "puff", "drop", "spray", "patch",
                   "teaspoon", "mg/ml", "mg/kg", "%"})  # fmt: skip
"""Kinds of units that a dose has."""

BARE = "as written"
"""Stands for a kind of unit: numbers as they are written, whatever their unit."""
_HEAD_MOST = 40
_ADJACENT = 14
"""Signs between an amount and the medicine behind it: "500 mg tablets of"."""


def kind_of(quantity: Quantity) -> str:
    """Return what a number is compared within: its kind of unit, times together."""
    if quantity.kind in TIMES:
        return "time"
    return quantity.kind or ""


@dataclass(frozen=True, slots=True)
class Bound:
    """What a text binds together."""

    numbers: dict[tuple[str, str], set[Decimal]] = field(default_factory=dict)
    """By word and kind of unit."""
    doses: dict[str, set[tuple[str, Decimal]]] = field(default_factory=dict)
    frequencies: dict[str, set[str]] = field(default_factory=dict)


def bound_in(facts: Facts) -> Bound:
    """Return what a text binds together; where it is unclear, too much rather than too little."""
    bound = Bound()
    for start, end in _spans(facts):
        head = _head(facts, start, end)
        for quantity, words in labels_in(facts, start, end):
            kind = kind_of(quantity)
            for word in {*words, *head}:
                bound.numbers.setdefault((word, kind), set()).update(quantity.readings)
                if kind != "time":
                    bound.numbers.setdefault((word, BARE), set()).update(quantity.bare)
    for drug, low, high in reaches(facts, is_source=True):
        for quantity in amounts_of(facts, drug, high):
            pairs = {(quantity.kind or "", value) for value in quantity.readings}
            bound.doses.setdefault(drug.drug, set()).update(pairs)
        for often in facts.frequencies:
            if low <= often.start < high:
                bound.frequencies.setdefault(drug.drug, set()).update(often.readings)
    return bound


def _head(facts: Facts, start: int, end: int) -> list[str]:
    """Return the keys of what a line is headed with: every number of it belongs to that too."""
    colon = facts.text.find(":", start, min(end, start + _HEAD_MOST))
    return [
        key_of(word.text)
        for word in facts.words
        if start <= word.start < colon and is_content(word)
    ]


def labels_in(facts: Facts, start: int, end: int) -> Iterator[tuple[Quantity, list[str]]]:
    """Yield the numbers of a sentence, each with the keys of the words it follows.

    They are those since the last number; without any, those of the last one of its kind.
    """
    words = [
        word
        for word in facts.words
        if start <= word.start < end and is_content(word) and word.text not in UNITS
    ]
    last: dict[str, list[str]] = {}
    since = start
    for quantity in facts.quantities:
        if not start <= quantity.start < end:
            continue
        kind = kind_of(quantity)
        before = last.get(kind, [])
        keys = [key_of(word.text) for word in words if since <= word.start < quantity.start]
        if not keys and not before:
            keys = [key_of(word.text) for word in words if word.start >= quantity.end][:2]
        keys = keys or before
        last[kind], since = keys, quantity.end
        yield quantity, keys[-4:]


def reaches(facts: Facts, *, is_source: bool = False) -> Iterator[tuple[Drug, int, int]]:
    """Yield every medicine with the stretch of text in which its dose and frequency stand.

    It ends with the next medicine or the sentence; in a source, a sentence that names none goes on.
    """
    spans = _spans(facts)
    for number, drug in enumerate(facts.drugs):
        place = next((n for n, (low, high) in enumerate(spans) if low <= drug.start < high), None)
        if place is None:
            continue
        end = spans[place][1]
        follows = facts.drugs[number + 1].start if number + 1 < len(facts.drugs) else None
        if is_source and place + 1 < len(spans):
            low, high = spans[place + 1]
            if not any(low <= one.start < high for one in facts.drugs):
                end = high
        yield drug, drug.start, min(end, follows) if follows is not None else end


def amounts_of(facts: Facts, drug: Drug, high: int) -> Iterator[Quantity]:
    """Yield the amounts that stand with a medicine, up to where its stretch of text ends."""
    behind = [one for one in facts.quantities if one.kind in DOSED and drug.end <= one.start < high]
    in_front = [
        one
        for one in facts.quantities
        if one.kind in DOSED
        and 0 <= drug.start - one.end <= _ADJACENT
        and not _other_between(facts.drugs, one.end, drug)
        and "," not in facts.text[one.end : drug.start]
    ]
    if in_front and _belongs_behind(facts, in_front[-1], drug):
        yield in_front[-1]
    # "500 mg of metformin and 10 mg of lisinopril": the next amount is the next medicine's.
    yield from (one for one in behind if not _belongs_to_next(facts, one, drug))


def _belongs_behind(facts: Facts, amount: Quantity, drug: Drug) -> bool:
    """Report whether an amount in front of a medicine is its own, not the last one's."""
    between = facts.text[amount.end : drug.start].strip()
    return between in {"", "of", "de", "tablet of", "tablets of", "oral"} or between.endswith(" of")


def _belongs_to_next(facts: Facts, amount: Quantity, drug: Drug) -> bool:
    following = next((one for one in facts.drugs if one.start > drug.start), None)
    if following is None or not 0 <= following.start - amount.end <= _ADJACENT:
        return False
    return _belongs_behind(facts, amount, following)


def _other_between(drugs: Sequence[Drug], start: int, drug: Drug) -> bool:
    return any(start <= one.start < drug.start for one in drugs)


def _spans(facts: Facts) -> list[tuple[int, int]]:
    return [(offset, offset + len(text)) for offset, text in sentences_of(facts.text)]

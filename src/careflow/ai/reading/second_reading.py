"""Compares two readings of the same picture: a number counts only where both agree.

The recogniser can be sure of itself and wrong ("<4" for "< 41"); read a second time by another
way of finding the words, the same mistake seldom comes twice.
"""

from __future__ import annotations

import re
from dataclasses import replace

from careflow.ai.reading.recogniser import Piece

DOUBTFUL = 0.5
_SURE = 0.8


def agreed(first: list[Piece], second: list[Piece]) -> list[Piece]:
    """Return the words of the first reading, numbers with the confidence that both allow.

    Where the readings agree the surer one counts; where they differ the word becomes doubtful.
    """
    return [
        _checked(word, first, second) if re.search(r"\d", word.text) else word for word in first
    ]


def _checked(word: Piece, first: list[Piece], second: list[Piece]) -> Piece:
    there = [other for other in second if overlaps(word.box, other.box)]
    if not there:
        return word
    # The readings may cut "70 - 100" into words differently: compare what covers the same place.
    here = [
        one for one in first if one is word or any(overlaps(one.box, other.box) for other in there)
    ]
    there = [other for other in second if any(overlaps(one.box, other.box) for one in here)]
    if _digits(here) != _digits(there):
        return replace(word, confidence=min(word.confidence, DOUBTFUL))
    sure = min(other.confidence for other in there)
    return replace(word, confidence=max(word.confidence, sure if sure >= _SURE else 0.0))


def overlaps(one: tuple[int, int, int, int], other: tuple[int, int, int, int]) -> bool:
    """Report whether two words cover much of the same place."""
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    narrow = min(one[2] - one[0], other[2] - other[0])
    low = min(one[3] - one[1], other[3] - other[1])
    return across > 0.4 * narrow and down > 0.5 * low


def _digits(words: list[Piece]) -> str:
    """Return what makes the numbers, so that blanks and brackets do not count as a difference."""
    said = "".join(word.text for word in sorted(words, key=lambda one: one.box[0]))
    return re.sub(r"[^\d.,<>]", "", said).strip(".,")

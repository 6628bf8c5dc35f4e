"""Compares two readings of the same picture: a number counts only where both agree.

The recogniser can be sure of itself and wrong ("<4" for "< 41"); read a second time by another
way of finding the words, the same mistake seldom comes twice.
"""

from __future__ import annotations

import re
from dataclasses import replace

from careflow.ai.reading.page import Word

DOUBTFUL = 0.5
_SURE = 0.8


def agreed(first: list[Word], second: list[Word]) -> list[Word]:
    """Return the words of the first reading, numbers with the confidence that both allow.

    Where the readings agree the surer one counts; where they differ the word becomes doubtful.
    """
    return [
        _checked(word, first, second) if re.search(r"\d", word.text) else word for word in first
    ]


def _checked(word: Word, first: list[Word], second: list[Word]) -> Word:
    there = [other for other in second if _overlaps(word, other)]
    if not there:
        return word
    # The readings may cut "70 - 100" into words differently: compare what covers the same place.
    here = [one for one in first if one is word or any(_overlaps(one, other) for other in there)]
    there = [other for other in second if any(_overlaps(one, other) for one in here)]
    if _digits(here) != _digits(there):
        return replace(word, confidence=min(word.confidence, DOUBTFUL))
    sure = min(other.confidence for other in there)
    return replace(word, confidence=max(word.confidence, sure if sure >= _SURE else 0.0))


def _overlaps(word: Word, other: Word) -> bool:
    across = min(word.box[2], other.box[2]) - max(word.box[0], other.box[0])
    down = min(word.box[3], other.box[3]) - max(word.box[1], other.box[1])
    narrow = min(word.box[2] - word.box[0], other.box[2] - other.box[0])
    low = min(word.height, other.height)
    return across > 0.4 * narrow and down > 0.5 * low


def _digits(words: list[Word]) -> str:
    """Return what makes the numbers, so that blanks and brackets do not count as a difference."""
    said = "".join(word.text for word in sorted(words, key=lambda one: one.box[0]))
    return re.sub(r"[^\d.,<>]", "", said).strip(".,")

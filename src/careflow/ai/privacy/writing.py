"""Tells writing from texture among what a recogniser takes for words.

It sees short words in every texture, but seldom with certainty, and hardly ever the same word in
the same place when the picture is shown in another way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from careflow.ai.privacy.marks import is_mark, letters_of
from careflow.ai.privacy.views import Box

_CERTAIN = ((5, 0.55), (4, 0.65), (3, 0.9))
"""Letters and confidence from which one sight is enough."""
_AGAIN = ((7, 0.0), (6, 0.1), (5, 0.2), (4, 0.3), (3, 0.5), (2, 0.75))
"""Letters and confidence from which a word counts that another view shows alike."""
_SHORT = 2
_IN_LINE = 0.3
"""Confidence from which a word counts that stands in one line with a longer, sure one."""
_ALIKE = 0.6
_SAME_PLACE = 0.4


@dataclass(frozen=True, slots=True)
class Seen:
    """What is taken for a word.

    Attributes:
        box: In pixels of the picture.
        kind: The view: shade, scale and turn.
        line: Words of one line of one view share it.
    """

    text: str
    confidence: float
    box: Box
    kind: tuple[str, float, int]
    line: tuple[int, ...]


def writing_among(seen: Sequence[Seen]) -> list[Seen]:
    """Return what is writing and no allowed mark that stands alone."""
    sure = [one for one in seen if _reaches(one, _CERTAIN) or _is_seen_again(one, seen)]
    lines = {one.line for one in sure if letters_of(one.text) > _SHORT and not is_mark(one.text)}
    return [
        one
        for one in seen
        if (one.line in lines and letters_of(one.text) and one.confidence >= _IN_LINE)
        or (one in sure and not is_mark(one.text))
    ]


def _reaches(one: Seen, least: Sequence[tuple[int, float]]) -> bool:
    letters = letters_of(one.text)
    return any(letters >= count and one.confidence >= sure for count, sure in least)


def _is_seen_again(one: Seen, seen: Sequence[Seen]) -> bool:
    return _reaches(one, _AGAIN) and any(
        other.kind != one.kind
        and other.kind[2] == one.kind[2]
        and _reaches(other, _AGAIN)
        and overlap(one.box, other.box) >= _SAME_PLACE
        and SequenceMatcher(None, one.text.lower(), other.text.lower()).ratio() >= _ALIKE
        for other in seen
    )


def finest(found: Sequence[Seen]) -> list[Seen]:
    """Return words without those of a small view that a larger one shows too, with closer boxes."""
    large = [one for one in found if one.kind[1] >= 1.0]
    small = [
        one
        for one in found
        if one.kind[1] < 1.0
        and not any(overlap(one.box, other.box) >= _SAME_PLACE for other in large)
    ]
    return [*large, *small]


def overlap(one: Box, other: Box) -> float:
    """Return which share of the smaller box the two have in common."""
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    if across <= 0 or down <= 0:
        return 0.0
    smaller = min((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other))
    return across * down / smaller

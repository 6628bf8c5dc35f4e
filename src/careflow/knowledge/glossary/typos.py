"""Finds the term that someone meant who spelt it wrongly; in doubt, none."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

from careflow.knowledge.glossary.spellings import sound_of

_SHORTEST: Final = 4
"""Letters of a word that can be told when one of them is wrong."""
_OPPOSITES: Final = re.compile(r"^(?:hypo|hipo|hyper|hiper)")
_SHARED: Final = 0.4
"""Of the pairs of letters of a word, how many the right one has at least."""


def allowed(length: int) -> int:
    """Return how many letters of a word may be wrong."""
    if length < _SHORTEST:
        return 0
    return 1 if length < 8 else 2 if length < 14 else 3


class Spellings:
    """The keys of terms by how they sound."""

    def __init__(self, keys: Iterable[str]) -> None:
        self._by_sound: dict[str, list[str]] = defaultdict(list)
        for key in keys:
            if len(key) >= _SHORTEST:
                self._by_sound[sound_of(key)].append(key)
        self._by_pair: dict[str, list[str]] = defaultdict(list)
        for sound in self._by_sound:
            for pair in _pairs(sound):
                self._by_pair[pair].append(sound)

    def nearest(self, key: str) -> Mapping[str, int]:
        """Return the keys that are nearest to a key, and how far away they are."""
        if len(key) < _SHORTEST:
            return {}
        sound = sound_of(key)
        found: dict[str, int] = {}
        for other in {*self._alike(sound), *([sound] if sound in self._by_sound else ())}:
            by_ear = distance(sound, other)
            for one in self._by_sound[other]:
                if _begin(key) != _begin(one) or _figures(key) != _figures(one):
                    continue
                far = min(by_ear, distance(key, one))
                if far <= allowed(len(key)):
                    found[one] = far
        best = min(found.values(), default=0)
        return {one: far for one, far in found.items() if far == best}

    def _alike(self, sound: str) -> list[str]:
        pairs = _pairs(sound)
        counts = Counter(one for pair in pairs for one in self._by_pair.get(pair, ()))
        least = max(1, int(len(pairs) * _SHARED))
        return [one for one, count in counts.items() if count >= least]


def _begin(key: str) -> str:
    """Return ``hyper`` or ``hypo``, which mean the opposite and look alike."""
    hit = _OPPOSITES.match(key)
    return hit[0].replace("y", "i") if hit else ""


def _figures(key: str) -> str:
    return "".join(filter(str.isdigit, key))


def _pairs(word: str) -> set[str]:
    return {word[at : at + 2] for at in range(len(word) - 1)} | {f"^{word[:1]}"}


def distance(one: str, other: str) -> int:
    """Return how many letters must change; two that changed places count as one."""
    if abs(len(one) - len(other)) > 3:
        return 4
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, sign in enumerate(one, 1):
        previous, row, last = row, [at, *row[1:]], before
        for to, letter in enumerate(other, 1):
            row[to] = min(previous[to] + 1, row[to - 1] + 1, previous[to - 1] + (sign != letter))
            if at > 1 and to > 1 and sign == other[to - 2] and one[at - 2] == letter:
                row[to] = min(row[to], last[to - 2] + 1)
        before = previous
    return row[-1]

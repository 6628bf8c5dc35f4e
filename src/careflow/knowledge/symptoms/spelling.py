"""Puts right single slips of the pen in words that red flags are made of."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

_WORD: Final = re.compile(r"[a-z]{4,}")
_SUBSTITUTED_FROM: Final = 7
"""In shorter words one other letter makes too often another word (heart, heard)."""


@dataclass(frozen=True, slots=True)
class Spelled:
    """A text with words put right, and where each stretch of it comes from.

    Attributes:
        starts: Where stretches begin in the text put right.
        origins: Where the same stretches begin in the text as it was.
        lengths: How long each stretch was.
    """

    plain: str
    starts: tuple[int, ...] = (0,)
    origins: tuple[int, ...] = (0,)
    lengths: tuple[int, ...] = ()

    def place(self, begin: int, end: int) -> tuple[int, int]:
        """Return where ``[begin, end)`` stood in the text as it was, whole words."""
        if len(self.starts) == 1:
            return begin, end
        return self._origin(begin, whole=False), self._origin(end, whole=True)

    def _origin(self, at: int, *, whole: bool) -> int:
        number = bisect_right(self.starts, at) - 1
        if whole and number and at == self.starts[number]:
            number -= 1  # an end belongs to the stretch before it
        inside = at - self.starts[number]
        return self.origins[number] + min(inside, self.lengths[number])


def spelled(plain: str) -> Spelled:
    """Return a folded text with its slips put right."""
    parts: list[str] = []
    starts: list[int] = []
    origins: list[int] = []
    lengths: list[int] = []
    at = size = 0
    for begin, end, right in _slips(plain):
        for start, text, length in ((at, plain[at:begin], begin - at), (begin, right, end - begin)):
            starts.append(size)
            origins.append(start)
            lengths.append(length)
            parts.append(text)
            size += len(text)
        at = end
    if not parts:
        return Spelled(plain, lengths=(len(plain),))
    parts.append(plain[at:])
    return Spelled(
        "".join(parts),
        (*starts, size),
        (*origins, at),
        (*lengths, len(plain) - at),
    )


def _slips(plain: str) -> Iterator[tuple[int, int, str]]:
    known, near = _vocabulary()
    for hit in _WORD.finditer(plain):
        word = hit.group()
        if word in known:
            continue
        right = _right(word, near)
        if right is not None:
            yield hit.start(), hit.end(), right


@cache
def _vocabulary() -> tuple[frozenset[str], Mapping[str, str]]:
    """Return the words that are right, and each word by what is left of it without one letter."""
    text = files(__package__).joinpath("tables", "spelled.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    right = str(table["right"]).split()
    near: dict[str, str] = {}
    for word in right:
        for at in range(1, len(word)):
            near.setdefault(f"{word[:at]}{word[at + 1 :]}", word)
    return frozenset([*right, *str(table["other_words"]).split()]), near


def _right(word: str, near: Mapping[str, str]) -> str | None:
    if word in near:  # a letter is missing
        return near[word]
    for at in range(1, len(word)):
        shorter = f"{word[:at]}{word[at + 1 :]}"
        if shorter in _vocabulary()[0] and shorter in near.values():
            return shorter  # a letter too many
        found = near.get(shorter)
        if found is None:
            continue
        if len(word) >= _SUBSTITUTED_FROM or sorted(word) == sorted(found):
            return found
    return None

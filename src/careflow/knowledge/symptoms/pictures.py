"""Pictures: words of a body, a pain, a time and a risk that mean something when they meet."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

from careflow.knowledge.symptoms.holding import Told

_NEAR: Final = 70
"""Characters between words that are said of one another."""
_TABLES = files("careflow.knowledge.symptoms").joinpath("tables")

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Slot:
    """One of these words; anywhere in the text, or near the first."""

    words: tuple[str, ...]
    anywhere: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """What several words mean together, at which ages in years."""

    id: str
    level: str
    source: str
    lines: tuple[tuple[Slot, ...], ...]
    younger: float | None
    older: float | None

    def fits(self, age: float | None) -> bool:
        """Report whether the picture is one of somebody of this age; unknown fits no limit."""
        if self.younger is None and self.older is None:
            return True
        if age is None:
            return False
        return (self.younger is None or age < self.younger) and (
            self.older is None or age >= self.older
        )


@cache
def pictures() -> tuple[Picture, ...]:
    """Return every picture, read once."""
    rows: list[dict[str, Any]] = tomllib.loads(
        _TABLES.joinpath("pictures.toml").read_text("utf-8")
    )["picture"]
    return tuple(
        Picture(
            id=row["id"],
            level=row["level"],
            source=row["source"],
            lines=tuple(tuple(_slot(one) for one in line.split()) for line in row["when"]),
            younger=row.get("younger"),
            older=row.get("older"),
        )
        for row in rows
    )


@cache
def word_patterns() -> Mapping[str, tuple[re.Pattern[str], bool]]:
    """Return the pattern of each word, and whether it counts when it is past."""
    table: dict[str, Any] = tomllib.loads(_TABLES.joinpath("words.toml").read_text("utf-8"))
    ever = frozenset(table["ever"])
    return {
        name: (_compiled([english, table["es"].get(name, "")]), name in ever)
        for name, english in table["en"].items()
    }


def _slot(text: str) -> Slot:
    return Slot(tuple(text.removeprefix("&").split("|")), text.startswith("&"))


def _compiled(patterns: Sequence[str]) -> re.Pattern[str]:
    whole = "|".join(one for one in patterns if one).replace(" ?", r"\s*").replace(" ", r"\s+")
    return re.compile(rf"\b(?:{whole})(?!\w)")


def seen(text: Told, age: float | None) -> Iterator[tuple[Picture, Place]]:
    """Yield each picture that a text shows, and where."""
    words = _Words(text)
    for picture in pictures():
        if picture.fits(age):
            places = (_met(line, words) for line in picture.lines)
            found = [place for place in places if place is not None]
            yield from ((picture, place) for place in dict.fromkeys(found))


class _Words:
    """Where each word of the table is said, looked for when it is first asked for."""

    def __init__(self, text: Told) -> None:
        self._text = text
        self._found: dict[str, list[Place]] = {}
        self._of_slots: dict[tuple[str, ...], list[Place]] = {}

    def places(self, slot: Slot) -> list[Place]:
        known = self._of_slots.get(slot.words)
        if known is None:
            known = [place for name in slot.words for place in self._places(name)]
            self._of_slots[slot.words] = known
        return known

    def _places(self, name: str) -> list[Place]:
        known = self._found.get(name)
        if known is None:
            pattern, ever = word_patterns()[name]
            known = self._found[name] = [
                (hit.start(), hit.end())
                for hit in pattern.finditer(self._text.plain)
                if self._text.holds(hit.start(), ever=ever)
            ]
        return known


def _met(line: tuple[Slot, ...], words: _Words) -> Place | None:
    """Return the words that meet a line, from the first to the last that is near it."""
    if not all(map(words.places, line)):
        return None
    first, *others = line
    for begin in words.places(first):
        chosen = [begin]
        for slot in others:
            fitting = next(
                (
                    place
                    for place in words.places(slot)
                    if all(_apart(place, one) for one in chosen)
                    and (slot.anywhere or first.anywhere or _gap(place, begin) <= _NEAR)
                ),
                None,
            )
            if fitting is None:
                break
            chosen.append(fitting)
        else:
            near = [one for one in chosen if _gap(one, begin) <= _NEAR]
            return min(one[0] for one in near), max(one[1] for one in near)
    return None


def _apart(one: Place, other: Place) -> bool:
    return one[1] <= other[0] or other[1] <= one[0]


def _gap(one: Place, other: Place) -> int:
    return max(one[0] - other[1], other[0] - one[1], 0)

"""Finds red flags in a text: what is said of now, neither denied nor of somebody else."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Literal, cast

from careflow.knowledge.symptoms.holding import Told, told
from careflow.knowledge.symptoms.pictures import pictures, seen

FlagLevel = Literal[
    "emergency", "urgent", "soon", "routine", "mild", "everyday", "self-care", "part"
]
SeenLevel = Literal["emergency", "urgent", "routine", "self-care"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule; ``needs`` names others of which one must be met as well."""

    id: str
    level: FlagLevel
    source: str
    pattern: re.Pattern[str]
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Flag:
    """Words that a rule names, at ``[start, end)`` of the text."""

    start: int
    end: int
    rule: str
    level: FlagLevel


@cache
def _tables() -> Mapping[str, object]:
    text = files(__package__).joinpath("tables", "rules.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def rules() -> tuple[Rule, ...]:
    """Return every rule, read once."""
    rows = cast("list[dict[str, object]]", _tables()["rule"])
    return tuple(
        Rule(
            id=str(row["id"]),
            level=cast("FlagLevel", row["level"]),
            source=str(row["source"]),
            pattern=_compiled([*_listed(row, "en"), *_listed(row, "es")]),
            needs=tuple(_listed(row, "with")),
        )
        for row in rows
    )


def sources() -> Mapping[str, Mapping[str, str]]:
    """Return where the rules come from: title, address, and when it was read."""
    return cast("Mapping[str, Mapping[str, str]]", _tables()["sources"])


def _listed(row: Mapping[str, object], name: str) -> list[str]:
    return [str(one) for one in cast("list[object]", row.get(name, []))]


def _compiled(patterns: list[str]) -> re.Pattern[str]:
    spaced = (one.replace(" ?", r"\s*").replace(" ", r"\s+") for one in patterns)
    return re.compile("|".join(rf"(?<!\w)(?:{one})(?!\w)" for one in spaced))


def flags_in(text: str, *, age: float | None = None) -> list[Flag]:
    """Return the flags of a text in order: those that hold, each at its place."""
    return list(_flags_in(text, age))


@lru_cache(maxsize=4)  # a question is looked through by the method, and again by the guard
def _flags_in(text: str, age: float | None) -> tuple[Flag, ...]:
    whole = told(text)
    met: dict[str, list[Flag]] = {}
    for rule in rules():
        places = _places(whole, rule.pattern)
        if places:
            met[rule.id] = [Flag(*place, rule.id, rule.level) for place in places]
    shown = (
        Flag(*place, picture.id, cast("FlagLevel", picture.level))
        for picture, place in seen(whole, age)
    )
    found = {
        Flag(*whole.spelled.place(one.start, one.end), one.rule, one.level)
        for one in (*_standing(met), *shown)
    }
    return tuple(sorted(found, key=lambda one: (one.start, one.end, one.rule)))


def level_of(flags: Iterable[Flag]) -> SeenLevel:
    """Return how soon flags say; words in which nothing is known are looked at today.

    Only what is known to be able to wait is let wait: not knowing is no reason to.
    """
    levels = {one.level for one in flags}
    if "emergency" in levels:
        return "emergency"
    if "urgent" in levels or ("soon" in levels and not levels & {"routine", "mild", "self-care"}):
        return "urgent"
    if "routine" in levels:
        return "routine"
    if "self-care" in levels:
        return "self-care"
    return "routine" if levels & {"mild", "everyday"} else "urgent"


def pressing_of(flags: Iterable[Flag]) -> Literal["emergency", "urgent"] | None:
    """Return what red flags alone say of a text that need not be about symptoms at all."""
    levels = {one.level for one in flags}
    if "emergency" in levels:
        return "emergency"
    return "urgent" if "urgent" in levels else None


def source_of(rule: str) -> Mapping[str, str]:
    """Return the source of a rule or a picture."""
    return sources()[_sources_by_rule()[rule]]


@cache
def _sources_by_rule() -> Mapping[str, str]:
    of_rules = {rule.id: rule.source for rule in rules()}
    return of_rules | {picture.id: picture.source for picture in pictures()}


def _places(whole: Told, pattern: re.Pattern[str]) -> list[tuple[int, int]]:
    return [
        (hit.start(), hit.end())
        for hit in pattern.finditer(whole.plain)
        if whole.holds(hit.start())
    ]


def has_part(text: str, part: str) -> bool:
    """Report whether a text says something that counts only together with other words."""
    pattern = next(rule.pattern for rule in rules() if rule.id == part)
    return bool(_places(told(text), pattern))


def _standing(met: Mapping[str, list[Flag]]) -> Iterator[Flag]:
    """Yield flags of rules whose other part is met too, in other words than their own."""
    for rule in rules():
        for one in met.get(rule.id, ()):
            if rule.level == "part":
                continue
            if not rule.needs or any(
                other.end <= one.start or one.end <= other.start
                for need in rule.needs
                for other in met.get(need, ())
            ):
                yield one

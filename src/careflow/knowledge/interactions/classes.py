"""Which classes a substance belongs to: those that list it, those its name tells, those above."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from careflow.knowledge.drugs.medicines import substance_named

TABLES = files("careflow.knowledge.interactions").joinpath("tables")
_FOREIGN_ENDINGS = (("azol", "azole"), ("ina", "in"), ("ina", "ine"), ("ino", "ine"), ("ano", "an"),
                    ("ol", "ole"), ("o", ""), ("a", ""), ("o", "e"), ("a", "e"))  # fmt: skip
_STEM_NAME_MIN = 6


@dataclass(frozen=True, slots=True)
class DrugClass:
    """A class of substances that act, or harm, alike.

    Attributes:
        stems: Ends of names (``-pril``) or beginnings (``cef-``) that only this class has.
        not_stem: Names that end so and are something else.
        duplicate: How bad it is to take two of them, where that is hardly ever meant.
    """

    code: str
    name: str
    members: frozenset[str]
    stems: tuple[str, ...] = ()
    not_stem: frozenset[str] = field(default_factory=frozenset)
    duplicate: str | None = None


def listed(said: str) -> list[str]:
    """Return the entries of a list in a table."""
    return [one.strip() for one in said.split(",") if one.strip()]


@cache
def all_classes() -> Mapping[str, DrugClass]:
    """Return every class by its code."""
    return {code: _class(code, row) for code, row in _rows().items()}


@cache
def _rows() -> Mapping[str, Any]:
    rows: dict[str, Any] = {}
    for table in sorted(TABLES.joinpath("classes").iterdir(), key=lambda one: one.name):
        if table.name.endswith(".toml"):
            rows.update(tomllib.loads(table.read_text("utf-8")))
    return rows


def _class(code: str, row: Mapping[str, Any]) -> DrugClass:
    return DrugClass(
        code=code,
        name=row["name"],
        members=frozenset(map(substance_named, listed(row.get("members", "")))),
        stems=tuple(listed(row.get("stems", ""))),
        not_stem=frozenset(map(substance_named, listed(row.get("not_stem", "")))),
        duplicate=row.get("duplicate_severity", "moderate") if row.get("duplicate") else None,
    )


@cache
def _above() -> Mapping[str, frozenset[str]]:
    """Return the classes that hold each class as a part."""
    above: dict[str, set[str]] = {}
    for code, row in _rows().items():
        for part in listed(row.get("classes", "")):
            above.setdefault(part, set()).add(code)
    return {part: frozenset(codes) for part, codes in above.items()}


@cache
def _listing() -> Mapping[str, frozenset[str]]:
    """Return the classes that list each substance."""
    listing: dict[str, set[str]] = {}
    for one in all_classes().values():
        for member in one.members:
            listing.setdefault(member, set()).add(one.code)
    return {member: frozenset(codes) for member, codes in listing.items()}


@lru_cache(maxsize=4096)
def classes_of(substance: str, name: str) -> frozenset[str]:
    """Return the codes of a substance's classes; ``name`` is how it is called.

    Endings of names are asked only where no table lists the substance.
    """
    codes = _listing().get(substance) or frozenset(_by_stem(substance, name))
    found = set(codes)
    waiting = list(codes)
    while waiting:
        more = _above().get(waiting.pop(), frozenset()) - found
        found |= more
        waiting += more
    return frozenset(found)


def _by_stem(substance: str, name: str) -> Iterator[str]:
    spellings = {name} | {
        name.removesuffix(ending) + english
        for ending, english in _FOREIGN_ENDINGS
        if name.endswith(ending)
    }
    for one in all_classes().values():
        if substance not in one.not_stem and any(
            _has_stem(spelling, stem) for spelling in spellings for stem in one.stems
        ):
            yield one.code


def _has_stem(name: str, stem: str) -> bool:
    if len(name) < _STEM_NAME_MIN:
        return False
    if stem.startswith("-"):
        return name.endswith(stem[1:])
    return name.startswith(stem[:-1])

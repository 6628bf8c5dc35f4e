"""What names a code: titles of the tabular list, phrases of notes, and what professionals coded."""

from __future__ import annotations

import gzip
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache

from careflow.knowledge.icd10cm.words import TABLES

TITLE, LEARNED, PHRASE = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Term:
    """Stems that name a code wherever they stand close together.

    Attributes:
        origin: A title of the list, a phrase of ours, or evidence in coded cases.
        seen: In how many coded cases the stems stood.
        right: In how many of those the category was among the codes.
    """

    stems: frozenset[str]
    code: str
    origin: int
    seen: int
    right: int


@dataclass(frozen=True, slots=True)
class Source:
    """Where terms come from."""

    title: str
    url: str
    licence: str
    read_on: date


@cache
def sources() -> Mapping[str, Source]:
    """Return where codes, terms and weights come from."""
    read = tomllib.loads(TABLES.joinpath("_sources.toml").read_text("utf-8"))
    return {
        name: Source(one["title"], one["url"], one["licence"], date.fromisoformat(one["read_on"]))
        for name, one in read.items()
    }


@cache
def _blob() -> bytes:
    return gzip.decompress(TABLES.joinpath("terms.txt.gz").read_bytes())


@cache
def _places() -> Mapping[str, tuple[int, int]]:
    """Return where the terms of each trigger stand; 0.05 s and 5 MB with the blob."""
    places: dict[str, tuple[int, int]] = {}
    at = 0
    for block in _blob().split(b"\n\n"):
        trigger = block[: block.index(b"\n")].decode()
        places[trigger] = (at, at + len(block))
        at += len(block) + 2
    return places


@lru_cache(maxsize=8192)
def terms_by(trigger: str) -> tuple[Term, ...]:
    """Return the terms that are looked for where a stem, the rarest of theirs, stands."""
    place = _places().get(trigger)
    if place is None:
        return ()
    _, *lines = _blob()[slice(*place)].decode().split("\n")
    return tuple(_term(trigger, line) for line in lines)


def _term(trigger: str, line: str) -> Term:
    others, code, origin, seen, right = line.split("\t")
    return Term(frozenset(others.split()) | {trigger}, code, int(origin), int(seen), int(right))

"""Medicines, doses, problems, tests, parts of the body and dates in a text, and what it denies."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from careflow.knowledge.drugs import drug_named

Kind = Literal["drug", "dose", "problem", "test", "body-site", "date"]

_WORD = re.compile(r"[^\W\d_][\w-]{3,}")
_DOSE = re.compile(
    r"(?<![\w.])\d[\d.,/]*\s?(?:mg|mcg|µg|μg|ug|g|ml|units?|iu|ui|unidades|meq|puffs?|tablets?|tabs?"
    r"|capsules?|caps?|drops?|pastillas?|tabletas?|comprimidos?|gotas|inhalaciones)"
    r"(?:/(?:ml|kg|day|h|d[ií]a))?(?!\w)",
    re.IGNORECASE,
)
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|enero|febrero|marzo|abril|mayo"
    r"|junio|julio|agosto|septiembre|octubre|noviembre|diciembre)"
)
_DATE = re.compile(
    r"(?<![\w/-])(?:\d{4}-\d{2}-\d{2}|\d{1,2}/\d{1,2}/(?:\d{4}|\d{2})"
    rf"|{_MONTH}\.? \d{{1,2}}(?:st|nd|rd|th)?(?:,? \d{{4}})?|{_MONTH} \d{{4}}"
    rf"|\d{{1,2}} (?:de )?{_MONTH}(?: (?:de(?:l)? )?\d{{4}})?"
    r"|yesterday|today|tomorrow|ayer|hoy|mañana)(?![\w/-])",
    re.IGNORECASE,
)
_CLAUSE_END = re.compile(r"[.;:!?\n]")
_BEFORE = 90
"""Characters before a thing in which a denial counts."""
_DENIED_AFTER = re.compile(
    r"^\W{0,3}(?:(?:was|were|is|are|has been|fue|ha sido) )?"
    r"(?:not (?:seen|present|found)|absent|negative|ruled out|excluded|denied|descartad[oa]s?)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class NamedThing:
    """A thing that a text names, and where."""

    kind: Kind
    start: int
    end: int
    negated: bool


def named_in(text: str) -> list[NamedThing]:
    """Return what a text names, in order; of two that overlap the longer one."""
    found = sorted(_found(text), key=lambda one: (one[1] - one[2], one[1]))
    taken: list[tuple[Kind, int, int]] = []
    covered = bytearray(len(text))
    for kind, start, end in found:
        if not any(covered[start:end]):
            covered[start:end] = b"\x01" * (end - start)
            taken.append((kind, start, end))
    return [
        NamedThing(kind, start, end, kind != "date" and _is_denied(text, start, end))
        for kind, start, end in sorted(taken, key=lambda one: one[1])
    ]


def _found(text: str) -> Iterator[tuple[Kind, int, int]]:
    for kind, pattern in _patterns().items():
        for one in pattern.finditer(text):
            yield kind, one.start(), one.end()
    for one in _WORD.finditer(text):
        if drug_named(one.group()) is not None:
            yield "drug", one.start(), one.end()


def _is_denied(text: str, start: int, end: int) -> bool:
    before = _CLAUSE_END.split(text[max(0, start - _BEFORE) : start])[-1]
    before = _words("turns").split(before)[-1]
    return bool(_words("denials").search(before) or _DENIED_AFTER.match(text[end : end + 40]))


@cache
def _patterns() -> Mapping[Kind, re.Pattern[str]]:
    return {
        "dose": _DOSE,
        "date": _DATE,
        "test": _words("tests"),
        "body-site": _words("sites"),
        "problem": _words("problems"),
    }


@cache
def _words(name: str) -> re.Pattern[str]:
    """Return a pattern of the words of a list, the longest first."""
    table = tomllib.loads(
        files("careflow.knowledge.named_things").joinpath("words.toml").read_text("utf-8")
    )
    words = {word for line in table[name].split("\n") for word in line.split("|") if word}
    longest = sorted(words, key=lambda word: (-len(word), word))
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest))})(?!\w)", re.IGNORECASE)

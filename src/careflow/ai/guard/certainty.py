"""How a text says a thing: it affirms or denies it, leaves it open, or tells it of someone else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.resources import files
from typing import Literal

Said = Literal["affirmed", "denied", "uncertain", "other", "normal"]
"""``other`` is of a relative or of what may come; ``normal`` tells that nothing is wrong."""


def _tables() -> Mapping[str, str]:
    """Return the alternatives of every table as one pattern."""
    text = files("careflow.ai.guard").joinpath("certainty.txt").read_text("utf-8")
    tables: dict[str, list[str]] = {}
    rows: list[str] = []
    for line in text.splitlines():
        if line.startswith("= "):
            rows = tables.setdefault(line[2:], [])
        elif line and not line.startswith("#"):
            rows.append(line)
    return {name: "|".join(lines) for name, lines in tables.items()}


_TABLES = _tables()


def _words(table: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{_TABLES[table]})(?![\w-])")


_DENIAL = _words("denial")
_NO_DENIAL = _words("no-denial")
_OPEN = re.compile(rf"{_words('open').pattern}|\?(?=\s?\w)|(?<=\w)\s?\(\?\)")
_SOFT = _words("soft")
_OF_OTHERS = _words("others")
_NORMAL = _words("normal")
_BREAK = re.compile(_TABLES["break"])
_AFTER = re.compile(rf"^[\w\s/'(),-]{{0,50}}?{_words('after').pattern}")
_ANSWERED = re.compile(rf"^\s?[:=-]\s?(?:{_TABLES['answered']})(?=\s*(?:[.,;)\n]|$))")
NO_OTHERS = _words("no-others")
"""Words behind a denial that leave what is known standing: "no other allergies"."""
_PAST = _words("past")
_ANY = re.compile(
    "|".join(
        one.pattern for one in (_DENIAL, _OPEN, _SOFT, _OF_OTHERS, _NORMAL, _PAST, _words("after"))
    )
    + r"|\(-\)"
)
_LISTS = re.compile(r"\b(?:or|nor|ni|o|u)\b")
_LISTED_WORDS = 6
_WITHIN = 3
"""Words that a denial in the middle of a name is certainly about: "heart is not enlarged"."""
_VERB = re.compile(
    r"\b(?:is|are|was|were|has|had|have|reports?|reported|shows?|present|seen|noted|with|positive|"
    r"takes?|tiene|presenta|refiere|toma|con|hay)\b"
)
_CARRIES = re.compile(
    r"^(?:denie|deny|without|w/o|neg|no evidence|no sign|no history|free|absence|niega|sin|"
    r"ausencia)"
)


def may_deny(sentence: str) -> bool:
    """Report whether a folded sentence holds anything that is not plainly affirmed."""
    return _ANY.search(sentence) is not None


def said_of(sentence: str, start: int, end: int) -> frozenset[Said]:
    """Return how a folded sentence may say the words from ``start`` to ``end``.

    More than one where the grammar leaves it open; never none.
    """
    low, high = _clause(sentence, start, end)
    before, words, after = sentence[low:start], sentence[start:end], sentence[end:high]
    clause = sentence[low:high]
    found: set[Said] = set()
    if _OF_OTHERS.search(before) or re.search(r"family|familiar", sentence[:low]):
        found.add("other")
    if _OPEN.search(clause):
        found.add("uncertain")
    denied = _denied(before, words, after, sentence)
    if denied == "denied":
        found.add("denied")
    elif denied == "either":
        found |= {"denied", "affirmed"}
    elif _NORMAL.search(clause):
        found |= {"normal"}
    if _SOFT.search(clause):
        found |= {"uncertain"} if "denied" in found else {"uncertain", "affirmed"}
    if _PAST.search(clause):
        found |= {"affirmed", "denied"}
    if not found or found == {"other"}:
        found.add("affirmed")
    return frozenset(found)


def tells_normal(name: str) -> bool:
    """Report whether a folded name itself says that nothing is wrong."""
    return bool(_NORMAL.search(name) or _DENIAL.search(name))


def _clause(sentence: str, start: int, end: int) -> tuple[int, int]:
    low, high = 0, len(sentence)
    for one in _BREAK.finditer(sentence):
        if one.end() <= start and not _is_head(sentence, one):
            low = one.end()
        elif one.start() >= end and not _ANSWERED.match(sentence[one.start() :]):
            high = one.start()
            break
    return low, high


def _is_head(sentence: str, one: re.Match[str]) -> bool:
    """Report whether a colon or full stop only ends a heading: "Denies: fever", "Neg. for"."""
    if not one[0].startswith((":", ".")):
        return False
    head = sentence[: one.start()]
    return bool(re.search(r"(?:denies|negative|neg|niega|without|no|family history|fhx)$", head))


def _denied(before: str, words: str, after: str, sentence: str) -> Literal["denied", "either", ""]:
    after = _NO_DENIAL.sub(lambda one: " " * len(one[0]), after)
    if _ANSWERED.match(after) or _AFTER.match(after):
        return "denied"
    blanked = _NO_DENIAL.sub(lambda one: " " * len(one[0]), before)
    inside = _NO_DENIAL.sub(lambda one: " " * len(one[0]), words)
    if _DENIAL.match(inside.lstrip(" ,")):
        return "denied"
    within = _DENIAL.search(inside)
    if within:
        return "denied" if len(inside[within.end() :].split()) <= _WITHIN else "either"
    triggers = list(_DENIAL.finditer(blanked))
    if not triggers:
        return ""
    last = triggers[-1]
    between = blanked[last.end() :]
    pieces = between.split(",")
    if len(pieces) == 1:
        return "denied" if len(between.split()) <= 2 * _LISTED_WORDS else "either"
    is_list = all(len(one.split()) <= _LISTED_WORDS and not _VERB.search(one) for one in pieces)
    if not is_list:
        return "either" if _CARRIES.match(last[0]) else ""
    if _CARRIES.match(last[0]) or _LISTS.search(sentence[len(before) :]) or _LISTS.search(between):
        return "denied"
    return "either"

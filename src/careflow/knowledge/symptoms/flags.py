"""Finds red flags in a text: what is said of now, neither denied nor of somebody else."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final, Literal, cast

FlagLevel = Literal["emergency", "urgent", "self-care", "part"]

_CLAUSE: Final = re.compile(
    r"[.!?;\n]+|,|\b(?:but|however|although|except|pero|aunque|sin embargo)\b"
)
_DENIED: Final = re.compile(
    r"\b(?:no|not|never|without|den(?:y|ies|ied|ying)|nor|neither|negative for|free of|"
    r"(?:don|doesn|didn|hasn|haven|isn|wasn).?t (?:have|had|got|feel|having|any)|"
    r"nunca|niega|sin|tampoco|ningun\w*|ni|no (?:tengo|tiene|siento|hay|he tenido|ha tenido))\b"
    r"(?:\W+(?!(?:only|solo)\b)\w+){0,3}\W*$"
)
_OTHERS: Final = re.compile(
    r"\b(?:my|his|her|the|mi|su) (?:late )?(?:father|mother|dad|mum|mom|uncle|aunt|grand\w+|"
    r"brother|sister|cousin|neighbou?r|padre|madre|papa|mama|abuel\w+|tio|tia|herman\w+|prim\w+|"
    r"vecin\w+)\b.{0,20}\b(?:had|has had|died|suffered|once|used to|tuvo|murio|sufrio|padecio)\b"
)
_PAST: Final = re.compile(
    r"\b(?:(?:years?|months?) ago|last year|as a child|in (?:19|20)\d\d|used to|when i was|"
    r"history of|hace (?:\w+ )?(?:anos?|meses)|de nino|de nina|el ano pasado|antecedentes? de)\b"
)
_ASKED: Final = re.compile(
    r"\b(?:what (?:are|is) the (?:signs?|symptoms?)|how do i know if|prevent\w*|"
    r"cuales son los sintomas)\b"
)


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


def flags_in(text: str) -> list[Flag]:
    """Return the flags of a text in order: those that hold, each at its place."""
    plain = folded(text)
    met: dict[str, list[Flag]] = {}
    for rule in rules():
        found = [
            Flag(hit.start(), hit.end(), rule.id, rule.level)
            for hit in rule.pattern.finditer(plain)
            if _holds(plain, hit)
        ]
        if found:
            met[rule.id] = found
    return sorted(_standing(met), key=lambda one: (one.start, one.end, one.rule))


def has_part(text: str, part: str) -> bool:
    """Report whether a text says something that counts only together with other words."""
    plain = folded(text)
    pattern = next(rule.pattern for rule in rules() if rule.id == part)
    return any(_holds(plain, hit) for hit in pattern.finditer(plain))


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


def _holds(plain: str, hit: re.Match[str]) -> bool:
    begin = max((cut.end() for cut in _CLAUSE.finditer(plain, 0, hit.start())), default=0)
    before = plain[begin : hit.start()]
    end = _CLAUSE.search(plain, hit.end())
    clause = plain[begin : end.start() if end else len(plain)]
    return not (
        _DENIED.search(before)
        or _OTHERS.search(clause)
        or _PAST.search(clause)
        or _ASKED.search(clause)
    )


def folded(text: str) -> str:
    """Return a text in small letters without accents, of the same length."""
    return "".join(_bare(sign) for sign in text)


def _bare(sign: str) -> str:
    if sign in "’‘`´":
        return "'"
    bare = unicodedata.normalize("NFKD", sign)[:1].lower()
    return bare if len(bare) == 1 else sign

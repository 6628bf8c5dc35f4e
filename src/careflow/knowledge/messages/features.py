"""What a message is to a small model: its words, parts of words, and matters, as numbers.

A model that learned from a few hundred patterns knows the words of those alone. Matters are what
carries over: words of one matter, and what the rules of red flags see, count as one feature each.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
import zlib
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from itertools import chain
from math import sqrt
from typing import Final

from careflow.knowledge.drugs import drug_named
from careflow.knowledge.labs.names import is_known
from careflow.knowledge.symptoms import flags_in

BUCKETS = 1 << 14
_READ_MAX = 4_000
"""Characters of a message that are looked at; what someone writes to a clinic is shorter."""
_PART = 4
_MATTER: Final = 1.6
"""How much a matter weighs beside a word."""
_RUN_MAX: Final = 4
_TEST_RUN_MAX: Final = 2
_NO_TEST: Final = frozenset(
    str.split("the and for not you are can was has out one two new old all any no in la el los de")
)
_SHAPES: Final = {
    "a time of day": re.compile(r"\b\d{1,2}[:.]\d\d\b|\b\d{1,2} ?(?:am|pm)\b", re.IGNORECASE),
    "an amount": re.compile(
        r"[$€£] ?\d|\b\d+ ?(?:dollars|bucks|euros|d[oó]lares)\b", re.IGNORECASE
    ),
    "a day": re.compile(r"\b(?:the|el) \d{1,2}(?:st|nd|rd|th)?\b|\b\d{1,2}(?:st|nd|rd|th)\b"),
    "a question": re.compile(r"\?"),
}
"""What figures look like when they are a time, money or a date."""
_STEM_LEAST: Final = 3
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?|\d+|[?!$]")


def features(text: str, buckets: int = BUCKETS) -> Mapping[int, float]:
    """Return how much of each feature is in a text, together of length one."""
    counts: dict[int, float] = {}
    words = words_of(text)
    matters = ((f"@{one}", _MATTER) for one in matters_of(text, words))
    for name, weight in chain(_named(words), matters):
        bucket = zlib.crc32(name.encode()) % buckets
        counts[bucket] = max(counts.get(bucket, 0.0), weight)
    length = sqrt(sum(value * value for value in counts.values())) or 1.0
    return {bucket: value / length for bucket, value in counts.items()}


def words_of(text: str) -> list[str]:
    """Return the words of the beginning of a text, plain and small; every number is one word."""
    plain = unicodedata.normalize("NFKD", text[:_READ_MAX].casefold().replace("’", "'"))
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return ["0" if word.isdigit() else word for word in _WORD.findall(plain)]


def matters_of(text: str, words: list[str]) -> set[str]:
    """Return the matters that a message is about, and how pressing the rules find it."""
    phrases, stems = _matters()
    read = text[:_READ_MAX]
    found = {name for name, shape in _SHAPES.items() if shape.search(read)}
    flags = {f"flag {one.level}" for one in flags_in(read)}
    for at, word in enumerate(words):
        if len(word) > _STEM_LEAST and drug_named(word) is not None:
            found.add("drug")
        if any(map(_is_test, _runs(words, at))):
            found.add("test")
        for length in range(1, _RUN_MAX + 1):
            found |= phrases.get(" ".join(words[at : at + length]), frozenset())
        for end in range(_STEM_LEAST, len(word) + 1):
            found |= stems.get(word[:end], frozenset())
    return found | flags or {"nothing known"}


def _runs(words: list[str], at: int) -> Iterator[str]:
    for length in range(1, _TEST_RUN_MAX + 1):
        if at + length <= len(words):
            yield " ".join(words[at : at + length])


@lru_cache(maxsize=1 << 14)
def _is_test(name: str) -> bool:
    """Report whether words name a laboratory test; little words name none, whatever they are."""
    return len(name) >= _STEM_LEAST and name not in _NO_TEST and is_known(name)


@cache
def _matters() -> tuple[Mapping[str, frozenset[str]], Mapping[str, frozenset[str]]]:
    """Return the matters of each phrase, and of each beginning of a word."""
    place = files("careflow.knowledge.messages").joinpath("tables", "matters.toml")
    table: dict[str, list[str]] = tomllib.loads(place.read_text("utf-8"))
    phrases: dict[str, frozenset[str]] = {}
    stems: dict[str, frozenset[str]] = {}
    for name, said in table.items():
        for one in said:
            begins = one.endswith("*")
            known = stems if begins else phrases
            key = one.rstrip("*") if begins else " ".join(words_of(one))
            known[key] = known.get(key, frozenset()) | {name}
    return phrases, stems


def _named(words: list[str]) -> Iterator[tuple[str, float]]:
    previous = "^"
    for word in words:
        yield word, 1.0
        yield f"{previous} {word}", 0.7
        previous = word
        bounded = f"<{word}>"
        for at in range(len(bounded) - _PART + 1):
            yield f"#{bounded[at : at + _PART]}", 0.4

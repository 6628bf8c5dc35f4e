"""One key for all spellings of a term: accents, plurals, hyphens, British and American letters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_TOKEN: Final = re.compile(r"(?:[a-z]\.){2,}[a-z]?(?![a-z])|[a-z]+|\d+(?:[.,]\d+)?")
_OWNER: Final = re.compile(r"'s\b")
_SKIPPED: Final = frozenset(
    ("of", "the", "a", "an", "de", "la", "el", "los", "las", "del", "en", "and", "y", "in")
)
"""Small words that a term may have or lack."""
_ROMAN: Final = {"ii": "2", "iii": "3"}
_BRITISH: Final = (
    ("ae", "e"), ("oe", "e"), ("tumour", "tumor"), ("colour", "color"), ("sulph", "sulf"),
    ("fibre", "fiber"), ("litre", "liter"), ("centre", "center"), ("isation", "ization"),
    ("leucocyt", "leukocyt"), ("leucemi", "leukemi"),
)  # fmt: skip
_SHORT: Final = 4
_SOUNDS: Final = (
    (r"^pn", "n"), (r"^ps", "s"), (r"^gn", "n"), (r"rrh", "r"), (r"rh", "r"), (r"ph", "f"),
    (r"sch", "sc"), (r"ch", "c"), (r"ck", "c"), (r"th", "t"), (r"gh", "g"), (r"qu", "c"),
    (r"[kq]", "c"), (r"x", "cs"), (r"c(?=[eiy])", "s"), (r"z", "s"), (r"y", "i"), (r"(?<!^)h", ""),
    (r"ti(?=on|an|al)", "s"), (r"si(?=on)", "s"), (r"ou|oo", "u"), (r"au", "o"), (r"eu", "u"),
    (r"ei|ie|ee|ea", "i"), (r"v", "b"), (r"(.)\1+", r"\1"),
)  # fmt: skip
_SOUND_RULES: Final = tuple((re.compile(said), kept) for said, kept in _SOUNDS)


@dataclass(frozen=True, slots=True)
class Token:
    """A word or a number at its place; ``stem`` is empty for words that a term may lack."""

    text: str
    stem: str
    start: int
    end: int
    is_capital: bool


def folded(text: str) -> str:
    """Return a text in small letters without accents, of the same length."""
    if text.isascii():
        return text.lower()
    return "".join(map(_folded, text))


@lru_cache(maxsize=1024)
def _folded(sign: str) -> str:
    if sign in "’‘`´":
        return "'"
    bare = unicodedata.normalize("NFKD", sign)[:1].lower()
    return bare if len(bare) == 1 else sign


def tokens_in(text: str) -> list[Token]:
    """Return the words and numbers of a text; 's is no part of a word."""
    return list(_tokens(text))


def _tokens(text: str) -> Iterator[Token]:
    plain = _OWNER.sub("  ", folded(text))
    for hit in _TOKEN.finditer(plain):
        word = hit[0].replace(".", "") if hit[0][0].isalpha() else hit[0]
        said = text[hit.start() : hit.end()]
        yield Token(word, stem_of(word), hit.start(), hit.end(), said.isupper())


@lru_cache(maxsize=16384)
def stem_of(word: str) -> str:
    """Return what all forms of a folded word have in common; "" for a word that terms may lack."""
    if word in _SKIPPED:
        return ""
    if word in _ROMAN:
        return _ROMAN[word]
    for british, american in _BRITISH:
        word = word.replace(british, american)
    if len(word) <= _SHORT:
        return word[:-1] if len(word) == _SHORT and re.search("[^siu]s$", word) else word
    word = re.sub(r"ies$", "y", word)
    word = re.sub(r"(?:es|is|(?<![su])s)$", "", word)
    return re.sub(r"(?<=.{4})[aeo]$", "", word)


def key_of(term: str) -> str:
    """Return the key of a term: the stems of its words, written together."""
    return "".join(token.stem for token in tokens_in(term))


@lru_cache(maxsize=16384)
def sound_of(key: str) -> str:
    """Return how a key sounds, so that spellings by ear meet: ``numonia`` and ``pneumonia``."""
    for rule, kept in _SOUND_RULES:
        key = rule.sub(kept, key)
    return key

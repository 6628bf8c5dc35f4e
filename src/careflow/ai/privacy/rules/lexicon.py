"""The lists of names, places and ordinary words, read once."""

from __future__ import annotations

import gzip
import unicodedata
from functools import cache
from importlib.resources import files

_FOLDER = "lists"


def folded(word: str) -> str:
    """Return a word without accents and case."""
    if word.isascii():
        return word.lower()
    apart = unicodedata.normalize("NFD", word.casefold())
    return "".join(one for one in apart if not unicodedata.combining(one)).replace("’", "'")


def flattened(text: str) -> str:
    """Return a text without accents and case, letter for letter: places in it stay the same."""
    return text.lower() if text.isascii() else text.translate(_flat_letters())


def is_ordinary(word: str) -> bool:
    """Report whether a word is also an ordinary English word."""
    return folded(word) in words_of("words")


@cache
def words_of(name: str) -> frozenset[str]:
    """Return a list by its name: ``given``, ``surnames``, ``places`` or ``words``."""
    packed = files("careflow.ai.privacy").joinpath(_FOLDER, f"{name}.txt.gz").read_bytes()
    return frozenset(gzip.decompress(packed).decode().splitlines())


@cache
def _flat_letters() -> dict[int, str]:
    """Return each letter of the Latin, Greek and Cyrillic blocks as it is written flat."""
    flat = {0x2019: "'", 0x2018: "'", 0x00A0: " "}
    for code in range(0x600):
        letter = chr(code)
        base = unicodedata.normalize("NFD", letter.lower())[0].lower()
        if base != letter and len(base) == 1:
            flat[code] = base
    return flat

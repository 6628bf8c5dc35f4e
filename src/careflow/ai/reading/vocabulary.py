"""The words laboratory reports use around results: column heads, flags, bands, labels."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from importlib import resources
from typing import Any, Literal

Role = Literal[
    "serial", "test", "value", "unit", "range", "low", "high", "flag", "previous", "dated", "other"
]


def _read() -> dict[str, Any]:
    file = resources.files("careflow.ai.reading") / "vocabulary.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _by_word(groups: dict[str, list[str]]) -> dict[str, str]:
    return {word: meaning for meaning, words in groups.items() for word in words}


_WORDS = _read()

HEAD_PHRASES: dict[tuple[str, ...], Role] = {
    tuple(phrase.split()): role for role, phrases in _WORDS["heads"].items() for phrase in phrases
}
"""Column heads as tuples of lower-case words."""

HEAD_WORDS_MAX = max(len(words) for words in HEAD_PHRASES)

FLAG_WORDS = _by_word(_WORDS["flags"])
"""What a printed flag says. Signs and single letters count only after a value."""

FLAG_SIDE = frozenset(_WORDS["flag_side"])
"""Words that accompany a flag word ("mildly elevated", "out of range")."""

SEXES = _by_word(_WORDS["sexes"])
"""Words for whom a range is, as "M" or "F"."""

NORMAL_BANDS = frozenset(_WORDS["normal_bands"])
"""Labels of the band in which a result is as it should be."""

AGES = frozenset(_WORDS["ages"])
"""Words that tie a range to an age."""

BANDS = frozenset(_WORDS["bands"])
"""Names of bands and groups: a line that begins with one explains a result, it is none."""

NOT_TESTS = frozenset(_WORDS["not_tests"])
"""First words of lines about people, places, money and paper."""

NEVER = frozenset(_WORDS["never"])
"""Words that no test name holds, wherever they stand in it."""

PROSE = frozenset(_WORDS["prose"])
"""Words of sentences, which the names of tests do not hold."""

LABELS = {key: f"(?:{'|'.join(parts)})" for key, parts in _WORDS["labels"].items()}
"""Patterns of the labels before a patient's name, number and dates; "other" are those of others."""

PENDING = re.compile(
    r"^(pending|awaited|to follow|tnp|qns|not done|not tested|not performed|cancelled|canceled|"
    r"see (note|below|comment)s?|insufficient( sample)?|h(a)?emolys?zed|n/?a|-{1,3}|—|–|\.{2,})$",
    re.IGNORECASE,
)
"""What stands in place of a result when there is none."""


def letters(text: str) -> str:
    """Return the lower-case letters of a text without accents, nothing else."""
    return re.sub(r"[^a-z]", "", unicodedata.normalize("NFKD", text.lower()))


def is_prose(words: list[str]) -> bool:
    """Report whether words read like a sentence rather than a name."""
    plain = [re.sub(r"[^a-z']", "", word.lower()) for word in words]
    telling = sum(word in PROSE for word in plain)
    return telling >= 2 or (telling == 1 and len(words) > 5) or len(words) > 11

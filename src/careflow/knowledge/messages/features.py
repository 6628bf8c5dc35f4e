"""What a message is to a small model: its words, pairs of words and parts of words, as numbers."""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Iterator, Mapping
from math import sqrt

BUCKETS = 1 << 14
_READ_MAX = 4_000
"""Characters of a message that are looked at; what someone writes to a clinic is shorter."""
_PART = 4
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?|\d+|[?!$]")


def features(text: str, buckets: int = BUCKETS) -> Mapping[int, float]:
    """Return how much of each feature is in a text, together of length one."""
    counts: dict[int, float] = {}
    for name, weight in _named(words_of(text)):
        bucket = zlib.crc32(name.encode()) % buckets
        counts[bucket] = max(counts.get(bucket, 0.0), weight)
    length = sqrt(sum(value * value for value in counts.values())) or 1.0
    return {bucket: value / length for bucket, value in counts.items()}


def words_of(text: str) -> list[str]:
    """Return the words of the beginning of a text, plain and small; every number is one word."""
    plain = unicodedata.normalize("NFKD", text[:_READ_MAX].casefold().replace("’", "'"))
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return ["0" if word.isdigit() else word for word in _WORD.findall(plain)]


def _named(words: list[str]) -> Iterator[tuple[str, float]]:
    previous = "^"
    for word in words:
        yield word, 1.0
        yield f"{previous} {word}", 0.7
        previous = word
        bounded = f"<{word}>"
        for at in range(len(bounded) - _PART + 1):
            yield f"#{bounded[at : at + _PART]}", 0.4

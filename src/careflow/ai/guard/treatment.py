"""Advice in answers for patients that changes a treatment; only the record may give it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from careflow.ai.finding import Finding
from careflow.ai.words import folded

_CHANGE = re.compile(
    r"(?<!not )(?<!n't )(?<!never )(?<!without )(?<!before you )(?<!you )\b"
    r"(?P<verb>stop|discontinue|quit|double|triple|halve|skip|increase|decrease|reduce)\s+"
    r"(?:taking|using|your|the|all|both|its|any)\b"
    r"|\b(?:should|must|can|may|need to)\s+(?P<told>stop|discontinue|quit|double|triple|halve|skip|"
    r"increase|decrease|reduce)\b"
    r"|\b(?P<es>deje de|suspenda|duplique|aumente|reduzca|omita)\s+(?:tomar|la|el|su|sus)\b"
)


def changes_in(said: str, sources: str, *, place: str) -> Iterator[Finding]:
    """Yield the words of a text that change a treatment as no source does."""
    known = folded(sources)
    for one in _CHANGE.finditer(folded(said)):
        verb = one["verb"] or one["told"] or one["es"]
        if verb not in known:
            yield Finding("unsupported", said[slice(*one.span())], place)

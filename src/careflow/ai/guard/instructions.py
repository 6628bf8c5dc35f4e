"""Passages of a document that read like instructions to a program, in several languages."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib.resources import files

from careflow.ai.finding import Finding

_TABLE = files("careflow.ai.guard").joinpath("instructions.txt")


@cache
def _instruction() -> re.Pattern[str]:
    """Return the patterns of the table as one."""
    named: dict[str, str] = {}
    patterns: list[str] = []
    for line in _TABLE.read_text("utf-8").splitlines():
        if line.startswith("= "):
            _, name, pattern = line.split(" ", 2)
            named[f"{{{name}}}"] = pattern
        elif line and not line.startswith("#"):
            for name, pattern in named.items():
                line = line.replace(name, pattern)  # noqa: PLW2901 - the words go in
            patterns.append(f"(?:{line})")
    return re.compile("|".join(patterns), re.IGNORECASE | re.MULTILINE)


_LOOK_ALIKE = str.maketrans("аеорсхуіѕԁɡ0134@$", "aeopcxyisdgoieaas")
"""Letters and figures that stand in for Latin letters."""
_CONTEXT = 60


def instructions_in(text: str) -> list[Finding]:
    """Return the passages of a text that read like instructions; they stay in the text."""
    spans = [found.span() for found in _instruction().finditer(plain(text))]
    if not spans:
        spans = _disguised(text)
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and start <= merged[-1][1] + _CONTEXT:
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return [
        Finding("instruction", text[start:end][:160], f"input {start}-{end}")
        for start, end in merged
    ]


def _disguised(text: str) -> list[tuple[int, int]]:
    """Return passages that are instructions once look-alike and spaced letters are read."""
    spelled = plain(text).translate(_LOOK_ALIKE)
    found = [one.span() for one in _instruction().finditer(spelled)]
    spaced = re.finditer(r"(?:\b\w[ ._-]){8,}\w\b", text)
    for one in spaced:
        joined = re.sub(r"[ ._-]", "", one[0]).casefold()
        if re.search(r"ignore|disregard|instruction|system|prompt|reveal|forget", joined):
            found.append(one.span())
    return sorted(found)


def plain(text: str) -> str:
    """Return a text with Latin letters bare of accents, of the same length."""
    return text if text.isascii() else "".join(map(_bare, text))


def _bare(sign: str) -> str:
    if sign < "\x80" or (sign > "\u024f" and not "\uff01" <= sign <= "\uff5e" and sign not in "’‘"):
        return sign
    if sign in "’‘":
        return "'"
    return unicodedata.normalize("NFKD", sign)[0]

"""Passages of a document that read like instructions to a program, in several languages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from importlib.resources import files

from careflow.ai.finding import Finding
from careflow.ai.guard.disguises import encoded_in, readings_of
from careflow.ai.guard.triggers import Trigger, spans_in, triggers_of
from careflow.ai.task import Span

_TABLE = files("careflow.ai.guard").joinpath("instructions.txt")
_CONTEXT = 60
_SHOWN_MAX = 160
_SPELLED_OUT = re.compile(
    r"ignor|disregard|instruct|system|prompt|reveal|forget|override|assistant|output|report|"
    r"normal|answer|write|emergency|respond|select|summar"
)


@cache
def _instruction() -> tuple[Trigger, ...]:
    """Return the patterns of the table."""
    named: dict[str, str] = {}
    patterns: list[str] = []
    for line in _TABLE.read_text("utf-8").splitlines():
        if line.startswith("= "):
            _, name, pattern = line.split(" ", 2)
            named[f"{{{name}}}"] = pattern
        elif line and not line.startswith("#"):
            for name, pattern in named.items():
                line = line.replace(name, pattern)  # noqa: PLW2901 - the words go in
            patterns.append(line)
    return triggers_of(patterns)


def instructions_in(text: str) -> list[Finding]:
    """Return the passages of a text that read like instructions."""
    return [
        Finding("instruction", text[start:end][:_SHOWN_MAX], f"input {start}-{end}")
        for start, end in instruction_spans(text)
    ]


@lru_cache(maxsize=256)
def instruction_spans(text: str) -> list[Span]:
    """Return where the passages of a text stand that read like instructions, in order."""
    return _merged(sorted([*_found(text), *encoded_in(text)]))


def without_instructions(text: str) -> str:
    """Return a text with blanks where sentences read like instructions, of the same length."""
    for start, end in instruction_spans(text):
        low, high = _sentence(text, start, end)
        kept = re.sub(r"[^\n]", " ", text[low:high])
        text = text[:low] + kept + text[high:]
    return text


def _sentence(text: str, start: int, end: int) -> Span:
    low = max((one.end() for one in re.finditer(r"[.!?]\s|\n", text[:start])), default=0)
    after = re.search(r"[.!?](?=\s|$)|\n|$", text[end:])
    return low, end + (after.end() if after else 0)


def _found(text: str) -> Iterator[Span]:
    pattern = _instruction()
    yield from spans_in(pattern, plain(text))
    for reading in readings_of(text):
        if reading.places is not None and reading.whole != (0, len(text)):
            if _SPELLED_OUT.search(reading.text.replace(" ", "").casefold()):
                yield reading.whole
            continue
        if not _SPELLED_OUT.search(reading.text.casefold()):
            continue
        for span in spans_in(pattern, plain(reading.text)):
            yield reading.back(span)


def _merged(spans: Sequence[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in spans:
        if merged and start <= merged[-1][1] + _CONTEXT:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def plain(text: str) -> str:
    """Return a text with Latin letters bare of accents, of the same length."""
    return text if text.isascii() else "".join(map(_bare, text))


def _bare(sign: str) -> str:
    if sign < "\x80" or (sign > "\u024f" and not "\uff01" <= sign <= "\uff5e" and sign not in "’‘"):
        return sign
    if sign in "’‘":
        return "'"
    return unicodedata.normalize("NFKD", sign)[0]

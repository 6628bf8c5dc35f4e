"""Parts a text into statements: of a note by its lines, of a conversation by who speaks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from careflow.ai.task import Span

Speaker = Literal["clinician", "patient", ""]

_CLINICIANS: Final = (
    r"doctor(?:a)?|dr\.?|dra\.?|physician|provider|clinician|gp|nurse|rn|m[eé]dic[oa]"
    r"|enfermer[oa]|guest_clinician|d"
)
_OTHERS: Final = (
    r"patient|pt|paciente|caller|mother|father|mom|dad|parent|wife|husband|son|daughter|madre"
    r"|padre|guest_family|p"
)
_TURN: Final = re.compile(
    rf"(?:^|(?<=\n)|(?<=[.?!] )|(?<=[.?!]\s\s))[ \t]*(?:\[(?P<a>{_CLINICIANS}|{_OTHERS})\]:?"
    rf"|(?P<b>{_CLINICIANS}|{_OTHERS})[ \t]*:)[ \t]*",
    re.IGNORECASE,
)
_IS_CLINICIAN: Final = re.compile(rf"(?:{_CLINICIANS})$", re.IGNORECASE)
_BULLET: Final = re.compile(r"[ \t]*(?:[-*•·–▪◦>]+|\(?\d{1,2}[.)](?=\s)|[a-z]\)(?=\s))[ \t]*")
_END: Final = re.compile(
    r"(?<=[.!?])[\"')\]]*\s+(?=[A-ZÁÉÍÓÚÑ¿¡\d(\[\"'-])|(?<=\s[.!?])\s+|(?<=[a-z]{3}[!?])\s+"
)
_NOT_AN_END: Final = re.compile(
    r"(?:\b(?:dr|dra|mr|mrs|ms|sr|sra|vs|no|approx|st|jr|e\.g|i\.e|p\.o|b\.i\.d|t\.i\.d|q\.d|a\.m"
    r"|p\.m|hx|dx|tab|tabs|cap|mg|etc)|\b[A-Z])\.$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Statement:
    """Words of a source that say one thing.

    Attributes:
        span: Where they stand.
        heading: Where the heading above them stands, when they say little without it.
    """

    span: Span
    speaker: Speaker = ""
    heading: Span | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """What one person says without being interrupted."""

    speaker: Speaker
    start: int
    end: int


def turns_in(text: str) -> list[Turn]:
    """Return the turns of a conversation; none where a text is no conversation."""
    hits = list(_TURN.finditer(text))
    ends = [*(hit.start() for hit in hits[1:]), len(text)][: len(hits)]
    turns = [
        Turn(_speaker(hit["a"] or hit["b"]), hit.end(), end)
        for hit, end in zip(hits, ends, strict=True)
    ]
    kinds = {turn.speaker for turn in turns}
    return turns if {"clinician", "patient"} <= kinds else []


def _speaker(label: str) -> Speaker:
    return "clinician" if _IS_CLINICIAN.match(label) else "patient"


def paragraphs_in(text: str) -> Iterator[Span]:
    """Yield the lines of a note; a line that goes on in the next is one with it."""
    begin: int | None = None
    end = 0
    for line in re.finditer(r"[^\n]+", text):
        if not line[0].strip():
            continue
        if begin is not None and _goes_on(text[begin:end], line[0], text[end : line.start()]):
            end = line.end()
            continue
        if begin is not None:
            yield _trimmed(text, begin, end)
        begin, end = line.start(), line.end()
    if begin is not None:
        yield _trimmed(text, begin, end)


def _goes_on(before: str, line: str, between: str) -> bool:
    """Report whether a line goes on with the one before, as in text broken at a width."""
    if between.count("\n") > 1 or _BULLET.match(line):
        return False
    is_open = not re.search(r"[.:;!?]\s*$", before)
    return is_open and bool(re.match(r"\s*(?:[a-záéíóúñ(]|\d)", line)) and len(before) > 40


def sentences_in(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield the sentences between two places."""
    begin = start
    for hit in _END.finditer(text, start, end):
        if _NOT_AN_END.search(text[max(begin, hit.start() - 12) : hit.start()].rstrip("\"')]")):
            continue
        span = _trimmed(text, begin, hit.start())
        if span[0] < span[1]:
            yield span
        begin = hit.end()
    span = _trimmed(text, begin, end)
    if span[0] < span[1]:
        yield span


def without_bullet(text: str, span: Span) -> Span:
    """Return a line without the sign that it begins with."""
    hit = _BULLET.match(text, span[0], span[1])
    return _trimmed(text, hit.end(), span[1]) if hit and hit.end() < span[1] else span


def has_bullet(text: str, span: Span) -> bool:
    """Report whether a line begins with the sign of a list."""
    return _BULLET.match(text, span[0], span[1]) is not None


def _trimmed(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end

"""Names and numbers of people whom no source of an answer knows."""

from __future__ import annotations

import re
from collections.abc import Iterator

from careflow.ai.privacy.rules.lexicon import LISTED, NOT_A_NAME, Kind, kind_of
from careflow.ai.words import folded

_UPPER = r"[A-ZÁÉÍÓÚÑÜÖÄØÅÇ]"
_NAME = rf"{_UPPER}[a-záéíóúñüöäøåçß'’]+(?:-{_UPPER}[a-záéíóúñüöäøåç]+)?"
_PAIR = re.compile(
    rf"\b(?P<first>{_NAME}),?\s+(?:{_UPPER}\.\s+)?(?=(?P<last>{_NAME})\b)"
    r"(?!(?:Clinic|Hospital|Center|Centre|Health|Pharmacy|Medical)\b)"
)
_TITLED = re.compile(
    rf"\b(?:Mrs?|Ms|Mx|Dra?|Prof|Sra?|Srta|Nurse|Doctor|(?i:patients?|paciente|named|called))\.?\s+"
    rf"(?P<last>{_NAME})\b"
)
_NUMBER = re.compile(
    r"(?<![\w.-])(?:\d{3}-\d{2}-\d{4}|[A-Z]{1,5}[-# ]?\d{4,}(?:-\d+)?|\d{6,}|"
    r"\(?\d{3}\)?[-. ]\d{3}[-. ]\d{4}|[\w.+-]+@[\w-]+\.\w+)(?![\w])"
)
_CAPITAL = re.compile(r"[A-ZÁÉÍÓÚÑÜÖÄØÅÇ]")
_WITHIN = re.compile(rf"(?<=[a-z,]\s){_NAME}\b(?!\s(?:disease|syndrome|sign|test))")
_WORD = re.compile(r"[^\W_]+")


def strangers_in(said: str, sources: str) -> bool:
    """Report whether a text names a person, or gives a number of one, that no source holds."""
    digits = re.sub(r"\D", "", sources)
    if any(_is_strange(one[0], sources, digits) for one in _NUMBER.finditer(said)):
        return True
    if not _CAPITAL.search(said):
        return False
    known = set(_WORD.findall(folded(sources)))
    return any(not set(_WORD.findall(folded(" ".join(names)))) & known for names in _names_in(said))


def _names_in(said: str) -> Iterator[tuple[str, ...]]:
    """Yield the names of a text: two in a row, one behind a title, a surname within a sentence."""
    for one in _PAIR.finditer(said):
        first, last = kind_of(one["first"]), kind_of(one["last"])
        if (_is_name(first) and _may_be_name(last)) or (_may_be_name(first) and _is_name(last)):
            yield one["first"], one["last"]
    for one in _TITLED.finditer(said):
        if _may_be_name(kind_of(one["last"])):
            yield (one["last"],)
    for one in _WITHIN.finditer(said):
        if _is_name(kind_of(one[0])):
            yield (one[0],)


def _is_name(kind: int) -> bool:
    return bool(kind & LISTED) and not kind & NOT_A_NAME


def _may_be_name(kind: int) -> bool:
    return bool(kind & (LISTED | Kind.UNKNOWN | Kind.PLACE | Kind.WORD_NAME)) and not (
        kind & Kind.CLINICAL
    )


def _is_strange(number: str, sources: str, digits: str) -> bool:
    if number in sources:
        return False
    bare = re.sub(r"\D", "", number)
    return not bare or bare not in digits

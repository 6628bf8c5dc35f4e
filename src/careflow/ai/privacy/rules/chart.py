"""What the chart knows of the patient, found again in every way it may be written.

No pattern is compiled for a patient: the text is folded once and searched for plain strings.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

from careflow.ai.privacy.found import Found, Label
from careflow.ai.privacy.known import Known
from careflow.ai.privacy.rules.births import birth_forms
from careflow.ai.privacy.rules.cues import GREETINGS, RELATIONS, TITLES
from careflow.ai.privacy.rules.lexicon import flattened, is_ordinary

_PARTICLES = frozenset(
    [
        "de",
        "del",
        "la",
        "las",
        "los",
        "el",
        "y",
        "e",
        "da",
        "das",
        "do",
        "dos",
        "di",
        "du",
        "van",
        "von",
        "der",
        "den",
        "bin",
        "al",
        "san",
        "the",
        "of",
        "and",
        "mr",
        "mrs",
        "ms",
        "dr",
        "md",
        "rn",
        "jr",
        "sr",
        "ii",
        "iii",
        "iv",
    ]
)
_WORDS = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_STREET_WORDS = frozenset(
    [
        "street",
        "st",
        "avenue",
        "ave",
        "av",
        "road",
        "rd",
        "drive",
        "dr",
        "lane",
        "ln",
        "court",
        "ct",
        "boulevard",
        "blvd",
        "way",
        "place",
        "pl",
        "calle",
        "c",
        "apt",
        "unit",
        "suite",
        "ste",
        "north",
        "south",
        "east",
        "west",
        "n",
        "s",
        "e",
        "w",
        "box",
        "po",
        "hwy",
        "floor",
        "avda",
        "plaza",
        "paseo",
        "piso",
        "park",
        "county",
        "rural",
        "route",
        "hospital",
        "clinic",
        "school",
    ]
)
_CALLED = TITLES | RELATIONS | GREETINGS | {"pt", "patient", "client", "name"}
_SHORTEST_NUMBER = 4
_SHORTEST_PART = 2
_LONG_ENOUGH = 4
_TELEPHONE_DIGITS = 10
_NOT_SIGNS = re.compile(r"[\W_]+")
_SIGNS = re.compile(r"[^\W_]+")


def known_in(text: str, known: Known) -> Iterator[Found]:
    """Yield what the chart knows, wherever it stands."""
    flat = flattened(text)
    for name in (*known.names, *known.others):
        yield from _named(text, flat, name)
    for place in known.places:
        yield from _placed(flat, place)
    signs = _Signs(flat)
    for label, numbers in known.numbers.items():
        for number in numbers:
            yield from _numbered(flat, signs, number, label)
    if known.born is not None:
        yield from _born(flat, signs, known.born)


def name_parts(name: str) -> list[str]:
    """Return the words of a name that identify."""
    return [
        part
        for part in _WORDS.findall(name)
        if len(part) >= _SHORTEST_PART and part.casefold() not in _PARTICLES
    ]


def parts_in(text: str, flat: str, parts: Iterable[str]) -> Iterator[Found]:
    """Yield single parts of names; one that is also a word must begin with a capital."""
    for part in parts:
        is_word = is_ordinary(part) or len(part) < _LONG_ENOUGH
        for start, end in _standing(flat, flattened(part)):
            if not is_word or text[start].isupper() or _is_called(flat, start):
                yield Found(start, end, "NAME")


def _is_called(flat: str, start: int) -> bool:
    """Report whether the word before names a person: "pt hope", "her son will"."""
    before = _WORDS.findall(flat[max(start - 16, 0) : start].rstrip(" .:,("))
    return bool(before) and before[-1] in _CALLED


def _named(text: str, flat: str, name: str) -> Iterator[Found]:
    parts = name_parts(name)
    joined = [flattened(part) for part in parts]
    if not any(part in flat for part in joined) and not _could_be_initials(text, parts):
        return
    if len(parts) > 1:
        for form in (
            "".join(joined),
            ".".join(joined),
            "_".join(joined),
            joined[0] + joined[-1],
            joined[-1] + joined[0],
            joined[0][0] + joined[-1],
        ):
            for start in _starts(flat, form):
                yield Found(start, start + len(form), "NAME")
        for row in (joined, [joined[0], joined[-1]], [joined[-1], joined[0]]):
            yield from _run(flat, row, "NAME")
        yield from _initialled(text, flat, parts)
    yield from parts_in(text, flat, parts)


def _could_be_initials(text: str, parts: list[str]) -> bool:
    """Report whether the initials of a name are anywhere in a text."""
    if len(parts) < 2:
        return False
    first, last = parts[0][0].upper(), parts[-1][0].upper()
    return f"{first}{last}" in text or f"{first}.{last}" in text or f"{first}. {last}" in text


def _initialled(text: str, flat: str, parts: list[str]) -> Iterator[Found]:
    """Yield initials: "A.R.", "A. R.", "AR"; and those beside a part: "A. Ruiz", "Ana R."."""
    first, last = parts[0][0].upper(), parts[-1][0].upper()
    for form in (f"{first}.{last}.", f"{first}. {last}.", f"{first}.{last}", f"{first}{last}"):
        for start in _starts(text, form):
            end = start + len(form)
            if _stands(text, start, end) and (len(form) > 2 or _says_initials(text, start)):
                yield Found(start, end, "NAME")
    yield from _beside_family(text, flat, first, parts[-1])
    for start, end in _standing(flat, flattened(parts[0])):
        if text.startswith(f" {last}", end) and not text[end + 2 : end + 3].isalnum():
            yield Found(start, end + 2, "NAME")


def _beside_family(text: str, flat: str, first: str, family: str) -> Iterator[Found]:
    """Yield the initial of the given name before or after the family name."""
    for start, end in _standing(flat, flattened(family)):
        before = text[max(start - 3, 0) : start]
        for form in (f"{first}. ", f"{first}.", f"{first} "):
            if before.endswith(form) and not before[: -len(form)].isalnum():
                yield Found(start - len(form), end, "NAME")
        for form in (f", {first}", f" {first}"):
            if (
                text.startswith(form, end)
                and not text[end + len(form) : end + len(form) + 1].isalnum()
            ):
                yield Found(start, end + len(form), "NAME")


def _says_initials(text: str, start: int) -> bool:
    before = text[max(start - 12, 0) : start].rstrip(" :(").casefold()
    return before.endswith(("pt", "patient", "initials", "signed", "mr", "ms", "mrs", "by", "for"))


def _placed(flat: str, place: str) -> Iterator[Found]:
    words = _WORDS.findall(place)
    for word in words:
        known = flattened(word)
        if known in _STREET_WORDS or known in _PARTICLES or len(word) < _LONG_ENOUGH:
            continue
        if not is_ordinary(word) or len(words) == 1:
            for start, end in _standing(flat, known):
                yield Found(start, end, "GEO")
    named = [flattened(word) for word in words if not any(sign.isdigit() for sign in word)]
    for row in ([flattened(word) for word in words], named[:2]):
        if len(row) > 1:
            yield from _run(flat, row, "GEO")


def _run(flat: str, words: list[str], label: Label) -> Iterator[Found]:
    """Yield where words stand one after another, whatever parts them."""
    for start, end in _standing(flat, words[0]):
        at = end
        for word in words[1:]:
            gap = _NOT_SIGNS.match(flat, at)
            if gap is None or not flat.startswith(word, gap.end()):
                break
            at = gap.end() + len(word)
        else:
            yield Found(start, at, label)


def _numbered(flat: str, signs: _Signs, number: str, label: Label) -> Iterator[Found]:
    if "@" in number or "://" in number:
        for start in _starts(flat, flattened(number)):
            yield Found(start, start + len(number), label)
    wanted = _NOT_SIGNS.sub("", flattened(number))
    if len(wanted) < _SHORTEST_NUMBER:
        return
    forms = {wanted, wanted[-_TELEPHONE_DIGITS:]} if label in {"PHONE", "FAX"} else {wanted}
    for form in forms:
        yield from signs.where(form, label)


def _born(flat: str, signs: _Signs, born: date) -> Iterator[Found]:
    """Yield the date of birth in every order, with and without what parts it."""
    joined, shown = birth_forms(born)
    for form in joined:
        if form in signs.row:
            yield from signs.where(form, "DATE")
    for form in shown:
        if form in flat:
            for start, end in _standing(flat, form):
                yield Found(start, end, "DATE")


class _Signs:
    """The letters and digits of a text in a row, and where each stands."""

    def __init__(self, flat: str) -> None:
        self.flat = flat
        self.row = _NOT_SIGNS.sub("", flat)
        self._at: list[int] | None = None

    def where(self, form: str, label: Label) -> Iterator[Found]:
        """Yield where letters and digits follow each other, with whatever stands between them."""
        for first in _starts(self.row, form):
            start, end = self._place(first), self._place(first + len(form) - 1) + 1
            if _stands(self.flat, start, end) and "\n" not in self.flat[start:end]:
                yield Found(start, end, label)

    def _place(self, number: int) -> int:
        if self._at is None:
            self._at = [
                at for run in _SIGNS.finditer(self.flat) for at in range(run.start(), run.end())
            ]
        return self._at[number]


def _starts(text: str, form: str) -> Iterator[int]:
    start = text.find(form)
    while start >= 0:
        yield start
        start = text.find(form, start + 1)


def _standing(flat: str, word: str) -> Iterator[tuple[int, int]]:
    """Yield where a word stands by itself, with a possessive."""
    for start in _starts(flat, word):
        end = start + len(word)
        if _stands(flat, start, end):
            yield start, end


def _stands(text: str, start: int, end: int) -> bool:
    return not (text[start - 1 : start].isalnum() or text[end : end + 1].isalnum())

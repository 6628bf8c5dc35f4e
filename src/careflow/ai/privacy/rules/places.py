"""Towns, facilities and workplaces: by their noun, by what points to them, by the list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from careflow.ai.privacy.found import Found
from careflow.ai.privacy.rules.cues import AFTER_EPONYM, NOT_NAMES
from careflow.ai.privacy.rules.facilities import facility, forward
from careflow.ai.privacy.rules.lexicon import LISTED, NOT_A_NAME, Kind, words_of
from careflow.ai.privacy.rules.listed import listed
from careflow.ai.privacy.rules.name_shapes import is_eponym_here, is_followed
from careflow.ai.privacy.rules.place_words import (
    AT_WORDS,
    BRANDS,
    DEPARTMENTS,
    FACILITY,
    FROM_VERBS,
    GENERIC,
    KINDS_OF_PLACE,
    LANDFORMS,
    NOT_PLACES,
    PLACED_VERBS,
    SOFT_FACILITY,
    WHOLE_PLACES,
)
from careflow.ai.privacy.rules.tokens import Words

_BACK_MAX = 7
_ZIP = re.compile(r",?\s\d{5}(?:-\d{4})?\b(?!\s?[a-z%])")
_WORDS_IN_PLACE = 4
_SHORTEST = 3
_ACRONYM = range(3, 7)
_NEVER_FIRST = NOT_NAMES - listed("new north south east west los las la el saint st")
_LINKS = listed("of de del the and la")


def places_in(words: Words) -> Iterator[Found]:
    """Yield places that are smaller than a state."""
    done = -1
    for at in range(len(words.words)):
        if at <= done:
            continue
        run = _place_at(words, at)
        if run is None:
            continue
        start, end = run
        end = _with_kind(words, end)
        done = end - 1
        code = _ZIP.match(words.text, words.ends[done])
        yield Found(words.starts[start], code.end() if code else words.ends[done], "GEO")


def _with_kind(words: Words, end: int) -> int:
    """Return where a place ends with what it is: "Chicago downtown clinic"."""
    while end < len(words.words) and words.gaps[end] == " " and words.flat[end] in KINDS_OF_PLACE:
        end += 1
    return end


def _place_at(words: Words, at: int) -> tuple[int, int] | None:
    flat = words.flat[at]
    if words.is_capital(at):
        if (flat in FACILITY or flat in SOFT_FACILITY) and words.language == "en":
            run = facility(words, at)
            if run:
                return run
        if flat in {"st", "mt", "saint", "mount", "ft", "santa", "san"}:
            run = _saint(words, at)
            if run:
                return run
        return (
            _brand(words, at)
            or _pointed_to(words, at)
            or _listed(words, at)
            or _before_noun(words, at)
            or _landform(words, at)
        )
    if flat in FACILITY and words.language == "en":
        return facility(words, at)
    return None


def _saint(words: Words, at: int) -> tuple[int, int] | None:
    """Return "St. Vincent's", "Mt. Sinai" and the like."""
    first = at + 1
    if (
        first >= len(words.words)
        or words.gaps[first] not in {" ", ". "}
        or not words.is_capital(first)
    ):
        return None
    if words.flat[first] in NOT_NAMES or (words.flat[at] == "st" and words.words[at] == "ST"):
        return None
    after = first + 1
    if after < len(words.words) and words.flat[after] in AFTER_EPONYM and words.gaps[after] == " ":
        return None
    return at, forward(words, first + 1)


def _landform(words: Words, at: int) -> tuple[int, int] | None:
    """Return a town named after what is there: "near Kettle Falls", "(Tarrant Green)"."""
    following = at + 1
    if following >= len(words.words) or words.gaps[following] != " " or at == 0:
        return None
    if words.flat[following] not in LANDFORMS or not words.is_title(following):
        return None
    gap = words.gaps[at]
    is_said = gap in {", ", " ("} or (gap == " " and words.flat[at - 1] in AT_WORDS)
    kind = words.kind(at)
    if not is_said or kind & Kind.CLINICAL or words.flat[at] in NOT_NAMES or not words.is_title(at):
        return None
    return at, following + 1


def _brand(words: Words, at: int) -> tuple[int, int] | None:
    """Return a facility or employer that is known by its bare name."""
    flat = words.flat[at]
    count = len(words.words)
    if is_followed(words, at):
        return None
    if flat in BRANDS and (words.is_upper(at) or len(flat) > _WORDS_IN_PLACE):
        return at, forward(words, at + 1)
    if (
        at + 1 < count
        and words.gaps[at + 1] in {" ", "-"}
        and f"{flat} {words.flat[at + 1]}" in BRANDS
    ):
        return at, forward(words, at + 2)
    return None


def _pointed_to(words: Words, at: int) -> tuple[int, int] | None:
    """Return capitalised words after "seen at", "lives in", "works for" and the like."""
    if at == 0 or words.gaps[at] != " ":
        return None
    before = words.flat[at - 1]
    if words.is_upper(at) and words.is_upper(at - 1):
        return None
    here = at - 1
    if before in {"the", "our", "el", "la", "a"} and at >= 2:
        here -= 1
        before = words.flat[here]
    if before not in AT_WORDS:
        return None
    verbs = {words.flat[one] for one in range(max(here - 4, 0), here)}
    is_placed = verbs & PLACED_VERBS or (
        before in {"from", "near", "outside", "in"} and verbs & FROM_VERBS
    )
    if before not in {"at", "@"} and not is_placed:
        return None
    end = _capitals(words, at)
    telling = [
        one
        for one in range(at, end)
        if not _is_kind(words.flat[one])
        and not words.is_initial(one)
        and words.flat[one] not in NOT_NAMES
        and not _is_clinical(words, one)
    ]
    if not telling or end == at:
        return None
    if not is_placed and not _tells_alone(words, telling):
        return None
    is_acronym = end - at == 1 and words.is_upper(at)
    if is_acronym and (len(words.flat[at]) not in _ACRONYM or before == "in"):
        return None
    return at, end


def _capitals(words: Words, at: int) -> int:
    end, count = at, len(words.words)
    while end < count and end - at < _WORDS_IN_PLACE + 1:
        if end > at and words.gaps[end] not in {" ", "-", ". "}:
            break
        if end > at and words.gaps[end] == ". " and words.flat[end - 1] not in {"st", "mt", "ft"}:
            break
        flat = words.flat[end]
        leads_on = (
            end > at
            and flat in _LINKS
            and end + 1 < count
            and (words.is_capital(end + 1) and words.gaps[end + 1] == " ")
            and words.flat[end + 1] not in NOT_NAMES
        )
        if not leads_on and not (words.is_capital(end) and flat not in NOT_PLACES):
            break
        end += 1
    return end


def _is_clinical(words: Words, at: int) -> bool:
    kind = words.kind(at)
    flat = words.flat[at]
    if flat in words_of("clinical"):
        return True
    if kind & Kind.CLINICAL and not kind & (LISTED | Kind.PLACE) and not words.is_upper(at):
        return True
    return (
        bool(kind & Kind.EPONYM)
        and at + 1 < len(words.words)
        and words.flat[at + 1] in AFTER_EPONYM
    )


def _tells_alone(words: Words, telling: list[int]) -> bool:
    if len(telling) > 1:
        return not any(words.kind(one) & Kind.EPONYM for one in telling)
    at = telling[0]
    kind = words.kind(at)
    if words.is_upper(at) and not kind & (Kind.PLACE | LISTED):
        return False
    return bool(kind & (Kind.PLACE | LISTED | Kind.UNKNOWN)) and not kind & NOT_A_NAME


def _is_kind(flat: str) -> bool:
    return flat in GENERIC or flat in FACILITY or flat in DEPARTMENTS


@cache
def _first_words() -> frozenset[str]:
    """Return the words that begin a place of several words."""
    return frozenset(place.split(" ")[0] for place in words_of("places") if " " in place) | {"new"}


def _listed(words: Words, at: int) -> tuple[int, int] | None:
    """Return a town of the list, its longest name first."""
    places = words_of("places")
    count = len(words.words)
    longest = min(_WORDS_IN_PLACE, count - at) if words.flat[at] in _first_words() else 1
    for length in range(longest, 1, -1):
        span = range(at, at + length)
        if any(words.gaps[one] not in {" ", "-", ". "} for one in span[1:]):
            continue
        if not words.is_capital(at + length - 1) or words.flat[at] in _NEVER_FIRST:
            continue
        joined = " ".join(words.flat[one] for one in span)
        if joined in places or joined == "new york":
            return None if is_followed(words, at + length - 1) else (at, at + length)
    flat, kind = words.flat[at], words.kind(at)
    if len(flat) < _SHORTEST or flat in NOT_NAMES or kind & NOT_A_NAME or not kind & Kind.PLACE:
        return None
    if words.is_upper(at) and len(flat) <= _SHORTEST + 1:
        return None
    return None if is_eponym_here(words, at) else (at, at + 1)


def _before_noun(words: Words, at: int) -> tuple[int, int] | None:
    """Return "Ward Juniper", "Camp Pendleton", "Lake Tahoe"."""
    following = at + 1
    if words.flat[at] not in WHOLE_PLACES or following >= len(words.words):
        return None
    if (
        words.gaps[following] != " "
        or not words.is_capital(following)
        or words.flat[following] in NOT_NAMES
    ):
        return None
    kind = words.kind(following)
    if words.is_initial(following) or kind & Kind.CLINICAL:
        return None
    return at, following + 1

"""Hospitals, schools, workplaces: found by the noun that their name holds."""

from __future__ import annotations

import re

from careflow.ai.privacy.rules.cues import NOT_NAMES
from careflow.ai.privacy.rules.lexicon import LISTED, NOT_A_NAME, Kind
from careflow.ai.privacy.rules.listed import listed
from careflow.ai.privacy.rules.place_words import (
    CONNECTORS,
    DEPARTMENTS,
    FACILITY,
    GENERIC,
    NAMED_HOSPITALS,
    NOT_PLACES,
    SOFT_FACILITY,
)
from careflow.ai.privacy.rules.tokens import Words

_BACK_MAX = 7
_SPECIALITY = re.compile(
    r"(?:ology|ologic|ological|iatry|iatric|iatrics|ics|surgery|ectomy|itis|ing)$"
)
_OPENERS = NOT_NAMES - listed("saint st university new north south east west san general hospital")
"""Words that begin a sentence and not the name of a facility."""
_SHORT = listed("st mt ft dr u h fr sr")
_ONWARD = listed("of for at de del la and the in")
_AT = listed("at to from in the")


def facility(words: Words, at: int) -> tuple[int, int] | None:
    """Return a facility whose noun stands at a word: what is before it, and "of ..." after it."""
    start = _back(words, at)
    end = forward(words, at + 1)
    before = [at_ for at_ in range(start, at) if words.flat[at_] not in CONNECTORS]
    telling = [one for one in before if not is_generic(words, one)]
    is_lower = not words.is_capital(at)
    if is_lower:
        telling = [
            one
            for one in telling
            if words.kind(one) & (Kind.PLACE | LISTED | Kind.UNKNOWN)
            and not words.kind(one) & NOT_A_NAME
            and (words.is_title(one) or words.kind(one) & Kind.PLACE)
            and words.is_near(one + 1)
        ]
        return (telling[0], at + 1) if telling and telling[-1] == at - 1 else None
    if words.flat[at] in NAMED_HOSPITALS and _is_named_hospital(words, start, at):
        return start, end
    if any(words.flat[one] in NAMED_HOSPITALS for one in before) and not is_lower:
        return start, end
    if words.flat[at] in SOFT_FACILITY and not _tells(words, telling, start, len(before)):
        return None
    after = [one for one in range(at + 1, end) if words.flat[one] not in CONNECTORS]
    tells_after = [
        one for one in after if not is_generic(words, one) and not words.kind(one) & Kind.ORDINARY
    ]
    if not telling and not tells_after:
        is_bare_name = len(before) >= 1 and not any(_is_department(words, one) for one in before)
        return (start, end) if is_bare_name and _is_at(words, start) else None
    return start, end


def _tells(words: Words, telling: list[int], start: int, count: int) -> bool:
    """Report whether words before "Care" or "Surgery" name a place and do not only describe it."""
    if not telling:
        return False
    is_long = count > 1 and not words.is_upper(telling[-1])
    return (
        is_long
        or _is_at(words, start)
        or any(
            words.kind(one) & (Kind.PLACE | LISTED | Kind.UNKNOWN)
            and not words.kind(one) & NOT_A_NAME
            for one in telling
        )
    )


def _is_named_hospital(words: Words, start: int, at: int) -> bool:
    """Report whether a hospital is called so: "County Memorial", "Miami General"."""
    return start < at and not any(
        _is_department(words, one) or words.flat[one] in {"surgeon", "attorney", "in"}
        for one in range(start, at)
    )


def _is_at(words: Words, start: int) -> bool:
    return start > 0 and words.flat[start - 1] in _AT and not words.opens(start)


def _back(words: Words, at: int) -> int:
    """Return where the name of a facility begins whose noun stands at a word."""
    start = at
    while start > 0 and at - start < _BACK_MAX:
        gap = words.gaps[start]
        if not (gap in {" ", "-", ". ", ", ", " & ", ".", "/"} or gap in {"’ ", "' "}):
            break
        before = start - 1
        if gap == ", ":
            break
        if gap in {". ", "."} and words.flat[before] not in _SHORT:
            break
        if words.is_capital(before) and words.flat[before] not in NOT_PLACES:
            start = before
            continue
        if not _links(words, before, gap):
            break
        start = before
    while (
        start < at
        and words.flat[at] not in NAMED_HOSPITALS
        and (
            words.flat[start] in CONNECTORS
            or (words.opens(start) and words.flat[start] in _OPENERS)
        )
    ):
        start += 1
    return start


def forward(words: Words, at: int) -> int:
    """Return where the name of a facility ends: more nouns, a branch, "of" somewhere."""
    end, count = at, len(words.words)
    while end < count and end - at < _BACK_MAX:
        gap = words.gaps[end]
        flat = words.flat[end]
        if gap not in {" ", "-", " - ", " – ", " & "}:
            break
        if words.is_capital(end) and flat not in NOT_PLACES and flat not in NOT_NAMES:
            end += 1
            continue
        if words.is_capital(end) and (flat in FACILITY or flat in GENERIC):
            end += 1
            continue
        if flat in _ONWARD and end + 1 < count:
            following = end + 1
            if words.flat[following] in {"the", "la", "los", "las"}:
                following += 1
            if (
                following < count
                and words.gaps[following] == " "
                and words.is_capital(following)
                and (words.flat[following] not in NOT_NAMES)
                and (flat not in {"at", "and", "in"} or words.kind(following) & Kind.PLACE)
            ):
                end = following + 1
                continue
        break
    return end


def is_generic(words: Words, at: int) -> bool:
    """Report whether a word only says what kind of place it is."""
    flat = words.flat[at]
    return flat in GENERIC or flat in FACILITY or _is_department(words, at)


def _is_department(words: Words, at: int) -> bool:
    flat = words.flat[at]
    if flat in DEPARTMENTS:
        return True
    return bool(_SPECIALITY.search(flat)) and not words.kind(at) & (LISTED | Kind.PLACE)


def _links(words: Words, at: int, gap: str) -> bool:
    """Report whether a small word joins two capitals of one name: "Our Lady of Lourdes"."""
    return (
        words.flat[at] in CONNECTORS
        and at > 0
        and words.is_capital(at - 1)
        and gap == words.gaps[at] == " "
        and words.flat[at - 1] not in NOT_PLACES
    )

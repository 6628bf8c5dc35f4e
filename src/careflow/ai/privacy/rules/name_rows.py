"""Rows of words that are names by their shape: "FISHER, ELENA", "John Q. Public", "J. Smith"."""

from __future__ import annotations

from careflow.ai.privacy.rules.cues import NAME_VERBS, NOT_NAMES, PARTICLES
from careflow.ai.privacy.rules.lexicon import LISTED, NOT_A_NAME, Kind
from careflow.ai.privacy.rules.name_shapes import (
    QUOTED,
    extended,
    is_eponym_here,
    is_given,
    is_namelike,
    is_odd,
)
from careflow.ai.privacy.rules.tokens import Words

_INITIALS_MAX = 4
_DISEASES = frozenset({"disease", "syndrome", "sign", "palsy", "criteria", "disorder"})


def last_first(words: Words, at: int) -> tuple[int, int] | None:
    """Return "FISHER, ELENA M." and the like."""
    count = len(words.words)
    last = at + 1
    if words.is_initial(at) or words.flat[at] in NOT_NAMES or not _could_be_family(words, at):
        return None
    if not (words.opens(at) or words.is_upper(at)):
        return None
    if last < count and words.is_near(last) and words.is_capital(last):
        last += words.flat[last] not in NOT_NAMES
    for first in (at + 1, last):
        if first >= count or words.gaps[first] not in {", ", ","} or not words.is_capital(first):
            continue
        end = _given_end(words, at, first)
        if end:
            return at, end
    return None


def _given_end(words: Words, at: int, first: int) -> int:
    """Return where the given name after a comma ends; 0 if it is none."""
    if words.is_initial(first):
        return first + 1 if _is_family_initial(words, at, first) else 0
    if words.flat[first] in NOT_NAMES:
        return 0
    if _is_capital_given(words, first):
        return first + 2
    is_name = is_given(words, first) or _both_odd(words, at, first)
    return extended(words, first, is_strong=False) if is_name else 0


def _is_family_initial(words: Words, at: int, first: int) -> bool:
    """Report whether one letter stands for the given name: "ROSE, A."."""
    return (
        words.is_upper(at)
        and words.opens(at)
        and bool(words.kind(at) & Kind.SURNAME)
        and words.text[words.ends[first] : words.ends[first] + 1] == "."
    )


def _is_capital_given(words: Words, at: int) -> bool:
    """Report whether a given name that is also a word stands in capitals before an initial."""
    kind, following = words.kind(at), at + 1
    if not kind & Kind.GIVEN or kind & Kind.CLINICAL or not words.is_upper(at):
        return False
    return following < len(words.words) and words.is_near(following) and words.is_initial(following)


def _could_be_family(words: Words, at: int) -> bool:
    kind = words.kind(at)
    if kind & Kind.PLACE and not kind & LISTED:
        return False
    return bool(kind & (LISTED | Kind.UNKNOWN | Kind.LOOKS_CLINICAL)) and not (
        kind & Kind.CLINICAL and kind & Kind.ORDINARY
    )


def _both_odd(words: Words, at: int, first: int) -> bool:
    """Report whether neither word of a pair is any word that is known."""
    if words.language == "es" or words.is_upper(at) != words.is_upper(first):
        return False
    if not words.opens(at) and not words.is_upper(at):
        return False
    return is_odd(words, at) and is_odd(words, first)


def shaped(words: Words, at: int) -> tuple[int, int] | None:
    """Return a given name with what follows it, an initial with a family name, or odd pairs."""
    if words.is_initial(at):
        return _initial_first(words, at)
    following = at + 1
    if words.flat[at] in NOT_NAMES or following >= len(words.words):
        return None
    if not words.is_near(following) and words.gaps[following] not in QUOTED:
        return None
    kind = words.kind(at)
    given = is_given(words, at) or _is_given_before_family(words, at)
    given = given and not (words.is_upper(at) and kind & Kind.ORDINARY)
    if words.is_initial(following):
        return _with_initial(words, at) if given or is_odd(words, at) else None
    if not words.is_capital(following) and words.flat[following] not in PARTICLES:
        return None
    if given and not _opens_only(words, at):
        end = extended(words, at, is_strong=False)
        if end > following and not is_disease(words, end):
            return at, end
        return None
    return _odd_pair(words, at)


def _is_given_before_family(words: Words, at: int) -> bool:
    """Report whether a word that is also a given name stands before a sure family name."""
    kind, following = words.kind(at), at + 1
    if not kind & Kind.GIVEN or kind & Kind.CLINICAL or not words.is_capital(at):
        return False
    while following < min(len(words.words) - 1, at + _INITIALS_MAX) and words.is_near(following):
        if words.flat[following] in PARTICLES or words.is_initial(following):
            following += 1
            continue
        other = words.kind(following)
        if other & Kind.LOOKS_CLINICAL and words.is_title(following):
            following += 1
            continue
        break
    other = words.kind(following)
    is_family = other & (Kind.SURNAME | Kind.GIVEN | Kind.UNKNOWN) and not other & NOT_A_NAME
    return bool(is_family) and words.is_near(following) and words.is_title(following)


def _opens_only(words: Words, at: int) -> bool:
    """Report whether a word that may be a name just begins a sentence: "Will Continue"."""
    if not words.kind(at) & Kind.ORDINARY or not words.opens(at) or is_namelike(words, at + 1):
        return False
    return not (words.kind(at + 1) & LISTED) or not _is_subject(words, at + 2)


def _is_subject(words: Words, at: int) -> bool:
    """Report whether what follows a row of words is said of a person: a verb, an age, a bracket."""
    before = words.text[words.ends[at - 1] : words.ends[at - 1] + 3]
    if (
        before[:1] in {"(", "\n", ",", ";", ")"}
        or before[:2] == " ("
        or before[-1:].isdigit()
        or not before
    ):
        return True
    return at < len(words.words) and words.gaps[at] in {" ", ", "} and words.flat[at] in NAME_VERBS


def _odd_pair(words: Words, at: int) -> tuple[int, int] | None:
    """Return two words that only names can be."""
    following = at + 1
    if not is_odd(words, at) or words.is_upper(at) != words.is_upper(following):
        return None
    if not is_namelike(words, following) or is_eponym_here(words, following):
        return None
    both_unknown = words.kind(at) & words.kind(following) & Kind.UNKNOWN
    after = words.text[words.ends[following] : words.ends[following] + 1]
    if both_unknown and ((words.opens(at) and after == ":") or words.language == "es"):
        return None
    return at, extended(words, at, is_strong=False)


def is_disease(words: Words, end: int) -> bool:
    """Report whether a whole name is that of a disease: "Lou Gehrig's disease"."""
    return (
        end < len(words.words)
        and words.words[end - 1].endswith(("'s", "’s"))
        and words.flat[end] in _DISEASES
    )


def _initial_first(words: Words, at: int) -> tuple[int, int] | None:
    """Return "J. Smith" or "J.R. O'Neil"."""
    end, count = at + 1, len(words.words)
    if words.gaps[at][-1:] in {"-", "/"} or words.gaps[at][-1:].isdigit():
        return None
    if words.flat[at] == "a" and words.gaps[at + 1 : at + 2] == [" "]:
        return None
    while (
        end < min(count, at + _INITIALS_MAX)
        and words.is_initial(end)
        and words.gaps[end] in {".", ". ", " "}
    ):
        end += 1
    if end >= count or words.gaps[end] not in {". ", ".", " "} or not words.is_capital(end):
        return None
    kind = words.kind(end)
    if words.gaps[end] == " " and not (kind & Kind.SURNAME and words.opens(at)):
        return None
    is_name = kind & (LISTED | Kind.UNKNOWN) and not kind & Kind.CLINICAL
    if kind & Kind.ORDINARY and not kind & Kind.WORD_NAME and words.opens(at):
        is_name = is_name and _is_subject(words, end + 1)
    if not is_name or words.is_upper(end) or words.flat[end] in NOT_NAMES:
        return None
    return at, extended(words, end, is_strong=False)


def _with_initial(words: Words, at: int) -> tuple[int, int] | None:
    """Return "Robert L." or "John Q. Public"."""
    following = at + 1
    after = words.text[words.ends[following] : words.ends[following] + 2]
    if after[:1] in {"-", "/", "'", "’"} or after[:1].isdigit():
        return None
    if words.is_upper(at) and words.kind(at) & (NOT_A_NAME | Kind.UNKNOWN):
        return None
    if words.kind(at) & Kind.UNKNOWN and after[:1] != ".":
        return None
    return at, max(extended(words, at, is_strong=False), following + 1)

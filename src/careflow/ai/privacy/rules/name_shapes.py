"""Which words can be part of a name, and how far a name goes."""

from __future__ import annotations

from careflow.ai.privacy.rules.cues import (
    AFTER_EPONYM,
    BEFORE_EPONYM,
    CREDENTIALS,
    LABELS,
    NOT_NAMES,
    PARTICLES,
    ROLES,
)
from careflow.ai.privacy.rules.lexicon import LISTED, NOT_A_NAME, Kind
from careflow.ai.privacy.rules.tokens import Words

_WORDS_MAX = 5
_MODALS = frozenset({"may", "will"})
_ACRONYM_MAX = 4
QUOTED = frozenset({' "', '" ', " “", "” ", " (", ") ", " '", "' ", ' ("', '") '})


def is_midsentence(words: Words, at: int) -> bool:
    """Report whether a capital is there for the word's sake, not the sentence's."""
    if at == 0 or words.opens(at):
        return False
    return not words.is_capital(at - 1) or (
        words.opens(at - 1) and not words.is_upper(at - 1) and words.kind(at - 1) == Kind.ORDINARY
    )


def is_namelike(words: Words, at: int) -> bool:
    """Report whether a word is likely a name, given that something points to it."""
    if words.flat[at] in NOT_NAMES or len(words.words[at]) == 1:
        return False
    kind = words.kind(at)
    if kind & Kind.WORD_NAME and not words.is_upper(at):
        return True
    if (kind & Kind.UNKNOWN and not words.is_title(at)) or words.flat[at] in ROLES:
        return False
    if (
        words.is_upper(at)
        and len(words.words[at]) <= _ACRONYM_MAX
        and not _is_among_capitals(words, at)
    ):
        return False
    return bool(kind & (LISTED | Kind.UNKNOWN)) and not kind & NOT_A_NAME


def _is_among_capitals(words: Words, at: int) -> bool:
    """Report whether the words beside one are all capitals too, so that its own say nothing."""
    count = len(words.words)
    return (at > 0 and words.is_upper(at - 1)) or (at + 1 < count and words.is_upper(at + 1))


def could_be(words: Words, at: int) -> bool:
    """Report whether a capitalised word may be a name where something surely points to one."""
    flat, kind = words.flat[at], words.kind(at)
    if not words.is_capital(at) or flat in NOT_NAMES or flat in LABELS:
        return False
    if kind & Kind.WORD_NAME:
        return True
    if flat in ROLES or (words.is_upper(at) and flat in CREDENTIALS):
        return False
    if kind & Kind.CLINICAL and not kind & LISTED:
        return False
    if kind & Kind.ORDINARY:
        return bool(kind & LISTED) and not words.is_upper(at)
    return True


def is_odd(words: Words, at: int) -> bool:
    """Report whether a word is nothing but a family name or a word that nobody knows."""
    kind = words.kind(at)
    return bool(kind & (Kind.SURNAME | Kind.UNKNOWN)) and not kind & NOT_A_NAME


def is_given(words: Words, at: int) -> bool:
    """Report whether a capitalised word is a given name, or may well be one."""
    kind = words.kind(at)
    return (
        words.is_capital(at)
        and bool(kind & Kind.GIVEN)
        and (not kind & NOT_A_NAME or bool(kind & Kind.WORD_NAME))
    )


def is_eponym_here(words: Words, at: int) -> bool:
    """Report whether a name belongs to a disease, a sign or a tool where it stands."""
    if words.kind(at) & Kind.EPONYM or is_followed(words, at):
        return True
    return (
        words.language == "es"
        and at > 1
        and (words.flat[at - 1] == "de" and words.flat[at - 2] in BEFORE_EPONYM)
    )


def is_followed(words: Words, at: int) -> bool:
    """Report whether a disease, a sign or a tool is what a name goes with."""
    following = at + 1
    if following >= len(words.words):
        return False
    gap = words.gaps[following]
    if gap in {"-", "–"}:
        following += 1
    return (
        following < len(words.words)
        and gap in {" ", "-", "–"}
        and words.flat[following] in AFTER_EPONYM
    )


def extended(words: Words, first: int, *, is_strong: bool) -> int:
    """Return where a name ends that begins at a word; the word itself if it is none."""
    at, count = first, len(words.words)
    while at < count and at - first < _WORDS_MAX:
        if at > first and not (words.is_near(at) or _is_joined(words, first, at, is_strong)):
            break
        if words.flat[at] in PARTICLES and not words.is_initial(at):
            if not _leads_on(words, at):
                break
            at += 1
            continue
        if not _belongs(words, at, first, is_strong=is_strong):
            break
        at += 1
    while at > first and words.flat[at - 1] in PARTICLES and words.words[at - 1][0].islower():
        at -= 1
    return at


def _leads_on(words: Words, at: int) -> bool:
    """Report whether a capital follows particles: "van der Velde"."""
    count = len(words.words)
    while at < count and words.flat[at] in PARTICLES and words.words[at][0].islower():
        at += 1
        if at >= count or not words.is_near(at):
            return False
    return words.words[at][0].isupper() and words.flat[at] not in NOT_NAMES


def _is_joined(words: Words, first: int, at: int, is_strong: bool) -> bool:  # noqa: FBT001 - one call
    """Report whether a comma or a quotation mark stands inside a name."""
    gap = words.gaps[at]
    if gap in {", ", ","} and at - first <= 2:
        if is_strong and words.kind(at) & Kind.GIVEN:
            return True
        return is_given(words, at) or (is_strong and is_odd(words, at) and words.opens_row(at))
    return gap in QUOTED and (is_given(words, at) or (at - first > 1 and is_odd(words, at)))


def _belongs(words: Words, at: int, first: int, *, is_strong: bool) -> bool:
    """Report whether a word goes on with a name."""
    if not words.is_capital(at):
        return False
    flat = words.flat[at]
    if words.is_initial(at):
        return at > first or is_strong or words.gaps[at + 1 : at + 2] in [[". "], ["."], [" "]]
    if is_strong and at == first and flat in _MODALS:
        return True
    if flat in NOT_NAMES or (flat in CREDENTIALS and words.is_upper(at)):
        return False
    kind = words.kind(at)
    if flat in LABELS and not kind & LISTED:
        return False
    if kind & Kind.WORD_NAME or (kind & LISTED and not kind & NOT_A_NAME):
        return True
    return _may_belong(words, at, first, is_strong=is_strong)


def _may_belong(words: Words, at: int, first: int, *, is_strong: bool) -> bool:
    """Report whether a word that is something else too, or nothing known, goes on with a name."""
    kind = words.kind(at)
    is_upper = words.is_upper(at)
    if kind & LISTED and at > first and not is_upper and _is_plainly_given(words, at - 1):
        return True
    if kind & Kind.CLINICAL and not (is_strong and kind & LISTED):
        return False
    if kind & Kind.EPONYM and not is_strong:
        return at > first and _is_plainly_given(words, at - 1) and not is_followed(words, at)
    if kind & Kind.ORDINARY:
        return _word_belongs(words, at, first, is_strong=is_strong)
    return is_strong or at > first or not kind & Kind.LOOKS_CLINICAL


def _word_belongs(words: Words, at: int, first: int, *, is_strong: bool) -> bool:
    """Report whether an ordinary word is a family name here: "Hope Field", "Sunny Day"."""
    kind = words.kind(at)
    if words.is_upper(at):
        return bool(kind & LISTED) and at > first and words.is_upper(first)
    if kind & (LISTED | Kind.PLACE):
        return True
    return is_strong and at == first and not kind & Kind.CLINICAL


def _is_plainly_given(words: Words, at: int) -> bool:
    kind = words.kind(at)
    return bool(kind & Kind.GIVEN) and not kind & NOT_A_NAME

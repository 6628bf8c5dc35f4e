"""How names look: which words go on with one, and which rows of words are one by themselves."""

from __future__ import annotations

from careflow.ai.privacy.rules.cues import (
    AFTER_EPONYM,
    CREDENTIALS,
    LABELS,
    NAME_VERBS,
    NOT_NAMES,
    PARTICLES,
    ROLES,
)
from careflow.ai.privacy.rules.lexicon import LISTED, NOT_A_NAME, Kind
from careflow.ai.privacy.rules.tokens import Words

_WORDS_MAX = 5
_ACRONYM_MAX = 4
_QUOTED = frozenset({' "', '" ', " “", "” ", " (", ") ", " '", "' ", ' ("', '") '})
_DISEASES = frozenset({"disease", "syndrome", "sign", "palsy", "criteria", "disorder"})


def is_midsentence(words: Words, at: int) -> bool:
    """Report whether a capital is there for the word's sake, not the sentence's."""
    return at > 0 and not words.opens(at) and not words.words[at - 1][0].isupper()


def is_namelike(words: Words, at: int) -> bool:
    """Report whether a word is likely a name, given that something points to it."""
    if words.flat[at] in NOT_NAMES or len(words.words[at]) == 1:
        return False
    kind = words.kind(at)
    if kind & Kind.WORD_NAME and not words.is_upper(at):
        return True
    if kind & Kind.UNKNOWN and not words.is_title(at):
        return False
    if words.is_upper(at) and len(words.words[at]) <= _ACRONYM_MAX and not _is_among_capitals(words, at):
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
    return bool(words.kind(at) & Kind.EPONYM) or is_followed(words, at)


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
    if gap in {", ", ","} and at - first <= 2:  # noqa: PLR2004 - family names are at most two.
        return is_given(words, at) or (is_strong and is_odd(words, at) and words.opens_row(at))
    return gap in _QUOTED and (is_given(words, at) or (at - first > 1 and is_odd(words, at)))


def _belongs(words: Words, at: int, first: int, *, is_strong: bool) -> bool:
    """Report whether a word goes on with a name."""
    if not words.is_capital(at):
        return False
    flat = words.flat[at]
    if words.is_initial(at):
        return at > first or is_strong or words.gaps[at + 1 : at + 2] in [[". "], ["."], [" "]]
    if flat in NOT_NAMES or (flat in CREDENTIALS and words.is_upper(at)):
        return False
    kind = words.kind(at)
    if flat in LABELS and not kind & LISTED:
        return False
    if kind & Kind.WORD_NAME or (kind & LISTED and not kind & NOT_A_NAME):
        return True
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
        if words.is_initial(first) or words.flat[first] in NOT_NAMES:
            continue
        if is_given(words, first) or _both_odd(words, at, first):
            return at, extended(words, first, is_strong=False)
    return None


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
    if not words.is_near(following) and words.gaps[following] not in _QUOTED:
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
        if end > following and not _is_disease(words, end):
            return at, end
        return None
    return _odd_pair(words, at)


def _is_given_before_family(words: Words, at: int) -> bool:
    """Report whether a word that is also a given name stands before a sure family name."""
    kind, following = words.kind(at), at + 1
    if not kind & Kind.GIVEN or kind & Kind.CLINICAL or not words.is_capital(at):
        return False
    while following < len(words.words) - 1 and words.is_near(following):
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
    if before[:1] in {"(", "\n", ",", ";", ")"} or before[:2] == " (" or before[-1:].isdigit() or not before:
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


def _is_disease(words: Words, end: int) -> bool:
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
    while end < count and words.is_initial(end) and words.gaps[end] in {".", ". ", " "}:
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

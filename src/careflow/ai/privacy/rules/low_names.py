"""Names written without capitals."""

from __future__ import annotations

from careflow.ai.privacy.rules.cues import NAME_VERBS, NOT_NAMES
from careflow.ai.privacy.rules.lexicon import LISTED, NOT_A_NAME, Kind
from careflow.ai.privacy.rules.listed import listed
from careflow.ai.privacy.rules.name_shapes import is_eponym_here
from careflow.ai.privacy.rules.tokens import Words

_LOOSELY = listed("called named nicknamed child baby children kids siblings parents twin alias aka")
_SHORTEST_LONE = 3
_WORDS = Kind.ORDINARY | Kind.CLINICAL
_SHORTEST_UNKNOWN = 4
_NOT_LOW = frozenset({"will", "may", "mark", "grant", "pat", "chase", "art", "drew"})
_PATIENT = frozenset({"pt", "patient", "client"})


def low_labelled(words: Words, first: int) -> tuple[int, int] | None:
    """Return a name without capitals after a label: "pt: marlowe, quentin"."""
    kind = words.kind(first)
    if kind & NOT_A_NAME or not kind & (Kind.GIVEN | Kind.SURNAME | Kind.UNKNOWN):
        return None
    following = first + 1
    if following < len(words.words) and words.gaps[following] in {", ", ","}:
        other = words.kind(following)
        if other & (Kind.GIVEN | Kind.UNKNOWN) and not other & _WORDS:
            return first, following + 1
    return first, low_end(words, following)


def low_titled(words: Words, first: int) -> tuple[int, int] | None:
    """Return a name that is a word too, after a title: "dr hill paged", "mr will day"."""
    following, kind = first + 1, words.kind(first)
    if words.language != "en" or words.flat[first] in NOT_NAMES or not kind & LISTED:
        return None
    if following >= len(words.words) or words.gaps[following] != " ":
        return (first, following) if kind & Kind.SURNAME else None
    other = words.kind(following)
    if kind & Kind.WORD_NAME and other & Kind.SURNAME and words.flat[following] not in NAME_VERBS:
        return first, following + 1
    verb = words.flat[following]
    acts = verb in NAME_VERBS or verb.endswith("ed")
    return (first, following) if acts and kind & Kind.SURNAME else None


def low_name(words: Words, at: int) -> tuple[int, int] | None:
    """Return a given name written without a capital, with the family name after it."""
    kind, following = words.kind(at), at + 1
    if words.language == "es" or len(words.flat[at]) < _SHORTEST_LONE:
        return None
    if kind & NOT_A_NAME:
        is_pair = kind & Kind.WORD_NAME and _is_low_family(words, following)
        is_pair = is_pair and words.flat[at] not in _NOT_LOW
        return (at, following + 1) if is_pair else None
    if is_eponym_here(words, at):
        return None
    if kind & Kind.GIVEN:
        return at, low_end(words, following)
    if kind & (Kind.UNKNOWN | Kind.SURNAME) and _is_low_family(words, following):
        return at, following + 1
    return None


def _is_low_family(words: Words, at: int) -> bool:
    """Report whether a word without a capital, after another, can only be a family name."""
    if at >= len(words.words) or words.gaps[at] not in {" ", "_"} or words.is_capital(at):
        return False
    kind = words.kind(at)
    return bool(kind & Kind.SURNAME) and not kind & NOT_A_NAME


def low_end(words: Words, at: int) -> int:
    """Return where a name without capitals ends."""
    if at >= len(words.words) or words.gaps[at] not in {" ", "_"} or words.is_capital(at):
        return at
    if words.is_initial(at) or len(words.words[at]) == 1:
        return at + 1 if _is_low_family(words, at + 1) else at
    kind = words.kind(at)
    is_family = kind & (Kind.SURNAME | Kind.UNKNOWN) and not kind & _WORDS
    return at + 1 if is_family or _is_word_family(kind) else at


def _is_word_family(kind: int) -> bool:
    return bool(kind & Kind.WORD_NAME and kind & Kind.SURNAME and not kind & Kind.CLINICAL)


def low_after(words: Words, at: int, first: int) -> tuple[int, int] | None:
    """Return a name without a capital after a relation: "daughter yolanda"."""
    kind = words.kind(first)
    if words.language != "en" or words.gaps[first] not in {" ", ", "} or first != at + 1:
        return None
    told = Kind.GIVEN if words.flat[at] in _LOOSELY else Kind.GIVEN | Kind.UNKNOWN
    is_name = kind & told and not kind & NOT_A_NAME
    if kind & Kind.WORD_NAME and words.flat[first] not in _NOT_LOW and first + 1 < len(words.words):
        other = words.kind(first + 1)
        if words.gaps[first + 1] == " " and other & Kind.SURNAME and not other & Kind.CLINICAL:
            return first, first + 2
    if words.flat[at] in _PATIENT:
        is_name = is_name and bool(kind & Kind.GIVEN)
    if not is_name or len(words.flat[first]) < _SHORTEST_UNKNOWN:
        return None
    return first, low_end(words, first + 1)

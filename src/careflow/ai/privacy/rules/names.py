"""Names of people: by titles, labels, relations and roles, by their shape, and by the lists."""

from __future__ import annotations

import re
from collections.abc import Iterator

from careflow.ai.privacy.found import Found
from careflow.ai.privacy.rules.cues import (
    AFTER_EPONYM,
    CREDENTIALS,
    CUES,
    GREETINGS,
    LABELS,
    NOT_NAMES,
    PARTICLES,
    RELATIONS,
    ROLES,
    TITLES,
)
from careflow.ai.privacy.rules.lexicon import LISTED, NOT_A_NAME, Kind
from careflow.ai.privacy.rules.tokens import Words

_WORDS_MAX = 5
_SHORTEST_LONE = 3
_SHORTEST_UPPER = 4
_INITIALS = re.compile(r"(?<![\w.])([A-Z])\.\s?([A-Z])\.(?:\s?([A-Z])\.)?(?![\w])")
_NOT_INITIALS = frozenset(
    "US PO IV IM MD DO RN HS PM AM NP PA OD OS OU CC DC ER ED SC GI GU CT LL ST QD BI TI QI PR AC PC SL "
    "SQ UK EU IE EG AD BC QO QH DM PR BM TV".split()
)
_TWO_INITIALS = re.compile(
    r"\b(?:pt|patient|initials|initialed|name|mr|ms|mrs|client|signed|resident)\b[.:]?\s+(?:is\s+|by\s+|named\s+)?"
    r"([A-Z]{2,3})\b(?=\s*(?:[,.;)]|$|is\b|was\b|has\b|\())",
    re.IGNORECASE,
)


def names_in(words: Words) -> Iterator[Found]:
    """Yield names, and each part of a name that is sure again wherever it stands."""
    sure: set[str] = set()
    found: list[tuple[int, int]] = []
    at, count = 0, len(words.words)
    while at < count:
        run = _run_at(words, at)
        if run is None:
            at += 1
            continue
        start, end = run
        found.append(run)
        if end - start > 1 or _is_sure(words, start):
            sure.update(_telling_parts(words, start, end))
        at = end
    for start, end in found:
        words.taken.update(range(start, end))
        yield Found(words.starts[start], _end_of(words, end - 1), "NAME")
    yield from _again(words, sure)
    yield from _initials(words.text)


def _run_at(words: Words, at: int) -> tuple[int, int] | None:
    """Return the words ``[start, end)`` of a name that something at this word points to."""
    flat = words.flat[at]
    if flat in TITLES and (run := _after_title(words, at)):
        return run
    if flat in LABELS or flat in ROLES or flat in RELATIONS or flat in GREETINGS or flat in CUES:
        run = _after_cue(words, at)
        if run:
            return run
    if words.is_capital(at):
        return _last_first(words, at) or _by_shape(words, at) or _lone(words, at)
    return _lower_case(words, at)


def _after_title(words: Words, at: int) -> tuple[int, int] | None:
    """Return the name after "Dr." or "Mrs"; after "Drs." the next call finds the others."""
    first = at + 1
    count = len(words.words)
    if first < count and words.flat[first] in {"and", "&"} | TITLES:
        return None
    if first >= count or not _follows(words, first, {" ", ". ", ".", "  ", ".  "}):
        return None
    is_written_so = words.words[at][0].isupper() or words.words[at] in {"dr", "mr", "mrs", "ms"}
    end = _extended(words, first, is_strong=True)
    if end > first:
        return (first, end) if is_written_so or _is_namelike(words, first) else None
    kind = words.kind(first)
    is_low = not words.is_capital(first) and kind & (LISTED | Kind.UNKNOWN)
    if is_low and not kind & NOT_A_NAME and len(words.flat[first]) > 2:
        return first, _low_end(words, first + 1)
    return None


def _follows(words: Words, at: int, gaps: set[str]) -> bool:
    return words.gaps[at] in gaps


def _after_cue(words: Words, at: int) -> tuple[int, int] | None:
    """Return the name after a label, a role, a relation, a greeting or a verb."""
    first = at + 1
    flat = words.flat[at]
    count = len(words.words)
    while (
        first < count
        and words.flat[first]
        in {"is", "was", "by", "name", "named", "called", "id", "nurse", "provider", "physician"}
        and words.gaps[first] in {" ", ": ", ":", " ("}
    ):
        first += 1
    if first >= count or first - at > 4:
        return None
    gap = words.gaps[first].replace("\t", " ")
    has_colon = (
        bool(re.fullmatch(r"\s*(?:\([sS]\))?\s*(?::|=|\||-|–|—|#)+\s*[\"'“(]?\s*", gap))
        and "\n\n" not in gap
    )
    is_strong = (flat in LABELS and has_colon) or (
        flat in GREETINGS and re.fullmatch(r"[ ,]{1,2}|[:,]?\s*\n\s*[-–—]?\s*", gap) is not None
    )
    if flat in RELATIONS or (flat in LABELS | ROLES and not has_colon):
        is_strong = is_strong or (gap in {" ", ", ", " (", ' "', " “"} and flat in RELATIONS)
    if not (is_strong or gap in {" ", ", ", " (", ": ", "  ", ",  "} or has_colon):
        return None
    if flat in CUES and not (gap == " " and is_midsentence(words, first)):
        return None
    if not words.is_capital(first):
        return None
    is_upper_line = words.is_upper(first) and words.is_upper(at)
    if _is_eponym_here(words, first):
        return None
    if not _is_namelike(words, first) and (
        not is_strong or _cannot_be(words, first, is_upper_line)
    ):
        return None
    end = _extended(words, first, is_strong=is_strong)
    return (first, end) if end > first else None


def is_midsentence(words: Words, at: int) -> bool:
    """Report whether a capital is there for the word's sake, not the sentence's."""
    return at > 0 and not words.opens(at) and not words.words[at - 1][0].isupper()


def _cannot_be(words: Words, at: int, is_upper_line: bool) -> bool:
    """Report whether a capitalised word after a cue is none the less no name."""
    kind = words.kind(at)
    flat = words.flat[at]
    if flat in NOT_NAMES or flat in LABELS or (flat in ROLES and not kind & Kind.WORD_NAME):
        return True
    if words.is_upper(at) and not is_upper_line and kind & Kind.CLINICAL:
        return True
    if kind & Kind.CLINICAL and not kind & LISTED:
        return True
    return bool(kind & Kind.ORDINARY and not kind & (LISTED | Kind.WORD_NAME)) or bool(
        kind & Kind.ORDINARY and words.is_upper(at) and not kind & Kind.WORD_NAME
    )


def _is_namelike(words: Words, at: int) -> bool:
    """Report whether a word would be a name by itself, given that something points to it."""
    if words.flat[at] in NOT_NAMES or len(words.words[at]) == 1:
        return False
    kind = words.kind(at)
    if kind & Kind.WORD_NAME and not words.is_upper(at):
        return True
    if kind & Kind.UNKNOWN and words.is_upper(at):
        return False
    return bool(kind & (LISTED | Kind.UNKNOWN)) and not kind & NOT_A_NAME


def _extended(words: Words, first: int, *, is_strong: bool) -> int:
    """Return where a name ends that begins at a word."""
    at, count = first, len(words.words)
    while at < count and at - first < _WORDS_MAX:
        if at > first and not (words.is_near(at) or _is_comma_in_name(words, first, at)):
            break
        if words.flat[at] in PARTICLES and at + 1 < count and words.is_near(at + 1):
            if words.words[at + 1][0].isupper() and (at > first or not words.is_initial(at)):
                at += 1
                continue
            break
        if not _belongs(words, at, first, is_strong=is_strong):
            break
        at += 1
    while at > first and words.flat[at - 1] in PARTICLES and not words.is_initial(at - 1):
        at -= 1
    return at


def _is_comma_in_name(words: Words, first: int, at: int) -> bool:
    """Report whether a comma parts the family name from the given name."""
    return words.gaps[at] in {", ", ","} and at - first <= 2 and _is_given(words, at)


def _is_given(words: Words, at: int) -> bool:
    kind = words.kind(at)
    return (
        words.is_capital(at)
        and bool(kind & Kind.GIVEN)
        and (not kind & NOT_A_NAME or bool(kind & Kind.WORD_NAME))
    )


def _belongs(words: Words, at: int, first: int, *, is_strong: bool) -> bool:
    """Report whether a capitalised word goes on with a name."""
    if not words.is_capital(at):
        return False
    flat = words.flat[at]
    if words.is_initial(at):
        return at > first or is_strong or words.gaps[at + 1 : at + 2] in [[". "], ["."], [" "]]
    if flat in NOT_NAMES or (flat in CREDENTIALS and words.is_upper(at)):
        return False
    if flat in LABELS and not words.kind(at) & LISTED:
        return False
    kind = words.kind(at)
    if kind & Kind.WORD_NAME or (kind & LISTED and not kind & NOT_A_NAME):
        return True
    if kind & LISTED and at > first and not words.is_upper(at) and _is_plainly_given(words, at - 1):
        return True
    if kind & (Kind.CLINICAL | Kind.EPONYM) and not is_strong:
        return False
    if kind & Kind.ORDINARY:
        if words.is_upper(at):
            return bool(kind & LISTED) and at > first and words.is_upper(first)
        return bool(kind & (LISTED | Kind.PLACE)) or (
            is_strong and at == first and not kind & Kind.CLINICAL
        )
    return True


def _is_plainly_given(words: Words, at: int) -> bool:
    kind = words.kind(at)
    return bool(kind & Kind.GIVEN) and not kind & NOT_A_NAME


def _last_first(words: Words, at: int) -> tuple[int, int] | None:
    """Return "FISHER, ELENA M." and the like."""
    count = len(words.words)
    last = at + 1
    if (
        last < count
        and words.is_near(last)
        and words.is_capital(last)
        and words.flat[last] not in NOT_NAMES
    ):
        last += 1
    for first in {at + 1, last}:
        if first >= count or words.gaps[first] not in {", ", ","} or not words.is_capital(first):
            continue
        if words.flat[at] in NOT_NAMES or words.is_initial(at) or words.is_initial(first):
            continue
        if not _could_be_part(words, at) or not (words.opens(at) or words.is_upper(at)):
            continue
        if not (_is_given(words, first) or _both_odd(words, at, first)):
            continue
        if words.kind(at) & Kind.PLACE and not words.kind(at) & LISTED:
            continue
        return at, _extended(words, first, is_strong=False)
    return None


def _could_be_part(words: Words, at: int) -> bool:
    kind = words.kind(at)
    return bool(kind & (LISTED | Kind.UNKNOWN)) and not (
        kind & Kind.CLINICAL and kind & Kind.ORDINARY
    )


def _both_odd(words: Words, at: int, first: int) -> bool:
    """Report whether neither word of a pair is any word that is known."""
    if words.is_upper(at) != words.is_upper(first) or not words.opens(at):
        return False
    return all(
        words.kind(one) & (LISTED | Kind.UNKNOWN) and not words.kind(one) & NOT_A_NAME
        for one in (at, first)
    )


def _by_shape(words: Words, at: int) -> tuple[int, int] | None:
    """Return a given name with what follows it, an initial with a family name, or odd pairs."""
    count = len(words.words)
    following = at + 1
    if words.is_initial(at):
        return _initial_first(words, at)
    if words.flat[at] in NOT_NAMES:
        return None
    kind = words.kind(at)
    if following >= count or not words.is_near(following):
        return None
    is_given = _is_given(words, at) and not (words.is_upper(at) and kind & Kind.ORDINARY)
    is_odd = bool(kind & (Kind.SURNAME | Kind.UNKNOWN)) and not kind & NOT_A_NAME
    if words.is_initial(following):
        return _with_initial(words, at) if is_given or is_odd else None
    if not words.is_capital(following) and words.flat[following] not in PARTICLES:
        return None
    if is_given and not (
        kind & Kind.ORDINARY and words.opens(at) and not _is_namelike(words, following)
    ):
        end = _extended(words, at, is_strong=False)
        return (at, end) if end > following and not _is_disease(words, end) else None
    if (
        is_odd
        and _is_namelike(words, following)
        and words.is_upper(at) == words.is_upper(following)
    ):
        if words.kind(following) & Kind.UNKNOWN and kind & Kind.UNKNOWN and words.opens(at):
            return None
        return at, _extended(words, at, is_strong=False)
    return None


def _is_disease(words: Words, end: int) -> bool:
    """Report whether a whole name is that of a disease: "Lou Gehrig's disease"."""
    return (
        end < len(words.words)
        and words.words[end - 1].endswith(("'s", "’s"))
        and words.flat[end] in {"disease", "syndrome", "sign", "palsy", "criteria"}
    )


def _initial_first(words: Words, at: int) -> tuple[int, int] | None:
    """Return "J. Smith" or "J.R. O'Neil"."""
    end = at + 1
    count = len(words.words)
    while end < count and words.is_initial(end) and words.gaps[end] in {".", ". ", " "}:
        end += 1
    if end >= count or words.gaps[end] not in {". ", ".", " "} or not words.is_capital(end):
        return None
    if words.gaps[end] == " " and not (words.kind(end) & Kind.SURNAME and words.opens(at)):
        return None
    kind = words.kind(end)
    is_name = kind & (LISTED | Kind.UNKNOWN) and not kind & (Kind.ORDINARY | Kind.CLINICAL)
    if not is_name or words.is_upper(end) or words.flat[end] in NOT_NAMES:
        return None
    if (
        kind & Kind.UNKNOWN
        and not words.opens(at)
        and end == at + 1
        and words.flat[at] in {"e", "s", "c"}
    ):
        return None
    return at, _extended(words, end, is_strong=False)


def _with_initial(words: Words, at: int) -> tuple[int, int] | None:
    """Return "Robert L." or "John Q. Public"."""
    following = at + 1
    after = words.text[words.ends[following] : words.ends[following] + 2]
    if after[:1] in {"-", "/", "'", "’"} or after[:1].isdigit():
        return None
    if words.is_upper(at) and words.kind(at) & NOT_A_NAME:
        return None
    return at, max(_extended(words, at, is_strong=False), following + 1)


def _lone(words: Words, at: int) -> tuple[int, int] | None:
    """Return a name that stands alone, with nothing that points to it."""
    flat, kind = words.flat[at], words.kind(at)
    if flat in NOT_NAMES or len(flat) < _SHORTEST_LONE or _is_eponym_here(words, at):
        return None
    if kind & Kind.WORD_NAME and kind & Kind.ORDINARY and not words.is_upper(at):
        is_alone = is_midsentence(words, at) and not _next_is_capital(words, at)
        return (at, at + 1) if is_alone and kind & Kind.GIVEN else None
    if kind & NOT_A_NAME or not kind & LISTED:
        return None
    if words.language == "es" and not is_midsentence(words, at):
        return None
    if words.is_upper(at) and len(flat) < _SHORTEST_UPPER:
        return None
    end = at + 1
    return at, end


def _next_is_capital(words: Words, at: int) -> bool:
    following = at + 1
    return following < len(words.words) and words.is_near(following) and words.is_capital(following)


def _is_eponym_here(words: Words, at: int) -> bool:
    """Report whether a name belongs to a disease, a sign or a tool where it stands."""
    kind = words.kind(at)
    if kind & Kind.EPONYM:
        return True
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


def _lower_case(words: Words, at: int) -> tuple[int, int] | None:
    """Return a given and a family name written without capitals."""
    following = at + 1
    if words.language == "es" or following >= len(words.words) or words.gaps[following] != " ":
        return None
    kind = words.kind(at)
    if not kind & Kind.GIVEN or kind & NOT_A_NAME or len(words.flat[at]) < _SHORTEST_LONE:
        return None
    other = words.kind(following)
    is_name = other & Kind.SURNAME and not other & NOT_A_NAME
    return (at, _low_end(words, following + 1)) if is_name else (at, at + 1)


def _low_end(words: Words, at: int) -> int:
    """Return where a name without capitals ends."""
    if at < len(words.words) and words.gaps[at] == " ":
        kind = words.kind(at)
        if kind & Kind.SURNAME and not kind & NOT_A_NAME:
            return at + 1
    return at


def _is_sure(words: Words, at: int) -> bool:
    return at > 0 and words.flat[at - 1] in TITLES | LABELS | RELATIONS


def _telling_parts(words: Words, start: int, end: int) -> Iterator[str]:
    for at in range(start, end):
        if not words.is_initial(at) and words.flat[at] not in PARTICLES:
            yield words.flat[at]


def _again(words: Words, sure: set[str]) -> Iterator[Found]:
    """Yield parts of names again where nothing else points to them."""
    for at, flat in enumerate(words.flat):
        if flat not in sure or at in words.taken:
            continue
        kind = words.kind(at)
        if kind & (Kind.ORDINARY | Kind.CLINICAL) and (
            not words.is_capital(at) or words.is_upper(at)
        ):
            continue
        if (
            words.is_capital(at)
            and words.opens(at)
            and kind & Kind.ORDINARY
            and not kind & Kind.WORD_NAME
        ):
            continue
        if _is_eponym_here(words, at) and not kind & Kind.EPONYM:
            continue
        words.taken.add(at)
        yield Found(words.starts[at], _end_of(words, at), "NAME")


def _initials(text: str) -> Iterator[Found]:
    for hit in _INITIALS.finditer(text):
        if hit[1] + hit[2] not in _NOT_INITIALS:
            yield Found(hit.start(), hit.end(), "NAME")
    for hit in _TWO_INITIALS.finditer(text):
        if hit[1].isupper() and hit[1] not in _NOT_INITIALS:
            yield Found(hit.start(1), hit.end(1), "NAME")


def _end_of(words: Words, at: int) -> int:
    """Return where a word ends, without its possessive."""
    return words.ends[at]

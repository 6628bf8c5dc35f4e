"""Names of people: what points to them, their shape, and the lists."""

from __future__ import annotations

import re
from collections.abc import Iterator

from careflow.ai.privacy.found import Found
from careflow.ai.privacy.rules.cues import (
    CUES,
    DEPARTMENT_HEADS,
    DONE_TO_PEOPLE,
    DONE_TO_THINGS,
    GREETINGS,
    LABELS,
    LINKS,
    MET,
    NAME_VERBS,
    NOT_NAMES,
    PARTICLES,
    RELATIONS,
    ROLES,
    TITLES,
)
from careflow.ai.privacy.rules.initials import initials_in
from careflow.ai.privacy.rules.lexicon import LISTED, NOT_A_NAME, Kind
from careflow.ai.privacy.rules.listed import listed
from careflow.ai.privacy.rules.low_names import (
    low_after,
    low_end,
    low_labelled,
    low_name,
    low_titled,
)
from careflow.ai.privacy.rules.name_rows import is_disease, last_first, shaped
from careflow.ai.privacy.rules.name_shapes import (
    could_be,
    extended,
    is_eponym_here,
    is_followed,
    is_midsentence,
    is_namelike,
)
from careflow.ai.privacy.rules.tokens import Words

_SHORTEST_LONE = 3
_SHORTEST_UPPER = 5
_LINKS_MAX = 4
_COLON = re.compile(r"\s*(?:\([sS]\))?\s*(?::|=|\||-|–|—|#|/s/)+\s*[\"'“(]?\s*")
_MEASURED = re.compile(r" \d+(?![\d,;.)]|$)|\d")
_SOFT_GAPS = frozenset({" ", ", ", " (", ": ", "  ", ",  ", ' "', " “", " '"})
_ARTICLES = listed("a an the no with of positive negative un una el la")
_AGENTS = listed("""
by per paged notified informed told asked called contacted texted
""")
_PATIENT = frozenset({"pt", "patient", "client"})
_SURE = TITLES | LABELS | RELATIONS
_CUES_ALONE = CUES - LABELS - ROLES
_POINTED = TITLES | LABELS | ROLES | RELATIONS | GREETINGS | CUES


def names_in(words: Words) -> Iterator[Found]:
    """Yield names, and each part of a name that is sure again wherever it stands."""
    sure: set[str] = set()
    at, count = 0, len(words.words)
    while at < count:
        run = _run_at(words, at)
        if run is None:
            at += 1
            continue
        start, end = run
        if end - start > 1 or (start > 0 and words.flat[start - 1] in _SURE):
            sure.update(
                words.flat[one]
                for one in range(start, end)
                if len(words.words[one]) > 1 and words.flat[one] not in PARTICLES
            )
        words.taken.update(range(start, end))
        yield Found(words.starts[start], words.ends[end - 1], "NAME")
        at = end
    yield from _again(words, sure)
    yield from initials_in(words.text)


def _run_at(words: Words, at: int) -> tuple[int, int] | None:
    """Return the words ``[start, end)`` of a name that something at this word points to."""
    flat = words.flat[at]
    if flat in _POINTED:
        run = (_after_title(words, at) if flat in TITLES else None) or _after_cue(words, at)
        if run:
            return run
    if words.words[at][0].isupper():
        return last_first(words, at) or shaped(words, at) or _lone(words, at)
    return low_name(words, at)


def _after_title(words: Words, at: int) -> tuple[int, int] | None:
    """Return the name after "Dr." or "Mrs"; of "Mr. and Mrs. Day", that after the second."""
    first = at + 1
    if first >= len(words.words) or words.gaps[first] not in {" ", ". ", ".", "  ", ".  ", ".\n"}:
        return None
    if words.flat[first] in TITLES or words.flat[first] in {"and", "y"}:
        return None
    is_title = words.words[at][0].isupper() or words.words[at] in {"dr", "mr", "mrs", "ms", "dra"}
    end = extended(words, first, is_strong=True)
    if end > first:
        is_sure = is_title and words.flat[at] not in {"nurse", "sister", "father", "judge", "don"}
        return (first, _and_more(words, at, end)) if is_sure or is_namelike(words, first) else None
    kind = words.kind(first)
    is_low = not words.is_capital(first) and kind & (LISTED | Kind.UNKNOWN | Kind.LOOKS_CLINICAL)
    if is_title and is_low and not kind & NOT_A_NAME and len(words.flat[first]) > 1:
        return first, low_end(words, first + 1)
    return low_titled(words, first) if is_title and not words.is_capital(first) else None


def _and_more(words: Words, title: int, end: int) -> int:
    """Return where a row of names ends: "Drs. Day, Field and Oyelaran"."""
    if words.flat[title] not in {"drs", "mrs", "messrs"}:
        return end
    count = len(words.words)
    while end + 1 < count and words.gaps[end] in {", ", " ", " & "}:
        following = end + 1 if words.flat[end] == "and" else end
        if following >= count or not could_be(words, following):
            break
        end = extended(words, following, is_strong=True)
    return end


def _after_cue(words: Words, at: int) -> tuple[int, int] | None:
    """Return the name after a label, a role, a relation, a greeting or a verb."""
    first, count, flat = at + 1, len(words.words), words.flat[at]
    while (
        first < count
        and first - at < _LINKS_MAX
        and words.flat[first] in LINKS
        and words.gaps[first] in {" ", ": ", ":", " ("}
    ):
        first += 1
    if first >= count or words.flat[first] in TITLES:
        return None
    strength = _strength(words, at, first)
    if strength == 0:
        return None
    if not words.is_capital(first) and strength > 1 and flat in LABELS:
        return low_labelled(words, first)
    if not words.is_capital(first):
        return low_after(words, at, first) if flat in RELATIONS or flat in _PATIENT else None
    if is_eponym_here(words, first) and strength < 2:
        return None
    is_strong = strength > 1 or (flat in _AGENTS and _is_family_word(words, first))
    if not is_namelike(words, first) and not (is_strong and could_be(words, first)):
        return None
    if words.language == "es" and not is_strong and not words.kind(first) & LISTED:
        return None
    end = extended(words, first, is_strong=is_strong)
    return (first, end) if end > first and not is_disease(words, end) else None


def _is_family_word(words: Words, at: int) -> bool:
    """Report whether an ordinary word has a capital inside a sentence because it is a name."""
    kind = words.kind(at)
    return (
        bool(kind & Kind.SURNAME)
        and not kind & Kind.CLINICAL
        and words.flat[at] not in DEPARTMENT_HEADS
        and is_midsentence(words, at)
        and words.is_title(at)
        and not _next_is_capital(words, at)
    )


def _strength(words: Words, at: int, first: int) -> int:
    """Return how surely a cue points to a name: 0 not at all, 1 to what looks so, 2 to any word."""
    flat, gap = words.flat[at], words.gaps[first].replace("\t", " ")
    if flat in GREETINGS:
        return 2 if re.fullmatch(r"[ ,]{1,2}|[:,]?\s*\n\s*[-–—]?\s*", gap) else 0
    has_colon = "\n\n" not in gap and _COLON.fullmatch(gap) is not None
    if flat in LABELS and has_colon:
        return 2
    if flat in RELATIONS and (gap in _SOFT_GAPS or has_colon):
        return 2 if words.words[first][1:2].islower() else 1
    if flat in _CUES_ALONE:
        if flat == "with" and words.kind(first) & Kind.UNKNOWN and _has_article(words, first):
            return 0
        return int(gap == " " and is_midsentence(words, first))
    return int(gap in _SOFT_GAPS or has_colon)


def _lone(words: Words, at: int) -> tuple[int, int] | None:
    """Return a name that stands alone, with nothing before it that points to it."""
    flat, kind = words.flat[at], words.kind(at)
    if flat in NOT_NAMES or len(flat) < _SHORTEST_LONE or is_eponym_here(words, at):
        return None
    if _next_is_capital(words, at) and is_disease(words, at + 2):
        return None
    is_inside = is_midsentence(words, at)
    is_upper = words.is_upper(at)
    if kind & Kind.WORD_NAME and kind & Kind.ORDINARY:
        if is_upper or not kind & Kind.GIVEN:
            return None
        is_alone = is_inside and not _next_is_capital(words, at)
        is_owner = words.words[at].endswith(("'s", "’s"))
        acts = _acts(words, at) and words.flat[at + 1] in NAME_VERBS
        is_said = is_alone or is_owner or acts or _ends_row(words, at)
        return (at, at + 1) if is_said else None
    if kind & NOT_A_NAME:
        is_month = kind & Kind.WORD_NAME and kind & Kind.CLINICAL and not is_upper
        return (at, at + 1) if is_month and _acts_surely(words, at) else None
    if kind & LISTED:
        if not kind & Kind.GIVEN and _has_article(words, at):
            return None
        if is_upper and len(flat) < _SHORTEST_UPPER:
            return None
        return (at, at + 1) if is_inside or words.language == "en" else None
    is_strange = kind & Kind.UNKNOWN and words.is_title(at) and words.language == "en"
    if is_strange and not _is_made(words, at) and not _has_article(words, at):
        is_said = is_inside or _acts_surely(words, at) or _ends_row(words, at)
        return (at, at + 1) if is_said else None
    return None


def _acts(words: Words, at: int) -> bool:
    """Report whether a word at the head of a sentence does what people do: "Hope reports"."""
    following = at + 1
    if following >= len(words.words) or words.gaps[following] != " ":
        return False
    verb = words.flat[following]
    return verb in NAME_VERBS or (verb.endswith("ed") and verb not in DONE_TO_THINGS)


def _acts_surely(words: Words, at: int) -> bool:
    """Report whether a strange word does what only people do: "Nkechi was seen"."""
    following = at + 1
    if following + 1 >= len(words.words) or words.gaps[following] != " ":
        return False
    if words.flat[following] in {"was", "is", "has", "had", "remains", "appears", "will", "does"}:
        return words.flat[following + 1] in DONE_TO_PEOPLE
    return words.flat[following] in NAME_VERBS


def _has_article(words: Words, at: int) -> bool:
    """Report whether a word is a thing: "the Cottle elevator", "closed with Surgicel"."""
    if at == 0 or words.gaps[at] != " ":
        return False
    before = words.flat[at - 1]
    if before in {"with", "of", "using", "on"}:
        return at < 2 or words.flat[at - 2] not in MET
    return before in {"a", "an", "the", "this", "these", "two", "some", "each", "no"}


def _ends_row(words: Words, at: int) -> bool:
    """Report whether a word stands alone in brackets or after the dash of a signature."""
    gap, after = words.gaps[at], words.text[words.ends[at] : words.ends[at] + 1]
    if gap.endswith("("):
        return after == ")"
    return gap.rstrip(" ")[-1:] in {"-", "–", "—", "~"} and after in {"", "\n"}


def _is_made(words: Words, at: int) -> bool:
    """Report whether an unknown word is a product: it has a sign, a number or a capital inside."""
    after = words.text[words.ends[at] : words.ends[at] + 2]
    return (
        after[:1] in {"®", "™", "-", "/"}
        or after[:1].isdigit()
        or _MEASURED.match(words.text, words.ends[at]) is not None
    )


def _next_is_capital(words: Words, at: int) -> bool:
    following = at + 1
    return following < len(words.words) and words.is_near(following) and words.is_capital(following)


def _again(words: Words, sure: set[str]) -> Iterator[Found]:
    """Yield parts of names again where nothing else points to them."""
    for at, flat in enumerate(words.flat):
        if flat not in sure or at in words.taken or flat in NOT_NAMES:
            continue
        kind, is_capital = words.kind(at), words.is_capital(at)
        if kind & NOT_A_NAME and (not is_capital or words.is_upper(at)):
            continue
        if is_capital and words.opens(at) and kind & Kind.ORDINARY and not kind & Kind.WORD_NAME:
            continue
        if is_followed(words, at) or (kind & Kind.EPONYM and words.flat[at - 1] in _ARTICLES):
            continue
        words.taken.add(at)
        yield Found(words.starts[at], words.ends[at], "NAME")

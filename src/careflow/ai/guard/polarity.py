"""What a text affirms and denies, word by word, and where an answer says it the other way round.

A statement is compared with the sentences of the sources that it shares most with, and with no
others: "no chest pain" says nothing of the pain in the knee.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from careflow.ai.finding import Kind
from careflow.ai.guard.certainty import NO_OTHERS, Said, may_deny, said_of
from careflow.ai.guard.clinical import is_finding, is_symptom
from careflow.ai.guard.negations import denied_inside, key_of
from careflow.ai.guard.synonyms import keys_of_synonyms
from careflow.ai.words import Word, is_content, listed, sentences_of, words_of

_AFFIRMED: frozenset[Said] = frozenset({"affirmed"})
_DENIED: frozenset[Said] = frozenset({"denied"})
_EITHER: frozenset[Said] = frozenset({"affirmed", "denied"})
_YES = re.compile(r"^\W*(?:\[?\w+\]?\s*:\s*)?(?:yes|yeah|yep|yup|correct|i do|i have|si)\b")
_NO = re.compile(
    r"^\W*(?:\[?\w+\]?\s*:\s*)?(?:no|nope|nah|not|never|none|neither|i don't|i haven't|nunca)\b"
)
_NOT_COMPARED = listed("""
record records list lists listed chart file show shows say mention mentions find know known see
medicine medication taking small large mild moderate severe
condition report visit appointment note
result test tests dose negative positive negativo positivo deny denies denied report reports
reported refiere niega stopped cancelled canceled resolved active inactive completed booked history
left right longer anymore never nothing
expediente historia lista consta registro medicamento prueba resultado
""")
_TELLS_OF_RECORD = re.compile(
    r"\b(?:record|chart|file|list|notes?|documents?|expediente|historia|registro)\b[^.]{0,30}"
    r"\b(?:not|nothing|no)\b|\b(?:not|nothing|no|cannot|can't|don't|never)\b[^.]{0,40}"
    r"\b(?:record|chart|file|list(?:ed)?|see|find|say|mention(?:ed)?|document(?:ed)?|state[ds]?|"
    r"given|available|provided|specified|expediente|consta|registro)\b"
)
_PREPOSITION = re.compile(
    r"\b(?:of|in|on|at|from|during|since|over|within|by|when|while|for|with|after|before|"
    r"en|de|del|durante|desde|sobre|al|para|con)\b"
)
_AGAINST_MOST = 0.34
"""Share of the shared words that may be said the other way round before the whole is."""
_COVERED_LEAST = 0.5


@dataclass(frozen=True, slots=True)
class Group:
    """Words of one sentence in a row that are said alike."""

    keys: frozenset[str]
    said: frozenset[Said]
    words: tuple[Word, ...]
    places: frozenset[str] = frozenset()
    """Keys that only tell where or when: "no fracture in the foot" says nothing of the foot."""


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence: how each of its words is said."""

    of: dict[str, frozenset[Said]]
    text: str


class Polarity:
    """What sources affirm and deny, by sentence."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def told(self) -> list[Told]:
        """Return the sentences."""
        return [_told(groups, text) for text, groups in sentences_said(self._text)]

    @cached_property
    def often(self) -> dict[str, list[int]]:
        """Return by word the sentences that hold it."""
        found: dict[str, list[int]] = {}
        for number, one in enumerate(self.told):
            for key in one.of:
                found.setdefault(key, []).append(number)
        return found


def turned_in(text: str, sources: Polarity) -> Iterator[tuple[Kind, int, int]]:
    """Yield the statements of a folded text that the sources say the other way or not at all."""
    for sentence, groups in sentences_said(text):
        for group in groups:
            kind = _differs(group, sentence, sources)
            if kind:
                yield kind, group.words[0].start, group.words[-1].end


def _differs(group: Group, sentence: str, sources: Polarity) -> Kind | None:
    denies = group.said == _DENIED
    if not denies and group.said != _AFFIRMED:
        return None
    weights = {key: 1 / len(sources.often[key]) for key in group.keys if key in sources.often}
    if not weights.keys() - group.places:
        if weights:
            return None
        return _alone(group, sentence, denies=denies)
    best: list[tuple[float, Told]] = []
    for number in {number for key in weights for number in sources.often[key]}:
        told = sources.told[number]
        shared = sum(weights[key] for key in group.keys if key in told.of)
        best.append((shared, told))
    most = max(shared for shared, _ in best)
    aligned = [told for shared, told in best if shared >= most * 0.75]
    known = len(weights) / len(group.keys)
    if known < _COVERED_LEAST and not any(is_finding(key) for key in weights):
        return None
    if any(_agrees(group, told, weights, denies=denies) for told in aligned):
        return None
    return "negation"


def _agrees(group: Group, told: Told, weights: dict[str, float], *, denies: bool) -> bool:
    shared = against = 0.0
    for key in (group.keys - group.places) & told.of.keys():
        said = told.of[key]
        fits = said & ({"denied", "normal"} if denies else {"affirmed", "normal", "uncertain"})
        shared += weights[key]
        against += 0 if fits else weights[key]
    return against <= shared * _AGAINST_MOST


def _alone(group: Group, sentence: str, *, denies: bool) -> Kind | None:
    """Return a kind where a statement that nothing of the sources touches is about a finding."""
    if denies and _TELLS_OF_RECORD.search(sentence):
        return None
    first = [word.text for word in group.words[:2]]
    if denies:
        return "negation" if any(map(is_finding, first)) else None
    named = [word.text for word in group.words if is_symptom(word.text)]
    return "unsupported" if named and not sentence.rstrip().endswith("?") else None


# --- reading -------------------------------------------------------------------------------


def sentences_said(text: str) -> Iterator[tuple[str, list[Group]]]:
    """Yield the sentences of a folded text with their words, grouped by how they are said."""
    sentences = list(sentences_of(text))
    for number, (offset, sentence) in enumerate(sentences):
        following = sentences[number + 1][1] if number + 1 < len(sentences) else ""
        yield sentence, _groups(sentence, offset, following)


def _groups(sentence: str, offset: int, following: str) -> list[Group]:
    words = [word for word in words_of(sentence) if _is_said(word)]
    whole: frozenset[Said] | None = None
    if sentence.rstrip().endswith("?"):
        whole = _answered(following)
    elif not may_deny(sentence):
        whole = _AFFIRMED
    groups: list[tuple[frozenset[Said], list[Word], bool]] = []
    for word in words:
        said = whole if whole is not None else said_of(sentence, word.start, word.end)
        inside = denied_inside(word.text)
        if inside:
            said = _DENIED if said == _AFFIRMED else _EITHER
        if not groups or groups[-1][0] != said or _parts(sentence, groups[-1][1][-1], word):
            groups.append((said, [], False))
        groups[-1][1].append(word)
    return [_group(said, some, sentence, offset) for said, some, _ in groups]


def _parts(sentence: str, before: Word, after: Word) -> bool:
    """Report whether a list or clause goes on between two words."""
    between = sentence[before.end : after.start]
    return bool(re.search(r"[,;:]|\b(?:and|or|but|nor|y|o|ni|pero)\b", between))


def _group(said: frozenset[Said], words: Sequence[Word], sentence: str, offset: int) -> Group:
    if said == _DENIED and NO_OTHERS.search(sentence):
        said = _EITHER
    keys = {key_of(denied_inside(word.text) or word.text) for word in words}
    placed = tuple(Word(one.text, offset + one.start, offset + one.end) for one in words)
    return Group(
        frozenset(keys), said, placed, _places(words, sentence) if said == _DENIED else frozenset()
    )


def _places(words: Sequence[Word], sentence: str) -> frozenset[str]:
    """Return the keys behind a preposition, findings aside."""
    first = _PREPOSITION.search(sentence, words[0].end)
    start = first.end() if first else len(sentence)
    return frozenset(
        key_of(word.text) for word in words if word.start >= start and not is_finding(word.text)
    )


def _told(groups: Sequence[Group], text: str) -> Told:
    of: dict[str, frozenset[Said]] = {}
    for group in groups:
        for key in group.keys:
            said = _EITHER if key in group.places else group.said
            of[key] = of.get(key, frozenset()) | said
    for key in keys_of_synonyms(text):
        of.setdefault(key, frozenset[Said]().union(*of.values()) if of else _EITHER)
    return Told(of, text)


def _answered(following: str) -> frozenset[Said]:
    if _NO.match(following):
        return _DENIED
    return _AFFIRMED if _YES.match(following) else _EITHER


def _is_said(word: Word) -> bool:
    return is_content(word) and len(word.text) > 2 and word.text not in _NOT_COMPARED

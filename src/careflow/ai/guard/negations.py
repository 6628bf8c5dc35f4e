"""What a text affirms and what it denies, word by word, in English and Spanish."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from careflow.ai.guard.words import Word, is_content, sentences_of, stem_of, words_of

_Said = tuple[bool, ...]
AFFIRMED: _Said = (False,)
DENIED: _Said = (True,)
UNCLEAR: _Said = (True, False)

_BEFORE = re.compile(
    r"(?<![\w-])(?:no evidence of|no sign(?:s)? of|no history of|negative for|absence of|free of|"
    r"lack of|rather than|instead of|den(?:y|ies|ied|ying)|without|never|not|no|none of|neither|"
    r"nor|cannot|can't|"
    r"don't|doesn't|didn't|isn't|wasn't|aren't|weren't|hasn't|haven't|hadn't|won't|"
    r"niega[n]?|sin|nunca|ni|ningun[oa]?|ausencia de|negativ[oa] para|tampoco|jamas)(?![\w])"
)
_AFTER = re.compile(
    r"(?<![\w-])(?:den(?:ied)|absent|negative|none|never|ruled out|resolved|"
    r"(?:is|was|are|were)\s(?:not|n't)\s(?:seen|present|found|noted|identified|detected|appreciated)|"
    r"not (?:seen|present|found|noted|identified|detected|appreciated)|unremarkable|no|"
    r"ausentes?|negativ[oa]s?|descartad[oa]s?|ningun[oa])\s*[.,;]?\s*$"
)
_CLAUSE = re.compile(
    r"[,;:()]|\b(?:but|however|although|though|except|while|because|pero|aunque|sino|excepto|mientras)\b"
    r"|\b(?:and|y|e)\s(?=(?:reports?|reported|denies|denied|has|had|have|is|was|are|were|takes?|took|notes|noted|complains|"
    r"presents?|continues?|will|refiere|niega|tiene|tuvo|presenta|toma|es|esta)\b)"
)
_VERB = re.compile(
    r"\b(?:is|was|are|were|has|had|have|reports?|reported|takes?|took|notes|complains|presents?|"
    r"shows?|showed|continues?|started|prescribed|will|feels|refiere|tiene|tuvo|presenta|toma|es|"
    r"esta|muestra|lungs|heart|abdomen)\b"
)
_LISTING = re.compile(r"^\s*(?:or|nor|and|o|ni|y|u)\b")
_GOES_ON = re.compile(
    r"^(?:den|without|negative for|no evidence|no sign|free of|absence|niega|sin|negativ)"
)
_YES = re.compile(r"^\W*(?:\[?\w+\]?\s*:\s*)?(?:yes|yeah|yep|yup|correct|i do|i have|si)\b")
_NO = re.compile(
    r"^\W*(?:\[?\w+\]?\s*:\s*)?(?:no|nope|nah|not|never|none|neither|i don't|i haven't|nunca)\b"
)
_PREFIX = {
    "afebrile": "fever", "asymptomatic": "symptom", "unremarkable": "remarkable",
    "atraumatic": "trauma", "nontender": "tender", "nonsmoker": "smoke", "anicteric": "icteric",
    "noncontributory": "contributory", "nondistended": "distended", "afebril": "fever",
    "nonproductive": "productive", "intolerant": "tolerate",
}  # fmt: skip
_SAME = {
    "dyspnea": "breath", "sob": "breath", "emesis": "vomit", "pyrexia": "fever", "febrile": "fever",
    "pruritus": "itch", "itching": "itch", "edema": "swell", "swollen": "swell", "syncope": "faint",
    "tobacco": "smoke", "cigarettes": "smoke", "smoking": "smoke", "etoh": "alcohol",
    "drinking": "alcohol", "cephalgia": "headache", "fatigued": "fatigue", "tired": "fatigue",
    "erythema": "redness", "feverish": "fever", "disnea": "respi", "respirar": "respi",
    "tachypnea": "breath", "haemorrhage": "hemorrhage", "oedema": "swell", "diarrhoea": "diarrhea",
    "fevers": "fever", "chills": "chill",
}  # fmt: skip
_SHORT = 5
_WORDS_OF_A_LISTED = 5
_REACH = 6
"""Words behind a denial that it certainly denies."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A clause that certainly affirms or denies.

    Attributes:
        keys: Of its words, in order.
    """

    denies: bool
    keys: tuple[str, ...]
    words: tuple[Word, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Polarity:
    """What a text says of each word and each pair of words: affirmed, denied or both."""

    of: dict[str | tuple[str, str], set[bool]] = field(default_factory=dict)

    def add(self, keys: list[str], said: _Said) -> None:
        """Note that these words in a row are said so."""
        pairs = list(pairwise(keys))
        every: list[str | tuple[str, str]] = [*keys, *pairs]
        for key in every:
            self.of.setdefault(key, set()).update(said)


def key_of(word: str) -> str:
    """Return what forms of one word share; synonyms of what notes deny share it too."""
    known = _SAME.get(word, word)
    stem = _SAME.get(stem_of(known), stem_of(known))
    return stem[:_SHORT] if len(stem) <= 8 else stem[:7]


def polarity_of(text: str) -> Polarity:
    """Return what a folded text affirms and denies; a question counts as its answer says."""
    polarity = Polarity()
    sentences = list(sentences_of(text))
    for number, (_, sentence) in enumerate(sentences):
        following = sentences[number + 1][1] if number + 1 < len(sentences) else ""
        if sentence.rstrip().endswith("?"):
            denies = _answered(following)
            for piece in _CLAUSE.split(sentence):
                polarity.add(_keys(words_of(piece or "")), denies)
            continue
        for clause, said in _clauses(sentence, 0):
            _add(polarity, clause, said)
    return polarity


def claims_of(text: str) -> list[Claim]:
    """Return the clauses of a folded text that certainly affirm or deny."""
    found: list[Claim] = []
    for offset, sentence in sentences_of(text):
        if sentence.rstrip().endswith("?"):
            continue
        for clause, said in _clauses(sentence, offset):
            found += _claims(clause, said)
    return found


def denials_in(text: str) -> int:
    """Return how many words of a folded text deny."""
    negative = sum(1 for word in words_of(text) if word.text in _PREFIX)
    return len(_BEFORE.findall(text)) + negative


# --- clauses -------------------------------------------------------------------------------


def _clauses(sentence: str, offset: int) -> Iterator[tuple[tuple[int, str], _Said]]:
    """Yield clauses with their offset, and how those without a denial of their own are said."""
    start = 0
    carried = AFFIRMED
    is_list = bool(re.search(r"\b(?:or|nor|ni|o)\b", sentence))
    for end in [*(one.span() for one in _CLAUSE.finditer(sentence)), (len(sentence),) * 2]:
        clause = sentence[start : end[0]]
        trigger = _BEFORE.search(clause)
        if trigger:
            goes_on = _GOES_ON.match(trigger[0]) or is_list
            is_bare = not clause[trigger.end() :].strip()
            carried = DENIED if goes_on and not is_bare else UNCLEAR
            yield (offset + start, clause), AFFIRMED
        else:
            is_short = len(words_of(clause)) <= _WORDS_OF_A_LISTED
            if not is_short or _VERB.search(clause) or sentence[end[0] : end[1]] == ";":
                carried = AFFIRMED
            yield (offset + start, clause), carried
        start = end[1]


def _add(polarity: Polarity, clause: tuple[int, str], said: _Said) -> None:
    text = clause[1]
    denial = _BEFORE.search(text)
    after = _AFTER.search(text)
    if after:
        polarity.add(_keys(words_of(text[: after.start()])), DENIED)
        return
    if denial:
        polarity.add(_keys(words_of(text[: denial.start()])), AFFIRMED)
        denied = _keys(words_of(text[denial.end() :]))
        polarity.add(denied[:_REACH], DENIED)
        polarity.add(denied[_REACH:], UNCLEAR)
        return
    polarity.add(_keys(words_of(text)), said)
    for word in words_of(text):
        if _denied_inside(word.text):
            polarity.add([key_of(_denied_inside(word.text) or "")], DENIED)


def _claims(clause: tuple[int, str], said: _Said) -> Iterator[Claim]:
    start, text = clause
    denial = _BEFORE.search(text)
    after = _AFTER.search(text)
    if after:
        yield _claim(DENIED, text[: after.start()], start)
    elif denial:
        yield _claim(DENIED, text[denial.end() :], start + denial.end())
    elif len(said) == 1:
        yield _claim(said, text, start)
        for word in words_of(text):
            inside = _denied_inside(word.text)
            if inside:
                place = start + word.start, start + word.end
                of = (Word(inside, *place),)
                yield Claim(
                    denies=True, keys=(key_of(inside),), words=of, start=place[0], end=place[1]
                )


def _claim(said: _Said, text: str, start: int) -> Claim:
    words = tuple(
        Word(word.text, start + word.start, start + word.end)
        for word in words_of(text)
        if _is_said(word)
    )
    keys = tuple(key_of(word.text) for word in words)
    end = words[-1].end if words else start + len(text)
    return Claim(said == DENIED, keys, words, words[0].start if words else start, end)


def _keys(words: list[Word]) -> list[str]:
    return [key_of(word.text) for word in words if _is_said(word)]


def _is_said(word: Word) -> bool:
    return is_content(word) and len(word.text) > 2 and not _denied_inside(word.text)


def _denied_inside(word: str) -> str | None:
    """Return what a word such as "afebrile" or "non-tender" denies."""
    if word in _PREFIX:
        return _PREFIX[word]
    return word[4:] if word.startswith("non-") else None


def _answered(following: str) -> _Said:
    if _NO.match(following):
        return DENIED
    return AFFIRMED if _YES.match(following) else UNCLEAR

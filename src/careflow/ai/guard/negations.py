"""Words that deny, and what forms and synonyms of one word share, in English and Spanish."""

from __future__ import annotations

import re
from functools import lru_cache

from careflow.ai.words import stem_of, words_of

_BEFORE = re.compile(
    r"(?<![\w-])(?:no evidence of|no sign(?:s)? of|no history of|negative for|absence of|free of|"
    r"lack of|rather than|instead of|den(?:y|ies|ied|ying)|without|never|not|no|none of|neither|"
    r"nor|cannot|can't|"
    r"don't|doesn't|didn't|isn't|wasn't|aren't|weren't|hasn't|haven't|hadn't|won't|"
    r"niega[n]?|sin|nunca|ni|ningun[oa]?|ausencia de|negativ[oa] para|tampoco|jamas)(?![\w])"
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
    "pregnancy": "pregnant", "fevers": "fever", "chills": "chill",
}  # fmt: skip
_SHORT = 5


@lru_cache(maxsize=8192)
def key_of(word: str) -> str:
    """Return what forms of one word share; synonyms of what notes deny share it too."""
    known = _SAME.get(word, word)
    stem = _SAME.get(stem_of(known), stem_of(known))
    return stem[:_SHORT] if len(stem) <= 8 else stem[:7]


def denials_in(text: str) -> int:
    """Return how many words of a folded text deny."""
    negative = sum(1 for word in words_of(text) if word.text in _PREFIX)
    return len(_BEFORE.findall(text)) + negative


def denied_inside(word: str) -> str | None:
    """Return what a word such as "afebrile" or "non-tender" denies."""
    if word in _PREFIX:
        return _PREFIX[word]
    return word[4:] if word.startswith("non-") else None

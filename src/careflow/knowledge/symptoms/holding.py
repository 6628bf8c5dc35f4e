"""What of a text holds: said of now, neither denied nor of somebody else."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from typing import Final

from careflow.knowledge.symptoms.spelling import Spelled, spelled

_CLAUSE: Final = re.compile(
    r"[.!?;\n]+|,|\b(?:but|however|although|except|pero|aunque|sin embargo)\b"
)
_NEGATOR: Final = re.compile(
    r"\b(?:no|not|never|without|den(?:y|ies|ied|ying)|nor|neither|negative for|free of|"
    r"(?:don|doesn|didn|hasn|haven|isn|wasn).?t (?:have|had|got|feel|having|any)|"
    r"nunca|niega|sin|tampoco|ningun\w*|ni|nada de|cero)\b"
    # What follows is not denied: "not able to walk for the pain", "no puedo mas del dolor".
    r"(?!\W+(?:only|solo|just|know|knows|sure|stop\w*|better|relief|idea|longer|improv\w*|"
    r"respond\w*|help\w*|work\w*|able|warning|reason|going away|letting|matter|doubt|"
    r"breathing|eating|feeding|drinking|sleeping|puedo|poder|puede|deja|para|paro|cesa|"
    r"se (?:me |le )?quita|mejora|sirve|aguant\w*|soport\w*|cede|logr\w*|consig\w*|sabe|"
    r"se que|me deja|hace nada|duda|come|duerm\w*|respir\w*)\b)"
)
_LISTED: Final = re.compile(
    r"\W+(?:[\w'-]+ ){0,3}[\w'-]+(?:, (?:[\w'-]+ ){0,3}[\w'-]+){0,9},? (?:or|nor|ni|o|u)"
    r" (?:[\w'-]+ ){0,3}[\w'-]+"
)
"""A list that "or" ends is denied to its last member: "no fever, cough or chest pain"."""
_EVERY: Final = re.compile(r"den(?:y|ies|ied|ying)|negative for|niega")
_SENTENCE_END: Final = re.compile(r"[.!?;\n]|\b(?:but|pero)\b")
_WORD: Final = re.compile(r"[\w'-]+")
_ENDS_DENIAL: Final = frozenset(
    {"and", "y", "e", "with", "con", "because", "porque", "plus", "now"}
)
_WORDS_DENIED: Final = 4
_LIKE_THIS: Final = re.compile(r"\b(?:like this|before|as bad|so bad|asi|como est[ae]|antes)\b")
_NOW: Final = re.compile(
    r"\b(?:now|just|today|tonight|this (?:morning|afternoon|evening)|again|back|minutes?|hours?|"
    r"still|ahora|hoy|otra vez|de nuevo|minutos?|horas?|acaba de|esta (?:manana|tarde|noche))\b"
)
_RELATIVE: Final = (
    r"\b(?:my|his|her|the|mi|su) (?:late )?(?:father|mother|dad|mum|mom|uncle|aunt|grand\w+|"
    r"brother|sister|cousin|neighbou?r|padre|madre|papa|mama|abuel\w+|tio|tia|herman\w+|prim\w+|"
    r"vecin\w+)\b.{0,20}\b"
)
_GONE: Final = re.compile(_RELATIVE + r"(?:died|once|used to|murio|de joven)\b")
_HAD: Final = re.compile(_RELATIVE + r"(?:had|has had|suffered|tuvo|sufrio|padecio)\b")
_OF_HISTORY: Final = re.compile(
    r"\b(?:should i (?:be|have|get|take)|am i|risk\w*|famil\w+|genetic\w*|heredit\w*|screen\w*|"
    r"check\w*|test\w*|worr\w+|(?:i|i've|i'm|im) (?:have|feel|am|got|just|only|do)|i feel|debo|"
    r"riesgo\w*|hered\w+|pruebas?|tengo|siento|yo)\b"
)
"""Without words of this kind, what a relative had is what is wrong with them now."""
_PAST: Final = re.compile(
    r"\b(?:(?:years?|months?) ago|(?<!the )last year|as a child|in (?:19|20)\d\d|used to|"
    r"when i was|history of|(?<!desde )hace (?:\w+ )?(?:anos?|meses)|de nino|de nina|el ano pasado|"
    r"antecedentes? de)\b"
)
_ASKED: Final = re.compile(
    r"\b(?:what (?:are|is) the (?:signs?|symptoms?)|how do i know if|prevent\w*|"
    r"cuales son los sintomas)\b"
)


@dataclass(frozen=True, slots=True)
class Told:
    """A text, and which of its places do not hold.

    Attributes:
        spelled: Its small letters without accents, slips put right.
        denied: Stretches in which what begins is denied, in order, none over another.
        starts: Where each clause begins.
        others: For each clause, whether it is of somebody else, or asked in general.
        past: For each clause, whether it is long past.
    """

    spelled: Spelled
    denied: tuple[tuple[int, int], ...]
    starts: tuple[int, ...]
    others: tuple[bool, ...]
    past: tuple[bool, ...]

    @property
    def plain(self) -> str:
        """Return the words as they are looked for."""
        return self.spelled.plain

    def holds(self, at: int, *, ever: bool = False) -> bool:
        """Report whether what begins at a place is true of now, or ``ever``."""
        clause = bisect_right(self.starts, at) - 1
        if self.others[clause] or (self.past[clause] and not ever):
            return False
        before = bisect_right(self.denied, (at, len(self.plain))) - 1
        return before < 0 or at >= self.denied[before][1]


def told(text: str) -> Told:
    """Return what a text tells."""
    right = spelled(folded(text))
    plain = right.plain
    cuts = [(0, 0), *((one.start(), one.end()) for one in _CLAUSE.finditer(plain))]
    starts = tuple(end for _, end in cuts)
    ends = [begin for begin, _ in cuts[1:]] + [len(plain)]
    clauses = [plain[begin:end] for begin, end in zip(starts, ends, strict=True)]
    return Told(
        spelled=right,
        denied=tuple(_merged(_denied(plain, starts, ends))),
        starts=starts,
        others=tuple(_is_of_others(one, plain) for one in clauses),
        past=tuple(bool(_PAST.search(one)) and not _NOW.search(one) for one in clauses),
    )


def _is_of_others(clause: str, plain: str) -> bool:
    if _ASKED.search(clause):
        return True
    if _NOW.search(clause):
        return False
    if _GONE.search(clause):
        return True
    return _HAD.search(clause) is not None and _OF_HISTORY.search(plain) is not None


def _denied(plain: str, starts: tuple[int, ...], ends: list[int]) -> list[tuple[int, int]]:
    found = []
    for hit in _NEGATOR.finditer(plain):
        clause = bisect_right(starts, hit.start()) - 1
        if hit.group() in {"never", "nunca"} and _LIKE_THIS.search(
            plain[starts[clause] : ends[clause]]
        ):
            continue
        if _EVERY.match(hit.group()):
            stop = _SENTENCE_END.search(plain, hit.end())
            found.append((hit.end(), stop.start() if stop else len(plain)))
            continue
        listed = _LISTED.match(plain, hit.end())
        if listed and not _SENTENCE_END.search(listed.group()):
            found.append((hit.end(), listed.end()))
        found.append((hit.end(), _denial_end(plain, hit.end(), ends[clause])))
    return found


def _merged(stretches: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for begin, end in sorted(stretches):
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((begin, end))
    return merged


def _denial_end(plain: str, begin: int, end: int) -> int:
    """Return where the words after a denial are no longer its own."""
    last = begin
    for number, word in enumerate(_WORD.finditer(plain, begin, end)):
        if number == _WORDS_DENIED or word.group() in _ENDS_DENIAL:
            break
        last = word.end()
    return last


def folded(text: str) -> str:
    """Return a text in small letters without accents, of the same length."""
    return text.lower() if text.isascii() else "".join(_bare(sign) for sign in text)


def _bare(sign: str) -> str:
    if sign in "’‘`´":
        return "'"
    bare = unicodedata.normalize("NFKD", sign)[:1].lower()
    return bare if len(bare) == 1 else sign

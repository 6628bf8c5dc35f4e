"""Which language a text is in, as far as it matters: English, Spanish, another, or too short."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

from careflow.ai.privacy.rules.lexicon import LISTED, NOT_A_NAME, kind_of
from careflow.ai.task import Span
from careflow.ai.words import folded, listed

Language = Literal["en", "es", "other"]

_WORD = re.compile(r"[^\W\d_]+")
_WORDS_LEAST = 8
_LATIN_SHARE = 0.5
_KNOWN_SHARE = 0.12
_OTHER_SHARE = 0.18

_COMMON: dict[str, frozenset[str]] = {
    "en": listed("""
the of and to in is was for with on has have had no not that this it be are as at by from or
he she his her they i my you we an will but so been do does did there what when how can
patient pain left right normal daily which were if any would
"""),
    "es": listed("""
el la los las de del que y en un una por con para su se no es al lo como mas pero sus le ya
o este esta si porque muy sin sobre me hasta hay donde quien desde todo nos durante e mi he
ha han tiene dolor paciente tengo dias hace cada fue era son estoy siento
"""),
    "other": listed("""
le les des et est une dans pour qui sur pas avec plus je il elle vous nous ce cette au aux
du der die das und ist nicht ein eine mit von zu den auf fur im dem ich sie er hat seit wird
o os as da do dos das em um uma nao com por mais foi ele ela tem sao voce il gli di che non
per sono ho della nel del una ang ng mga sa na ay ako ko siya hindi po het een van en ik
niet li mwen pa yo ou nan gen pou ak se va khong la cua mot toi bi co dang ve bir ben ve
icin cok nie jest sie na z do mam jak od i w yang dan saya tidak dari ini dengan
"""),
}


def language_of(text: str) -> Language | None:
    """Return the language of a text; ``None`` where it is too short to tell."""
    words = _WORD.findall(folded(text))
    if not words:
        return None
    letters = () if text.isascii() else [sign for sign in text if sign.isalpha()]
    if letters and _latin(letters) / len(letters) < _LATIN_SHARE:
        return "other"
    if len(words) < _WORDS_LEAST:
        return None
    share = {
        name: sum(word in common for word in words) / len(words) for name, common in _COMMON.items()
    }
    best = max(share["en"], share["es"])
    if best >= _KNOWN_SHARE and best >= share["other"] * 0.9:
        return "en" if share["en"] >= share["es"] else "es"
    return "other" if share["other"] >= _OTHER_SHARE and share["other"] > best else None


def _latin(letters: Sequence[str]) -> int:
    return sum(sign < "\u0250" or "\u1e00" <= sign <= "\u1eff" for sign in letters)


_PASSAGE = re.compile(r"[^.!?;\n。！？।؟]+")
_PASSAGE_LEAST = 4
_LETTERS_LEAST = 6
_CLEARLY = 0.3
_UNKNOWN_SHARE = 0.4


@lru_cache(maxsize=256)
def foreign_passages(text: str) -> list[Span]:
    """Return where a text in a supported language goes on in another.

    A text that is foreign as a whole has no such passages: it is refused as a whole.
    """
    if language_of(text) not in {"en", "es"}:
        return []
    return [one.span() for one in _PASSAGE.finditer(text) if _is_foreign(one[0])]


def _is_foreign(passage: str) -> bool:
    letters = () if passage.isascii() else [sign for sign in passage if sign.isalpha()]
    if letters and len(letters) < _LETTERS_LEAST:
        return False
    if letters and _latin(letters) / len(letters) < _LATIN_SHARE:
        return not all("\u0370" <= sign < "\u0400" for sign in letters if sign > "\u0250")
    words = _WORD.findall(folded(passage))
    if len(words) < _PASSAGE_LEAST:
        return False
    foreign = sum(word in _OTHER_ALONE for word in words)
    if not foreign:
        return False
    known = sum(word in _COMMON["en"] or word in _COMMON["es"] for word in words)
    if foreign >= 2 and foreign / len(words) >= _CLEARLY and foreign > known:
        return True
    unknown = sum(not kind_of(word) & (NOT_A_NAME | LISTED) for word in words)
    return known == 0 and unknown / len(words) >= _UNKNOWN_SHARE


_OTHER_ALONE = (_COMMON["other"] - _COMMON["en"] - _COMMON["es"] - {"um", "an", "in"}) | listed("""
alle werte wert sein keine kein bitte dass aber oder wenn werden muss soll tous toutes
sont etre aucun aucune valeurs faut doit ceci cette cet tout sao nenhum nenhuma
deve valores tutti tutte sono essere nessun nessuna valori lahat huwag walang dapat bilang
kung hindi tat ca khong phai tout yo pa dwe okenn
""")

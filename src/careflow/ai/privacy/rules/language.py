"""In which language a text is, by the little words that every sentence needs."""

from __future__ import annotations

import re
from collections import Counter
from typing import Literal

Language = Literal["en", "es", "other"]

_WORD = re.compile(r"[^\W\d_]+")
_SAMPLE = 12_000
_ENOUGH = 12
_LATIN_ENOUGH = 0.6
_CLEAR = 1.5
_FEWEST = 4
_SHARE = 0.05
_LITTLE_WORDS = {
    "en": "the and of to in is was with for on at he she his her has had no not be are from this "
    "that by or an it as will after before him they you were which been patient pt left right "
    "history what should who when my your have can please i we do does did pain daily per denies "
    "than all any now if other up two 's normal",
    "es": "el la los las de del y en con por para que se un una al no es su fue ha sin sobre como "
    "más lo le paciente desde tras presenta años fecha dolor derecha izquierda ante durante se "
    "refiere qué cuál mi yo tiene está hace señor señora nombre",
    "fr": "le la les des du et en dans avec pour que qui une un est au aux sur pas par ne il elle "
    "nous vous ce cette sont été a ont patient patiente",
    "pt": "o os as do da dos das e em com por para que se um uma ao não é foi seu sua no na nos "
    "nas mais como paciente há anos",
    "it": "il lo gli della del di e in con per che si un una al non è dei delle nel nella stato "
    "paziente da anni sono alla",
    "de": "der die das und in mit für von zu den dem ein eine ist war nicht auf im des bei nach "
    "als auch sich wurde patient patientin seit",
    "nl": "de het een en van in met voor op is was niet aan te bij door naar zijn haar patiënt die",
    "pl": "i w z na do nie się jest był była o po od przez dla oraz pacjent pacjentka że",
    "tr": "ve bir bu ile için olarak olan hasta da de çok var yok sonra",
    "ro": "și în cu de la pe nu o un este a fost pentru din pacientul care",
    "vi": "và là của có không được bệnh nhân cho với trong này",
    "sv": "och i att en ett som på är av för med den till inte har patienten",
}
_SHARED = Counter(word for joined in _LITTLE_WORDS.values() for word in set(joined.split()))
_TELLING = {
    code: frozenset(word for word in joined.split() if _SHARED[word] == 1 and len(word) > 1)
    for code, joined in _LITTLE_WORDS.items()
}
"""The words that one language alone has; letters alone are units and symbols as often."""


def _is_another_script(sample: str) -> bool:
    letters = sum(one.isalpha() for one in sample)
    latin = sum(one.isalpha() and one < "\u0250" for one in sample)
    return letters >= _ENOUGH and latin < _LATIN_ENOUGH * letters


def language_of(text: str) -> Language:
    """Return the language; a text too short to tell is taken for English."""
    sample = text[:_SAMPLE]
    if not sample.isascii() and _is_another_script(sample):
        return "other"
    words = _WORD.findall(sample.lower())
    if not words:
        return "en"
    told = {code: sum(map(known.__contains__, words)) for code, known in _TELLING.items()}
    most = max(told.values())
    ours = max(told["en"], told["es"])
    is_clear = most >= max(_FEWEST, _SHARE * len(words)) and most > _CLEAR * ours
    if is_clear and len(words) >= _ENOUGH:
        return "other"
    return "es" if told["es"] > told["en"] else "en"

"""Names as they are compared: folded, by sound, and by what people call each other for short."""

from __future__ import annotations

import re
from typing import Final

from careflow.records.matching import parsed_name

_SPELLINGS: Final = (
    (r"^(kn|gn|pn)", "n"),
    (r"^wr", "r"),
    (r"ph", "f"),
    (r"(ck|qu|q|c(?=[aourlt]|$))", "k"),
    (r"(sch|sh|ch)", "x"),
    (r"ll", "l"),
    (r"th", "t"),
    (r"h", ""),
    (r"[zc]", "s"),
    (r"v", "b"),
    (r"y", "i"),
    (r"(ie|ee|ea|ei)", "i"),
    (r"w", "u"),
    (r"(.)\1+", r"\1"),
)
"""How spellings that sound alike in English and Spanish become one, in this order. Our own."""

_VOWELS: Final = re.compile(r"(?<=.)[aeiou]")

_SHORT: Final = """
abigail abby gail; albert al bert; alejandro alex ale; alexander alex sandy; alexandra alex sandra;
alfred al fred; andrew andy drew; anthony tony; antonio tony tono; barbara barb; benjamin ben benny;
catherine cathy kate katie kathy; charles charlie chuck; christina chris tina; christine chris tina;
christopher chris kit; concepcion concha; daniel dan danny; david dave; deborah deb debbie;
dolores lola; donald don donny; dorothy dot dotty; edward ed eddie ted; eduardo edu lalo;
elizabeth beth betty eliza libby liz lizzie; enrique quique; eugene gene; francisco paco pancho;
franklin frank; frederick fred freddy; gabriel gabe; gerald gerry jerry; gregory greg;
guadalupe lupe; guillermo memo; harold hal harry; henry hank harry; ignacio nacho; isabel isa;
jacob jake; james jamie jim jimmy; jennifer jen jenny; jesus chuy; jessica jess; john jack johnny;
jonathan jon; jose pepe; joseph joe joey; joshua josh; katherine kate kathy katie;
kenneth ken kenny; lawrence larry; leonard len leo; luis lucho; manuel manolo;
margaret maggie meg peggy rita; maria mari mary; matthew matt; michael mick mike;
nicholas nick; pamela pam; patricia pat patty tricia; patrick pat paddy; peter pete;
philip phil; rafael rafa; raymond ray; rebecca becca becky; richard dick rich rick;
robert bob bobby rob; roberto beto; ronald ron ronnie; rosario charo; samantha sam;
samuel sam; santiago santi; stephen steve; steven steve; susan sue suzy; theodore ted theo;
teresa tere; theresa terry tess; thomas tom tommy; timothy tim; victoria vicky; vincent vince;
virginia ginny; william bill billy liam will; zachary zach
"""
"""Everyday short forms in English and Spanish, written down by us from general knowledge."""


def _table() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for group in _SHORT.split(";"):
        name, *short = group.split()
        for one in short:
            found.setdefault(one, set()).add(name)
        found.setdefault(name, set()).add(name)
    return {name: frozenset(full) for name, full in found.items()}


_FULL: Final = _table()


def sound(word: str) -> str:
    """Return how a folded word sounds: consonants in order, and its first letter."""
    for spelling, one in _SPELLINGS:
        word = re.sub(spelling, one, word)
    return _VOWELS.sub("", word)


def short_for_same(one: str, other: str) -> bool:
    """Report whether one name is short for the other, or both for a third."""
    return bool(_FULL.get(one, frozenset()) & _FULL.get(other, frozenset()))


def folded(text: str | None) -> tuple[str, ...]:
    """Return the words of a name without case, accents, marks and titles."""
    name = parsed_name(text)
    return (*name.given, *name.family.split()) if name else ()

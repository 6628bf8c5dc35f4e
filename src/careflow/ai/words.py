"""Texts as the guard compares them: folded, in sentences and clauses, each word with its place."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_SENTENCE_END = re.compile(r"(?<=[!?])\s+|(?<=[^\W_]\.)\s+(?=[^\W_])|(?<=\))\s*\.\s+|[\n\r]+|;\s*")
_NOT_AN_END = re.compile(r"\b(?:dr|mr|mrs|ms|sr|sra|dra|vs|approx|no|st|jr|ca|e\.g|i\.e)\.$")


def listed(words: str) -> frozenset[str]:
    """Return the words of a table."""
    return frozenset(words.split())


STOP = listed("""
the and for with from that this was were are has have had been being his her their your you
she they him its our ours who whom which what when then than there here also about after
before during into onto over under out per any all some each more most very can could will
would should may might must shall does did done not but nor yet still just only other
another same both either such now today currently current patient patients client mr mrs ms
dr reports reported says said states stated notes noted takes taking take taken taker given
give gives started start continue continued continues has having got get gets use uses used
using approximately around since ago until for day days week weeks month months year years
hour hours minute minutes time times daily once twice old age aged level levels value result
results who'd i'm i've it's is be as at by in of on or to an a if so we i it he my me up no
do el la los las un una unos unas de del al y o u que con por para en su sus se lo le les es
son fue era han ha hay esta este estos estas como mas muy tambien cada dia dias semana
semanas mes meses ano anos hora horas vez veces paciente refiere presenta toma tomar desde
hace sobre entre january february march april june july august september october november
december enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre
diciembre
""")
"""Words that say nothing about what a number, side or denial belongs to."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it is compared."""

    text: str
    start: int
    end: int

    @property
    def stem(self) -> str:
        """Return the word without the endings of English and Spanish plurals."""
        return stem_of(self.text)


def folded(text: str) -> str:
    """Return a text in small letters without accents, of the same length."""
    if text.isascii():
        return text.lower()
    return "".join(map(_folded_sign, text))


def _folded_sign(sign: str) -> str:
    if sign < "\x80":
        return sign.lower()
    if sign in "–—−‐‑":
        return "-"
    if sign in "’‘`´":
        return "'"
    if sign in "µμ":
        return "u"
    bare = unicodedata.normalize("NFKD", sign)[:1].lower()
    return bare if len(bare) == 1 else sign


@lru_cache(maxsize=8192)
def stem_of(word: str) -> str:
    """Return a word without common endings; the same for forms of one word."""
    for ending, least in (("ies", 5), ("es", 5), ("s", 4)):
        if word.endswith(ending) and len(word) >= least and not word.endswith("ss"):
            word = word[: -len(ending)] + ("y" if ending == "ies" else "")
            break
    return word[:-1] if len(word) > 5 and word[-1] in "ae" else word


def words_of(text: str) -> list[Word]:
    """Return the words of a folded text."""
    return list(_words(text))


@lru_cache(maxsize=1024)
def _words(text: str) -> tuple[Word, ...]:
    # Every rule of the guard asks for the same sentences' words, so that they are found once.
    return tuple(Word(found[0], *found.span()) for found in _WORD.finditer(text))


def is_content(word: Word) -> bool:
    """Report whether a word names something."""
    return len(word.text) > 1 and word.text not in STOP


def sentences_of(text: str) -> Iterator[tuple[int, str]]:
    """Yield the sentences and lines of a folded text, each with its offset."""
    return iter(_sentences(text))


@lru_cache(maxsize=256)
def _sentences(text: str) -> tuple[tuple[int, str], ...]:
    return tuple(_parted(text))


def _parted(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    for end in _SENTENCE_END.finditer(text):
        piece = text[start : end.start()]
        if _NOT_AN_END.search(piece):
            continue
        if piece.strip():
            yield start, piece
        start = end.end()
    if text[start:].strip():
        yield start, text[start:]

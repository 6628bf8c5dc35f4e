"""Words of notes as a coder reads them: one stem for all spellings, English and Spanish alike."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

TABLES = files("careflow.knowledge.icd10cm").joinpath("tables")

_SPELLINGS = (
    ("rrh", "r"), ("ph", "f"), ("th", "t"), ("ch", "c"), ("ck", "c"), ("k", "c"), ("y", "i"),
    ("ae", "e"), ("oe", "e"), ("qu", "c"), ("tion", "cion"), ("z", "c"), ("mf", "nf"),
)  # fmt: skip
"""What English and Spanish write differently in words of one Greek or Latin origin."""
_SHORT = 3
_LIST_WORD = re.compile(r"[a-z]+(?:-[a-z]+)*")
_TOKEN = re.compile(r"[A-Z][A-Z0-9]+(?![^\W_])|[^\W\d_]+(?:-[^\W\d_]+)*|\d+[ab]?(?![^\W_])")
_SAYS_NOTHING = frozenset(
    str.split("""
    of the a an and or in on with without to by for from at as is was were be been his her their
    this that these those other others unspecified specified nos nec not elsewhere classified due
    type site sites part parts status de la el los las del y o en con sin un una por para se su sus
    al lo es que como mas muy le ante entre e u patient paciente has had have he she it which who
    presented presenta presentaba non tipo zona nivel region localizacion forma dicho dichos diario
    diaria lado mal mala male si tras desde hasta sobre ya hay era fue siendo cual donde cuando este
    esta estos estas ese esa asi tambien pero porque than then also but so if will can could may
    might would should did does do done having after before during into about between through over
    under up down out off all any each few some such no nor only own same too very come comes came
    coming less least code codes take takes taken took those them then there here let lets go goes
    went mas menos dia dias day days ano anos year years mes meses month months hora horas hour
    hours vez veces time times caso case cases data datos sido ser esto eso ellos ella ellas nos
    fueron ha han hemos habia tac
""")
)
_COMBINED = (
    (frozenset({"malignant", "tumor"}), "cancer"),
    (frozenset({"cancer", "secondary"}), "metastasis"),
)
_PAREN = re.compile(r"\([^)]*\)")
_EXCEPT = re.compile(r",? ?(?:except|excluding|not elsewhere).*", re.IGNORECASE)
_CAPITALS = re.compile(r"[A-Z][A-Z0-9/]{1,6}")


def folded(text: str) -> str:
    """Return a text in lower case without accents, of the same length."""
    return "".join(map(_folded, text))


@lru_cache(maxsize=4096)
def _folded(sign: str) -> str:
    plain = unicodedata.normalize("NFD", sign.lower())
    return plain[0] if plain else " "


def _spelt(word: str) -> str:
    """Return what is left of a word once spelling and ending are taken off."""
    word = "".join(sign for sign in folded(word) if "a" <= sign <= "z")
    if len(word) <= _SHORT:
        return word
    word = re.sub(r"^es(?=[ptcqm])", "s", word)
    word = re.sub(r"^h(?=.{4})", "", word)
    word = re.sub(r"^pn", "n", word)
    for written, kept in _SPELLINGS:
        word = word.replace(written, kept)
    word = re.sub(r"(.)\1", r"\1", word)
    for ending in (r"(es|is|as|os|us|um|s)$", r"[aeiou]+$"):
        shorter = re.sub(ending, "", word)
        word = shorter if len(shorter) >= _SHORT else word
    return word


@cache
def _meanings() -> Mapping[str, str]:
    """Return the word that stands for each word of the table."""
    meanings: dict[str, str] = {}
    for line in TABLES.joinpath("words.txt").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            first, *_ = words = line.split()
            for word in words:
                meanings.setdefault(_spelt(word), first)
    return meanings


@lru_cache(maxsize=65536)
def stem_of(word: str) -> str:
    """Return the stem that stands for a word and for all that mean the same; "" for none."""
    if folded(word) in _SAYS_NOTHING:
        return ""
    spelt = _spelt(word)
    return _meanings().get(spelt, spelt)


def is_empty(stem: str) -> bool:
    """Report whether a stem says nothing of a disease."""
    return len(stem) < 2


def stems_in(title: str) -> frozenset[str]:
    """Return the stems of a title of the tabular list; what stands in brackets is left out."""
    plain = _EXCEPT.sub("", _PAREN.sub("", title))
    stems = {stem_of(word) for word in _LIST_WORD.findall(folded(plain))}
    return combined({stem for stem in stems if not is_empty(stem)})


def stems_of_phrase(phrase: str) -> frozenset[str]:
    """Return the stems of a phrase; words in capitals and numbers stand for themselves."""
    stems: set[str] = set()
    for word in re.findall(r"[^\s;,/]+", phrase):
        bare = re.sub(r"[^\w+-]", "", word)
        if _CAPITALS.fullmatch(bare):
            stems.add(f"^{bare}")
            continue
        stems |= {stem_of(part) for part in _LIST_WORD.findall(folded(word))}
        stems |= {f"#{number}" for number in re.findall(r"\d+[ab]?", word.lower())}
    return combined({stem for stem in stems if not is_empty(stem)})


def combined(stems: set[str]) -> frozenset[str]:
    """Return stems with a malignant tumour called cancer, and its spread metastasis."""
    for parts, whole in _COMBINED:
        if parts <= stems:
            stems = (stems - parts) | {whole}
    if "cancer" in stems:
        stems = stems - {"malignant"}
    return frozenset(stems)


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text: its stem, other stems it may stand for, and its place."""

    stem: str
    others: tuple[str, ...]
    start: int
    end: int


_COMMON = frozenset(
    str.split("""
    the of and a an to in is was with for on he she his her has had at no by or as de la el en y con
    que del las los un una se por su al para sin es fue
    """)
)
_COMMON_ELSEWHERE = frozenset(
    str.split("""
    der die das und nicht kein keine mit von seit uber ein eine im zu bei ist wurde auf le les des
    et est pas avec une du au dans pour sur aux il elle nao com uma dos das na no em ao foi che non
    di della con il lo gli sono stato per het een van niet geen met nie jest na do od bez oraz
    """)
) - {"no", "con", "das"}
_ENOUGH_WORDS = 6
_COMMON_SHARE = 0.08


def is_read(text: str) -> bool:
    """Report whether a text is in English or Spanish, as far as its little words tell."""
    plain = folded(text[:5000])
    words = re.findall(r"[a-z]+", plain)
    if sum("a" <= sign <= "z" for sign in plain) * 2 < sum(map(str.isalpha, plain)):
        return False
    if len(words) < _ENOUGH_WORDS:
        return True
    common = sum(word in _COMMON for word in words)
    elsewhere = sum(word in _COMMON_ELSEWHERE for word in words)
    return elsewhere < max(common, _COMMON_SHARE * len(words))


def tokens_in(text: str, start: int, end: int) -> Iterator[Token]:
    """Yield the words of a part of a text."""
    for found in _TOKEN.finditer(text, start, end):
        word = found.group()
        if word[0].isdigit():
            yield Token(f"#{word.lower()}", (), found.start(), found.end())
            continue
        others = [f"^{word}"] if word.isupper() and len(word) > 1 else []
        if "-" in word:
            others += [stem_of(part) for part in folded(word).split("-")]
        yield Token(stem_of(word), tuple(others), found.start(), found.end())

"""Numbers written in words, in English and Spanish: "one hundred and five", "dos y medio"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

_SMALL_WRITTEN = """
zero cero|one un una uno|two dos|three tres|four cuatro|five cinco|six seis|seven siete|eight ocho
|nine nueve|ten diez|eleven once|twelve doce|thirteen trece|fourteen catorce|fifteen quince
|sixteen dieciseis|seventeen diecisiete|eighteen dieciocho|nineteen diecinueve|twenty veinte
|veintiuno veintiun|veintidos|veintitres|veinticuatro|veinticinco|veintiseis|veintisiete|veintiocho
|veintinueve
"""
_SMALL = {
    word: number for number, words in enumerate(_SMALL_WRITTEN.split("|")) for word in words.split()
}
_TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80,
    "ninety": 90, "veinte": 20, "treinta": 30, "cuarenta": 40, "cincuenta": 50, "sesenta": 60,
    "setenta": 70, "ochenta": 80, "noventa": 90,
}  # fmt: skip
_HUNDREDS = {
    "cien": 100, "ciento": 100, "doscientos": 200, "doscientas": 200, "trescientos": 300,
    "trescientas": 300, "cuatrocientos": 400, "quinientos": 500, "quinientas": 500,
    "seiscientos": 600, "setecientos": 700, "ochocientos": 800, "novecientos": 900,
}  # fmt: skip
_PARTS = {
    "half": Decimal("0.5"), "medio": Decimal("0.5"), "media": Decimal("0.5"),
    "quarter": Decimal("0.25"), "cuarto": Decimal("0.25"),
}  # fmt: skip
ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7,
    "eighth": 8, "ninth": 9, "tenth": 10, "eleventh": 11, "twelfth": 12, "thirteenth": 13,
    "fourteenth": 14, "fifteenth": 15, "sixteenth": 16, "seventeenth": 17, "eighteenth": 18,
    "nineteenth": 19, "twentieth": 20, "twenty-first": 21, "twenty-second": 22,
    "twenty-third": 23, "twenty-fourth": 24, "twenty-fifth": 25, "twenty-sixth": 26,
    "twenty-seventh": 27, "twenty-eighth": 28, "twenty-ninth": 29, "thirtieth": 30,
    "thirty-first": 31, "primero": 1,
}  # fmt: skip
_MANY = {"hundred": 100, "thousand": 1000, "mil": 1000}
_SOFT = frozenset({"one", "un", "una", "uno", "once", "hundred", "thousand", "mil"})
_JOINS = frozenset({"and", "y", "a", "an", "point", "punto", "coma", "con"})
_NUMBER = "|".join(sorted({*_SMALL, *_TENS, *_HUNDREDS, *_PARTS, *_MANY}, key=len, reverse=True))
_ORDINAL = "|".join(sorted(ORDINALS, key=len, reverse=True))
_RUN = re.compile(
    rf"(?<![\w-])(?:(?P<ordinal>{_ORDINAL})"
    rf"|(?:{_NUMBER})(?:(?:-|\s)(?:(?:{'|'.join(_JOINS)})\s){{0,2}}(?:{_NUMBER}))*)(?![\w])"
)
_WORD = re.compile(r"[a-z]+")


@dataclass(frozen=True, slots=True)
class Spelled:
    """A number in words; soft where the words may be no number ("one of them")."""

    value: Decimal
    start: int
    end: int
    is_soft: bool


def spelled_numbers(text: str) -> Iterator[Spelled]:
    """Yield the numbers in words of a folded text, in order."""
    for run in _RUN.finditer(text):
        if run["ordinal"]:
            yield Spelled(Decimal(ORDINALS[run["ordinal"]]), *run.span(), is_soft=True)
            continue
        words = [(one[0], run.start() + one.start()) for one in _WORD.finditer(run[0])]
        at = 0
        while at < len(words):
            value, upto = _read([word for word, _ in words], at)
            if value is not None:
                last, place = words[upto - 1]
                is_soft = upto - at == 1 and (words[at][0] in _SOFT or words[at][0] in _PARTS)
                yield Spelled(value, words[at][1], place + len(last), is_soft)
            at = max(upto, at + 1)


def _read(words: list[str], at: int) -> tuple[Decimal | None, int]:
    """Return the number that begins at a word, and the word behind it."""
    whole, current, upto, last = 0, None, at, ""
    while upto < len(words):
        word = words[upto]
        if word in _JOINS:
            part, behind = _joined(words, upto, last)
            if part is not None:
                return Decimal(whole + (current or 0)) + part, behind
            if behind == upto:
                break
            upto = behind
            continue
        following = _with(word, current, last)
        if following is None:
            break
        if word in {"thousand", "mil"}:
            whole, current = following, 0
        else:
            current = following
        last, upto = word, upto + 1
    if current is None:
        part = _PARTS.get(words[at])
        return part, at + 1
    return Decimal(whole + current), upto


def _with(word: str, current: int | None, last: str) -> int | None:
    """Return the number with one more word, or ``None`` where another number begins."""
    if word in _MANY:
        return (current or 1) * _MANY[word]
    value = _TENS.get(word, _HUNDREDS.get(word, _SMALL.get(word)))
    if value is None:
        return None
    if current is None or (current == 0 and last):
        return value
    after_many = last in _MANY or last in _HUNDREDS
    if (after_many and value < 100) or (last in _TENS and 0 < value < 10):
        return current + value
    return None


def _joined(words: list[str], at: int, last: str) -> tuple[Decimal | None, int]:
    """Return what "and a half" or "point five" adds, and the word behind; or where to go on."""
    if words[at] in {"point", "punto", "coma"}:
        digits, upto = "", at + 1
        while upto < len(words) and 0 <= _SMALL.get(words[upto], -1) < 10:
            digits, upto = digits + str(_SMALL[words[upto]]), upto + 1
        return (Decimal(f"0.{digits}"), upto) if digits else (None, at)
    upto = at + 1 + (at + 1 < len(words) and words[at + 1] in {"a", "an", "una"})
    if upto < len(words) and words[upto] in _PARTS and words[at] in {"and", "y", "con"}:
        return _PARTS[words[upto]], upto + 1
    goes_on = last in _MANY or last in _HUNDREDS or (words[at] == "y" and last in _TENS)
    return None, at + 1 if goes_on else at

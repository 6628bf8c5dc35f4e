"""Chooses, among the ranges printed for a test, the one that applies; never makes one up."""

from __future__ import annotations

import re
from dataclasses import dataclass

from careflow.ai.reading.vocabulary import AGES, NORMAL_BANDS, SEXES, letters
from careflow.knowledge.labs.ranges import Range, parse_range
from careflow.knowledge.labs.values import DecimalMark

_NUMBER = r"(?:\d[\d.,'’]*\d|\d)"
_PIECE = re.compile(
    rf"(?P<label>(?:[^\d<>≤≥()\[\]]|\((?=[A-Za-z]))*?)"
    rf"(?P<range>{_NUMBER}\s*(?:-|–|—|to|~)\s*{_NUMBER}"
    rf"|(?:<=|>=|=<|=>|[<>≤≥]|up\s?to|upto|"
    rf"below|less than|under|above|more than|greater than|over)\s*{_NUMBER})"
    rf"(?P<after>\s*\(\s*(?:male|female|men|women|m|f|adults?)\s*\))?",
    re.IGNORECASE,
)

_REF = re.compile(
    r"^(?:biological\s+)?(?:ref(?:erence)?)\b\.?\s*(?:range|interval|values?|limits?)?\s*[:=]?\s*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Choice:
    """The range that applies, or the reason none could be chosen."""

    range: Range | None
    problem: str | None = None


def shown(text: str) -> str:
    """Return a printed range without the brackets around it and without "ref" before it."""
    text = _REF.sub("", _unbracketed(text))
    return _unbracketed(text)


def _unbracketed(text: str) -> str:
    text = text.strip(" ,;")
    opens, closes = text[:1] in tuple("([{"), text[-1:] in tuple(")]}")
    if text and opens and (closes or not re.search(r"[)\]}]", text)):
        return text[1:-1].strip(" ,;") if closes else text[1:].strip(" ,;")
    if text and closes and not re.search(r"[(\[{]", text):
        return text[:-1].strip(" ,;")
    return text


def choose(text: str, *, sex: str | None, mark: DecimalMark | None) -> Choice:
    """Return the range of a printed text that applies to the patient.

    Args:
        text: Everything printed as range, perhaps several with labels.
        sex: "M" or "F" as printed on the report, or None.
        mark: The document's decimal mark.
    """
    whole = parse_range(text, mark=mark)
    if whole is not None:
        return Choice(whole)
    pieces = [piece for piece in _pieces(text, mark) if piece[1] is not None]
    if not pieces:
        return Choice(None)
    if len(pieces) == 1:
        return _only(*pieces[0], sex=sex)
    return _among(pieces, sex)


def _pieces(text: str, mark: DecimalMark | None) -> list[tuple[str, Range | None]]:
    found = []
    for piece in _PIECE.finditer(text):
        label = (
            piece.group("label") if letters(piece.group("label")) else (piece.group("after") or "")
        )
        found.append((_label(label), parse_range(piece.group("range"), mark=mark)))
    return found


def _label(text: str) -> str:
    words = [letters(word) for word in re.split(r"[\s,;:/]+", text)]
    return "".join(word for word in words if word)


def _sex(label: str) -> str | None:
    if label in SEXES:
        return SEXES[label]
    stripped = re.sub(r"^(adults?|ref|reference|range|normal)|(adults?|years|yrs)$", "", label)
    return SEXES.get(stripped)


def _only(label: str, found: Range | None, *, sex: str | None) -> Choice:
    meant = _sex(label)
    if meant and sex and meant != sex:
        return Choice(None, "The printed range is for the other sex.")
    if meant and not sex:
        return Choice(
            None, "The printed range is for one sex, and the report does not say the patient's."
        )
    return Choice(found)


def _among(pieces: list[tuple[str, Range | None]], sex: str | None) -> Choice:
    by_sex = [(label, found) for label, found in pieces if _sex(label)]
    if by_sex:
        if sex is None:
            return Choice(None, "The range depends on sex, which the report does not say.")
        fitting = [found for label, found in by_sex if _sex(label) == sex]
        return (
            Choice(fitting[0])
            if len(fitting) == 1
            else Choice(None, "More than one printed range could apply.")
        )
    normal = [found for label, found in pieces if label in NORMAL_BANDS]
    if len(normal) == 1:
        return Choice(normal[0])
    adults = [found for label, found in pieces if label in {"adult", "adults"}]
    if len(adults) == 1 and all(label in AGES for label, _ in pieces):
        return Choice(None, "The range depends on age; choose the one that applies.")
    return Choice(None, "More than one range is printed; choose the one that applies.")

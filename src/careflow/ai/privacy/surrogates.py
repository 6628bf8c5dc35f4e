"""What stands in the place of identifiers: dates moved by weeks, all else a code in brackets.

Codes and the number of weeks come from a key of the patient alone: the same input always looks the
same, and two patients share nothing. A code is six consonants, so that no word is taken for one,
and it is known again in any case, broken, in other brackets, with another word before it, in the
possessive or the plural.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from careflow.ai.privacy.found import Label
from careflow.ai.privacy.written_dates import (
    Written,
    dates_in,
    is_mostly_day_first,
    moved,
)
from careflow.ai.words import folded
from careflow.keys import derive

SIGNS = "BCDFGHJKLMNPQRTVWXZ"
"""No vowel, so that codes are no words; no S, which makes a plural."""
LENGTH = 6
_WEEKS_LEAST, _WEEKS_MOST = 4, 104
_LAST_BIRTH_YEAR_KEPT = 1940
"""A year of birth before this one tells of an age of 90 or soon; it becomes a code."""

_WORDS: Mapping[Label, str] = {
    "GEO": "PLACE",
    "OTHER": "ID",
    "BIOMETRIC": "BODY",
}
_PATIENT = "PATIENT"
_LABELS = (
    "NAME|NOMBRE|NOM|PATIENT|PACIENTE|PLACE|LUGAR|LIEU|DATE|FECHA|AGE90|EDAD90|PHONE|TELEFONO|"
    "TELÉFONO|FAX|EMAIL|CORREO|SSN|MRN|PLAN|ACCOUNT|CUENTA|LICENSE|LICENCIA|VEHICLE|VEHICULO|"
    "VEHÍCULO|DEVICE|DISPOSITIVO|URL|IP|BODY|CUERPO|ID"
)
_GAP = r"[\W_]{0,3}"
_LABEL_SPLIT = "|".join(_GAP.join(re.escape(sign) for sign in one) for one in _LABELS.split("|"))
_SPLIT_CODE = re.compile(
    rf"(?<![^\W_])(?=([{SIGNS}](?:{_GAP}[{SIGNS}]){{{LENGTH - 1}}})(?:(?:e?s)?(?![^\W_])|['’]s))",
    re.IGNORECASE,
)
_BEFORE = re.compile(rf"(?<![^\W_])(?:{_LABEL_SPLIT})(?:e?s)?[\W_]{{1,3}}$", re.IGNORECASE)
_WORD_BEFORE = rf"(?:(?:{_LABEL_SPLIT})(?:e?s)?|[^\W_]{{2,14}})[\W_]{{1,3}}"
_OPENED = re.compile(
    rf"(?:(?:\[\[?|\{{\{{?|[<«「【《〈⟨])\s?(?:{_WORD_BEFORE})?|"
    rf"\(\s?(?:(?:{_LABEL_SPLIT})[\W_]{{1,3}}|[^\W_]{{2,14}}[-_‐‑–:]\s?)?)$",
    re.IGNORECASE,
)
_CLOSED = re.compile(r"((?:['’]?e?s)?)\s?(?:\]\]?|\}\}?|[)>»」】》〉⟩])", re.IGNORECASE)
_TOKEN = re.compile(r"[^\W_]+")
_YEAR_ALONE = re.compile(r"\s*\d{4}\s*")
_LEFT_BESIDE_DATES = re.compile(r"\d(?!\d?:\d\d)(?<!:\d)(?<!:\d\d)|[^\W\d_]{3,}")
_DATE_WORDS = re.compile(
    r"\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b|"
    r"\b(?:lunes|martes|mi[ée]rcoles|jueves|viernes|s[áa]bado|domingo)\b|"
    r"\b(?:and|the|from|until|through|thru|del|las|los|hasta|desde|hours|hrs)\b|"
    r"\d{1,2}(?::\d{2}){1,2}(?:\.\d+)?\s*(?:[ap]\.?m\.?)?|T\d{2}:\d{2}\S*|[+-]\d{2}:\d{2}|\bUTC\b",
    re.IGNORECASE,
)


def key_of(master_key: bytes, *, organisation: str, patient: str | None, words: str) -> bytes:
    """Return the key of a patient, or of one input that is about nobody in the chart."""
    base = derive(master_key, "surrogates")
    about = f"patient {patient}" if patient else f"words {words}"
    return hmac.new(base, f"{organisation}\0{about}".encode(), hashlib.sha256).digest()


@dataclass(slots=True)
class Surrogates:
    """What stands for what, in one input.

    Attributes:
        key: Of the patient.
        original: All words of the input, in which no code may occur.
        kept: The words that stay, in which no moved date may occur.
        patient_names: Folded parts of the patient's own names.
        born: The patient's date of birth, which no moved date may be read as.
    """

    key: bytes
    original: str
    kept: str
    patient_names: frozenset[str] = frozenset()
    born: date | None = None
    codes: dict[str, str] = field(default_factory=dict)
    dates: dict[str, str] = field(default_factory=dict)
    _by_value: dict[tuple[str, str], str] = field(default_factory=dict)
    _dates_of: dict[str, str | None] = field(default_factory=dict)
    _squeezed: str = ""
    _day_first: bool = False
    _days: int = 0
    _sent: tuple[re.Pattern[str], dict[str, str]] | None = None

    def __post_init__(self) -> None:
        """Settle what holds for the whole input."""
        self._squeezed = re.sub(r"[\W\d_]+", "", self.original).upper()
        self._day_first = bool(is_mostly_day_first(self.original))
        weeks = self._number("weeks", _WEEKS_MOST - _WEEKS_LEAST + 1) + _WEEKS_LEAST
        self._days = -7 * weeks

    def of(self, label: Label, value: str) -> str:
        """Return what stands for an identifier."""
        if label == "DATE":
            # The same words are the same day, however often a text repeats them.
            if value not in self._dates_of:
                self._dates_of[value] = self._date(value)
            moved_date = self._dates_of[value]
            if moved_date is not None:
                return moved_date
        return self._code(label, value)

    def back(self, text: str) -> str:
        """Return a text of the answer with the identifiers in place of what stood for them."""
        return self._dates_back(self._codes_back(text)) if text else text

    @property
    def placed(self) -> frozenset[str]:
        """Return everything that was put into the text."""
        return frozenset([*self._by_value.values(), *self.dates])

    # --- codes -----------------------------------------------------------------------------

    def _code(self, label: Label, value: str) -> str:
        same = (label, " ".join(folded(value).split()))
        if same not in self._by_value:
            code = self._fresh(f"{label}\0{same[1]}")
            self._by_value[same] = f"[{self._word(label, value)}-{code}]"
            self.codes[code] = value
        code = self._by_value[same][-LENGTH - 1 : -1]
        if self.codes[code].isupper() and not value.isupper():
            # Of FISHER and Fisher, which are one, the one comes back that reads well anywhere.
            self.codes[code] = value
        return self._by_value[same]

    def _fresh(self, about: str) -> str:
        """Return a code that nothing in the input can be taken for."""
        for attempt in range(1000):
            number = self._number(f"{about}\0{attempt}", len(SIGNS) ** LENGTH)
            code = ""
            for _ in range(LENGTH):
                number, sign = divmod(number, len(SIGNS))
                code += SIGNS[sign]
            if code not in self._squeezed and code not in self.codes:
                return code
        msg = "The input is full of codes."
        raise ValueError(msg)

    def _word(self, label: Label, value: str) -> str:
        if label == "NAME":
            parts = {part for part in _TOKEN.findall(folded(value)) if len(part) > 1}
            if parts and parts <= self.patient_names:
                return _PATIENT
        return _WORDS.get(label, label)

    def _codes_back(self, text: str) -> str:
        if not self.codes:
            return text
        out, at = [], 0
        for start, end, value in self._codes_found(text):
            if start >= at:
                whole_start, at_next, more = _with_brackets(text, start, end, at)
                out += [text[at:whole_start], value, more]
                at = at_next
        return "".join([*out, text[at:]])

    def _codes_found(self, text: str) -> Iterator[tuple[int, int, str]]:
        for found in _SPLIT_CODE.finditer(text):
            code = re.sub(r"[\W_]", "", found[1]).upper()
            if code in self.codes:
                yield found.start(1), found.end(1), self.codes[code]

    # --- dates -----------------------------------------------------------------------------

    def _date(self, value: str) -> str | None:
        """Return a date moved, or ``None`` where it is not one that can be moved and back."""
        found = self._meant(value)
        if not found or _is_more_than_dates(value, found):
            return None
        try:
            text = _each(value, found, self._moved)
        except ValueError:
            return None
        if text == value or text in self.kept or self.dates.get(text, value) != value:
            return None
        if self._tells_birth(text):
            return None
        self.dates[text] = value
        return text

    def _meant(self, value: str) -> list[Written]:
        """Return the dates of an identifier; what may be the date of birth is read as that."""
        if self.born is not None:
            for day_first in (self._day_first, not self._day_first):
                found = dates_in(value, day_first=day_first)
                if any(one.day_meant == self.born for one in found):
                    return found
        return dates_in(value, day_first=self._day_first)

    def _tells_birth(self, text: str) -> bool:
        """Report whether a moved date may be read as the date of birth, in either order."""
        return self.born is not None and any(
            one.day_meant == self.born
            for day_first in (False, True)
            for one in dates_in(text, day_first=day_first)
        )

    def _moved(self, one: Written) -> str:
        if one.precision == "year" and (one.year or 0) < _LAST_BIRTH_YEAR_KEPT:
            raise ValueError
        return moved(one, self._days)

    def _dates_back(self, text: str) -> str:
        if not self.dates:
            return text
        text, kept = self._known_dates(text)
        found = [one for one in dates_in(text, day_first=self._day_first) if _is_certain(one)]
        text = _each(text, found, self._moved_back)
        return re.sub("\ue000(\\d+)\ue001", lambda one: kept[int(one[1])], text)

    def _known_dates(self, text: str) -> tuple[str, list[str]]:
        """Put a mark for every date that stands as it was sent."""
        kept: list[str] = []
        sent, folded_dates = self._as_sent()

        def mark(found: re.Match[str]) -> str:
            kept.append(folded_dates.get(folded(found[0]), found[0]))
            return f"\ue000{len(kept) - 1}\ue001"

        return sent.sub(mark, text.replace("\ue000", "").replace("\ue001", "")), kept

    def _as_sent(self) -> tuple[re.Pattern[str], dict[str, str]]:
        """Return what finds the dates that were sent, made once for all texts of an answer."""
        if self._sent is None or len(self._sent[1]) != len(self.dates):
            wanted = "|".join(map(re.escape, sorted(self.dates, key=len, reverse=True)))
            found = re.compile(rf"(?<!\w)(?:{wanted})(?!\w)", re.IGNORECASE)
            self._sent = found, {folded(one): value for one, value in self.dates.items()}
        return self._sent

    def _moved_back(self, one: Written) -> str:
        try:
            return moved(one, -self._days)
        except ValueError:
            return one.found.group()

    def _number(self, about: str, below: int) -> int:
        digest = hmac.new(self.key, about.encode(), hashlib.sha256).digest()
        return int.from_bytes(digest[:16]) % below


def _is_certain(one: Written) -> bool:
    """Report whether it is a date for certain: 5/5 may be a strength, 2024 a guideline's year."""
    return one.precision in {"day", "month"} or one.has_name


def _is_more_than_dates(value: str, found: list[Written]) -> bool:
    rest = _each(value, found, lambda _: " ")
    return _LEFT_BESIDE_DATES.search(_DATE_WORDS.sub(" ", rest)) is not None


def _each(text: str, found: list[Written], change: Callable[[Written], str]) -> str:
    out, at = [], 0
    for one in found:
        out += [text[at : one.start], change(one)]
        at = one.end
    return "".join([*out, text[at:]])


def _with_brackets(text: str, start: int, end: int, least: int) -> tuple[int, int, str]:
    """Return where a code with its word and brackets stands, and an ending that it had inside."""
    before, closed = text[least:start], _CLOSED.match(text, end)
    opened = _OPENED.search(before[-32:])
    if opened is not None and closed is not None:
        return start - len(opened[0]), closed.end(), closed[1]
    named = _BEFORE.search(before[-64:])
    if named is None:
        return start, end, ""
    start -= len(named[0])
    return start, end, ""

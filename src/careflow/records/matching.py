"""Which patient a report may be about: candidates with reasons, never a decision."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from careflow.records.person import PatientLine

_TITLES = frozenset({"mr", "mrs", "ms", "miss", "dr", "mx", "prof", "jr", "sr"})
_FULL_DATE = len("2026-11-24")
_SHOWN = 8

# How much each agreement weighs among what could be read. A number or a birth date tells people
# apart better than a name; a birth date that differs speaks against, whatever the name says.
_NUMBER, _BORN, _FAMILY, _GIVEN = 0.40, 0.30, 0.20, 0.10
_BORN_DIFFERS = 0.5
_NEAR = 0.6
_ALIKE = 0.5
_START = 0.4


@dataclass(frozen=True, slots=True)
class ReadIdentity:
    """Who a document says it is about, as read from its pages."""

    name: str | None
    birth_date: str | None
    record_number: str | None


NOTHING_READ = ReadIdentity(None, None, None)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A patient it may be about; ``score`` runs from 0 to 1 and ``reasons`` say why."""

    patient: PatientLine
    score: float
    reasons: list[str]


@dataclass(frozen=True, slots=True)
class PersonName:
    """A name in parts that compare: without case, accents, titles and marks."""

    family: str
    given: tuple[str, ...]


def ranked(read: ReadIdentity, patients: Iterable[PatientLine]) -> list[Candidate]:
    """Return the likely patients, best first; those who share nothing with it are left out."""
    scored = (compare(read, patient) for patient in patients)
    likely = [one for one in scored if one.score > 0]
    likely.sort(key=lambda one: (-one.score, one.patient.family, one.patient.given, one.patient.id))
    return likely[:_SHOWN]


def compare(read: ReadIdentity, patient: PatientLine) -> Candidate:
    """Weigh what was read against one patient, over what could be read."""
    parts = [*_by_number(read, patient), *_by_birth(read, patient), *_by_name(read, patient)]
    possible = sum(weight for weight, _, _ in parts)
    reached = sum(weight * share for weight, share, _ in parts)
    score = reached / possible if possible else 0.0
    if _birth_dates_differ(read, patient):
        score *= _BORN_DIFFERS
    return Candidate(patient, round(score, 2), [reason for _, _, reason in parts if reason])


def identity_problem(read: ReadIdentity, patient: PatientLine) -> str | None:
    """Say how a report contradicts the patient it was matched to, or nothing if it does not.

    What could not be read contradicts nothing; one letter of a family name may be a misprint, and
    a name may have been spelt as it was heard.
    """
    if _birth_dates_differ(read, patient):
        return "The report names another birth date than the chart."
    name = parsed_name(read.name)
    if name and _family_share(name, parsed_name(_full(patient))) == 0:
        return "The report names another family name than the chart."
    return None


Part = tuple[float, float, str | None]
"""Weight, share of it that was reached, and the reason in words."""


def _by_number(read: ReadIdentity, patient: PatientLine) -> list[Part]:
    if not read.record_number or not patient.record_number:
        return []
    if _plain(read.record_number) == _plain(patient.record_number):
        return [(_NUMBER, 1.0, "Record number is the same")]
    return [(_NUMBER, 0.0, None)]


def _by_birth(read: ReadIdentity, patient: PatientLine) -> list[Part]:
    if not read.birth_date or not patient.birth_date:
        return []
    if read.birth_date == patient.birth_date:
        return [(_BORN, 1.0, "Birth date is the same")]
    return [(_BORN, 0.0, "Birth date differs")]


def _by_name(read: ReadIdentity, patient: PatientLine) -> list[Part]:
    name, known = parsed_name(read.name), parsed_name(_full(patient))
    if not name or not known:
        return []
    family = _family_share(name, known)
    given = _given_share(name.given, known.given) if family else 0.0
    return [(_FAMILY, family, _FAMILY_WORDS[family]), (_GIVEN, given, _GIVEN_WORDS[given])]


_FAMILY_WORDS: dict[float, str | None] = {
    1.0: "Family name is the same",
    _NEAR: "Family name differs by one letter",
    _ALIKE: "Family name sounds alike",
    _START: "Family name begins the same",
    0.0: None,
}
_GIVEN_WORDS: dict[float, str | None] = {
    1.0: "Given name is the same",
    _NEAR: "Given name differs by one letter",
    _ALIKE: "Given name sounds alike",
    _START: "Initial is the same",
    0.0: None,
}


def parsed_name(text: str | None) -> PersonName | None:
    """Split a printed name: ``JOHNSTON, P.``, ``Paul Johnston`` or ``Mr Paul A Johnston``."""
    if not text:
        return None
    before, comma, after = text.partition(",")
    words, rest = _words(before), _words(after)
    if not words:
        return None
    if comma and rest:
        return PersonName(" ".join(words), tuple(rest))
    return PersonName(words[-1], tuple(words[:-1]))


def edits_within_one(one: str, other: str) -> bool:
    """Report whether they differ by one letter at most: added, left out, changed or swapped."""
    if one == other:
        return True
    if abs(len(one) - len(other)) > 1:
        return False
    start = next(
        (i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b),
        min(len(one), len(other)),
    )
    a, b = one[start:], other[start:]
    swapped = len(a) > 1 and len(b) > 1 and a[0] == b[1] and a[1] == b[0] and a[2:] == b[2:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or swapped


_SOUNDS = (("ph", "f"), ("ck", "k"), ("ie", "i"), ("y", "i"), ("z", "s"), ("c", "k"))


def sound_of(name: str) -> str:
    """Return a name with spellings that sound alike made one: Murphy and Murfy are the same."""
    for spelling, sound in _SOUNDS:
        name = name.replace(spelling, sound)
    return re.sub(r"(.)\1+", r"\1", name)


def _family_share(read: PersonName, known: PersonName | None) -> float:
    if known is None:
        return 0.0
    return max(_share(read.family, word) for word in (known.family, *_last_of(known.family)))


def _last_of(family: str) -> list[str]:
    """Return the parts of a double name: either alone may be printed."""
    return family.split() if " " in family else []


def _share(read: str, known: str) -> float:
    if read == known:
        return 1.0
    if min(len(read), len(known)) >= 4 and edits_within_one(read, known):
        return _NEAR
    if min(len(read), len(known)) >= 3 and sound_of(read) == sound_of(known):
        return _ALIKE
    if min(len(read), len(known)) >= 4 and (known.startswith(read) or read.startswith(known)):
        return _START
    return 0.0


def _given_share(read: tuple[str, ...], known: tuple[str, ...]) -> float:
    if not read or not known:
        return 0.0
    first = read[0]
    best = max(_share(first, word) for word in known)
    initial = len(first) == 1 or any(len(word) == 1 for word in known)
    if not best and initial and any(word[0] == first[0] for word in known):
        return _START
    return best


def _birth_dates_differ(read: ReadIdentity, patient: PatientLine) -> bool:
    both = (read.birth_date, patient.birth_date)
    whole = all(one and len(one) == _FULL_DATE for one in both)
    return whole and read.birth_date != patient.birth_date


def _full(patient: PatientLine) -> str:
    return f"{patient.family}, {patient.given}" if patient.given else patient.family


def _words(text: str) -> list[str]:
    words = re.findall(r"[a-z]+", _folded(text))
    return [word for word in words if word not in _TITLES]


def _folded(text: str) -> str:
    spelled = unicodedata.normalize("NFKD", text)
    bare = "".join(letter for letter in spelled if not unicodedata.combining(letter))
    return bare.casefold().replace("'", "").replace("’", "").replace("-", " ")


def _plain(number: str) -> str:
    return re.sub(r"[^a-z0-9]", "", number.casefold()).lstrip("0")

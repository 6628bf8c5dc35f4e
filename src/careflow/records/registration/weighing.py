"""How much speaks for two being the same person: weights by field, after Fellegi and Sunter.

A weight is log2 of how often a field agrees so among the same person, over how often it does among
two others ("A Theory for Record Linkage", 1969). Shares are estimates of ours, kept as fractions
so that they can be read; benchmarks/twins.py measures what they find.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log2
from typing import Final

from careflow.records.matching import edits_within_one
from careflow.records.registration.names import short_for_same, sound
from careflow.records.registration.person import Known

LIKELY: Final = 15.0
"""From here a new record is refused unless somebody says why it is another person."""
CERTAIN: Final = 22.0
"""From here a single likely patient is taken for the person: name and birth date agree."""
POSSIBLE: Final = 12.0
"""From here somebody is shown while the desk types."""
_HOUSEHOLD_MOST: Final = 13.0
"""Family name, telephone, address are shared at home: together they say no more than this."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one field says; ``why`` in words, if it speaks for it."""

    weight: float
    why: str | None = None


def _part(same: float, others: float, why: str | None = None) -> Part:
    return Part(log2(same / others), why)


_NOTHING: Final = Part(0.0)
_FAMILY: Final = {
    "same": _part(0.88, 0.002, "same family name"),
    "letter": _part(0.06, 0.003, "family name differs by one letter"),
    "sound": _part(0.05, 0.003, "family name sounds alike"),
    "part": _part(0.04, 0.003, "part of the family name is the same"),
    "other": _part(0.03, 0.99),
}
_GIVEN: Final = {
    "same": _part(0.84, 0.01, "same given name"),
    "short": _part(0.06, 0.003, "given name is a short form"),
    "letter": _part(0.05, 0.004, "given name differs by one letter"),
    "sound": _part(0.05, 0.004, "given name sounds alike"),
    "part": _part(0.04, 0.008, "one of the given names is the same"),
    "initial": _part(0.02, 0.05, "same initial"),
    "other": _part(0.0005, 0.92),
}
_CROSSED: Final = _part(0.01, 0.00001, "family and given name are exchanged")
_BORN: Final = {
    "same": _part(0.92, 0.00005, "same birth date"),
    "swapped": _part(0.015, 0.0001, "day and month of birth are exchanged"),
    "digit": _part(0.04, 0.0015, "birth date differs by one digit"),
    "year": _part(0.01, 0.013, "same year of birth"),
    "other": _part(0.008, 0.98),
}
_PHONE: Final = _part(0.6, 0.001, "same telephone")
_EMAIL: Final = _part(0.6, 0.0003, "same e-mail")
_ADDRESS: Final = _part(0.5, 0.001, "same address")
_POSTAL: Final = _part(0.7, 0.02, "same postal code")
_NUMBER: Final = _part(0.98, 0.000001, "same record number")
_CONTACT_OTHER: Final = _part(0.4, 0.99)
_SEX_OTHER: Final = _part(0.02, 0.5)


@dataclass(frozen=True, slots=True)
class Weighed:
    """The sum, and why."""

    weight: float
    why: tuple[str, ...]


def weigh(said: Known, patient: Known) -> Weighed:
    """Weigh what was said against a patient; what one side does not know says nothing."""
    family, given = _names(said, patient)
    own = [
        given,
        _born(said.birth_date, patient.birth_date),
        _sex(said.sex, patient.sex),
        _shared(said.numbers, patient.numbers, _NUMBER, _NOTHING),
        _shared(said.emails, patient.emails, _EMAIL, _CONTACT_OTHER),
    ]
    home = [
        family,
        _shared(said.phones, patient.phones, _PHONE, _CONTACT_OTHER),
        _home(said, patient),
    ]
    total = sum(one.weight for one in own) + min(_HOUSEHOLD_MOST, sum(one.weight for one in home))
    reasons = (one.why for one in (own[1], family, *own[:1], *home[1:], *own[3:]) if one.why)
    return Weighed(round(total, 1), tuple(reasons))


def digit_slips(one: str, other: str) -> bool:
    """Report whether two dates differ in one digit, or in two that stand beside each other."""
    if len(one) != len(other):
        return False
    at = [i for i, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    if len(at) == 1:
        return True
    return len(at) == 2 and one[at[0]] == other[at[1]] and one[at[1]] == other[at[0]]


def _names(said: Known, patient: Known) -> tuple[Part, Part]:
    family = _best([_family(a, b) for a in said.families for b in patient.families])
    given = _best([_given(a, b) for a in said.givens for b in patient.givens])
    crossed = set(said.families) & set(patient.givens) and set(said.givens) & set(patient.families)
    if crossed and family.weight + given.weight < _CROSSED.weight:
        return _CROSSED, _NOTHING
    return family, given


def _best(parts: list[Part]) -> Part:
    return max(parts, key=lambda one: one.weight, default=_NOTHING)


def _family(one: tuple[str, ...], other: tuple[str, ...]) -> Part:
    a, b = "".join(one), "".join(other)
    if a == b:
        return _FAMILY["same"]
    if min(len(a), len(b)) >= 4 and edits_within_one(a, b):
        return _FAMILY["letter"]
    if min(len(a), len(b)) >= 3 and sound(a) == sound(b):
        return _FAMILY["sound"]
    if set(one) & set(other):
        return _FAMILY["part"]
    return _FAMILY["other"]


def _given(one: tuple[str, ...], other: tuple[str, ...]) -> Part:
    a, b = one[0], other[0]
    if a == b:
        return _GIVEN["same"]
    if short_for_same(a, b):
        return _GIVEN["short"]
    if min(len(a), len(b)) >= 4 and edits_within_one(a, b):
        return _GIVEN["letter"]
    if min(len(a), len(b)) >= 3 and sound(a) == sound(b):
        return _GIVEN["sound"]
    if {word for word in one if len(word) > 1} & set(other):
        return _GIVEN["part"]
    if min(len(a), len(b)) == 1 and a[0] == b[0]:
        return _GIVEN["initial"]
    return _GIVEN["other"]


def _born(one: str | None, other: str | None) -> Part:
    if not one or not other or len(one) != len("2026-11-24") or len(other) != len(one):
        return _NOTHING
    if one == other:
        return _BORN["same"]
    if one == f"{other[:5]}{other[8:]}-{other[5:7]}":
        return _BORN["swapped"]
    if digit_slips(one, other):
        return _BORN["digit"]
    return _BORN["year"] if one[:4] == other[:4] else _BORN["other"]


def _sex(one: str | None, other: str | None) -> Part:
    told = {"male", "female"}
    return _SEX_OTHER if one in told and other in told and one != other else _NOTHING


def _home(said: Known, patient: Known) -> Part:
    whole = _shared(said.addresses, patient.addresses, _ADDRESS, _NOTHING)
    if whole.weight:
        return whole
    return _shared(said.postal_codes, patient.postal_codes, _POSTAL, _NOTHING)


def _shared(one: frozenset[str], other: frozenset[str], same: Part, differs: Part) -> Part:
    if not one or not other:
        return _NOTHING
    return same if one & other else differs

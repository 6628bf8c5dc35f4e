"""Finding likely twins: through the index first, then weighed one by one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from careflow.database.conditions import AnyOf, Condition, TermIn, TextMatches
from careflow.database.documents import Documents, Query
from careflow.database.scope import AccessScope
from careflow.records.directory import born_on, numbered
from careflow.records.elements import Json, decoded
from careflow.records.person import PatientLine, line_of
from careflow.records.registration.names import folded
from careflow.records.registration.person import Said, digits, known_of_patient, known_of_said
from careflow.records.registration.weighing import LIKELY, POSSIBLE, Weighed, weigh

_WEIGHED_MAX: Final = 200
_SHOWN: Final = 8


@dataclass(frozen=True, slots=True)
class Twin:
    """A patient whom somebody may be.

    Attributes:
        weight: What speaks for it less what speaks against it, in bits.
        is_likely: A new record beside it takes a reason.
        why: What speaks for it, in words.
    """

    patient: PatientLine
    weight: float
    is_likely: bool
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Twins:
    """Looks for whom somebody may be among the clinic's patients."""

    documents: Documents

    async def of(self, said: Said, scope: AccessScope) -> list[Twin]:
        """Return the patients whom somebody may be, the likeliest first."""
        candidates = await self._candidates(said, scope)
        known = known_of_said(said)
        weighed = [(one, weigh(known, known_of_patient(one))) for one in candidates.values()]
        twins = [_twin(*each) for each in weighed if each[1].weight >= POSSIBLE]
        twins.sort(key=lambda one: (-one.weight, one.patient.id))
        return twins[:_SHOWN]

    async def _candidates(self, said: Said, scope: AccessScope) -> dict[str, Json]:
        """Return whom one way of looking finds at least; each way is bounded by itself."""
        found: dict[str, Json] = {}
        for conditions in _ways(said):
            asked = Query("Patient", conditions, count=_WEIGHED_MAX)
            page = await self.documents.find(asked, scope)
            found |= {one.id: decoded(one) for one in page.documents}
        return {id: one for id, one in found.items() if one.get("active", True) is not False}


def _twin(patient: Json, weighed: Weighed) -> Twin:
    return Twin(line_of(patient), weighed.weight, weighed.weight >= LIKELY, weighed.why)


def _ways(said: Said) -> Iterator[tuple[Condition, ...]]:
    family, given = folded(said.family), folded(said.given)
    if said.record_number:
        yield (numbered(said.record_number),)
    if said.phone and (spelled := tuple(phone_spellings(said.phone))):
        yield (TermIn("phone", spelled),)
    if said.email:
        yield (TermIn("email", tuple(dict.fromkeys((said.email, said.email.lower())))),)
    born = _day(said.birth_date)
    if born is not None:
        yield (born_on(born),)
    if family and given:
        yield (_begins("family", family[0][:3]), _begins("given", given[0][:2]))
        if family[0][:1] != given[0][:1]:
            yield (_begins("family", given[0]), _begins("given", family[0]))
    elif family:
        yield (_begins("family", family[0]),)
    if born is not None and family:
        slips = AnyOf(tuple(born_on(day) for day in slipped(born)))
        yield (slips, _begins("family", family[0][:1]))


def _begins(parameter: str, start: str) -> TextMatches:
    return TextMatches(parameter, (start,), "prefix")


def slipped(born: date) -> list[date]:
    """Return the days that a slip of the pen makes of a day: exchanged, or one digit off."""
    text = born.isoformat()
    spelled: dict[str, None] = {f"{text[:5]}{text[8:]}-{text[5:7]}": None}
    for at, letter in enumerate(text):
        if letter.isdigit() and at >= len("19"):
            for other in "0123456789":
                spelled[text[:at] + other + text[at + 1 :]] = None
    for at in (2, 5, 8):
        spelled[text[:at] + text[at + 1] + text[at] + text[at + 2 :]] = None
    days = (_day(one) for one in spelled if one != text)
    return [day for day in days if day is not None]


def phone_spellings(phone: str) -> Iterable[str]:
    """Return the ways in which a telephone number is likely to be on record."""
    bare = digits(phone)
    if len(bare) != 10:
        return dict.fromkeys((phone.strip(), bare) if bare else ())
    a, b, c = bare[:3], bare[3:6], bare[6:]
    return dict.fromkeys(
        (
            phone.strip(),
            bare,
            f"+1{bare}",
            f"1{bare}",
            f"{a}-{b}-{c}",
            f"({a}) {b}-{c}",
            f"+1-{a}-{b}-{c}",
            f"+1 {a} {b} {c}",
            f"+1 {a}-{b}-{c}",
            f"+1 ({a}) {b}-{c}",
            f"1-{a}-{b}-{c}",
            f"{a} {b} {c}",
            f"{a}.{b}.{c}",
        )
    )


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text and len(text) == len("2026-11-24") else None
    except ValueError:
        return None

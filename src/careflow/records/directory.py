"""Finding a patient by name, birth date or record number."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import ClassVar

from careflow.database.conditions import (
    AnyOf,
    Condition,
    IdIn,
    RangeWithin,
    SortKey,
    TermIn,
    TextMatches,
)
from careflow.database.documents import Documents, Query
from careflow.database.scope import AccessScope
from careflow.errors import NotFoundError
from careflow.records.elements import Json, decoded, utc_ms
from careflow.records.person import PatientLine, line_of
from careflow.records.reach import refuse_out_of_care

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_BY_NAME = (SortKey("family"), SortKey("given"))


class PatientNotFoundError(NotFoundError):
    """No such patient, or none that the asker may see."""

    code: ClassVar[str] = "records-patient-not-found"

    def __init__(self) -> None:
        super().__init__("There is no such patient.")


@dataclass(frozen=True, slots=True)
class Directory:
    """The clinic's patients, to find one among them."""

    documents: Documents

    async def find(self, query: str, *, count: int, scope: AccessScope) -> list[PatientLine]:
        """Return patients whom every word of the query fits, by name; all for an empty query."""
        asked = Query("Patient", conditions_of(query), sort=_BY_NAME, count=count)
        page = await self.documents.find(asked, scope)
        return [line_of(decoded(document)) for document in page.documents]

    async def matching(
        self, conditions: tuple[Condition, ...], *, count: int, scope: AccessScope
    ) -> list[PatientLine]:
        """Return patients whom at least one of the conditions fits."""
        if not conditions:
            return []
        page = await self.documents.find(Query("Patient", (AnyOf(conditions),), count=count), scope)
        return [line_of(decoded(document)) for document in page.documents]

    async def patient(self, id: str, scope: AccessScope) -> Json:
        """Return one Patient resource.

        Raises:
            NotInCareError: The patient is not in the asker's care.
            PatientNotFoundError: There is none.
        """
        document = await self.documents.read("Patient", id, scope)
        if document is None:
            await refuse_out_of_care(self.documents, "Patient", id, scope)
        if document is None or document.deleted:
            raise PatientNotFoundError
        return decoded(document)

    async def line(self, id: str, scope: AccessScope) -> PatientLine:
        """Return one patient as a line, or raise PatientNotFoundError."""
        return line_of(await self.patient(id, scope))

    async def lines(self, ids: set[str], scope: AccessScope) -> dict[str, PatientLine]:
        """Return those of these patients that the scope can see, by id."""
        if not ids:
            return {}
        query = Query("Patient", (IdIn(tuple(sorted(ids))),), count=len(ids))
        page = await self.documents.find(query, scope)
        found = (line_of(decoded(document)) for document in page.documents)
        return {line.id: line for line in found}


def conditions_of(query: str) -> tuple[Condition, ...]:
    """Turn what was typed into conditions that must all hold.

    A date is a birth date, a word with a digit a record number, any other word the start of a name.
    """
    text = query.replace(",", " ").strip()
    conditions: list[Condition] = []
    for word in text.split():
        born = date_typed(word)
        if born:
            conditions.append(born_on(born))
        elif any(letter.isdigit() for letter in word):
            conditions.append(numbered(word))
        else:
            conditions.append(starting_with(word))
    return tuple(conditions)


def starting_with(word: str) -> TextMatches:
    """Return the condition that a part of a patient's name begins so."""
    return TextMatches("name", (word,), "prefix")


def numbered(record_number: str) -> TermIn:
    """Return the condition that a patient carries this number."""
    spellings = dict.fromkeys((record_number, record_number.upper(), record_number.lower()))
    return TermIn("identifier", tuple(spellings))


def born_on(day: date) -> RangeWithin:
    """Return the condition that a patient was born on this day."""
    noon = utc_ms(datetime(day.year, day.month, day.day, 12, tzinfo=UTC))
    half = timedelta(days=1).total_seconds() * 1000
    # The day itself, not a year or a month that holds it.
    return RangeWithin("birthdate", low_min=noon - half, low_max=noon, high_min=noon)


def date_typed(word: str) -> date | None:
    """Return a date as staff type one: 1984-03-02, 02-Mar-1984 or 3/2/1984 (month first)."""
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", word):
            return date.fromisoformat(word)
        if found := re.fullmatch(r"(\d{1,2})-([A-Za-z]{3})-(\d{4})", word):
            return date(int(found[3]), _MONTHS.index(found[2].lower()) + 1, int(found[1]))
        if found := re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", word):
            return date(int(found[3]), int(found[1]), int(found[2]))
    except ValueError:
        return None
    return None

"""Places, kinds of visits and calendars as documents, without history: edits are audited."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Generic, TypeVar

import msgspec

from careflow.database.documents import Documents, Entries, Put, Query
from careflow.database.scope import organisation_scope
from careflow.database.work import Work
from careflow.scheduling.plan import Calendar, NotPlannedError, Plan

PLAN: Final = "visit-plan"
CALENDAR: Final = "visit-calendar"
_PLAN_ID: Final = "clinic"
_CALENDARS_MAX: Final = 500

T = TypeVar("T")

_plan = msgspec.json.Decoder(Plan)
_calendar = msgspec.json.Decoder(Calendar)


@dataclass(frozen=True, slots=True)
class Stored(Generic[T]):
    """What was read, and its version."""

    value: T
    version: int


@dataclass(frozen=True, slots=True)
class Plans:
    """One organisation's plan and its clinicians' calendars."""

    documents: Documents
    organisation: str

    async def plan(self) -> Stored[Plan]:
        """Return places and kinds of visits; none at all where nobody has planned yet."""
        scope = organisation_scope(self.organisation)
        found = await self.documents.read(PLAN, _PLAN_ID, scope)
        if found is None or found.deleted:
            return Stored(Plan(), found.version if found else 0)
        return Stored(_plan.decode(found.body), found.version)

    async def calendars(self) -> list[Stored[Calendar]]:
        """Return every clinician's calendar, by name."""
        scope = organisation_scope(self.organisation)
        page = await self.documents.find(Query(CALENDAR, count=_CALENDARS_MAX), scope)
        found = [Stored(_calendar.decode(one.body), one.version) for one in page.documents]
        return sorted(found, key=lambda one: (one.value.name, one.value.practitioner))

    async def calendar(self, practitioner: str) -> Stored[Calendar] | None:
        """Return one clinician's calendar."""
        scope = organisation_scope(self.organisation)
        found = await self.documents.read(CALENDAR, practitioner, scope)
        if found is None or found.deleted:
            return None
        return Stored(_calendar.decode(found.body), found.version)

    async def required(self, practitioner: str) -> Stored[Calendar]:
        """Return one clinician's calendar, or raise :class:`NotPlannedError`."""
        found = await self.calendar(practitioner)
        if found is None:
            raise NotPlannedError("The clinic has no such clinician's calendar.")
        return found

    def put_plan(self, work: Work, plan: Plan, *, expected: int | None = None) -> None:
        """Stage the plan."""
        work.put(self._put(PLAN, _PLAN_ID, msgspec.json.encode(plan), expected))

    def put_calendar(self, work: Work, calendar: Calendar, *, expected: int | None = None) -> None:
        """Stage a calendar."""
        body = msgspec.json.encode(calendar)
        work.put(self._put(CALENDAR, calendar.practitioner, body, expected))

    def _put(self, kind: str, id: str, body: bytes, expected: int | None) -> Put:
        return Put(
            kind, id, body, self.organisation, Entries(), expected=expected, keep_history=False
        )

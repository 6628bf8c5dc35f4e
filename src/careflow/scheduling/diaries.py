"""Reads what has whose time: visits and holds, as stored and as a unit of work would leave them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from weakref import WeakKeyDictionary

from careflow.database.conditions import RangeWithin, TermIn
from careflow.database.documents import Documents, Query
from careflow.database.scope import organisation_scope
from careflow.database.work import Work
from careflow.scheduling.claims import LONGEST
from careflow.scheduling.holds import Holds
from careflow.scheduling.plan import Plan
from careflow.scheduling.taken import Diary, Taken
from careflow.scheduling.visit import DECODER, Lookup
from careflow.scheduling.wall import Interval

_PAGE: Final = 1000
_MS: Final = 60_000

staged: WeakKeyDictionary[Work, dict[str, Taken | None]] = WeakKeyDictionary()
"""What units of work that are under way make of visits, by ``Appointment/ID``."""


@dataclass(frozen=True, slots=True)
class Diaries:
    """One organisation's diary."""

    documents: Documents
    organisation: str

    async def load(
        self,
        plan: Plan,
        within: Interval,
        resources: Iterable[str],
        *,
        work: Work | None = None,
        now: int,
    ) -> Diary:
        """Return what is taken of the time of these resources in an interval, and right beside."""
        wanted = tuple(sorted(set(resources)))
        if not wanted:
            return Diary()
        found = {one.by: one for one in await self._visits(plan, within, TermIn("actor", wanted))}
        for hold in await Holds(self.documents, self.organisation).of_resources(wanted):
            one = hold.taken()
            if not one.is_over(now) and one.begin < within[1] and within[0] < one.end:
                found[one.by] = one
        for by, change in staged.get(work, {}).items() if work is not None else ():
            found.pop(by, None)
            if change is not None:
                found[by] = change
        return Diary.of(found.values())

    async def of_patient(self, plan: Plan, within: Interval, patient: str) -> list[Taken]:
        """Return a patient's visits around an interval."""
        return await self._visits(plan, within, TermIn("patient", (f"Patient/{patient}",)))

    async def _visits(self, plan: Plan, within: Interval, whose: TermIn) -> list[Taken]:
        begin, end = within[0] - LONGEST, within[1]
        around = RangeWithin("date", low_min=begin * _MS, low_max=end * _MS)
        scope = organisation_scope(self.organisation)
        lookup = Lookup.of(plan)
        found: list[Taken] = []
        cursor: str | None = None
        while True:
            query = Query("Appointment", (whose, around), count=_PAGE, cursor=cursor)
            page = await self.documents.find(query, scope)
            for document in page.documents:
                appointment = DECODER.decode(document.body)
                one = lookup.taken(appointment, by=f"Appointment/{document.id}")
                if one is not None and one.end + one.after > within[0]:
                    found.append(one)
            cursor = page.next
            if cursor is None:
                return found

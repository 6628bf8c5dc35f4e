"""Times kept for a while for somebody who is filling in a form."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import msgspec

from careflow.database.conditions import TermIn
from careflow.database.documents import Claim, Delete, Document, Documents, Entries, Put, Query
from careflow.database.scope import organisation_scope
from careflow.database.work import Work
from careflow.scheduling.claims import keys_of
from careflow.scheduling.openings import Opening
from careflow.scheduling.refusals import HoldOverError
from careflow.scheduling.taken import Taken
from careflow.scheduling.wall import Interval, minutes_up

HOLD: Final = "visit-hold"
HELD_FOR: Final = timedelta(minutes=5)
HOLDS_MAX: Final = 3
"""How many times one person may hold."""


class Hold(msgspec.Struct, frozen=True, kw_only=True):
    """A time held.

    Attributes:
        holder: The session or account that holds it.
    """

    id: str
    holder: str
    type: str
    opening: Opening
    before: int
    after: int
    until: datetime

    def taken(self) -> Taken:
        """Return the time it has."""
        one = self.opening
        return Taken(
            by=f"{HOLD}/{self.id}",
            begin=one.begin,
            end=one.end,
            resources=one.resources,
            before=self.before,
            after=self.after,
            type=self.type,
            until=minutes_up(self.until),
        )


_decoder = msgspec.json.Decoder(Hold)


@dataclass(frozen=True, slots=True)
class Holds:
    """One organisation's holds."""

    documents: Documents
    organisation: str

    async def of_resources(self, resources: tuple[str, ...]) -> list[Hold]:
        """Return every hold of the time of these, those that ran out included."""
        return await self._found(TermIn("resource", resources))

    async def of_holder(self, holder: str) -> list[Hold]:
        """Return what somebody holds."""
        return await self._found(TermIn("holder", (holder,)))

    async def read(self, id: str) -> tuple[Hold, int] | None:
        """Return a hold and its version."""
        found = await self.documents.read(HOLD, id, organisation_scope(self.organisation))
        if found is None or found.deleted:
            return None
        return _decoder.decode(found.body), found.version

    def put(self, work: Work, hold: Hold, *, expected: int) -> None:
        """Stage a hold with its claims on time."""
        one = hold.opening
        entries = Entries(
            terms=[("holder", hold.holder), *(("resource", each) for each in one.resources)]
        )
        body = msgspec.json.encode(hold)
        work.put(
            Put(
                *(HOLD, hold.id, body, self.organisation, entries),
                expected=expected,
                keep_history=False,
            )
        )
        for key in keys_of(hold.taken()):
            work.claim(Claim(self.organisation, key, f"{HOLD}/{hold.id}"))

    def release(self, work: Work, id: str) -> None:
        """Stage the end of a hold; its claims end with it."""
        work.delete(Delete(HOLD, id, self.organisation))

    async def held(self, id: str, holder: str, now: datetime) -> tuple[Hold, int]:
        """Return what somebody holds and its version, or raise :class:`HoldOverError`."""
        found = await self.read(id)
        if found is None or found[0].holder != holder or found[0].until <= now:
            raise HoldOverError
        return found

    async def end_over(
        self, work: Work, resources: tuple[str, ...], at: Interval, now: int
    ) -> None:
        """Stage the end of holds that ran out and still claim a time."""
        for hold in await self.of_resources(resources):
            one = hold.taken()
            if one.is_over(now) and one.begin < at[1] and at[0] < one.end:
                self.release(work, hold.id)

    async def _found(self, condition: TermIn) -> list[Hold]:
        scope = organisation_scope(self.organisation)
        page = await self.documents.find(Query(HOLD, (condition,), count=500), scope)
        return [hold_of(one) for one in page.documents]


def hold_of(document: Document) -> Hold:
    """Read a stored hold."""
    return _decoder.decode(document.body)

"""What people are to be told about visits: jobs queued in the visit's own commit.

A notice is known by visit, sequence, kind and what it is about, so the same one is never queued
twice. Whoever sends it looks first whether the visit still is what it tells of.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from careflow.clock import Clock
from careflow.database.documents import Documents
from careflow.database.scope import organisation_scope
from careflow.database.work import Work
from careflow.jobs.queue import queue
from careflow.jobs.stored import KIND as JOB
from careflow.records.notices import NOTICE, NoticeKind, notice_id
from careflow.scheduling.visit import Appointment

_REMINDERS: Final = {"2-days": timedelta(days=2), "3-hours": timedelta(hours=3)}
_EVENING, _MORNING = time(20), time(8)
"""A reminder due at night, by the place's clock, goes the evening before."""


@dataclass(frozen=True, slots=True)
class Word:
    """How people hear of a change.

    Attributes:
        is_given: Whether they hear of it now; reminders of what stands are queued in any case.
        at: When, if not at once.
        own: Whether it is their own doing, so that it is answered at any hour.
    """

    is_given: bool = True
    at: datetime | None = None
    own: bool = False


@dataclass(frozen=True, slots=True)
class Notices:
    """Queues notices of one organisation."""

    documents: Documents
    organisation: str
    clock: Clock

    def tell(
        self,
        work: Work,
        kind: NoticeKind,
        visit: str,
        sequence: int,
        *,
        at: datetime | None = None,
        about: str = "",
        own: bool = False,
    ) -> None:
        """Stage a notice, to be sent now or at an instant.

        ``about`` tells notices of one kind apart: which offer, which reminder.
        """
        id = notice_id(visit, sequence, kind, about)
        said = {"visit": visit, "sequence": sequence, "kind": kind, "about": about, "own": own}
        queue(
            work,
            NOTICE,
            said,
            organisation=self.organisation,
            clock=self.clock,
            mint=lambda: id,
            run_at=at,
        )

    async def tell_change(
        self,
        work: Work,
        id: str,
        before: Appointment | None,
        after: Appointment,
        word: Word,
        zone: ZoneInfo | None,
    ) -> None:
        """Stage what a visit's change calls for: a word, and reminders while it stands.

        What was queued of this sequence before is not queued again.
        """
        if after.patient is None or after.start is None:
            return
        if after.start <= self.clock() and after.status != "waitlist":
            return
        sequence = int(after.noted().get("sequence", 0))
        asked: list[tuple[NoticeKind, str, datetime | None]] = []
        kind = kind_of(before, after)
        if kind is not None and word.is_given:
            asked.append((kind, "", word.at))
        if after.status == "booked":
            asked += [("reminder", *one) for one in self._reminders(after.start, zone)]
        for what, about, at in asked:
            key = notice_id(id, sequence, what, about)
            if before is None or not await self._is_queued(key):
                self.tell(work, what, id, sequence, at=at, about=about, own=word.own)

    def _reminders(self, start: datetime, zone: ZoneInfo | None) -> list[tuple[str, datetime]]:
        """Return which reminders are due when; what would be due already is left out."""
        found = [(about, _by_day(start - before, zone)) for about, before in _REMINDERS.items()]
        return [(about, due) for about, due in found if due > self.clock()]

    async def _is_queued(self, id: str) -> bool:
        found = await self.documents.read(JOB, id, organisation_scope(self.organisation))
        return found is not None and not found.deleted


def kind_of(before: Appointment | None, after: Appointment) -> NoticeKind | None:
    """Return what a change is to the patient, ``None`` where it is nothing to them."""
    had = before.status if before is not None else None
    if after.status == "booked":
        if had is None or had in {"proposed", "pending", "cancelled", "noshow"}:
            return "booked"
        if before is not None and (had == "waitlist" or _told(before) != _told(after)):
            return "moved"
        return None
    if after.status == "cancelled" and had in {"proposed", "pending", "booked", "waitlist"}:
        return "cancelled"
    if after.status == "waitlist" and after.noted().get("settle") == "choose":
        return "choose"
    return None


def _told(one: Appointment) -> tuple[object, ...]:
    """Return what a patient knows of a visit; its room is not among it."""
    return one.start, one.references("Practitioner"), one.noted().get("zone")


def _by_day(due: datetime, zone: ZoneInfo | None) -> datetime:
    """Return an instant, or the evening before where it is night at the place."""
    if zone is None:
        return due
    local = due.astimezone(zone)
    if _MORNING <= local.time() <= _EVENING:
        return due
    day = local.date() - timedelta(days=1 if local.time() < _MORNING else 0)
    return datetime.combine(day, _EVENING, tzinfo=zone).astimezone(due.tzinfo)

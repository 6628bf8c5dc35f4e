"""From a queued notice to a message: known by its key, kept for the morning, put with others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec

from careflow.clock import Clock
from careflow.database.documents import Documents
from careflow.database.scope import organisation_scope
from careflow.database.work import Work
from careflow.ids import Mint
from careflow.jobs.job import Handler, Job
from careflow.jobs.queue import queue
from careflow.messaging.person import person_of, waking
from careflow.messaging.standing import dropped_of_offer, dropped_of_visit
from careflow.messaging.stored import Message, Notice, Outbox
from careflow.messaging.visits import OfferFacts, VisitBook, VisitFacts
from careflow.records.notices import NOTICE, notice_id

GATHER: Final = "messages.gather"
SEND: Final = "messages.send"
TOGETHER: Final = timedelta(seconds=10)
"""How long a notice waits for others that were queued with it."""
SEND_TRIES: Final = 10
_PRESSING: Final = timedelta(hours=12)
"""What changes a visit this soon is told at any hour."""


@dataclass(frozen=True, slots=True)
class Gathering:
    """Notices of one organisation on their way to messages."""

    documents: Documents
    book: VisitBook
    organisation: str
    clock: Clock
    mint: Mint

    @property
    def outbox(self) -> Outbox:
        """Return where notices and messages stand."""
        return Outbox(self.documents, self.organisation)

    def handlers(self) -> dict[str, Handler]:
        """Return what to do for a notice, and when its others are there."""
        return {NOTICE: self._noticed, GATHER: self._gathered}

    async def _noticed(self, job: Job, work: Work) -> Mapping[str, Any]:
        """Take a notice in under its key, once, and say when it is to go."""
        asked, now = job.arguments, self.clock()
        if await self.outbox.notice(job.id) is not None:
            return {"reason": "known"}
        notice = Notice(
            id=job.id,
            visit=str(asked["visit"]),
            sequence=int(asked["sequence"]),
            kind=asked["kind"],
            about=str(asked["about"]),
            patient="",
            group="",
            not_before=now,
        )
        visit, offer = await self.looked_up(notice)
        found = visit or (offer.visit if offer else None)
        why = self.why_not(notice, visit, offer)
        patient = offer.patient if offer else (visit.patient if visit else None)
        if why is None and patient is None:
            why = "nobody"
        if why is None and notice.kind == "offer-lost" and not await self._was_told(notice):
            why = "never-told"
        if why is not None or found is None or patient is None:
            gone = msgspec.structs.replace(notice, state="dropped", why=why or "visit-gone")
            self.outbox.put_notice(work, gone, expected=0)
            return {"reason": gone.why}
        at = await self._goes_at(notice, found, patient, own=bool(asked.get("own")))
        group = _group(notice)
        self.outbox.put_notice(
            work,
            msgspec.structs.replace(notice, patient=patient, group=group, not_before=at),
            expected=0,
        )
        self.gather_again(work, patient, group, at)
        return {}

    async def looked_up(self, notice: Notice) -> tuple[VisitFacts | None, OfferFacts | None]:
        """Return what a notice is of as it is now: the visit, or the offered time."""
        if notice.kind in {"offer", "offer-lost"}:
            return None, await self.book.offer(notice.about)
        return await self.book.visit(notice.visit), None

    def why_not(
        self, notice: Notice, visit: VisitFacts | None, offer: OfferFacts | None
    ) -> str | None:
        """Return why nobody is told any more, ``None`` where somebody is."""
        if notice.kind in {"offer", "offer-lost"}:
            return dropped_of_offer(notice, offer, self.clock())
        return dropped_of_visit(notice, visit, self.clock())

    async def _was_told(self, lost: Notice) -> bool:
        """Report whether somebody was told of the offer that they lost."""
        key = notice_id(lost.visit, lost.sequence, "offer", lost.about)
        offered = await self.outbox.notice(key)
        if offered is None or not offered[0].message:
            return False
        scope = organisation_scope(self.organisation)
        message, _ = await self.outbox.message(offered[0].message, scope)
        return message.state in {"sent", "captured"}

    async def awake_at(self, patient: str, visit: VisitFacts) -> datetime:
        """Return now, or when it is morning for a patient: by their own zone, or the place's."""
        person = await person_of(self.documents, patient, organisation_scope(self.organisation))
        zone = (person.zone if person else None) or visit.zone
        return waking(self.clock(), zone)

    async def _goes_at(
        self, notice: Notice, visit: VisitFacts, patient: str, *, own: bool
    ) -> datetime:
        """Return when a notice goes: at night only what answers the patient or cannot wait."""
        now = self.clock()
        pause = timedelta() if notice.kind == "offer" else TOGETHER
        awake = await self.awake_at(patient, visit)
        presses = notice.kind in {"moved", "cancelled", "choose"} and visit.start < now + _PRESSING
        return now + pause if own or presses or awake <= now else awake

    async def _gathered(self, job: Job, work: Work) -> Mapping[str, Any]:
        """Put everything that somebody is to be told now into one message."""
        patient, group = str(job.arguments["patient"]), str(job.arguments["group"])
        now = self.clock()
        waiting = await self.outbox.waiting(patient, group)
        due = [(one, version) for one, version in waiting if one.not_before <= now + TOGETHER]
        if not due:
            return {"reason": "gone already"}
        message = f"message-{job.id}"
        for one, version in due:
            taken = msgspec.structs.replace(one, state="taken", message=message)
            self.outbox.put_notice(work, taken, expected=version)
        notices = [one for one, _ in due]
        notices += await self._of_the_same_day(work, notices, message)
        kinds = {one.kind for one in notices}
        self.outbox.put_message(
            work,
            Message(
                id=message,
                patient=patient,
                kind=kinds.pop() if len(kinds) == 1 else "several",
                at=now,
                notices=tuple(one.id for one in notices),
                visits=tuple(dict.fromkeys(_visit_of(one) for one in notices)),
            ),
            expected=0,
        )
        self.send(work, message)
        return {"message": message}

    def send(self, work: Work, message: str) -> None:
        """Stage that a message is sent, with its tries."""
        self._queue(work, SEND, {"message": message}, tries=SEND_TRIES)

    def gather_again(self, work: Work, patient: str, group: str, at: datetime) -> None:
        """Stage another gathering."""
        self._queue(work, GATHER, {"patient": patient, "group": group}, at=at)

    async def _of_the_same_day(
        self, work: Work, notices: list[Notice], message: str
    ) -> list[Notice]:
        """Take in reminders of the patient's other visits that day, before their own time."""
        found: list[Notice] = []
        for one in [each for each in notices if each.kind == "reminder"]:
            visit = await self.book.visit(one.visit)
            if visit is None:
                continue
            known = {each.visit for each in (*notices, *found)}
            for other in await self.book.visits(since=self.clock(), patient=one.patient):
                if other.id in known or not _same_day(other, visit):
                    continue
                id = notice_id(other.id, other.sequence, "reminder", one.about)
                taken = msgspec.structs.replace(
                    one,
                    id=id,
                    visit=other.id,
                    sequence=other.sequence,
                    state="taken",
                    message=message,
                )
                stands = self.why_not(taken, other, None) is None
                if stands and await self.outbox.notice(id) is None:
                    self.outbox.put_notice(work, taken, expected=0)
                    found.append(taken)
        return found

    def _queue(
        self,
        work: Work,
        name: str,
        arguments: Mapping[str, Any],
        *,
        at: datetime | None = None,
        tries: int = 5,
    ) -> None:
        queue(
            work,
            name,
            arguments,
            organisation=self.organisation,
            clock=self.clock,
            mint=self.mint,
            run_at=at,
            attempts_max=tries,
        )


def _group(notice: Notice) -> str:
    """Return what a notice may share a message with: changes, reminders, or nothing."""
    if notice.kind in {"offer", "offer-lost"}:
        return f"{notice.kind}/{notice.about}"
    return "reminder" if notice.kind == "reminder" else "change"


def _visit_of(notice: Notice) -> str:
    """Return the visit, or the offer where there is none yet."""
    return notice.about if notice.kind in {"offer", "offer-lost"} else notice.visit


def _same_day(one: VisitFacts, other: VisitFacts) -> bool:
    return one.start.astimezone(other.zone).date() == other.start.astimezone(other.zone).date()

"""Enters leave, settles every visit it strands in one batch, and takes it back. An edge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar, Final

import msgspec

from careflow.audit.entry import AuditEntry
from careflow.audit.trail import record
from careflow.clock import Clock
from careflow.database.documents import Document
from careflow.database.work import Staged, Work
from careflow.errors import BadInputError, ConflictError
from careflow.identity.actor import Actor
from careflow.ids import Mint
from careflow.scheduling.absence.proposing import BECAUSE, Proposing
from careflow.scheduling.absence.stored import Absence, AllAbsences, Settlement
from careflow.scheduling.agenda import move_on
from careflow.scheduling.asking import asked_again, at_another
from careflow.scheduling.booking import Terms
from careflow.scheduling.desk import Desk
from careflow.scheduling.notices import Word
from careflow.scheduling.plan import Calendar, Leave
from careflow.scheduling.plans import Plans
from careflow.scheduling.visit import DECODER, with_noted

UNDOABLE: Final = timedelta(minutes=10)
"""How long a batch can be taken back; patients are told only after that."""


class StrandedChangedError(ConflictError):
    """The visits in a leave are not those that were looked at."""

    code: ClassVar[str] = "scheduling-stranded-changed"

    def __init__(self) -> None:
        super().__init__("The visits in this time have changed: look at the list again.")


class UndoOverError(ConflictError):
    """The time to take a leave back is over, or it was taken back already."""

    code: ClassVar[str] = "scheduling-undo-over"

    def __init__(self) -> None:
        super().__init__("It is too late to take this back: change the visits one by one.")


@dataclass(frozen=True, slots=True)
class AbsenceDesk:
    """Leave of one organisation's clinicians."""

    desk: Desk
    proposing: Proposing
    clock: Clock
    mint: Mint

    @property
    def _all(self) -> AllAbsences:
        return AllAbsences(self.desk.documents, self.desk.organisation)

    async def save(
        self,
        practitioner: str,
        begin: datetime,
        end: datetime,
        settlements: Sequence[Settlement],
        *,
        actor: Actor,
    ) -> Absence:
        """Enter leave and settle what it strands, all or nothing.

        From the commit on nothing is booked in it, whichever way it is tried.

        Raises:
            StrandedChangedError: A visit came, went or changed since the list was looked at.
            careflow.scheduling.refusals.SlotTakenError: A time that one moves to is taken.
        """
        if end <= begin:
            raise BadInputError("Leave ends after it begins.", place="end")
        absence = Absence(
            id=self.mint(),
            practitioner=practitioner,
            begin=begin,
            end=end,
            saved_at=self.clock(),
            settled=tuple(settlements),
        )

        async def stage(work: Work) -> None:
            self.desk.booking.on_word(work, Word(at=absence.saved_at + UNDOABLE))
            plans = Plans(self.desk.documents, self.desk.organisation)
            stored = await plans.required(practitioner)
            resource = stored.value.resource
            await move_on(self.desk.documents, work, [resource], self.desk.organisation)
            stranded = await self.proposing.stranded(practitioner, begin, end)
            seen = {one.visit: one.version for one in settlements}
            if seen != {one.id: one.version for one in stranded}:
                raise StrandedChangedError
            calendar = _with_leave(stored.value, absence)
            plans.put_calendar(work, calendar, expected=stored.version)
            for document in stranded:
                one = next(each for each in settlements if each.visit == document.id)
                await self._settle(work, document, one, actor)
            self._all.put(work, absence, expected=0)
            self._record(work, absence, actor, "leave")

        await self.desk.settling.settled(stage, practitioner)
        return absence

    async def take_back(self, id: str, *, actor: Actor) -> Absence:
        """Take the whole batch back: the leave is gone and visits are what they were.

        A visit that changed since (a patient chose a time) stays as it is now.
        """
        absence, version = await self._all.read(id)
        if absence.is_undone or self.clock() > absence.saved_at + UNDOABLE:
            raise UndoOverError
        undone = msgspec.structs.replace(absence, is_undone=True)

        async def stage(work: Work) -> None:
            # Nobody was told of the leave yet, so nobody is told of its end.
            self.desk.booking.on_word(work, Word(is_given=False))
            plans = Plans(self.desk.documents, self.desk.organisation)
            stored = await plans.required(absence.practitioner)
            resource = stored.value.resource
            await move_on(self.desk.documents, work, [resource], self.desk.organisation)
            kept = tuple(one for one in stored.value.leave if one.id != absence.id)
            calendar = msgspec.structs.replace(stored.value, leave=kept)
            plans.put_calendar(work, calendar, expected=stored.version)
            for one in absence.settled:
                await self._as_before(work, one, calendar, actor)
            self._all.put(work, undone, expected=version)
            self._record(work, absence, actor, "restore")

        await self.desk.settling.settled(stage, absence.practitioner)
        return undone

    async def take_back_one(self, id: str, visit: str, *, actor: Actor) -> Absence:
        """Take the settlement of one visit back: it waits for the desk to call."""
        absence, version = await self._all.read(id)
        if absence.is_undone or self.clock() > absence.saved_at + UNDOABLE:
            raise UndoOverError
        changed = msgspec.structs.replace(
            absence,
            settled=tuple(
                msgspec.structs.replace(one, taken_back=one.taken_back or one.visit == visit)
                for one in absence.settled
            ),
        )

        async def stage(work: Work) -> None:
            document = await self.desk.records.read("Appointment", visit, self.desk.everything)
            await self._wait(work, document, "telephone", actor)
            self._all.put(work, changed, expected=version)
            self._record(work, absence, actor, "restore")

        await self.desk.settling.settled(stage, absence.practitioner)
        return changed

    # --- one visit -------------------------------------------------------------------------

    async def _settle(self, work: Work, document: Document, one: Settlement, actor: Actor) -> None:
        plan, _ = await self.desk.finder.planned()
        appointment = DECODER.decode(document.body)
        asked = asked_again(appointment, plan, despite=BECAUSE)
        if one.how in {"colleague", "other-time"}:
            if asked is None or one.practitioner is None or one.begin is None:
                raise BadInputError("Say with whom and when.", place="settlements")
            wish = at_another(asked, one.practitioner, one.begin)
            await self.desk.stage_move(
                work, document.id, wish, actor=actor, expected=document.version
            )
        elif one.how == "cancel":
            await self.desk.stage_cancel(work, document.id, actor=actor, reason="Leave")
        else:
            await self._wait(work, document, one.how, actor)

    async def _wait(self, work: Work, document: Document, how: str, actor: Actor) -> Staged:
        """Stage that a visit has no time any more and waits: for the patient, or for a call."""
        body = msgspec.json.decode(document.body)
        noted = DECODER.decode(document.body).noted()
        values = {
            **noted,
            "sequence": int(noted.get("sequence", 0)) + 1,
            "stage": "awaiting",
            "settle": how,
        }
        self.desk.booking.on_terms(work, Terms("flow"))
        return await self.desk.records.update(
            work,
            with_noted({**body, "status": "waitlist"}, values),
            actor=actor,
            id=document.id,
            expected=document.version,
            scope=self.desk.everything,
        )

    async def _as_before(
        self, work: Work, one: Settlement, calendar: Calendar, actor: Actor
    ) -> None:
        """Stage a visit as it was, unless somebody has changed it since it was settled."""
        records, everything = self.desk.records, self.desk.everything
        now = await records.read("Appointment", one.visit, everything)
        if now.version != one.version + 1:
            return
        before = await records.read("Appointment", one.visit, everything, version=one.version)
        noted = DECODER.decode(before.body).noted()
        sequence = int(DECODER.decode(now.body).noted().get("sequence", 0)) + 1
        self.desk.booking.on_terms(work, Terms("flow", despite="Leave was taken back"))
        self.desk.booking.on_calendar(work, calendar)
        await records.update(
            work,
            with_noted(msgspec.json.decode(before.body), {**noted, "sequence": sequence}),
            actor=actor,
            id=one.visit,
            expected=now.version,
            scope=everything,
        )

    def _record(self, work: Work, absence: Absence, actor: Actor, act: str) -> None:
        entry = AuditEntry(
            at=self.clock(),
            action=f"scheduling:absence:{act}",
            organisation=self.desk.organisation,
            actor=actor.id,
            role=actor.role,
            patients=(),
            subjects=(f"visit-absence/{absence.id}",),
        )
        record(work, entry)


def _with_leave(calendar: Calendar, absence: Absence) -> Calendar:
    leave = Leave(id=absence.id, begin=absence.begin, end=absence.end)
    return msgspec.structs.replace(calendar, leave=(*calendar.leave, leave))

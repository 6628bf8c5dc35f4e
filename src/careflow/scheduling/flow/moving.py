"""Moves a visit through its stages, and back once. An edge: it commits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Final

import msgspec

from careflow.clock import Clock, instant_text
from careflow.database.conditions import RangeWithin, TermIn
from careflow.database.documents import Claim, ClaimTakenError, Document, Documents, Query, Release
from careflow.database.scope import organisation_scope
from careflow.database.work import Work
from careflow.errors import ConflictError
from careflow.identity.actor import Actor
from careflow.records.preconditions import ChangedSinceReadError
from careflow.records.store import Records
from careflow.scheduling.booking import Booking, Terms
from careflow.scheduling.flow.life import (
    IN_A_ROOM,
    STATUS,
    NothingToUndoError,
    Stage,
    TooEarlyError,
    require_move,
    stage_of,
)
from careflow.scheduling.plan import NotPlannedError
from careflow.scheduling.plans import Plans
from careflow.scheduling.requests import require_standing
from careflow.scheduling.settling import Settling
from careflow.scheduling.visit import DECODER, Appointment, with_noted

_ROOM_MAX: Final = 200


class RoomOccupiedError(ConflictError):
    """Somebody else is in the room.

    Attributes:
        visit: Whose, as ``Appointment/ID``.
    """

    code: ClassVar[str] = "scheduling-room-occupied"

    def __init__(self, visit: str | None = None) -> None:
        super().__init__(
            "Another patient is in that room: choose another, or end their visit first.",
            facts={"visit": visit},
        )
        self.visit = visit


@dataclass(frozen=True, slots=True)
class Flow:
    """A clinic's patients on their way through it."""

    documents: Documents
    records: Records
    booking: Booking
    settling: Settling
    organisation: str
    clock: Clock

    async def move(
        self,
        id: str,
        stage: Stage,
        *,
        actor: Actor,
        expected: int,
        room: str | None = None,
        reason: str | None = None,
    ) -> Document:
        """Take a visit to its next stage; ``room`` is where, for "roomed".

        Raises:
            careflow.scheduling.flow.life.NoSuchMoveError: It does not go there from where it is.
            RoomOccupiedError: Another patient is in the room.
            careflow.scheduling.requests.RequestOverError: It was requested, and ran out.
            careflow.records.preconditions.ChangedSinceReadError: It changed since it was seen.
        """
        document, one = await self._read(id, expected)
        now = stage_of(one)
        require_move(now, stage)
        if now == "requested" and stage == "booked":
            require_standing(one, self.clock)
        if stage == "no-show" and one.start is not None and self.clock() < one.start:
            raise TooEarlyError
        noted = one.noted()
        values: dict[str, str | int] = {
            **noted,
            "stage": stage,
            "was": now or "",
            f"at-{stage}": instant_text(self.clock()),
            f"by-{stage}": actor.id,
        }
        if reason:
            values["why"] = reason
        if stage not in IN_A_ROOM:
            self._leave_room(values)
        elif room is not None:
            values |= {"room": room, "room-name": await self._name_of(room)}
        return await self._stored(document, one, stage, values, actor, expected)

    async def undo(self, id: str, *, actor: Actor, expected: int, reason: str) -> Document:
        """Take back the last step of a visit, once, saying why.

        Raises:
            NothingToUndoError: No step is left to take back.
            careflow.scheduling.refusals.SlotTakenError: Its time was given to somebody else.
        """
        document, one = await self._read(id, expected)
        noted = one.noted()
        now, was = stage_of(one), str(noted.get("was", ""))
        stage = next((each for each in STATUS if each == was), None)
        if stage is None or now is None:
            raise NothingToUndoError
        gone = {"was", f"at-{now}", f"by-{now}"}
        values = {name: value for name, value in noted.items() if name not in gone}
        values |= {"stage": stage, "undone": now, "why": reason}
        if stage not in IN_A_ROOM:
            self._leave_room(values)
        return await self._stored(document, one, stage, values, actor, expected)

    async def _name_of(self, room: str) -> str:
        plan = (await Plans(self.documents, self.organisation).plan()).value
        things = (thing for place in plan.places for thing in place.rooms)
        found = next((thing.name for thing in things if thing.resource == room), None)
        if found is None:
            raise NotPlannedError("The clinic has no such room.")
        return found

    def _leave_room(self, values: dict[str, str | int]) -> None:
        for name in ("room", "room-name"):
            values.pop(name, None)

    async def _read(self, id: str, expected: int) -> tuple[Document, Appointment]:
        document = await self.records.read("Appointment", id, organisation_scope(self.organisation))
        if document.version != expected:
            raise ChangedSinceReadError
        return document, DECODER.decode(document.body)

    async def _stored(
        self,
        document: Document,
        one: Appointment,
        stage: Stage,
        values: dict[str, str | int],
        actor: Actor,
        expected: int,
    ) -> Document:
        body: dict[str, Any] = msgspec.json.decode(document.body)
        body = with_noted({**body, "status": STATUS[stage]}, values)
        if stage != "cancelled":
            body.pop("cancelationReason", None)
        before, after = one.noted().get("room"), values.get("room")
        holder = f"Appointment/{document.id}"
        squeeze, despite = (values.get(name) for name in ("squeezed", "despite"))
        terms = Terms("flow", squeeze=_text(squeeze), despite=_text(despite))

        async def stage_it(work: Work) -> Any:  # noqa: ANN401 - a staged change
            self.booking.on_terms(work, terms)
            staged = await self.records.update(
                work,
                body,
                actor=actor,
                id=document.id,
                expected=expected,
                scope=organisation_scope(self.organisation),
            )
            if before != after:
                if before:
                    work.release(Release(self.organisation, f"occupied/{before}", holder))
                if after:
                    work.claim(Claim(self.organisation, f"occupied/{after}", holder))
            return staged

        try:
            staged = await self.settling.settled(stage_it)
        except ClaimTakenError as error:
            raise RoomOccupiedError(await self._who_is_in(str(after))) from error
        found: Document = staged.document
        return found

    async def _who_is_in(self, room: str) -> str | None:
        """Return the visit of whoever is in a room now."""
        now = self.clock().timestamp() * 1000
        lately = RangeWithin("date", low_min=now - 86_400_000, low_max=now + 86_400_000)
        asked = Query("Appointment", (TermIn("status", ("checked-in",)), lately), count=_ROOM_MAX)
        page = await self.documents.find(asked, organisation_scope(self.organisation))
        for document in page.documents:
            if DECODER.decode(document.body).noted().get("room") == room:
                return f"Appointment/{document.id}"
        return None


def _text(value: str | int | None) -> str | None:
    return None if value is None else str(value)

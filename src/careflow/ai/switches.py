"""Kill switches: a person turns a task or an engine off, and within seconds nobody runs it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from careflow.audit.entry import AuditEntry
from careflow.audit.trail import record
from careflow.clock import Clock
from careflow.database.documents import Documents, Put, Query
from careflow.database.scope import organisation_scope
from careflow.database.work import Work
from careflow.identity.actor import Actor

KIND = "ai-switch"
KNOWN_FOR = timedelta(seconds=10)
"""How long a process may go on with what it last read."""

_ALL = 1000


class Switch(msgspec.Struct, frozen=True, kw_only=True):
    """What a person said of a task, an engine, or a task on an engine.

    Attributes:
        task: Its name; ``None`` is every task.
        engine: Its name; ``None`` is every engine.
    """

    task: str | None
    engine: str | None
    is_off: bool
    reason: str
    by: str
    at: datetime

    @property
    def id(self) -> str:
        """Return the id of the document: one switch for one pair."""
        return f"{self.task or 'every-task'}~{self.engine or 'every-engine'}"

    def covers(self, task: str, engine: str) -> bool:
        """Report whether it speaks of this task on this engine."""
        return self.task in {None, task} and self.engine in {None, engine}


class Switchboard:
    """The switches of one organisation."""

    def __init__(self, documents: Documents, *, organisation: str, clock: Clock) -> None:
        self._documents = documents
        self._organisation = organisation
        self._clock = clock
        self._known: Sequence[Switch] = ()
        self._read_at: datetime | None = None

    async def why_off(self, task: str, engine: str) -> str | None:
        """Return why a task or an engine is off now, or ``None`` if it is not."""
        now = self._clock()
        if self._read_at is None or now - self._read_at >= KNOWN_FOR:
            self._known = await self.all()
            self._read_at = now
        off = next((one for one in self._known if one.is_off and one.covers(task, engine)), None)
        return None if off is None else f"it was switched off: {off.reason}"

    async def all(self) -> Sequence[Switch]:
        """Return every switch that was ever touched."""
        scope = organisation_scope(self._organisation)
        page = await self._documents.find(Query(KIND, count=_ALL), scope)
        return [msgspec.json.decode(one.body, type=Switch) for one in page.documents]

    def turn(
        self,
        work: Work,
        *,
        task: str | None,
        engine: str | None,
        is_off: bool,
        reason: str,
        actor: Actor,
    ) -> Switch:
        """Stage a switch and the entry that says who turned it."""
        now = self._clock()
        switch = Switch(task=task, engine=engine, is_off=is_off, reason=reason, by=actor.id, at=now)
        work.put(Put(KIND, switch.id, msgspec.json.encode(switch), self._organisation))
        record(
            work,
            AuditEntry(
                at=now,
                action=f"ai:switch:{'disable' if is_off else 'enable'}",
                organisation=self._organisation,
                actor=actor.id,
                role=actor.role,
                subjects=(f"{KIND}/{switch.id}",),
            ),
        )
        # This process at least knows at once.
        self._read_at = None
        return switch

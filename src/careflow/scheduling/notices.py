"""What people are to be told about visits: jobs queued in the visit's own commit.

A notice is known by visit, sequence and kind, so the same one is never queued twice; whoever will
send it can look first whether the visit still is what it tells of. No room sends notices yet.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Final, Literal

from careflow.clock import Clock
from careflow.database.work import Work
from careflow.jobs.queue import queue
from careflow.scheduling.visit import DECODER

NOTICE: Final = "messages.notice"

NoticeKind = Literal["booked", "moved", "cancelled", "reminder", "choose", "offer", "offer-lost"]

_REMINDERS: Final = {"2-days": timedelta(days=2), "3-hours": timedelta(hours=3)}


@dataclass(frozen=True, slots=True)
class Notices:
    """Queues notices of one organisation."""

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
    ) -> None:
        """Stage a notice, to be sent now or at an instant.

        ``about`` tells notices of one kind apart: which offer, which reminder.
        """
        name = f"{visit}/{sequence}/{kind}/{about}".encode()
        id = f"notice-{blake2b(name, digest_size=16).hexdigest()}"
        queue(
            work,
            NOTICE,
            {"visit": visit, "sequence": sequence, "kind": kind, "about": about},
            organisation=self.organisation,
            clock=self.clock,
            mint=lambda: id,
            run_at=at,
        )

    def tell_of(self, work: Work, kind: NoticeKind, id: str, body: bytes) -> None:
        """Stage what a visit's changed form calls for: a word now, and reminders while it stands.

        A request that nobody has agreed to is not told of. Reminders that would be due already are
        left out.
        """
        visit = DECODER.decode(body)
        if visit.status == "proposed":
            return
        sequence = int(visit.noted().get("sequence", 0))
        self.tell(work, kind, id, sequence)
        if visit.status != "booked" or visit.start is None:
            return
        for about, before in _REMINDERS.items():
            due = visit.start - before
            if due > self.clock():
                self.tell(work, "reminder", id, sequence, at=due, about=about)

"""Everything that the addresses of AI tasks and of drafts stand on."""

from __future__ import annotations

from dataclasses import dataclass

from careflow.ai.gateway import Gateway
from careflow.ai.histories import Histories
from careflow.ai.later import Later
from careflow.ai.review import Reviews
from careflow.ai.task_drafts.review import TaskReviews
from careflow.audit.entry import AuditEntry
from careflow.audit.trail import Trail
from careflow.clock import Clock
from careflow.database.documents import Documents
from careflow.identity.actor import Actor
from careflow.records.inbox import Inbox


@dataclass(frozen=True, slots=True)
class Desk:
    """What a room's addresses are handed."""

    documents: Documents
    inbox: Inbox
    gateway: Gateway
    reviews: Reviews
    histories: Histories
    task_reviews: TaskReviews
    later: Later
    trail: Trail
    clock: Clock

    async def noted(
        self,
        action: str,
        actor: Actor,
        *,
        patients: list[str],
        subjects: tuple[str, ...] = (),
        reason: str | None = None,
    ) -> None:
        """Return once the entry of this read is durable."""
        await self.trail.note(
            AuditEntry(
                at=self.clock(),
                action=action,
                organisation=actor.organisation,
                actor=actor.id,
                role=actor.role,
                patients=tuple(dict.fromkeys(patients)),
                subjects=subjects,
                reason=reason,
            )
        )

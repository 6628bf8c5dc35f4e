"""Who may change whose calendar."""

from __future__ import annotations

from typing import ClassVar

from careflow.errors import NotAllowedError
from careflow.identity.actor import Actor, Role
from careflow.identity.permissions import require


class NotTheirCalendarError(NotAllowedError):
    """A clinician changes a colleague's calendar."""

    code: ClassVar[str] = "scheduling-not-their-calendar"

    def __init__(self) -> None:
        super().__init__("A clinician changes their own calendar only: ask the front desk.")


def require_calendar(actor: Actor, practitioner: str) -> None:
    """Refuse whoever may not change this calendar; a clinician changes their own alone."""
    require(actor, "schedule:manage")
    if actor.role is Role.CLINICIAN and actor.practitioner_id != practitioner:
        raise NotTheirCalendarError

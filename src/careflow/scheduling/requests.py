"""Visits that wait for the clinic's word: they have their time until it is said or too late.

Saying yes is the step from requested to booked, taken on the version that was seen.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final

from careflow.clock import Clock, instant_text
from careflow.database.work import Work
from careflow.errors import GoneError
from careflow.jobs.queue import queue
from careflow.scheduling.visit import Appointment
from careflow.scheduling.wall import instant_of

LAPSE: Final = "scheduling.lapse"
STANDS_FOR: Final = timedelta(days=1)
"""How long a request has its time; never beyond the visit's begin."""


class RequestOverError(GoneError):
    """A request that nobody answered in time."""

    code: ClassVar[str] = "scheduling-request-over"

    def __init__(self) -> None:
        super().__init__("The request ran out and its time is free: book the visit anew.")


def noted_of_request(begin: int, clock: Clock) -> dict[str, str | int]:
    """Return what a requested visit notes: its stage, and until when it has its time."""
    until = min(clock() + STANDS_FOR, instant_of(begin))
    return {"stage": "requested", "until": instant_text(until)}


def require_standing(one: Appointment, clock: Clock) -> None:
    """Refuse a request that ran out."""
    until = one.noted().get("until")
    if until is not None and datetime.fromisoformat(str(until)) <= clock():
        raise RequestOverError


def queue_lapse(work: Work, id: str, noted: Mapping[str, str | int], **how: Any) -> None:  # noqa: ANN401
    """Stage that a request ends when its time runs out."""
    until = datetime.fromisoformat(str(noted["until"]))
    queue(work, LAPSE, {"visit": id}, run_at=until, **how)

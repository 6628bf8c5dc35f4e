"""What a job is and how a room says what to do with one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from careflow.database.work import Work

State = Literal["queued", "running", "done", "failed"]
Priority = Literal["waiting", "batch"]
"""Whether a person waits for it; what waits runs before a batch, which runs when it can."""


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of work that outlives the request that asked for it.

    Attributes:
        name: Which handler runs it, ``room.verb`` (``ai.read-document``).
        arguments: Identifiers and settings only; never patient text (jobs are listed to operators).
        attempt: 1 on the first run.
        progress: 0 to 1, for people who wait.
        result: Small facts for whoever asked (ids), set on completion.
        error: Stable code of the last failure.
    """

    id: str
    name: str
    organisation: str
    queued_at: datetime
    run_at: datetime
    arguments: Mapping[str, Any] = field(default_factory=dict)
    actor: str | None = None
    state: State = "queued"
    attempt: int = 0
    attempts_max: int = 5
    progress: float = 0.0
    result: Mapping[str, Any] = field(default_factory=dict)
    error: str | None = None
    priority: Priority = "waiting"

    @property
    def is_ended(self) -> bool:
        """Report whether the job is done or has failed for good."""
        return self.state in {"done", "failed"}


Handler = Callable[[Job, Work], Awaitable[Mapping[str, Any] | None]]
"""Does the job, staging its effects on the work; the queue commits them together with the job's
completion. Returns the small facts for ``result``."""

"""Who asks a task for an answer, about whom, and how long they can wait."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from careflow.ai.progress import SILENT, Progress

DataClass = Literal["none", "synthetic", "deidentified", "identifiable"]
"""What a call carries, from harmless to harmful: no person's data, an invented person's, a real
person's without the identifiers, a real person's as they stand."""

Audience = Literal["clinic", "patient"]
"""Who reads the answer first."""

Priority = Literal["waiting", "batch"]
"""``waiting`` goes before ``batch``: someone looks at a screen."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request to the AI gateway.

    Attributes:
        actor: Account, client or job that asks.
        patient: Bare id of the patient it is about, if any.
        age_years: The patient's age, where the chart tells it; some engines take adults only.
        consents: Whether the patient has not opted out of AI processing.
        deadline: When an answer is of no use any more.
        progress: Who hears how far it is.
    """

    organisation: str
    actor: str
    task: str
    data: DataClass
    audience: Audience = "clinic"
    priority: Priority = "waiting"
    patient: str | None = None
    age_years: int | None = None
    consents: bool = True
    deadline: datetime | None = None
    progress: Progress = field(default=SILENT, compare=False, repr=False)

"""The life of a visit: its stages, which may follow which, and what FHIR calls them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Final, Literal

from careflow.errors import ConflictError, UnprocessableError
from careflow.scheduling.visit import Appointment

Stage = Literal[
    "requested",
    "booked",
    "confirmed",
    "arrived",
    "roomed",
    "with-clinician",
    "done",
    "cancelled",
    "no-show",
    "awaiting",
]

STATUS: Final[Mapping[Stage, str]] = {
    "requested": "proposed",
    "booked": "booked",
    "confirmed": "booked",
    "arrived": "arrived",
    "roomed": "checked-in",
    "with-clinician": "checked-in",
    "done": "fulfilled",
    "cancelled": "cancelled",
    "no-show": "noshow",
    "awaiting": "waitlist",
}
"""FHIR R4's AppointmentStatus (http://hl7.org/fhir/R4/valueset-appointmentstatus.html)."""

MOVES: Final[Mapping[Stage, frozenset[Stage]]] = {
    "requested": frozenset({"booked", "cancelled"}),
    "booked": frozenset({"confirmed", "arrived", "cancelled", "no-show"}),
    "confirmed": frozenset({"arrived", "cancelled", "no-show"}),
    "arrived": frozenset({"roomed", "with-clinician", "cancelled"}),
    "roomed": frozenset({"arrived", "with-clinician", "done"}),
    "with-clinician": frozenset({"roomed", "done"}),
    "done": frozenset(),
    "cancelled": frozenset(),
    "no-show": frozenset({"arrived"}),
    "awaiting": frozenset({"cancelled"}),
}
IN_A_ROOM: Final = frozenset({"roomed", "with-clinician"})

_BY_STATUS: Final[Mapping[str, Stage]] = {
    "proposed": "requested",
    "pending": "requested",
    "booked": "booked",
    "arrived": "arrived",
    "checked-in": "roomed",
    "fulfilled": "done",
    "cancelled": "cancelled",
    "noshow": "no-show",
    "waitlist": "awaiting",
}


class NoSuchMoveError(ConflictError):
    """A visit does not go from where it is to there."""

    code: ClassVar[str] = "scheduling-no-such-move"

    def __init__(self, now: Stage, wanted: Stage) -> None:
        super().__init__(f"A visit that is {_words(now)} does not become {_words(wanted)}.")


class NothingToUndoError(ConflictError):
    """The last step was undone already, or there was none."""

    code: ClassVar[str] = "scheduling-nothing-to-undo"

    def __init__(self) -> None:
        super().__init__("There is no step of this visit to undo.")


class TooEarlyError(UnprocessableError):
    """A visit that has not begun is called missed."""

    code: ClassVar[str] = "scheduling-too-early"

    def __init__(self) -> None:
        super().__init__("The visit has not begun: it cannot have been missed yet.")


def stage_of(one: Appointment) -> Stage | None:
    """Return where a visit stands; ``None`` for a mistake."""
    noted = one.noted().get("stage")
    for stage, status in STATUS.items():
        if stage == noted and status == one.status:
            return stage
    return _BY_STATUS.get(one.status)


def require_move(now: Stage | None, wanted: Stage) -> None:
    """Refuse a step that no visit takes."""
    if now is None or wanted not in MOVES[now]:
        raise NoSuchMoveError(now or "cancelled", wanted)


def _words(stage: Stage) -> str:
    return {"with-clinician": "with the clinician", "no-show": "missed"}.get(stage, stage)

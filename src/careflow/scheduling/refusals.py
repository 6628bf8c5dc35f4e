"""Why a visit cannot be booked as asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from careflow.errors import (
    ConflictError,
    GoneError,
    NotAllowedError,
    TooManyRequestsError,
    UnprocessableError,
)
from careflow.scheduling.wall import instant_of

if TYPE_CHECKING:
    from careflow.scheduling.openings import Opening


class SlotTakenError(ConflictError):
    """Somebody else has the time, or part of it.

    Attributes:
        resource: Whose time it is.
        instead: What is free near it, the soonest first.
    """

    code: ClassVar[str] = "scheduling-slot-taken"

    def __init__(self, resource: str, name: str = "", instead: Sequence[Opening] = ()) -> None:
        whose = name or _kinds.get(resource.partition("/")[0], "somebody")
        offered = [
            {
                "start": instant_of(one.begin).isoformat(),
                "practitioner": one.practitioner,
                "place": one.place,
            }
            for one in instead
        ]
        super().__init__(
            f"The time is no longer free for {whose}: choose another.",
            facts={"resource": resource, "instead": offered},
        )
        self.resource = resource
        self.instead = tuple(instead)


_kinds = {"Practitioner": "the clinician", "Location": "the room", "Device": "the device"}


class DayFullError(ConflictError):
    """The clinician has as many visits of the kind that day as they take."""

    code: ClassVar[str] = "scheduling-day-full"

    def __init__(self) -> None:
        super().__init__("No more visits of this kind are taken that day: choose another day.")


class NoSeatError(ConflictError):
    """Every seat of a visit of several is taken."""

    code: ClassVar[str] = "scheduling-no-seat"

    def __init__(self) -> None:
        super().__init__("Every seat is taken: choose another time.")


class OnLeaveError(ConflictError):
    """The clinician is away."""

    code: ClassVar[str] = "scheduling-on-leave"

    def __init__(self) -> None:
        super().__init__("The clinician is away then: choose another time or another clinician.")


class OutsideHoursError(UnprocessableError):
    """Nobody sees patients at that time and place."""

    code: ClassVar[str] = "scheduling-outside-hours"

    def __init__(self) -> None:
        super().__init__("The clinician does not see patients there at that time: choose another.")


class TooSoonError(UnprocessableError):
    """The visit is nearer than its kind may be booked, or is over."""

    code: ClassVar[str] = "scheduling-too-soon"

    def __init__(self) -> None:
        super().__init__(
            "It is too late to book this time: choose a later one, or call the clinic."
        )


class PastCutOffError(UnprocessableError):
    """The visit is too near for a patient to move or cancel it."""

    code: ClassVar[str] = "scheduling-past-cut-off"

    def __init__(self) -> None:
        super().__init__("It is too late to change this visit here: please call the clinic.")


class NotForYouError(NotAllowedError):
    """This kind of visit is booked by others."""

    code: ClassVar[str] = "scheduling-not-for-you"

    def __init__(self) -> None:
        super().__init__("This kind of visit is booked by the clinic: please call.")


class PatientBusyError(ConflictError):
    """The patient has another visit then."""

    code: ClassVar[str] = "scheduling-patient-busy"

    def __init__(self, other: str) -> None:
        super().__init__(
            "The patient has another visit at that time: give a reason to book both.",
            facts={"visit": other},
        )
        self.other = other


class SqueezeRefusedError(ConflictError):
    """As many visits were squeezed in that day as the kind allows."""

    code: ClassVar[str] = "scheduling-squeeze-refused"

    def __init__(self) -> None:
        super().__init__("No further visit can be squeezed in that day.")


class HoldOverError(GoneError):
    """The hold has run out, or was never this person's."""

    code: ClassVar[str] = "scheduling-hold-over"

    def __init__(self) -> None:
        super().__init__("The time is no longer held for you: choose it again.")


class TooManyHoldsError(TooManyRequestsError):
    """One person holds as many times as they may."""

    code: ClassVar[str] = "scheduling-too-many-holds"

    def __init__(self) -> None:
        super().__init__("You hold several times already: book or release one first.")


class TimesIncompleteError(UnprocessableError):
    """An Appointment that takes time without saying which, or that ends before it begins."""

    code: ClassVar[str] = "scheduling-times-incomplete"

    def __init__(self, reason: str) -> None:
        super().__init__(reason, place="Appointment.start")

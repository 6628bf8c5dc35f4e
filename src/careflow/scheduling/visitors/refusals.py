"""Why a visitor cannot go on. None of it says whether the clinic knows anybody."""

from __future__ import annotations

from typing import ClassVar

from careflow.errors import (
    BadInputError,
    ConflictError,
    GoneError,
    NotFoundError,
    TooManyRequestsError,
    UnprocessableError,
)


class BookingClosedError(NotFoundError):
    """The clinic takes no bookings without an account."""

    code: ClassVar[str] = "scheduling-online-closed"

    def __init__(self) -> None:
        super().__init__("This clinic does not take bookings online: please call.")


class VisitorOverError(GoneError):
    """The visitor's booking was given up, or took too long."""

    code: ClassVar[str] = "scheduling-visitor-over"

    def __init__(self) -> None:
        super().__init__("This booking is over: choose a time again.")


class TooManyVisitorsError(TooManyRequestsError):
    """Too many times are kept, or were, from one network."""

    code: ClassVar[str] = "scheduling-too-many-visitors"

    def __init__(self) -> None:
        super().__init__(
            "Too many bookings were begun from here: wait a while, or call the clinic.",
            retry_after_s=600,
        )


class TooManyCodesError(TooManyRequestsError):
    """Too many codes were asked for."""

    code: ClassVar[str] = "scheduling-too-many-codes"

    def __init__(self) -> None:
        super().__init__(
            "Too many codes were sent: wait an hour, or call the clinic.", retry_after_s=3600
        )


class WrongCodeError(UnprocessableError):
    """The code is not the one that was sent, or is too old."""

    code: ClassVar[str] = "scheduling-wrong-code"

    def __init__(self) -> None:
        super().__init__(
            "That is not the code we sent, or it is too old: check it, or ask for a new one.",
            place="code",
        )


class TooManyVisitsError(TooManyRequestsError):
    """One address has as many visits to come as may be booked online."""

    code: ClassVar[str] = "scheduling-too-many-visits"

    def __init__(self) -> None:
        super().__init__("You have several visits to come already: call the clinic for another.")


class NotBookableHereError(ConflictError):
    """The visit needs somebody at the clinic to look at it."""

    code: ClassVar[str] = "scheduling-not-bookable-here"

    def __init__(self) -> None:
        super().__init__("This time cannot be booked online: choose another, or call the clinic.")


class NotConsentedError(BadInputError):
    """A text that must be agreed to was not, or has changed since it was shown."""

    code: ClassVar[str] = "scheduling-not-consented"

    def __init__(self) -> None:
        super().__init__("Please read what you agree to once more, and agree.", place="consents")

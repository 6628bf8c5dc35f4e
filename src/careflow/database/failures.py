"""What can keep a database from answering, said alike by every adapter."""

from __future__ import annotations

from typing import ClassVar

from careflow.errors import UnavailableError


class WriteFailedError(UnavailableError):
    """The database could not take the change; nothing was stored."""

    code: ClassVar[str] = "database-write-failed"
    retry_after_s: ClassVar[int | None] = 2


class UnconfirmedError(UnavailableError):
    """The database did not say in time whether it took the change; it may be stored."""

    code: ClassVar[str] = "database-unconfirmed"
    retry_after_s: ClassVar[int | None] = 2

    def __init__(self) -> None:
        super().__init__(
            "The database did not confirm the change in time: look whether it is there before you"
            " try again."
        )


class ClosedError(UnavailableError):
    """The database was closed before this was asked."""

    code: ClassVar[str] = "database-closed"
    retry_after_s: ClassVar[int | None] = 2

    def __init__(self) -> None:
        super().__init__("The database is closed.")


class DamagedBodyError(UnavailableError):
    """A stored body cannot be read."""

    code: ClassVar[str] = "database-damaged-body"

    def __init__(self) -> None:
        super().__init__(
            "A document in the database is damaged: keep the disk and restore a backup elsewhere."
        )


class WrongKeyError(UnavailableError):
    """The database was begun with another key."""

    code: ClassVar[str] = "database-wrong-key"


class NewerDatabaseError(UnavailableError):
    """The database was written by a later release."""

    code: ClassVar[str] = "database-newer"

    def __init__(self) -> None:
        super().__init__(
            "The database was written by a newer release of CareFlowAI: upgrade this one."
        )

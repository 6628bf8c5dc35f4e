"""Why two records are not made one, or not parted again."""

from __future__ import annotations

from typing import ClassVar

from careflow.errors import BadInputError, ConflictError, NotFoundError, UnprocessableError


class SamePatientError(BadInputError):
    """A record and itself."""

    code: ClassVar[str] = "records-same-patient"

    def __init__(self) -> None:
        super().__init__("These are the same record: choose another.", place="into")


class MergedAlreadyError(ConflictError):
    """One of the two was merged before."""

    code: ClassVar[str] = "records-merged-already"

    def __init__(self) -> None:
        super().__init__("One of these records was merged already: open the one that took it over.")


class StillOpenError(ConflictError):
    """Something waits for a decision about the record that would be given up."""

    code: ClassVar[str] = "records-still-open"

    def __init__(self) -> None:
        super().__init__(
            "Papers, drafts or a place on the waiting list are open for the record that goes:"
            " settle them first."
        )


class TooMuchToMergeError(UnprocessableError):
    """More stands in the record than one commit moves."""

    code: ClassVar[str] = "records-too-much-to-merge"

    def __init__(self) -> None:
        super().__init__("That record is too long to be given up: merge the other one into it.")


class NoSuchMergeError(NotFoundError):
    """No such merge, or it was undone."""

    code: ClassVar[str] = "records-no-such-merge"

    def __init__(self) -> None:
        super().__init__("There is no such merge, or it was undone.")


class ChangedSinceMergeError(ConflictError):
    """What a merge moved was changed since."""

    code: ClassVar[str] = "records-changed-since-merge"

    def __init__(self, subjects: list[str]) -> None:
        super().__init__(
            "What was moved was changed since, so that the merge cannot be undone as a whole.",
            facts={"changed": subjects},
        )

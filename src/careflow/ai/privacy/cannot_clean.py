"""Why a file cannot be made free of what identifies; never leaves the process that looked at it."""

from __future__ import annotations


class CannotCleanError(Exception):
    """What identifies cannot be taken out of a file with certainty.

    Attributes:
        reason: The rest of a sentence for the person who sent it; holds nothing of the file.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

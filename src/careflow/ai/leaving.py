"""The port of the privacy gateway: what may leave the machine, and the way back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Protocol

from careflow.ai.call import Call
from careflow.ai.task import Given, Span, Task
from careflow.errors import UnprocessableError


class PrivacyRefusedError(UnprocessableError):
    """What identifies cannot be taken out with certainty, so nothing leaves."""

    code: ClassVar[str] = "ai-privacy-refused"

    def __init__(self, reason: str) -> None:
        super().__init__(f"This cannot be sent to an AI engine elsewhere: {reason}.")


class Redacted(Protocol):
    """What may leave, and the way back."""

    @property
    def given(self) -> Given:
        """Return the input without identifiers."""
        ...

    @property
    def counts(self) -> Mapping[str, int]:
        """Return how many identifiers of each label were taken out."""
        ...

    def words(self, text: str) -> str:
        """Return a text of the answer with the identifiers back in place."""
        ...

    def place(self, span: Span) -> Span:
        """Return a span of the text that left as a span of the text that was given."""
        ...


class Privacy(Protocol):
    """The privacy gateway."""

    async def redact(self, task: Task[Any], given: Given, call: Call) -> Redacted:
        """Take out what identifies, or raise; on any doubt nothing leaves."""
        ...

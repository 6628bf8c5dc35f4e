"""Counts the commands that a client sends: each is one round trip."""

from __future__ import annotations

from pymongo.monitoring import (
    CommandFailedEvent,
    CommandListener,
    CommandStartedEvent,
    CommandSucceededEvent,
)
from typing_extensions import override


class Commands(CommandListener):
    """Names of the commands sent, in order, and the commands themselves."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.bodies: list[dict[str, object]] = []

    @override
    def started(self, event: CommandStartedEvent) -> None:
        self.sent.append(event.command_name)
        self.bodies.append(dict(event.command))

    @override
    def succeeded(self, event: CommandSucceededEvent) -> None: ...

    @override
    def failed(self, event: CommandFailedEvent) -> None: ...

    def taken(self) -> list[str]:
        """Return the names sent since this was last asked."""
        names, self.sent = self.sent, []
        return names

"""How a run tells those who wait what it is doing: steps and counts, never a word of an answer."""

from __future__ import annotations

from typing import Literal, Protocol

Step = Literal["gathering", "privacy", "asking", "writing", "checking"]
"""What a run does, in this order; another engine begins again at ``privacy`` or ``asking``."""


class Progress(Protocol):
    """Hears how far a run is."""

    @property
    def follows_writing(self) -> bool:
        """Report whether each piece that a model writes is to be told, so that it is streamed."""
        ...

    async def step(self, step: Step, *, engine: str | None = None) -> None:
        """Hear that a step begins."""
        ...

    async def written(self, characters: int) -> None:
        """Hear how many characters a model has written so far; what they say stays inside."""
        ...


class Silent:
    """Nobody waits."""

    follows_writing = False

    async def step(self, step: Step, *, engine: str | None = None) -> None:
        """Do nothing."""

    async def written(self, characters: int) -> None:
        """Do nothing."""


SILENT = Silent()
"""For who asks and does not look on."""

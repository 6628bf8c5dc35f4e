"""A run as someone who waits sees it: its steps as they begin, then its answer whole, or nothing.

What is told is never older than the reader: a slow one is told the newest count and no more, so
that nothing piles up. When the reader goes away, the run is stopped, over there too.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Coroutine
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from careflow.ai.progress import Step
from careflow.jobs.ending import cancel_all
from careflow.jobs.progress import report_progress

T = TypeVar("T")

QUIET_S = 15.0
"""Something is told at least this often, so that proxies keep the connection."""
_STEPS_HELD = 12

_FRACTIONS: dict[Step, float] = {
    "gathering": 0.1,
    "privacy": 0.2,
    "asking": 0.3,
    "writing": 0.6,
    "checking": 0.9,
}


@dataclass(frozen=True, slots=True)
class Begun:
    """A step begins."""

    step: Step
    engine: str | None


@dataclass(frozen=True, slots=True)
class Written:
    """How many characters a model has written so far."""

    characters: int


@dataclass(frozen=True, slots=True)
class Ended(Generic[T]):
    """The run's answer."""

    answer: T


News = Begun | Written | None
"""``None`` says that it still runs."""


@dataclass(slots=True)
class Following:
    """Hears a run, and tells one reader."""

    follows_writing: bool = True
    _steps: deque[Begun] = field(default_factory=lambda: deque(maxlen=_STEPS_HELD))
    _characters: int | None = None
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    async def step(self, step: Step, *, engine: str | None = None) -> None:
        """Hear that a step begins."""
        self._steps.append(Begun(step, engine))
        self._news.set()

    async def written(self, characters: int) -> None:
        """Hear how much is written."""
        self._characters = characters
        self._news.set()

    async def told(self, run: Coroutine[Any, Any, T]) -> AsyncGenerator[News | Ended[T], None]:
        """Yield what happens in a run and last its answer; closing this stops the run.

        Raises whatever the run raises.
        """
        running = asyncio.ensure_future(run)
        waiting: asyncio.Future[Any] = asyncio.ensure_future(self._news.wait())
        try:
            while not running.done():
                both = {running, waiting}
                await asyncio.wait(both, timeout=QUIET_S, return_when=asyncio.FIRST_COMPLETED)
                if not running.done() and not waiting.done():
                    yield None
                if waiting.done():
                    self._news.clear()
                    waiting = asyncio.ensure_future(self._news.wait())
                for one in self._taken():
                    yield one
            yield Ended(running.result())
        finally:
            await cancel_all({running, waiting})

    def _taken(self) -> list[Begun | Written]:
        taken: list[Begun | Written] = list(self._steps)
        self._steps.clear()
        if self._characters is not None:
            taken.append(Written(self._characters))
            self._characters = None
        return taken


class OfJob:
    """Tells the steps of a run to the job that it is part of."""

    follows_writing = False

    async def step(self, step: Step, *, engine: str | None = None) -> None:  # noqa: ARG002 - the port's
        """Keep the step as a fraction of the job."""
        await report_progress(_FRACTIONS[step])

    async def written(self, characters: int) -> None:
        """Do nothing: a job's progress is kept in steps."""

"""Those who write the same thing at once: one after another here, and tried again elsewhere.

Within this process they take turns, so that nobody's work is in vain. Between processes the
database decides, and whoever lost looks again.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import ClassVar, Final, TypeVar

from careflow.database.documents import ClaimTakenError, VersionMismatchError
from careflow.errors import ConflictError

T = TypeVar("T")

TRIES: Final = 12


class ConditionContestedError(ConflictError):
    """Others keep writing under the same condition, or the same resource."""

    code: ClassVar[str] = "records-condition-contested"

    def __init__(self) -> None:
        super().__init__("Others are writing the same thing now: send this again.")


@dataclass(slots=True)
class _Turn:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    asked: int = 0


class Turns:
    """Who writes under which name now."""

    def __init__(self) -> None:
        self._turns: dict[str, _Turn] = {}

    @asynccontextmanager
    async def of(self, *names: str) -> AsyncIterator[None]:
        """Hold the turn of every name; taken in one order by all, so that none waits in a ring."""
        async with AsyncExitStack() as stack:
            for name in sorted(set(names)):
                await stack.enter_async_context(self._of_one(name))
            yield

    @asynccontextmanager
    async def _of_one(self, name: str) -> AsyncIterator[None]:
        turn = self._turns.setdefault(name, _Turn())
        turn.asked += 1
        try:
            async with turn.lock:
                yield
        finally:
            turn.asked -= 1
            if not turn.asked:
                del self._turns[name]


async def until_settled(
    attempt: Callable[[], Awaitable[T]],
    *,
    again: Callable[[VersionMismatchError], bool] = lambda _: True,
) -> T:
    """Return what an attempt returns, looking again each time another write came first.

    Raises:
        ClaimTakenError: Another has what would be claimed, and looking again did not show it.
        ConditionContestedError: Others came first each time.
    """
    for number in range(TRIES):
        try:
            return await attempt()
        except VersionMismatchError as error:
            if not again(error):
                raise
        except ClaimTakenError:
            if number + 1 == TRIES:
                raise
        await stand_back(number)
    raise ConditionContestedError


async def stand_back(number: int) -> None:
    """Wait a little, longer each time and not as long as the others, so that somebody gets on."""
    await asyncio.sleep(min(0.1, 0.002 * 2**number) * random.random())  # noqa: S311 - keeps apart.

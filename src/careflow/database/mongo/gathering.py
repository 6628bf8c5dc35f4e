"""Waiting work that shares one round of messages to the server.

While a round is under way, later work gathers; the next round takes it all.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from careflow.database.failures import ClosedError
from careflow.errors import CareFlowError

W = TypeVar("W")
R = TypeVar("R")


@dataclass(slots=True, eq=False)
class _Request(Generic[W, R]):
    work: W
    weight: int
    future: asyncio.Future[R]

    def answer(self, outcome: R | BaseException) -> None:
        if self.future.done():  # the caller went away; what it asked for is done all the same
            return
        if isinstance(outcome, BaseException):
            self.future.set_exception(outcome)
        else:
            self.future.set_result(outcome)


class Gathering(Generic[W, R]):
    """Performs work in rounds, in the order it came.

    Args:
        perform: Does a round; returns an outcome or an error for each work, in order.
        weight_together: Weight that shares a round, about; one work alone may weigh more.
    """

    def __init__(
        self,
        perform: Callable[[list[W]], Awaitable[list[R | BaseException]]],
        *,
        weight_together: int,
    ) -> None:
        self._perform = perform
        self._weight_together = weight_together
        self._waiting: deque[_Request[W, R]] = deque()
        self._rounds: asyncio.Task[None] | None = None
        self._closed = False

    async def run(self, work: W, weight: int = 1) -> R:
        """Return what came of the work; it is done even if the caller goes away."""
        if self._closed:
            raise ClosedError
        future: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Request(work, weight, future))
        if self._rounds is None or self._rounds.done():
            self._rounds = asyncio.create_task(self._go_round())
        return await future

    async def close(self) -> None:
        """Finish what was accepted; later work is refused."""
        self._closed = True
        if self._rounds is not None:
            await self._rounds

    async def _go_round(self) -> None:
        while self._waiting:
            together = self._take()
            outcomes: list[R | BaseException]
            try:
                outcomes = await self._perform([each.work for each in together])
            except CareFlowError as error:
                outcomes = [error] * len(together)
            except BaseException as error:
                for each in [*together, *self._waiting]:
                    each.answer(error)
                self._waiting.clear()
                raise
            for request, outcome in zip(together, outcomes, strict=True):
                request.answer(outcome)

    def _take(self) -> list[_Request[W, R]]:
        together = [self._waiting.popleft()]
        weight = together[0].weight
        while self._waiting and weight + self._waiting[0].weight <= self._weight_together:
            together.append(self._waiting.popleft())
            weight += together[-1].weight
        return together

"""Commits what is staged, and looks again where another's commit came first.

Within this process those who want the same clinician's time take turns; between processes the
database decides.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final, TypeVar

from careflow.database.documents import ClaimTakenError, Documents, VersionMismatchError
from careflow.database.work import Work
from careflow.records.turns import ConditionContestedError, Turns
from careflow.scheduling.agenda import AGENDA
from careflow.scheduling.refusals import SlotTakenError

T = TypeVar("T")

TRIES: Final = 12


@dataclass(frozen=True, slots=True)
class Settling:
    """The edge of every change of somebody's time."""

    documents: Documents
    turns: Turns = field(default_factory=Turns)

    async def settled(self, stage: Callable[[Work], Awaitable[T]], *practitioners: str) -> T:
        """Stage and commit, again and again until nobody came in between.

        Raises:
            SlotTakenError: The time was claimed.
            careflow.records.turns.ConditionContestedError: Others came first each time.
        """
        async with self.turns.of(*practitioners):
            for attempt in range(TRIES):
                try:
                    async with Work(self.documents) as work:
                        return await stage(work)
                except VersionMismatchError as error:
                    if error.kind != AGENDA:
                        raise
                    await asyncio.sleep(_pause(attempt))
                except ClaimTakenError as error:
                    if not error.key.startswith("time/"):
                        raise
                    resource = error.key.removeprefix("time/").rpartition("/")[0]
                    raise SlotTakenError(resource) from error
        raise ConditionContestedError


def _pause(attempt: int) -> float:
    return float(min(0.1, 0.002 * 2**attempt) * random.random())  # noqa: S311 - keeps apart.

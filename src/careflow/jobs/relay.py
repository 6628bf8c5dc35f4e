"""The relay: tells workers, by way of a broker, which jobs of the store are due.

It hands out the ids of the jobs that have been due for longest, a few at a time, and remembers
which. What it handed out and finds still due, while fewer messages lie at the broker than there
should, was lost there, and is handed out again. So the broker may be stopped, emptied or replaced
at any time; a message too many does no harm, because the lease decides who has a job.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import get_args

from careflow.clock import Clock
from careflow.database.documents import Documents
from careflow.errors import CareFlowError
from careflow.jobs.broker import Broker
from careflow.jobs.ending import cancel_all
from careflow.jobs.holding import Office
from careflow.jobs.job import Priority
from careflow.jobs.queue import JobQueue
from careflow.jobs.stored import KIND, StoredJob, due_jobs, readable

log = logging.getLogger(__name__)

OFFICE = "relay"
_HANDED_OUT = 500
"""Ids of each priority that lie at the broker at most."""
_BREATH_S = 0.2
"""Between two looks, so that many changes at once are one look."""
_LONG_BREATH_S = 1.0
"""The same while whoever comes now has to wait for others anyway."""


@dataclass(frozen=True, slots=True)
class _Told:
    """Which version of a job was handed out, and when."""

    version: int
    at: datetime


class Relay:
    """Runs in every process that serves; one of them at a time does the work.

    Args:
        jobs: What the workers run; knows which jobs come back.
        holder: Names this process; unique among those that run.
        poll: How often to look for jobs that became due; new ones are noticed at once.
        patience: After how long a message that nobody acted on may be thought lost.
        term: How long a process that is not heard of stays the one that relays.
    """

    def __init__(
        self,
        documents: Documents,
        broker: Broker,
        jobs: JobQueue,
        *,
        organisation: str,
        clock: Clock,
        holder: str,
        poll: timedelta = timedelta(seconds=1),
        patience: timedelta = timedelta(seconds=5),
        term: timedelta = timedelta(seconds=15),
    ) -> None:
        self._documents = documents
        self._broker = broker
        self._jobs = jobs
        self._organisation = organisation
        self._clock = clock
        self._poll = poll
        self._patience = patience
        self._office = Office(
            documents,
            OFFICE,
            organisation=organisation,
            clock=clock,
            holder=holder,
            length=term,
        )
        self._told: dict[Priority, Mapping[str, _Told]] = {}
        self._woken = asyncio.Event()
        self._is_stopping = False
        self._breathed_at = 0.0
        self._background: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Begin to relay in the background."""
        await self._jobs.arrange()
        self._is_stopping = False
        self._background = [
            asyncio.create_task(self._go_on()),
            asyncio.create_task(self._listen()),
        ]

    async def stop(self) -> None:
        """Hand nothing out any more, and let another process do it."""
        self._is_stopping = True
        self._woken.set()
        if self._background:
            looking, listening = self._background
            # Never cancelled: it may just be taking the office.
            await looking
            await cancel_all({listening})
            self._background = []
            with suppress(CareFlowError):
                await self._office.leave()
        await self._broker.close()

    async def relay_once(self) -> None:
        """Hand out what is due and was not, or was lost."""
        if not await self._office.is_mine():
            self._told = {}
            return
        try:
            for priority in get_args(Priority):
                await self._relay(priority)
        except CareFlowError:
            # What reached the broker is not known, and twice does no harm.
            self._told = {}
            raise

    async def _relay(self, priority: Priority) -> None:
        if await self._is_supplied(priority):
            return
        now = self._clock()
        due = await due_jobs(self._documents, self._organisation, priority, now, count=_HANDED_OUT)
        told = self._still_told(priority, due)
        if await self._are_lost(priority, told, now):
            told = {}
        new = [stored for stored in due if stored.job.id not in told]
        if new:
            await self._broker.publish([stored.job.id for stored in new], priority)
        self._told[priority] = {
            **told,
            **{stored.job.id: _Told(stored.version, now) for stored in new},
        }

    async def _is_supplied(self, priority: Priority) -> bool:
        """Report whether workers have enough to do; asking the store what is due costs more."""
        return self._is_full(priority) and (await self._broker.waiting(priority) > _HANDED_OUT // 2)

    def _is_full(self, priority: Priority) -> bool:
        return len(self._told.get(priority, {})) >= _HANDED_OUT

    def _still_told(self, priority: Priority, due: list[StoredJob]) -> dict[str, _Told]:
        before = self._told.get(priority, {})
        known = ((stored, before.get(stored.job.id)) for stored in due)
        return {
            stored.job.id: told
            for stored, told in known
            if told is not None and told.version == stored.version
        }

    async def _are_lost(self, priority: Priority, told: dict[str, _Told], now: datetime) -> bool:
        """Report whether messages are missing at the broker; workers are given time to act."""
        old = [id for id, one in told.items() if now - one.at >= self._patience]
        if not old:
            return False
        if await self._broker.waiting(priority) < len(old):
            log.warning("messages of jobs lost", extra={"priority": priority, "count": len(old)})
            return True
        told.update({id: replace(told[id], at=now) for id in old})
        return False

    async def _go_on(self) -> None:
        while not self._is_stopping:
            self._woken.clear()
            try:
                await self.relay_once()
            except Exception as error:  # noqa: BLE001 - store or broker may be back at the next look.
                log.error("jobs not relayed", extra={"error_type": type(error).__name__})  # noqa: TRY400
                self._woken.clear()
            await asyncio.sleep(_BREATH_S)
            if not self._is_stopping:
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._poll.total_seconds()):
                        await self._woken.wait()

    async def _listen(self) -> None:
        """Notice jobs that anyone queues, in this process or another."""
        try:
            changes = self._documents.watch(frozenset({KIND}), self._organisation)
            async for document in changes:
                # What workers do to jobs is no news here, and each look at changes costs.
                if any(stored.job.state == "queued" for stored in readable([document])):
                    self._woken.set()
                await self._breathe()
        except Exception as error:  # noqa: BLE001 - looking at intervals goes on.
            log.error("jobs not watched", extra={"error_type": type(error).__name__})  # noqa: TRY400

    async def _breathe(self) -> None:
        """Wait a little, if that was not just done: what comes meanwhile is one look."""
        now = asyncio.get_running_loop().time()
        breath_s = _LONG_BREATH_S if self._is_full("waiting") else _BREATH_S
        if now - self._breathed_at > breath_s:
            await asyncio.sleep(breath_s)
            self._breathed_at = asyncio.get_running_loop().time()

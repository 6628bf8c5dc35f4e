"""Running one leased job to its end, whatever that is."""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from careflow.clock import Clock
from careflow.database.documents import Documents
from careflow.database.work import Work
from careflow.errors import CareFlowError
from careflow.jobs.ending import cancel_all
from careflow.jobs.errors import HandlerBrokenError, JobTimedOutError, UnknownHandlerError
from careflow.jobs.job import Handler, Job
from careflow.jobs.lease import Lease, LeaseLostError
from careflow.jobs.progress import current_report
from careflow.jobs.retrying import Backoff, after_failure, after_success, given_back

log = logging.getLogger(__name__)

TIME_MAX = timedelta(minutes=30)
"""How long a handler may take, where nothing else is said."""


@dataclass(frozen=True, slots=True)
class Runner:
    """What running a job takes.

    Attributes:
        beat: How often a long job's lease is extended.
        time_max: How long a handler may take.
    """

    documents: Documents
    handlers: Mapping[str, Handler]
    clock: Clock
    backoff: Backoff
    beat: timedelta
    time_max: timedelta

    async def run(self, lease: Lease) -> None:
        """Do the job; store its effects with its completion, or its failure, or nothing."""
        try:
            await self._attempt(lease)
        except LeaseLostError:
            log.warning("job lost to another worker", extra=_facts(lease.job))
        except asyncio.CancelledError:
            with suppress(LeaseLostError):
                await lease.end(given_back(lease.job, now=self.clock()), Work(self.documents))
            raise

    async def _attempt(self, lease: Lease) -> None:
        work = Work(self.documents)
        try:
            result = await self._handle(lease, work)
            await lease.end(after_success(lease.job, result), work)
            log.info("job done", extra=_facts(lease.job))
        except LeaseLostError:
            raise
        except CareFlowError as error:
            await self._fail(lease, error)
        except Exception as error:  # noqa: BLE001 - a bug in one handler must not stop the others.
            # The message may hold patient data; where it happened does not.
            log.error("job handler broken", extra=_facts(lease.job) | _whereabouts(error))  # noqa: TRY400
            await self._fail(lease, HandlerBrokenError())

    async def _fail(self, lease: Lease, error: CareFlowError) -> None:
        job = after_failure(lease.job, error, now=self.clock(), backoff=self.backoff)
        await lease.end(job, Work(self.documents))
        log.warning("job failed", extra=_facts(job) | {"code": error.code})

    async def _handle(self, lease: Lease, work: Work) -> Mapping[str, Any] | None:
        handler = self.handlers.get(lease.job.name)
        if handler is None:
            raise UnknownHandlerError
        handling = asyncio.ensure_future(_with_progress(lease, handler, work))
        keeping = asyncio.ensure_future(self._keep(lease))
        try:
            await asyncio.wait(
                {handling, keeping},
                timeout=self.time_max.total_seconds(),
                return_when=asyncio.FIRST_COMPLETED,
            )
            if handling.done():
                return _result(handling)
            raise LeaseLostError if keeping.done() else JobTimedOutError
        finally:
            await cancel_all({handling, keeping})

    async def _keep(self, lease: Lease) -> None:
        """Extend the lease again and again; return once it is lost."""
        while not lease.lost.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(self.beat.total_seconds()):
                    await lease.lost.wait()
            try:
                await lease.extend()
            except Exception as error:  # noqa: BLE001 - the next beat may succeed; else it is lost.
                log.warning("job lease not extended", extra=_facts(lease.job) | _whereabouts(error))


async def _with_progress(lease: Lease, handler: Handler, work: Work) -> Mapping[str, Any] | None:
    current_report.set(lease.report)
    return await handler(lease.job, work)


def _result(handling: asyncio.Future[Mapping[str, Any] | None]) -> Mapping[str, Any] | None:
    if handling.cancelled():
        raise HandlerBrokenError
    return handling.result()


def _facts(job: Job) -> dict[str, object]:
    return {"job_id": job.id, "job_name": job.name, "attempt": job.attempt}


def _whereabouts(error: BaseException) -> dict[str, object]:
    frames = traceback.extract_tb(error.__traceback__)
    places = [f"{frame.filename}:{frame.lineno}" for frame in frames[-3:]]
    return {"error_type": type(error).__name__, "places": places}

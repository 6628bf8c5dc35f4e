"""What a job becomes after an attempt: done, tried again later, failed, or back in its turn."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from careflow.errors import CareFlowError
from careflow.jobs.job import Job

_WORTH_ANOTHER_TRY = frozenset({409, 412, 429})
"""Client errors that time may heal: someone else was quicker, or too much at once."""


@dataclass(frozen=True, slots=True)
class Backoff:
    """Doubling delays with jitter, so that what failed together does not come back together.

    Attributes:
        jitter: Returns a number in [0, 1).
    """

    first: timedelta = timedelta(seconds=2)
    longest: timedelta = timedelta(minutes=10)
    jitter: Callable[[], float] = random.random

    def delay(self, attempt: int) -> timedelta:
        """Return how long to wait after the attempt: between half of the full delay and all."""
        doublings: int = 2 ** min(attempt - 1, 30)
        full = min(self.longest, self.first * doublings)
        return full * (0.5 + self.jitter() / 2)


def is_final(error: CareFlowError) -> bool:
    """Report whether trying again cannot help: the input is wrong and will stay so."""
    return 400 <= error.status < 500 and error.status not in _WORTH_ANOTHER_TRY


def after_success(job: Job, result: Mapping[str, Any] | None) -> Job:
    """Return the job done."""
    return replace(job, state="done", progress=1.0, result=result or {}, error=None)


def after_failure(job: Job, error: CareFlowError, *, now: datetime, backoff: Backoff) -> Job:
    """Return the job to be tried again later or, if that is of no use, failed."""
    if is_final(error) or job.attempt >= job.attempts_max:
        return replace(job, state="failed", error=error.code)
    run_at = now + backoff.delay(job.attempt)
    return replace(job, state="queued", run_at=run_at, error=error.code)


def given_back(job: Job, *, now: datetime) -> Job:
    """Return the job for another worker, as if this attempt had not been made."""
    return replace(job, state="queued", run_at=now, attempt=job.attempt - 1, progress=0.0)


def tried_again(job: Job, *, now: datetime) -> Job:
    """Return a failed job as if it had just been queued; its last error stays readable."""
    return replace(job, state="queued", run_at=now, attempt=0, progress=0.0)


def next_round(job: Job, every: timedelta, *, now: datetime) -> Job:
    """Return a job that comes back, due at the next multiple of its interval.

    Rounds that were missed are not made up for. Result and error of the last one stay readable.
    """
    if not job.is_ended:
        return job
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    rounds = (now - epoch) // every + 1
    return replace(job, state="queued", attempt=0, progress=0.0, run_at=epoch + rounds * every)

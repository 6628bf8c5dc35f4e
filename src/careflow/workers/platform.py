"""The worker of the platform that the settings describe."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from careflow.composition import open_platform
from careflow.composition.background import broker_app
from careflow.jobs.queue import JobQueue
from careflow.settings import Settings, SettingsError
from careflow.workers.serving import Limits, serve


def run_worker(settings: Settings) -> int:
    """Run a worker until it is told to stop; return the exit code.

    Raises:
        SettingsError: The settings name no broker, or one that cannot be used.
    """
    if settings.jobs != "celery":
        raise SettingsError("A worker has nothing to do: set CAREFLOW_JOBS to celery.")

    @asynccontextmanager
    async def open_jobs() -> AsyncIterator[JobQueue]:
        platform = await open_platform(settings)
        try:
            yield platform.queue
        finally:
            await platform.close()

    limits = Limits(
        processes=settings.worker_processes,
        memory_mb=settings.worker_memory_mb,
        jobs=settings.worker_jobs,
        niceness=settings.worker_niceness,
    )
    return serve(broker_app(settings), open_jobs, limits)

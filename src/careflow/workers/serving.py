"""A Celery worker: fetches ids of jobs and has processes of its own do them."""

from __future__ import annotations

import logging
import os
import signal
import threading
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from billiard import active_children
from celery import Celery, signals

from careflow.jobs.celery_broker import TASK
from careflow.jobs.run import TIME_MAX
from careflow.workers.child import Child, Open
from careflow.workers.order import WaitingFirst

GRACE_S = 6.0
"""How long running jobs have to end when the worker is told to stop; then they are given back."""
_HARD_LIMIT = TIME_MAX + timedelta(minutes=1)
"""After which a process is killed: only a handler that holds up its loop gets so far."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a worker may take of its machine.

    Attributes:
        processes: Jobs at once.
        memory_mb: What a process may hold after a job; one that holds more is replaced.
        jobs: How many jobs a process does before it is replaced.
        niceness: Added to the priority that the worker was started with; 19 yields to everyone.
    """

    processes: int
    memory_mb: int
    jobs: int
    niceness: int


def serve(app: Celery, open_jobs: Open, limits: Limits, *, grace_s: float = GRACE_S) -> int:
    """Run a worker until it is told to stop; return the exit code.

    Jobs that still run ``grace_s`` after that are given back to the store.
    """
    _limit(app, limits)
    child = Child(open_jobs)

    def run_job(job_id: str, organisation: str) -> None:  # noqa: ARG001 - names whose it is
        child.run(job_id)

    def close(**_: object) -> None:
        child.close()

    app.task(name=TASK, acks_late=True, reject_on_worker_lost=True, ignore_result=True)(run_job)

    def hurry(**_: object) -> None:
        timer = threading.Timer(grace_s, _end_children)
        timer.daemon = True
        timer.start()

    signals.worker_process_shutdown.connect(close, weak=False)
    signals.worker_shutting_down.connect(hurry, weak=False)
    signals.setup_logging.connect(_keep_logging, weak=False)
    os.nice(limits.niceness)
    worker = app.Worker(
        pool="prefork",
        concurrency=limits.processes,
        optimization="fair",
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
        quiet=True,
    )
    worker.start()
    return int(worker.exitcode or 0)


def _limit(app: Celery, limits: Limits) -> None:
    app.conf.broker_transport_options |= {
        "queue_order_strategy": f"{WaitingFirst.__module__}:{WaitingFirst.__qualname__}",
    }
    app.conf.update(
        worker_prefetch_multiplier=1,
        worker_max_tasks_per_child=limits.jobs,
        worker_max_memory_per_child=limits.memory_mb * 1024,
        worker_enable_remote_control=False,
        task_time_limit=_HARD_LIMIT.total_seconds(),
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
    )


def _end_children() -> None:
    """Have each process give back the job it still does."""
    for process in active_children():
        with suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGTERM)


def _keep_logging(**_: object) -> None:
    """Leave logging as the command set it: one line of ids for each event."""
    logging.getLogger("celery").setLevel(logging.WARNING)

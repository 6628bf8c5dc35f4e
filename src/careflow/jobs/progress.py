"""How a handler tells those who wait how far it is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextvars import ContextVar

Report = Callable[[float], Awaitable[None]]

current_report: ContextVar[Report | None] = ContextVar("current_report", default=None)
"""Set by the queue around a handler."""


async def report_progress(fraction: float) -> None:
    """Say that this fraction (0 to 1) of the running job is done; outside of a job, do nothing.

    Each report is a commit, and keeps the job leased: report steps, not lines.
    """
    report = current_report.get()
    if report is not None:
        await report(min(1.0, max(0.0, fraction)))

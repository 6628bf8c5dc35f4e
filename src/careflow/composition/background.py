"""What runs background work, by the settings: this process, or workers told by a broker."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from careflow.clock import Clock
from careflow.database.documents import Documents
from careflow.jobs.queue import JobQueue
from careflow.jobs.relay import Relay
from careflow.jobs.run import TIME_MAX
from careflow.settings import Settings, SettingsError

if TYPE_CHECKING:
    from celery import Celery

_VISIBLE_AGAIN = 2 * TIME_MAX
"""Longer than any job, so that the broker never gives away what a worker still does."""


class Background(Protocol):
    """What a process that serves does about jobs: run them, or tell workers."""

    async def start(self) -> None:
        """Begin."""
        ...

    async def stop(self) -> None:
        """End, within seconds."""
        ...


def check_background(settings: Settings) -> None:
    """Return if the settings fit together.

    Raises:
        SettingsError: They do not; nothing was opened.
    """
    if settings.jobs != "celery":
        return
    if settings.database_kind == "sqlite":
        raise SettingsError(
            "CAREFLOW_JOBS=celery needs MongoDB, which several hosts can share: set"
            " CAREFLOW_DATABASE_URL, or leave jobs embedded."
        )
    if settings.broker_url is None:
        raise SettingsError("CAREFLOW_JOBS=celery needs CAREFLOW_BROKER_URL, such as redis://host.")


def build_background(
    settings: Settings, documents: Documents, queue: JobQueue, *, clock: Clock, holder: str
) -> Background:
    """Return what the settings name."""
    if settings.jobs == "embedded":
        return queue
    app = broker_app(settings)
    from careflow.jobs.celery_broker import CeleryBroker

    return Relay(
        documents,
        CeleryBroker(app, settings.organisation),
        queue,
        organisation=settings.organisation,
        clock=clock,
        holder=holder,
    )


def broker_app(settings: Settings) -> Celery:
    """Return Celery over the broker that the settings name; it is imported only here.

    Raises:
        SettingsError: Celery is not installed, or the settings do not fit together.
    """
    check_background(settings)
    try:
        from careflow.jobs.celery_broker import celery_app
    except ModuleNotFoundError as error:
        raise SettingsError(
            "CAREFLOW_JOBS names celery, which is not installed: add careflow[celery]."
        ) from error
    url = settings.broker_url or ""
    return celery_app(url, settings.organisation, visible_again=_VISIBLE_AGAIN)

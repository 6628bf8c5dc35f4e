"""Celery over Redis as the broker: messages of ids alone, as JSON, and no results.

Imported only where ``CAREFLOW_JOBS`` is ``celery``.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, get_args

from celery import Celery
from kombu.connection import Connection
from kombu.entity import Queue
from kombu.exceptions import ChannelError, OperationalError

from careflow.jobs.errors import BrokerUnavailableError
from careflow.jobs.job import Priority

TASK = "careflow.run-job"
_ANSWERS_WITHIN_S = 3
_UNREACHABLE = (OperationalError, OSError)


def queue_named(organisation: str, priority: Priority) -> str:
    """Return the name of the broker's queue; clinics that share a broker do not meet in one."""
    return f"careflow.{organisation}.{priority}"


def celery_app(url: str, organisation: str, *, visible_again: timedelta) -> Celery:
    """Return Celery as both ends use it.

    ``visible_again`` is after how long the broker gives a message that was fetched and never
    acknowledged to someone else. The store finds jobs of lost workers sooner.
    """
    app = Celery("careflow", broker=url, set_as_current=False)
    app.conf.update(
        task_serializer="json",
        accept_content=["json"],
        task_ignore_result=True,
        result_backend=None,
        task_queues=[
            Queue(queue_named(organisation, priority))  # type: ignore[no-untyped-call]
            for priority in get_args(Priority)
        ],
        task_default_queue=queue_named(organisation, "waiting"),
        task_create_missing_queues=False,
        broker_transport_options={
            "visibility_timeout": visible_again.total_seconds(),
            "socket_timeout": _ANSWERS_WITHIN_S,
            "socket_connect_timeout": _ANSWERS_WITHIN_S,
        },
        worker_send_task_events=False,
        task_send_sent_event=False,
    )
    return app


class CeleryBroker:
    """The end that publishes, as :class:`careflow.jobs.broker.Broker` says.

    Its one connection is made when needed, and anew after a failure.
    """

    def __init__(self, app: Celery, organisation: str) -> None:
        self._app = app
        self._organisation = organisation
        self._turn = threading.Lock()
        self._connection: Connection | None = None

    async def publish(self, job_ids: Sequence[str], priority: Priority) -> None:
        """Hand ids to the workers, in order."""
        await asyncio.to_thread(self._publish, job_ids, queue_named(self._organisation, priority))

    async def waiting(self, priority: Priority) -> int:
        """Return how many ids lie there for a worker to fetch."""
        return await asyncio.to_thread(self._size, queue_named(self._organisation, priority))

    async def close(self) -> None:
        """Let go of the connection."""
        await asyncio.to_thread(self._forget)

    def _publish(self, job_ids: Sequence[str], queue: str) -> None:
        with self._turn:
            try:
                producer = self._app.amqp.Producer(self._connected())
                for job_id in job_ids:
                    self._app.send_task(
                        TASK,
                        args=(job_id, self._organisation),
                        queue=queue,
                        producer=producer,
                        ignore_result=True,
                        retry=False,
                    )
            except _UNREACHABLE as error:
                self._release()
                raise BrokerUnavailableError from error

    def _size(self, queue: str) -> int:
        with self._turn:
            try:
                channel: Any = self._connected().default_channel
                return int(channel.queue_declare(queue, passive=True).message_count)
            except ChannelError:
                return 0  # a queue without messages does not exist for Redis
            except _UNREACHABLE as error:
                self._release()
                raise BrokerUnavailableError from error

    def _connected(self) -> Connection:
        if self._connection is None:
            self._connection = self._app.connection_for_write()
        return self._connection

    def _forget(self) -> None:
        with self._turn:
            self._release()

    def _release(self) -> None:
        if self._connection is not None:
            self._connection.release()  # type: ignore[no-untyped-call]
            self._connection = None

"""The session that a process writes in, known to every process that shares the database.

A transaction that a killed process left open holds the count of commits, which every commit begins
with, until the server ends it: after a minute, unless it is set otherwise. Whoever is kept waiting
by it for long enough ends it. A transaction that was not abandoned, merely slow, is begun again by
its own process, as one that was overtaken is.
"""

from __future__ import annotations

import logging
from datetime import timedelta

from bson.binary import Binary
from pymongo.errors import PyMongoError

from careflow.clock import Clock
from careflow.database.instants import milliseconds
from careflow.database.mongo.connection import Connection

log = logging.getLogger(__name__)

WRITERS = "writers"
STUCK_AFTER_S = 10.0
"""Transactions last milliseconds; a large bundle's, a second or two."""
_KEPT_FOR = timedelta(days=90)
"""How long a process is known that went without taking leave."""


class Writer:
    """One session for all transactions of a process: they come one after another."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self.session = connection.client.start_session()
        self._connection = connection
        self._writers = connection[WRITERS]
        self._clock = clock

    @property
    def _id(self) -> Binary:
        id: Binary = self.session.session_id["id"]
        return id

    async def enter(self) -> None:
        """Make the session known; forget those that are long gone."""
        now = self._clock()
        await self._writers.delete_many({"t": {"$lt": milliseconds(now - _KEPT_FOR)}})
        await self._writers.insert_one({"_id": self._id, "t": milliseconds(now)})

    async def end_others(self) -> None:
        """End what the other sessions left open; those that live begin it again."""
        try:
            others = await self._writers.find({"_id": {"$ne": self._id}}, {"_id": 1}).to_list()
            if others:
                sessions = [{"id": each["_id"]} for each in others]
                await self._connection.client.admin.command("killSessions", sessions)
                log.warning("open transactions of others ended", extra={"sessions": len(sessions)})
        except PyMongoError:  # some hosted servers do not take it; they end it by themselves
            log.warning("open transactions of others left to the server")

    async def leave(self) -> None:
        """Take leave: nothing is open any more."""
        try:
            await self._writers.delete_one({"_id": self._id})
            await self.session.end_session()
        except PyMongoError:  # the server is gone; it is forgotten in time
            log.debug("left without leave")

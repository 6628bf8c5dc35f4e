"""Commits that wait together, in one transaction.

Four messages however many commits there are: take the next sequences, read what they touch, write
what comes of it, commit. Claims and deletions read the claims as well.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Sequence
from itertools import count
from typing import Any

from bson.errors import InvalidDocument
from pymongo import ReturnDocument
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import ClientBulkWriteException, DocumentTooLarge, PyMongoError

from careflow.clock import Clock
from careflow.database.documents import (
    MAX_DOCUMENT_BYTES,
    Append,
    Change,
    Claim,
    Delete,
    Document,
    Put,
    Reindex,
    Release,
    Restore,
)
from careflow.database.failures import UnconfirmedError, WriteFailedError
from careflow.database.instants import milliseconds
from careflow.database.mongo.connection import DURABLE, SNAPSHOT, Connection
from careflow.database.mongo.entries import Hashes, key_of
from careflow.database.mongo.failures import codes_of, is_transient, write_failure_of
from careflow.database.mongo.rows import WITHOUT_INDEX, row_of
from careflow.database.mongo.schema import TIP
from careflow.database.mongo.staging import Staging, holder_of
from careflow.database.mongo.writer import STUCK_AFTER_S, Writer
from careflow.errors import CareFlowError, TooLargeError

log = logging.getLogger(__name__)

Commit = tuple[Change, ...]
Outcome = list[Document] | BaseException

GIVE_UP_S = 30.0
"""How long a transaction that others overtake, or whose outcome is unknown, is tried again."""
FIRST_PAUSE_S = 0.004
LONGEST_PAUSE_S = 0.25

_TOO_LARGE = 10334
_UNKNOWN = "UnknownTransactionCommitResult"
_UNFIT = (
    ClientBulkWriteException,
    DocumentTooLarge,
    InvalidDocument,
    OverflowError,
    UnicodeError,
)
"""What driver and server say of content that no document can hold; nothing was stored."""


class Commits:
    """Applies commits, several to a transaction.

    Args:
        connection: Where to.
        writer: The session of this process.
        clock: Where instants come from; they never step back even if the clock does.
        hashes: Of this database.
        before: Awaited before each transaction begins.
        after: Called once a transaction is durable.
    """

    def __init__(
        self,
        connection: Connection,
        *,
        writer: Writer,
        clock: Clock,
        hashes: Hashes,
        before: Callable[[], Awaitable[None]],
        after: Callable[[], None],
    ) -> None:
        self.attempts = 0
        self._connection = connection
        self._writer = writer
        self._clock = clock
        self._hashes = hashes
        self._before, self._after = before, after

    async def perform(self, commits: Sequence[Commit]) -> list[Outcome]:
        """Apply commits in order; one that fails takes back only itself."""
        await self._before()
        try:
            return await self._transact(commits)
        except _UNFIT as error:
            if len(commits) == 1:
                return [_unfit(error)]
            # One of them cannot be written at all; the others do not suffer for it.
            return [outcome for each in commits for outcome in await self.perform([each])]
        except PyMongoError as error:
            raise write_failure_of(error) from error

    async def _transact(self, commits: Sequence[Commit]) -> list[Outcome]:
        loop = asyncio.get_running_loop()
        until = loop.time() + GIVE_UP_S
        stuck_from: float | None = loop.time() + STUCK_AFTER_S
        session = self._writer.session
        for attempt in count():
            try:
                return await self._attempt(session, commits, until)
            except PyMongoError as error:
                if not is_transient(error):
                    raise
                if loop.time() > until:
                    raise write_failure_of(error) from error
                log.debug("transaction overtaken", extra={"attempt": attempt})
            finally:
                await _abort(session)
            if stuck_from is not None and loop.time() > stuck_from:
                stuck_from = None  # once: what is then still in the way is no dead process
                await self._writer.end_others()
            await asyncio.sleep(_pause(attempt))
        raise AssertionError

    async def _attempt(
        self, session: AsyncClientSession, commits: Sequence[Commit], until: float
    ) -> list[Outcome]:
        self.attempts += 1
        await session.start_transaction(read_concern=SNAPSHOT, write_concern=DURABLE)
        staging = await self._read(session, commits)
        outcomes: list[Outcome] = []
        for each in commits:
            try:
                outcomes.append(staging.apply(each))
            except Exception as error:  # noqa: BLE001 - a caller's own error is that caller's.
                outcomes.append(error)
        operations = staging.operations(self._connection)
        if operations:
            await self._connection.client.bulk_write(operations, session=session)
            await _commit(session, until)
            self._after()
        return outcomes

    async def _read(self, session: AsyncClientSession, commits: Sequence[Commit]) -> Staging:
        """Take the next sequences, which no other transaction can before this one ends, and read.

        Since every transaction begins so, what is read here is what the last one left.
        """
        changes = [change for commit in commits for change in commit]
        needed = sum(isinstance(change, Put | Delete | Restore | Append) for change in changes)
        tip = await self._connection["tips"].find_one_and_update(
            {"_id": TIP},
            {"$inc": {"sequence": needed}, "$max": {"stored_at": milliseconds(self._clock())}},
            return_document=ReturnDocument.AFTER,
            session=session,
        )
        if tip is None:  # someone emptied the database under us
            raise WriteFailedError("The database lost its count of commits: restore a backup.")
        rows = await self._found(session, "documents", _documents(changes), WITHOUT_INDEX)
        holders = await self._found(session, "claims", _claims(changes), None)
        return Staging(
            rows={row["_id"]: row_of(row) for row in rows},
            holders={row["_id"]: row["h"] for row in holders},
            first=tip["sequence"] - needed + 1,
            stored_at=tip["stored_at"],
            hashes=self._hashes,
            bodies=self._connection.bodies,
        )

    async def _found(
        self,
        session: AsyncClientSession,
        collection: str,
        asked: dict[str, Any] | None,
        projection: dict[str, int] | None,
    ) -> list[dict[str, Any]]:
        if asked is None:
            return []
        return await self._connection[collection].find(asked, projection, session=session).to_list()


def _documents(changes: Sequence[Change]) -> dict[str, Any] | None:
    keys = {
        key_of(change.organisation, change.kind, change.id)
        for change in changes
        if isinstance(change, Put | Delete | Restore | Reindex)
    }
    return {"_id": {"$in": sorted(keys)}} if keys else None


def _claims(changes: Sequence[Change]) -> dict[str, Any] | None:
    keys = {
        key_of(change.organisation, change.key)
        for change in changes
        if isinstance(change, Claim | Release)
    }
    holders = {
        holder_of(change.organisation, f"{change.kind}/{change.id}")
        for change in changes
        if isinstance(change, Delete)
    }
    asked = [
        {field: {"$in": sorted(values)}}
        for field, values in (("_id", keys), ("h", holders))
        if values
    ]
    if not asked:
        return None
    return asked[0] if len(asked) == 1 else {"$or": asked}


async def _commit(session: AsyncClientSession, until: float) -> None:
    """Commit; where the answer was lost, ask again, which never commits twice."""
    loop = asyncio.get_running_loop()
    for attempt in count():
        try:
            await session.commit_transaction()
        except PyMongoError as error:
            if not error.has_error_label(_UNKNOWN):
                raise
            if loop.time() > until:
                raise UnconfirmedError from error
            await asyncio.sleep(_pause(attempt))
        else:
            return


async def _abort(session: AsyncClientSession) -> None:
    if session.in_transaction:
        try:
            await session.abort_transaction()
        except PyMongoError:  # the server ends it by itself
            log.debug("transaction left to the server")


def _pause(attempt: int) -> float:
    """Return seconds to wait, different for each process, so that none is overtaken for ever."""
    longest = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2**attempt)
    spread = 0.2 + 0.8 * random.random()  # noqa: S311 - only keeps processes apart.
    return float(longest * spread)


def _unfit(error: Exception) -> CareFlowError:
    if isinstance(error, DocumentTooLarge) or _TOO_LARGE in codes_of(error):
        return TooLargeError(
            f"A document is at most {MAX_DOCUMENT_BYTES // 1024**2} MB with what it is found by:"
            " store it as a file."
        )
    if isinstance(error, PyMongoError):
        return write_failure_of(error)
    return WriteFailedError("The database cannot hold what the change contains.")

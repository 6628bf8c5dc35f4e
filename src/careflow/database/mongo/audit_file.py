"""The audit file on MongoDB: entries of reads, durable before an answer leaves.

Entries that wait together are one document, so that one message stores them all. Its key is the
position of its first entry, and the next one's key is the position after its last: whoever stores a
document has seen the one before, so that nothing ever appears behind a reader's back. Two processes
that want the same place meet on the key; the later one looks again.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pymongo import DESCENDING
from pymongo.errors import DuplicateKeyError, PyMongoError

from careflow.clock import Clock
from careflow.database.documents import StreamEntry
from careflow.database.failures import ClosedError, WriteFailedError
from careflow.database.instants import instant, milliseconds
from careflow.database.mongo.addresses import address_of
from careflow.database.mongo.connection import Connection, Listeners, connect
from careflow.database.mongo.entries import SEPARATOR
from careflow.database.mongo.failures import explained, write_failure_of
from careflow.database.mongo.gathering import Gathering

READS = "reads"
BYTES_TOGETHER = 4 * 1024 * 1024
BYTES_A_LINE = 1024
ATTEMPTS = 200
TOKEN_BYTES = 12
_DIGITS = 15


@dataclass(frozen=True, slots=True)
class _End:
    """Where the file ends: the last position, and when it was stored."""

    position: int
    stored_at: int


class MongoAuditFile:
    """Lines in commit order in one collection; made by :func:`open_audit_file`."""

    def __init__(self, connection: Connection, *, organisation: str, clock: Clock) -> None:
        self._connection = connection
        self._lines = connection[READS]
        self._bodies = connection.bodies
        self._organisation = organisation
        self._clock = clock
        self._end: _End | None = None
        self._gathering: Gathering[tuple[bytes, ...], None] = Gathering(
            self._store, weight_together=BYTES_TOGETHER
        )
        self._closed = False

    async def append(self, bodies: Sequence[bytes]) -> None:
        """Append lines in order; return once they are durable."""
        accepted = tuple(bodies)
        if accepted:
            await self._gathering.run(accepted, sum(BYTES_A_LINE + len(body) for body in accepted))

    async def read(self, *, after: int = 0, count: int = 1000) -> list[StreamEntry]:
        """Return durable lines after a position, in order."""
        self._check_open()
        found: list[StreamEntry] = []
        with explained():
            begin = await self._block_before(after + 1)
            asked = {"_id": {"$gte": self._key(begin), "$lt": self._key()}}
            async for block in self._lines.find(asked).sort("_id"):
                found += [line for line in self._lines_of(block) if line.position > after]
                if len(found) >= count:
                    break
        return found[:count]

    async def last(self) -> int:
        """Return the position of the newest durable line, 0 if there is none."""
        self._check_open()
        with explained():
            return (await self._look()).position

    async def close(self) -> None:
        """Finish what was accepted and release the connection."""
        if self._closed:
            return
        self._closed = True
        await self._gathering.close()
        await self._connection.close()

    def _check_open(self) -> None:
        if self._closed:
            raise ClosedError

    # --- storing ---------------------------------------------------------------------------

    async def _store(self, together: list[tuple[bytes, ...]]) -> list[BaseException | None]:
        lines = [body for bodies in together for body in bodies]
        token = secrets.token_bytes(TOKEN_BYTES)
        try:
            await self._append(lines, token)
        except PyMongoError as error:
            raise write_failure_of(error) from error
        return [None] * len(together)

    async def _append(self, lines: list[bytes], token: bytes) -> None:
        for _ in range(ATTEMPTS):
            if self._end is None:
                self._end = await self._look()
            end, self._end = self._end, None  # unknown until the answer is here
            stored_at = max(end.stored_at, milliseconds(self._clock()))
            key = self._key(end.position + 1)
            kept = [self._bodies.pack(body, f"{key}{SEPARATOR}{n}") for n, body in enumerate(lines)]
            block = {"_id": key, "w": token, "t": stored_at, "l": kept}
            try:
                await self._lines.insert_one(block)
            except DuplicateKeyError:
                # The place is another's, or ours if only the answer was lost and we asked again.
                if not await self._is_ours(key, token):
                    continue
            self._end = _End(end.position + len(lines), stored_at)
            return
        raise WriteFailedError("Too many processes write the audit file at once: try again.")

    async def _is_ours(self, key: str, token: bytes) -> bool:
        found = await self._lines.find_one({"_id": key}, {"w": 1})
        return found is not None and found["w"] == token

    async def _look(self) -> _End:
        asked = {"_id": {"$gt": self._key(0), "$lt": self._key()}}
        newest = await self._lines.find_one(asked, sort=[("_id", DESCENDING)])
        if newest is None:
            return _End(0, 0)
        return _End(_first_of(newest) + len(newest["l"]) - 1, newest["t"])

    async def _block_before(self, position: int) -> int:
        """Return the first position of the document that holds a position, or would."""
        asked = {"_id": {"$gt": self._key(0), "$lte": self._key(position)}}
        found = await self._lines.find_one(asked, {"_id": 1}, sort=[("_id", DESCENDING)])
        return 0 if found is None else _first_of(found)

    def _lines_of(self, block: dict[str, Any]) -> list[StreamEntry]:
        first, stored_at = _first_of(block), instant(block["t"])
        unpack = self._bodies.unpack_or_leave
        return [
            StreamEntry(first + n, stored_at, unpack(line, f"{block['_id']}{SEPARATOR}{n}"))
            for n, line in enumerate(block["l"])
        ]

    def _key(self, position: int | None = None) -> str:
        """Return the key of a position, or one after all of them."""
        number = "~" if position is None else f"{position:0{_DIGITS}}"
        return f"{self._organisation}{SEPARATOR}{number}"


def _first_of(block: dict[str, Any]) -> int:
    return int(block["_id"].rpartition(SEPARATOR)[2])


async def open_audit_file(
    url: str, *, key: bytes, organisation: str, clock: Clock, listeners: Listeners = ()
) -> MongoAuditFile:
    """Open the audit file of an organisation; raises as ``open_documents`` does."""
    connection = await connect(address_of(url), key, listeners)
    return MongoAuditFile(connection, organisation=organisation, clock=clock)

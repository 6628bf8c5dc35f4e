"""An office that one process at a time holds, over all nodes: a document with a name and a time."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

import msgspec

from careflow.clock import Clock
from careflow.database.documents import Document, Documents, Put, VersionMismatchError
from careflow.database.scope import organisation_scope

KIND = "job-office"


class _Body(msgspec.Struct, frozen=True):
    holder: str
    until: datetime


class Office:
    """One office as one process sees it."""

    def __init__(
        self,
        documents: Documents,
        name: str,
        *,
        organisation: str,
        clock: Clock,
        holder: str,
        length: timedelta,
    ) -> None:
        self._documents = documents
        self._name = name
        self._organisation = organisation
        self._clock = clock
        self._holder = holder
        self._length = length
        self._held_until: datetime | None = None

    async def is_mine(self) -> bool:
        """Report whether this process holds the office, taking it or keeping it if it can."""
        now = self._clock()
        if self._held_until is not None and self._held_until - now > self._length / 2:
            return True
        document = await self._read()
        body = None if document is None else msgspec.json.decode(document.body, type=_Body)
        if body is not None and body.holder != self._holder and body.until > now:
            self._held_until = None
            return False
        return await self._store(document, now + self._length)

    async def leave(self) -> None:
        """Let another process have it at once."""
        if self._held_until is not None:
            document = await self._read()
            if document is not None:
                await self._store(document, self._clock())
            self._held_until = None

    async def _store(self, document: Document | None, until: datetime) -> bool:
        self._held_until = None
        with suppress(VersionMismatchError):
            await self._documents.commit([self._put(document, until)])
            self._held_until = until
        return self._held_until is not None

    def _put(self, document: Document | None, until: datetime) -> Put:
        return Put(
            KIND,
            self._name,
            msgspec.json.encode(_Body(self._holder, until)),
            self._organisation,
            expected=document.version if document else 0,
            keep_history=False,
        )

    async def _read(self) -> Document | None:
        scope = organisation_scope(self._organisation)
        return await self._documents.read(KIND, self._name, scope)

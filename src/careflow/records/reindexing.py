"""Brings the search index of an older database up to date with what this release extracts.

What searches find is taken from each resource when it is stored. A release that takes more, or
takes it differently, must take it anew from everything that is there before it answers searches.
The database says of which release its index is; a run that was interrupted goes on where it was.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Final

import msgspec

from careflow.database import matching
from careflow.database.documents import (
    BadCursorError,
    Change,
    Document,
    Documents,
    Page,
    Put,
    Query,
    Reindex,
)
from careflow.database.scope import AccessScope, organisation_scope
from careflow.fhir import (
    definitions,
    extract,
    extractor,
    extractor_values,
    index_values,
    reference,
    times,
    units,
)
from careflow.fhir.definitions import resource_types
from careflow.fhir.resource import InvalidResourceError, parse
from careflow.records.proposing import index_entries

log = logging.getLogger(__name__)

KIND: Final = "index"
TOGETHER: Final = 500
"""Resources taken anew in one commit."""

_DECIDING: Final[Sequence[ModuleType]] = (
    *(extract, extractor, extractor_values, index_values, reference, times, units),
    *(definitions, matching),
)
"""What decides the entries of a resource, together with the compiled definitions and units."""


class _State(msgspec.Struct, frozen=True, omit_defaults=True):
    """How far the index has come: ``made`` is whole, ``making`` goes on at a kind's page."""

    made: str = ""
    making: str = ""
    kind: str = ""
    cursor: str | None = None


@cache
def index_version() -> str:
    """Return what tells this release's index from others': it changes with what decides entries."""
    digest = hashlib.blake2b(digest_size=12)
    compiled = sorted(path for path in definitions.FILE.parent.iterdir() if path.is_file())
    for path in (*(Path(str(module.__file__)) for module in _DECIDING), *compiled):
        digest.update(path.read_bytes())
    return digest.hexdigest()


async def bring_index_up_to_date(documents: Documents, organisation: str) -> int:
    """Index every resource anew unless that was done; return how many were."""
    wanted = index_version()
    stored = await documents.read(KIND, KIND, organisation_scope(organisation))
    state = msgspec.json.decode(stored.body, type=_State) if stored else _State()
    if state.made == wanted:
        return 0
    count = 0
    if stored is not None or await _holds_resources(documents, organisation):
        if state.making != wanted:
            state = _State(making=wanted)
        count = await _Reindexing(documents, organisation, wanted).go_on(state)
    await documents.commit([_put(_State(made=wanted), organisation)])
    return count


class _Reindexing:
    """One run, which others may do at the same time: each page is the same whoever writes it."""

    def __init__(self, documents: Documents, organisation: str, wanted: str) -> None:
        self._documents = documents
        self._organisation = organisation
        self._wanted = wanted
        self._count = 0

    async def go_on(self, state: _State) -> int:
        """Index from a state on."""
        log.info("index is brought up to date", extra={"from_kind": state.kind or "the first"})
        for kind in sorted(resource_types()):
            if kind >= state.kind:
                await self._take(kind, state.cursor if kind == state.kind else None)
        log.info("index is up to date", extra={"resources": self._count})
        return self._count

    async def _take(self, kind: str, cursor: str | None) -> None:
        while True:
            page = await self._page(kind, cursor)
            if not page.documents:
                return
            changes: list[Change] = await asyncio.to_thread(_anew, page, self._organisation)
            cursor = page.next
            state = _State(making=self._wanted, kind=kind, cursor=cursor)
            await self._documents.commit([*changes, _put(state, self._organisation)])
            self._count += len(page.documents)
            log.info("indexed", extra={"kind": kind, "resources": self._count})
            if cursor is None:
                return

    async def _page(self, kind: str, cursor: str | None) -> Page:
        scope = organisation_scope(self._organisation)
        try:
            return await self._documents.find(Query(kind, count=TOGETHER, cursor=cursor), scope)
        except BadCursorError:  # an earlier release's
            return await self._documents.find(Query(kind, count=TOGETHER), scope)


async def _holds_resources(documents: Documents, organisation: str) -> bool:
    scope = AccessScope(organisation, kinds=resource_types())
    return bool((await documents.history(scope, count=1)).documents)


def _put(state: _State, organisation: str) -> Put:
    return Put(KIND, KIND, msgspec.json.encode(state), organisation, keep_history=False)


def _anew(page: Page, organisation: str) -> list[Change]:
    taken = (_entries_of(document, organisation) for document in page.documents)
    return [change for change in taken if change is not None]


def _entries_of(document: Document, organisation: str) -> Change | None:
    """Return a resource's entries as this release takes them.

    One that this release would refuse keeps the entries it was stored with.
    """
    try:
        resource = parse(document.body, nested=False)
    except InvalidResourceError:
        log.warning("kept an old index", extra={"kind": document.kind, "id": document.id})
        return None
    entries = index_entries(resource, document.id)
    return Reindex(document.kind, document.id, document.version, organisation, entries)

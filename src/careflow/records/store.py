"""The verbs of the record: what rooms call to read, find, create, update and delete resources.

Writes validate, extract the search entries and stage the change together with its audit entry on
the caller's unit of work; nothing is stored until the edge commits it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from careflow.audit.entry import AuditEntry
from careflow.audit.trail import record
from careflow.clock import Clock
from careflow.database.documents import Documents, Page, Query
from careflow.database.scope import AccessScope
from careflow.database.work import Staged, Work
from careflow.fhir.resource import parse
from careflow.fhir.search import AskedAt, SearchRequest
from careflow.identity.access import scope_of
from careflow.identity.actor import Actor
from careflow.ids import Mint
from careflow.records.owners import Owners, Proposal
from careflow.records.proposing import Proposals
from careflow.records.search import page_of

Content = bytes | Mapping[str, Any]
"""A resource as JSON bytes (kept exactly, but for id and meta) or as plain data."""

_ENCODER = msgspec.json.Encoder(decimal_format="number")


class Records(Proposals):
    """FHIR resources of one platform, over the documents port."""

    def __init__(
        self, documents: Documents, *, clock: Clock, mint: Mint, owners: Owners | None = None
    ) -> None:
        super().__init__(documents, mint=mint)
        self.owners = owners or Owners()
        self._clock = clock

    # --- reading ---------------------------------------------------------------------------

    def asked_at(self, base: str, pairs: Sequence[tuple[str, str]]) -> AskedAt:
        """Return where and when a search is asked: the day, so that its pages ask the same."""
        for _, value in pairs:
            if value.startswith("ap"):
                today = self._clock().replace(hour=0, minute=0, second=0, microsecond=0)
                return AskedAt(base, today)
        return AskedAt(base)

    def search(
        self,
        request: SearchRequest,
        scope: AccessScope,
        *,
        cursor: str | None = None,
        ready: Query | None = None,
    ) -> Awaitable[Page]:
        """Return a page of the current resources that match and are in scope.

        ``ready`` is the store's query for it, where that is known.
        """
        return page_of(request, self.documents, scope, cursor=cursor, ready=ready)

    async def history(
        self,
        scope: AccessScope,
        *,
        kind: str | None = None,
        id: str | None = None,
        since: datetime | None = None,
        count: int = 50,
        cursor: str | None = None,
    ) -> Page:
        """Return versions, newest first, of a resource, a type or everything in scope."""
        return await self.documents.history(
            scope, kind=kind, id=id, since=since, count=count, cursor=cursor
        )

    # --- writing ---------------------------------------------------------------------------

    async def create(
        self,
        work: Work,
        content: Content,
        *,
        actor: Actor,
        id: str | None = None,
        scope: AccessScope | None = None,
    ) -> Staged:
        """Stage a new resource and its audit entry; ``staged.change.id`` is its id already.

        It is stored under ``id`` (which must be free); otherwise a new id is minted and any id in
        the content is replaced. ``scope`` is what the writer may reach, the actor's own when not
        given.

        Raises:
            careflow.fhir.resource.InvalidResourceError: The content is not a valid resource.
            OutsideScopeError: It belongs to a patient whom the writer may not reach.
        """
        resource = parse(_as_bytes(content))
        proposal = self.propose_create(resource, actor=actor, scope=scope or scope_of(actor), id=id)
        return await self.stage(work, proposal)

    async def update(
        self,
        work: Work,
        content: Content,
        *,
        actor: Actor,
        id: str | None = None,
        expected: int | None = None,
        scope: AccessScope | None = None,
    ) -> Staged:
        """Stage the next version of a resource (or its first, under the id it carries).

        ``id`` is what the content must carry, where given. ``expected`` is the version that must
        be current (0: none), or the commit fails. ``scope`` as for :meth:`create`.

        Raises:
            careflow.fhir.resource.InvalidResourceError: The content is not a valid resource.
            IdMismatchError: The content carries no id, or another one.
            OutsideScopeError: It is, or would become, part of a record out of the writer's reach.
        """
        resource = parse(_as_bytes(content))
        proposal = await self.propose_update(
            resource, actor=actor, scope=scope or scope_of(actor), id=id, expected=expected
        )
        return await self.stage(work, proposal)

    async def delete(
        self,
        work: Work,
        kind: str,
        id: str,
        *,
        actor: Actor,
        expected: int | None = None,
        scope: AccessScope | None = None,
    ) -> Staged:
        """Stage a deletion; the history stays.

        Raises:
            ResourceNotFoundError: It does not exist for this writer.
            ResourceGoneError: It is deleted already.
        """
        proposal = await self.propose_delete(
            kind, id, actor=actor, scope=scope or scope_of(actor), expected=expected
        )
        return await self.stage(work, proposal)

    def record(
        self,
        work: Work,
        action: str,
        actor: Actor,
        proposals: Iterable[Proposal],
        *,
        request: str | None = None,
    ) -> None:
        """Stage one audit entry for all these changes."""
        proposals = tuple(proposals)
        patients = dict.fromkeys(p for proposal in proposals for p in proposal.patients)
        entry = AuditEntry(
            at=self._clock(),
            action=action,
            organisation=actor.organisation,
            actor=actor.id,
            role=actor.role,
            patients=tuple(patients),
            subjects=tuple(proposal.subject for proposal in proposals),
            request=request,
        )
        record(work, entry)

    async def stage(
        self,
        work: Work,
        proposal: Proposal,
        *,
        request: str | None = None,
        act: str | None = None,
    ) -> Staged:
        """Stage one change through its owner, with an audit entry of its own.

        ``act`` is what the entry says, where that is not the change's own act.
        """
        staged = await self.owners.stage(work, proposal)
        action = f"records:{proposal.change.kind.lower()}:{act or proposal.act}"
        self.record(work, action, proposal.actor, (proposal,), request=request)
        return staged


def _as_bytes(content: Content) -> bytes:
    return content if isinstance(content, bytes) else _ENCODER.encode(content)

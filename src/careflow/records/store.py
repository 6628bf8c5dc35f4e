"""The verbs of the record: what rooms call to read, find, create, update and delete resources.

Writes validate, extract the search entries and stage the change together with its audit entry on
the caller's unit of work; nothing is stored until the edge commits it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar

import msgspec

from careflow.audit.entry import AuditEntry
from careflow.audit.trail import record
from careflow.clock import Clock
from careflow.database.documents import Delete, Document, Documents, Entries, Page, Put
from careflow.database.scope import AccessScope, organisation_scope
from careflow.database.work import Staged, Work
from careflow.errors import BadInputError, GoneError, NotAllowedError, NotFoundError
from careflow.fhir import extract
from careflow.fhir.extract import patients_of
from careflow.fhir.resource import Resource, parse, stamp
from careflow.fhir.search import SearchRequest
from careflow.identity.access import scope_of
from careflow.identity.actor import Actor
from careflow.ids import Mint
from careflow.records.disclosure import patients_in
from careflow.records.owners import Act, Owners, Proposal
from careflow.records.search import query_for

Content = bytes | Mapping[str, Any]
"""A resource as JSON bytes (kept exactly, but for id and meta) or as plain data."""

_ENCODER = msgspec.json.Encoder(decimal_format="number")


class ResourceNotFoundError(NotFoundError):
    """No such resource, or none that the asker may see."""

    code: ClassVar[str] = "records-not-found"

    def __init__(self, kind: str) -> None:
        super().__init__(f"There is no such {kind}.")


class ResourceGoneError(GoneError):
    """The resource has been deleted; its history remains."""

    code: ClassVar[str] = "records-gone"

    def __init__(self, kind: str) -> None:
        super().__init__(f"This {kind} has been deleted.")


class OutsideScopeError(NotAllowedError):
    """A write to the record of a patient whom the writer may not reach."""

    code: ClassVar[str] = "records-outside-scope"

    def __init__(self, kind: str) -> None:
        super().__init__(f"You may not write this {kind}.")


class IdMismatchError(BadInputError):
    """The content names another id than the one it is to be stored under."""

    code: ClassVar[str] = "records-id-mismatch"

    def __init__(self, kind: str) -> None:
        super().__init__("The resource's id must be the id it is stored under.", place=f"{kind}.id")


class Records:
    """FHIR resources of one platform, over the documents port."""

    def __init__(
        self, documents: Documents, *, clock: Clock, mint: Mint, owners: Owners | None = None
    ) -> None:
        self.documents = documents
        self.owners = owners or Owners()
        self._clock = clock
        self._mint = mint

    def new_id(self) -> str:
        """Return an id for a resource to be created."""
        return self._mint()

    # --- reading ---------------------------------------------------------------------------

    async def read(
        self, kind: str, id: str, scope: AccessScope, *, version: int | None = None
    ) -> Document:
        """Return the current (or named) version.

        Raises:
            ResourceNotFoundError: It does not exist for this scope.
            ResourceGoneError: It, or the named version, is a deletion.
        """
        document = await self.documents.read(kind, id, scope, version=version)
        if document is None:
            raise ResourceNotFoundError(kind)
        if document.deleted:
            raise ResourceGoneError(kind)
        return document

    async def search(
        self, request: SearchRequest, scope: AccessScope, *, cursor: str | None = None
    ) -> Page:
        """Return a page of the current resources that match and are in scope."""
        query = await query_for(request, self.documents, scope, cursor=cursor)
        return await self.documents.find(query, scope)

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

    # --- the parts of a write, for bundles and imports that audit many changes in one entry ----

    def propose_create(
        self,
        resource: Resource,
        *,
        actor: Actor,
        scope: AccessScope,
        id: str | None = None,
        entries: Entries | None = None,
    ) -> Proposal:
        """Return the change that stores a new resource, checked against the scope.

        ``entries`` are its index entries, where they were taken beforehand (in a thread, say).
        """
        new_id = id or self.new_id()
        patients = patients_of(replace(resource, id=new_id))
        _require_reach(scope, resource.type, patients)
        change = put_of(resource, new_id, scope.organisation, expected=0, entries=entries)
        return Proposal("create", change, resource, actor, scope, patients)

    async def propose_update(
        self,
        resource: Resource,
        *,
        actor: Actor,
        scope: AccessScope,
        id: str | None = None,
        expected: int | None = None,
        entries: Entries | None = None,
        current: Document | None = None,
    ) -> Proposal:
        """Return the change that stores a resource under the id it carries.

        ``current`` is what stands there now, where it was just read through this scope.
        """
        if resource.id is None or (id is not None and resource.id != id):
            raise IdMismatchError(resource.type)
        if current is None:
            current = await self._current(resource.type, resource.id, scope)
        patients = patients_of(resource)
        _require_reach(scope, resource.type, patients)
        if expected is None and scope.narrows(resource.type):
            # What was judged to be in reach must be what is replaced.
            expected = current.version if current else 0
        change = put_of(
            resource, resource.id, scope.organisation, expected=expected, entries=entries
        )
        before = patients_in(current) if current and not current.deleted else ()
        touched = tuple(dict.fromkeys((*patients, *before)))
        act: Act = "update" if current and not current.deleted else "create"
        return Proposal(act, change, resource, actor, scope, touched)

    async def propose_delete(
        self,
        kind: str,
        id: str,
        *,
        actor: Actor,
        scope: AccessScope,
        expected: int | None = None,
        current: Document | None = None,
    ) -> Proposal:
        """Return the change that deletes a resource that the scope can see.

        ``current`` as for :meth:`propose_update`.
        """
        if current is None:
            current = await self.read(kind, id, scope)
        change = Delete(kind, id, scope.organisation, expected=expected)
        return Proposal("delete", change, None, actor, scope, patients_in(current))

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

    async def _current(self, kind: str, id: str, scope: AccessScope) -> Document | None:
        """Return what stands under an id now; refuse if it stands out of the scope's reach."""
        everywhere = organisation_scope(scope.organisation)
        current = await self.documents.read(kind, id, everywhere)
        if current is None or not scope.narrows(kind):
            return current
        if await self.documents.read(kind, id, scope) is None:
            raise OutsideScopeError(kind)
        return current


def put_of(
    resource: Resource,
    id: str,
    organisation: str,
    *,
    expected: int | None,
    entries: Entries | None = None,
) -> Put:
    """Return the change that stores a resource: exact bytes and search entries."""

    def render(version: int, stored_at: datetime) -> bytes:
        return stamp(resource, id=id, version=version, updated=stored_at)

    return Put(
        kind=resource.type,
        id=id,
        body=render,
        organisation=organisation,
        entries=index_entries(resource, id) if entries is None else entries,
        expected=expected,
    )


def index_entries(resource: Resource, id: str) -> Entries:
    """Return the search entries to keep beside a resource that is stored under this id."""
    found = extract.entries(replace(resource, id=id))
    return Entries(terms=found.terms, texts=found.texts, ranges=found.ranges, series=found.series)


def _as_bytes(content: Content) -> bytes:
    return content if isinstance(content, bytes) else _ENCODER.encode(content)


def _require_reach(scope: AccessScope, kind: str, patients: Iterable[str]) -> None:
    """Refuse a write to the record of a patient whom the scope does not reach.

    Which kinds the writer may write is the edge's question (``identity.require_fhir``): a program
    may well be allowed to create what it may not read.
    """
    if scope.patients is None or not scope.narrows(kind):
        return
    patients = set(patients)
    if not patients or not patients <= scope.patients:
        raise OutsideScopeError(kind)

"""Changes proposed to the record: what would be stored, checked against what the writer may reach.

A proposal stores nothing. Its owner stages it, for one resource with an audit entry of its own, for
bundles and imports with one entry for all.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from careflow.database.documents import Delete, Document, Documents, Entries, Put
from careflow.database.scope import AccessScope, organisation_scope
from careflow.database.scope import Act as Reach
from careflow.errors import BadInputError, GoneError, NotFoundError, UnprocessableError
from careflow.fhir import extract
from careflow.fhir.extract import patients_of
from careflow.fhir.resource import Resource, stamp
from careflow.fhir.subset import is_part
from careflow.identity.actor import Actor
from careflow.ids import Mint
from careflow.records.disclosure import patients_in
from careflow.records.owners import Act, Proposal
from careflow.records.reach import (
    OutsideScopeError,
    is_judged_by_terms,
    refuse_out_of_care,
    require_patients,
    require_terms,
    with_what_is_not_shown,
)


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


class IdMismatchError(BadInputError):
    """The content names another id than the one it is to be stored under."""

    code: ClassVar[str] = "records-id-mismatch"

    def __init__(self, kind: str) -> None:
        super().__init__("The resource's id must be the id it is stored under.", place=f"{kind}.id")


class PartSentBackError(UnprocessableError):
    """A part of a resource, as ``_elements`` or ``_summary`` answers it, sent as the whole."""

    code: ClassVar[str] = "records-part-sent-back"

    def __init__(self, kind: str) -> None:
        super().__init__(
            "This is marked as a part of a resource (SUBSETTED): read the whole and change that.",
            place=f"{kind}.meta.tag",
        )


class Proposals:
    """The record as one proposes changes to it."""

    def __init__(self, documents: Documents, *, mint: Mint) -> None:
        self.documents = documents
        self._mint = mint

    def new_id(self) -> str:
        """Return an id for a resource to be created."""
        return self._mint()

    async def read(
        self, kind: str, id: str, scope: AccessScope, *, version: int | None = None
    ) -> Document:
        """Return the current (or named) version.

        Raises:
            ResourceNotFoundError: It does not exist for this scope.
            NotInCareError: It is there, and of a patient who is not in the asker's care.
            ResourceGoneError: It, or the named version, is a deletion.
        """
        document = await self.documents.read(kind, id, scope, version=version)
        if document is None:
            await refuse_out_of_care(self.documents, kind, id, scope)
            raise ResourceNotFoundError(kind)
        if document.deleted:
            raise ResourceGoneError(kind)
        return document

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
        if scope.fields:
            resource = with_what_is_not_shown(resource, None, scope)
        patients = patients_of(resource.under(new_id))
        require_patients(scope, resource.type, patients)
        entries = _judged(scope, "create", resource, new_id, entries)
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
        kind, own_id = resource.type, resource.id
        partly = kind in scope.fields
        if current is None or partly or scope.within:
            current = await self._current(kind, own_id, scope)
        if partly:
            resource, entries = with_what_is_not_shown(resource, current, scope), None
        elif is_part(resource.body) and _is_whole(current):
            raise PartSentBackError(kind)
        patients = patients_of(resource)
        require_patients(scope, kind, patients)
        entries = _judged(scope, "update", resource, own_id, entries)
        if expected is None and (partly or scope.ways(kind, "update") is not None):
            # What was judged to be in reach, and what is kept, must be what is replaced.
            expected = current.version if current else 0
        change = put_of(resource, own_id, scope.organisation, expected=expected, entries=entries)
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
        if current is None or scope.within:
            current = await self.read(kind, id, scope.to("delete"))
        if expected is None and scope.ways(kind, "delete") is not None:
            # What was judged to be in reach must be what is deleted.
            expected = current.version
        change = Delete(kind, id, scope.organisation, expected=expected)
        return Proposal("delete", change, None, actor, scope, patients_in(current))

    async def _current(self, kind: str, id: str, scope: AccessScope) -> Document | None:
        """Return what stands under an id now; refuse if the scope may not change it."""
        everywhere = organisation_scope(scope.organisation)
        current = await self.documents.read(kind, id, everywhere)
        if current is None or scope.ways(kind, "update") is None:
            return current
        if await self.documents.read(kind, id, scope.to("update")) is None:
            raise OutsideScopeError(kind)
        return current


def _is_whole(document: Document | None) -> bool:
    return document is not None and not document.deleted and not is_part(document.body)


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
    found = extract.entries(resource.under(id))
    return Entries(terms=found.terms, texts=found.texts, ranges=found.ranges, series=found.series)


def _judged(
    scope: AccessScope, act: Reach, resource: Resource, id: str, entries: Entries | None
) -> Entries | None:
    """Return the entries, taken now if it is by them that the writer's reach is judged."""
    if not is_judged_by_terms(scope, act, resource.type):
        return entries
    if entries is None:
        entries = index_entries(resource, id)
    require_terms(scope, act, resource.type, entries.terms)
    return entries

"""What can be done with one resource or one type over FHIR REST: request in, answer out."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from typing import Protocol

import msgspec

from careflow.audit.entry import AuditEntry
from careflow.clock import Clock
from careflow.database.documents import Document, VersionMismatchError
from careflow.database.narrowing import shown
from careflow.database.scope import AccessScope
from careflow.database.work import Staged, Work
from careflow.fhir.outcome import all_is_well
from careflow.fhir.subset import WHOLE
from careflow.identity.actor import Actor
from careflow.records.answer import Answer, location, version_headers
from careflow.records.disclosure import patients_among
from careflow.records.owners import Proposal
from careflow.records.preconditions import (
    AlreadyThereError,
    ChangedSinceReadError,
    expected_of,
    expected_version,
    is_known,
)
from careflow.records.proposing import ResourceGoneError
from careflow.records.request import FhirRequest
from careflow.records.sent import read_resource
from careflow.records.store import Records
from careflow.records.turns import Turns, until_settled
from careflow.records.view import view_of_read


class ReadTrail(Protocol):
    """Keeps a read's audit entry; returns once it is durable."""

    def note(self, entry: AuditEntry) -> Awaitable[None]:
        """Keep it."""
        ...


class Asker(msgspec.Struct, frozen=True):
    """Who asks, and what exists for them."""

    actor: Actor
    scope: AccessScope


class Interactions:
    """The interactions with single resources, over the record's verbs."""

    def __init__(
        self,
        records: Records,
        turns: Turns,
        *,
        trail: ReadTrail,
        clock: Clock,
        body_limit_bytes: int,
    ) -> None:
        self._records = records
        self._turns = turns
        self._trail = trail
        self._clock = clock
        self._body_limit_bytes = body_limit_bytes

    async def read(
        self, request: FhirRequest, asker: Asker, kind: str, id: str, version: int | None = None
    ) -> Answer:
        """Answer the current or named version: the stored bytes, or the part asked for."""
        view = WHOLE
        if request.pairs:
            view = view_of_read(request.pairs, kind, lenient=request.prefer.lenient)
        document = await self._records.read(kind, id, asker.scope, version=version)
        act = "read" if version is None else "vread"
        await self.note(request, asker, f"records:{kind.lower()}:{act}", (document,), version)
        headers = version_headers(document)
        if version is None and is_known(request.headers, document):
            return Answer(304, b"", headers, document)
        return Answer(200, view.of(kind, document.body), headers, document)

    async def create(self, request: FhirRequest, asker: Asker, kind: str) -> Answer:
        """Store a new resource under an id of our own."""
        resource = await read_resource(request, kind, limit_bytes=self._body_limit_bytes)
        proposal = self._records.propose_create(resource, actor=asker.actor, scope=asker.scope)
        return await self._commit(request, proposal, status=201)

    async def update(self, request: FhirRequest, asker: Asker, kind: str, id: str) -> Answer:
        """Store the next version of a resource, or its first under the id that the client chose."""
        expected = expected_of(request.headers)
        resource = await read_resource(request, kind, limit_bytes=self._body_limit_bytes)
        proposal = await self._records.propose_update(
            resource, actor=asker.actor, scope=asker.scope, id=id, expected=expected
        )
        status = 201 if proposal.act == "create" else 200
        return await self._commit(request, proposal, status=status)

    async def delete(self, request: FhirRequest, asker: Asker, kind: str, id: str) -> Answer:
        """Delete a resource; deleting it again changes nothing and is no error."""
        expected = expected_version(request.headers.get("if-match"))
        try:
            proposal = await self._records.propose_delete(
                kind, id, actor=asker.actor, scope=asker.scope, expected=expected
            )
        except ResourceGoneError:
            return Answer(204)
        return await self._commit(request, proposal, status=204)

    def note(
        self,
        request: FhirRequest,
        asker: Asker,
        action: str,
        documents: Sequence[Document],
        version: int | None = None,
    ) -> Awaitable[None]:
        """Keep the audit entry of a read: every patient whose data is about to leave.

        It is durable once this was awaited.
        """
        subjects = [f"{document.kind}/{document.id}" for document in documents]
        if version is not None:
            subjects = [f"{subject}/_history/{version}" for subject in subjects]
        entry = AuditEntry(
            at=self._clock(),
            action=action,
            organisation=asker.actor.organisation,
            actor=asker.actor.id,
            role=asker.actor.role,
            patients=patients_among(documents),
            subjects=tuple(subjects),
            request=request.id,
        )
        return self._trail.note(entry)

    async def _commit(self, request: FhirRequest, proposal: Proposal, *, status: int) -> Answer:
        """Commit one change with its audit entry, and answer what was stored."""

        async def attempt() -> Staged:
            async with Work(self._records.documents) as work:
                return await self._records.stage(work, proposal, request=request.id)

        change = proposal.change
        turns = self._records.owners.turns([change.kind], proposal.scope.organisation)
        try:
            async with self._turns.of(*turns):
                # What an owner stages beside the resource may have moved on: it looks again.
                staged = await until_settled(
                    attempt, again=lambda error: (error.kind, error.id) != (change.kind, change.id)
                )
        except VersionMismatchError as error:
            if change.expected:
                raise ChangedSinceReadError from error
            if "if-none-match" in request.headers:
                raise AlreadyThereError from error
            raise
        return stored_answer(request, staged.document, proposal.scope, status=status)


def stored_answer(
    request: FhirRequest, document: Document, scope: AccessScope, *, status: int
) -> Answer:
    """Return the answer to a write: where it stands, and the content as far as preferred.

    Of what was stored, the writer is shown as much as of anything that they read.
    """
    document = shown(document, scope)
    headers = version_headers(document)
    if document.deleted:
        return Answer(204, b"", headers, document)
    if status == 201:
        headers.append((b"location", location(request.base, document).encode("ascii")))
    returns = request.prefer.returns
    if returns == "minimal":
        return Answer(status, b"", headers, document)
    if returns == "OperationOutcome":
        return Answer(status, all_is_well("Stored."), headers, document)
    return Answer(status, document.body, headers, document)

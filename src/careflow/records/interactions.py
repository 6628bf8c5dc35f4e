"""What can be done with one resource or one type over FHIR REST: request in, answer out."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import ClassVar, Final, Protocol

from careflow.audit.entry import AuditEntry
from careflow.clock import Clock
from careflow.database.documents import Document, VersionMismatchError
from careflow.database.scope import AccessScope
from careflow.database.work import Staged, Work
from careflow.errors import BadInputError, ConflictError, StaleVersionError
from careflow.fhir.outcome import all_is_well
from careflow.fhir.resource import Resource, parse
from careflow.identity.access import require_fhir
from careflow.identity.actor import Actor
from careflow.records.answer import Answer, etag, location, version_headers
from careflow.records.conditional import find_or_fence
from careflow.records.disclosure import patients_among
from careflow.records.owners import Proposal
from careflow.records.request import (
    JSON_TYPES,
    FhirRequest,
    read_body,
    require_content_type,
)
from careflow.records.store import Records, ResourceGoneError

LARGE_BODY_BYTES: Final = 128 * 1024
"""Above this, parsing takes milliseconds and belongs off the event loop."""

FENCE_TRIES: Final = 3

_ETAG = re.compile(r'^(?:W/)?"(\d{1,18})"$')


class BadVersionTagError(BadInputError):
    """An If-Match that this server never gave out."""

    code: ClassVar[str] = "records-bad-version-tag"

    def __init__(self) -> None:
        super().__init__('If-Match must name a version as this server gave it, like W/"3".')


class ChangedSinceReadError(StaleVersionError):
    """The version named by If-Match is not the current one."""

    code: ClassVar[str] = "records-changed-since-read"

    def __init__(self) -> None:
        super().__init__("This resource has changed since you read it: read it again and retry.")


class ConditionContestedError(ConflictError):
    """Others keep creating under the same condition."""

    code: ClassVar[str] = "records-condition-contested"

    def __init__(self) -> None:
        super().__init__("Others are creating under the same condition now: send this again.")


class ReadTrail(Protocol):
    """Keeps a read's audit entry; returns once it is durable."""

    async def note(self, entry: AuditEntry) -> None:
        """Keep it."""
        ...


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, and what exists for them."""

    actor: Actor
    scope: AccessScope


class Interactions:
    """The interactions with single resources, over the record's verbs."""

    def __init__(
        self, records: Records, *, trail: ReadTrail, clock: Clock, body_limit_bytes: int
    ) -> None:
        self._records = records
        self._trail = trail
        self._clock = clock
        self._body_limit_bytes = body_limit_bytes

    async def read(
        self, request: FhirRequest, asker: Asker, kind: str, id: str, version: int | None = None
    ) -> Answer:
        """Answer the stored bytes of the current or named version."""
        document = await self._records.read(kind, id, asker.scope, version=version)
        act = "read" if version is None else "vread"
        await self.note(request, asker, f"records:{kind.lower()}:{act}", (document,), version)
        headers = version_headers(document)
        if version is None and _is_known(request, document):
            return Answer(304, b"", headers, document)
        return Answer(200, document.body, headers, document)

    async def create(self, request: FhirRequest, asker: Asker, kind: str) -> Answer:
        """Store a new resource under an id of our own, unless ``If-None-Exist`` finds one."""
        resource = await self._resource(request, kind)
        condition = request.headers.get("if-none-exist")
        if condition is not None:
            # Whoever may not look would be told that nothing is there.
            require_fhir(asker.actor, kind, "search")
            return await self._create_unless(request, asker, resource, condition)
        proposal = self._records.propose_create(resource, actor=asker.actor, scope=asker.scope)
        return await self._commit(request, proposal, status=201)

    async def _create_unless(
        self, request: FhirRequest, asker: Asker, resource: Resource, condition: str
    ) -> Answer:
        for _ in range(FENCE_TRIES):
            proposal = self._records.propose_create(resource, actor=asker.actor, scope=asker.scope)
            try:
                found = await self._find_or_create(request, asker, proposal, condition)
            except VersionMismatchError:
                # Another create under the same condition came first: look again.
                continue
            if isinstance(found, Staged):
                return stored_answer(request, found.document, status=201)
            action = f"records:{resource.type.lower()}:read"
            await self.note(request, asker, action, (found,))
            return stored_answer(request, found, status=200)
        raise ConditionContestedError

    async def _find_or_create(
        self, request: FhirRequest, asker: Asker, proposal: Proposal, condition: str
    ) -> Document | Staged:
        async with Work(self._records.documents) as work:
            found = await find_or_fence(
                self._records, work, proposal.change.kind, condition, asker.scope
            )
            if found is not None:
                return found
            return await self._records.stage(work, proposal, request=request.id)

    async def update(self, request: FhirRequest, asker: Asker, kind: str, id: str) -> Answer:
        """Store the next version of a resource, or its first under the id that the client chose."""
        expected = expected_version(request.headers.get("if-match"))
        resource = await self._resource(request, kind)
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
        answer = await self._commit(request, proposal, status=204)
        answer.body = b""
        return answer

    async def note(
        self,
        request: FhirRequest,
        asker: Asker,
        action: str,
        documents: Sequence[Document],
        version: int | None = None,
    ) -> None:
        """Keep the audit entry of a read: every patient whose data is about to leave."""
        suffix = "" if version is None else f"/_history/{version}"
        entry = AuditEntry(
            at=self._clock(),
            action=action,
            organisation=asker.actor.organisation,
            actor=asker.actor.id,
            role=asker.actor.role,
            patients=patients_among(documents),
            subjects=tuple(f"{document.kind}/{document.id}{suffix}" for document in documents),
            request=request.id,
        )
        await self._trail.note(entry)

    async def _resource(self, request: FhirRequest, kind: str) -> Resource:
        require_content_type(request.headers, JSON_TYPES)
        body = await read_body(request, limit_bytes=self._body_limit_bytes)
        if len(body) > LARGE_BODY_BYTES:
            return await asyncio.to_thread(parse, body, expected_type=kind)
        return parse(body, expected_type=kind)

    async def _commit(self, request: FhirRequest, proposal: Proposal, *, status: int) -> Answer:
        """Commit one change with its audit entry, and answer what was stored."""
        try:
            async with Work(self._records.documents) as work:
                staged = await self._records.stage(work, proposal, request=request.id)
        except VersionMismatchError as error:
            if proposal.change.expected:
                raise ChangedSinceReadError from error
            raise
        return stored_answer(request, staged.document, status=status)


def stored_answer(request: FhirRequest, document: Document, *, status: int) -> Answer:
    """Return the answer to a write: where it stands, and the content as far as preferred."""
    headers = version_headers(document)
    if status == 201:
        headers.append((b"location", location(request.base, document).encode("ascii")))
    returns = request.prefer.returns
    if returns == "minimal":
        return Answer(status, b"", headers, document)
    if returns == "OperationOutcome":
        return Answer(status, all_is_well("Stored."), headers, document)
    return Answer(status, document.body, headers, document)


def expected_version(header: str | None) -> int | None:
    """Return the version an If-Match header names, ``None`` without the header."""
    if header is None:
        return None
    found = _ETAG.match(header.strip())
    if found is None:
        raise BadVersionTagError
    return int(found[1])


def _is_known(request: FhirRequest, document: Document) -> bool:
    """Report whether the asker holds this version already."""
    known_tags = request.headers.get("if-none-match")
    if known_tags is not None:
        tags = {tag.strip() for tag in known_tags.split(",")}
        return etag(document) in tags or "*" in tags
    since = _http_instant(request.headers.get("if-modified-since"))
    return since is not None and document.stored_at.replace(microsecond=0) <= since


def _http_instant(header: str | None) -> datetime | None:
    if header is None:
        return None
    try:
        instant = parsedate_to_datetime(header)
    except ValueError:
        # An unreadable date is passed over, as HTTP asks.
        return None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)

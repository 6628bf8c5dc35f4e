"""FHIR R4 REST as one ASGI application of its own: the record's front door for other programs.

It splits paths and queries by hand and answers stored bytes; a framework would cost more than the
work itself. A request goes: token → actor → scope → permission → interaction → audit → bytes out.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Mapping
from functools import lru_cache
from typing import Any, Final, Protocol

from careflow.audit.entry import AuditEntry
from careflow.clock import Clock
from careflow.errors import CareFlowError, NotAllowedError
from careflow.identity.access import scope_of
from careflow.identity.actor import Actor
from careflow.identity.discovery import WELL_KNOWN, smart_configuration
from careflow.ids import Mint
from careflow.records.address import is_id, require_method
from careflow.records.answer import Answer, close
from careflow.records.audit_events import WholeTrail
from careflow.records.capability import capability_statement
from careflow.records.faults import UnexpectedError, error_answer, log_fault
from careflow.records.interactions import Asker
from careflow.records.operations import Elsewhere
from careflow.records.request import (
    FhirRequest,
    Headers,
    RawHeaders,
    Receive,
    Send,
    header_map,
    pass_over_body,
    require_json_answer,
    split_path,
    split_query,
)
from careflow.records.routes import TYPES, Routes
from careflow.records.store import Records


class Authenticate(Protocol):
    """Says who is asking, from raw headers and the method."""

    async def __call__(self, headers: RawHeaders, method: str) -> Actor:
        """Return the actor, or raise NotSignedInError."""
        ...


_HOST = re.compile(r"^[A-Za-z0-9\-._:\[\]]{1,255}$")
_ACTS: Final = {"POST": "create", "PUT": "update", "PATCH": "patch", "DELETE": "delete"}

RESOURCE_LIMIT_BYTES: Final = 15 * 1024 * 1024
BUNDLE_LIMIT_BYTES: Final = 64 * 1024 * 1024


class FhirApplication:
    """Answers everything below the FHIR base address."""

    def __init__(
        self,
        records: Records,
        *,
        authenticate: Authenticate,
        trail: WholeTrail,
        clock: Clock,
        mint: Mint,
        prefix: str = "/api/fhir/R4",
        origin: str | None = None,
        headers: Headers = (),
        elsewhere: Elsewhere | None = None,
        resource_limit_bytes: int = RESOURCE_LIMIT_BYTES,
        bundle_limit_bytes: int = BUNDLE_LIMIT_BYTES,
    ) -> None:
        """Assemble the application.

        Args:
            records: The record's verbs.
            authenticate: Turns headers and method into an actor.
            trail: Keeps the audit entries of reads.
            clock: The time.
            mint: Identifiers of requests.
            prefix: Path of the FHIR base.
            origin: Scheme and host as clients see them; the request's own where not given.
            headers: What every answer carries beside FHIR's own headers.
            elsewhere: What other rooms answer.
            resource_limit_bytes: Longest body of one resource.
            bundle_limit_bytes: Longest body of a bundle.
        """
        self._authenticate = authenticate
        self._trail = trail
        self._clock = clock
        self._mint = mint
        self._prefix = prefix
        self._origin = origin
        self._headers = headers
        self._started = clock()
        self._routes = Routes(
            records,
            trail=trail,
            clock=clock,
            answer_part=self._answer_part,
            elsewhere=elsewhere or Elsewhere(),
            resource_limit_bytes=resource_limit_bytes,
            bundle_limit_bytes=bundle_limit_bytes,
        )

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request (ASGI)."""
        if scope["type"] != "http":
            return
        request = self._request(scope, receive)
        answer = await _whatever_happens(request, self._dispatch(request))
        has_more = answer.status >= 400 and request.has_more
        await answer.send(
            send,
            self._headers,
            with_body=scope["method"] != "HEAD",
            request_id=request.id,
            pretty=request.pretty,
            is_open=has_more,
        )
        if has_more:
            await pass_over_body(request)
            await close(send)

    def _request(self, scope: Mapping[str, Any], receive: Receive) -> FhirRequest:
        headers = header_map(scope["headers"])
        method = scope["method"]
        return FhirRequest(
            method="GET" if method == "HEAD" else method,
            segments=split_path(scope["raw_path"].decode("latin-1"), self._prefix),
            query=scope["query_string"],
            headers=headers,
            raw_headers=scope["headers"],
            base=self._base(scope, headers),
            id=self._mint(),
            receive=receive,
        )

    def _base(self, scope: Mapping[str, Any], headers: Mapping[str, str]) -> str:
        """Return the address clients know, from the settings or from what this one asked."""
        if self._origin is not None:
            return f"{self._origin}{self._prefix}"
        return _base_at(scope.get("scheme", "http"), headers.get("host", ""), self._prefix)

    def _answer_part(self, request: FhirRequest, asker: Asker) -> Awaitable[Answer]:
        """Answer one entry of a bundle as the request it stands for."""
        return _whatever_happens(request, self._guarded(request, asker))

    async def _dispatch(self, request: FhirRequest) -> Answer:
        request.pairs = split_query(request.query)
        require_json_answer(request.headers, request.pairs)
        if request.segments == ("metadata",):
            require_method(request, "GET")
            told = await asyncio.to_thread(capability_statement, request.base, self._started)
            return Answer(200, told)
        if request.segments == WELL_KNOWN:
            require_method(request, "GET")
            origin = request.base.removesuffix(self._prefix)
            return Answer(200, smart_configuration(origin), plain=True)
        actor = await self._authenticate(request.raw_headers, request.method)
        return await self._guarded(request, Asker(actor, scope_of(actor)))

    async def _guarded(self, request: FhirRequest, asker: Asker) -> Answer:
        try:
            return await self._routes.answer(request, asker)
        except CareFlowError as error:
            act = _act(request)
            if act != "read" or isinstance(error, NotAllowedError):
                await self._note_refusal(request, asker.actor, act, error)
            raise

    async def _note_refusal(
        self, request: FhirRequest, actor: Actor, act: str, error: CareFlowError
    ) -> None:
        """Keep what someone tried and was refused; the address alone says what it was.

        To somebody of another organisation nothing here exists, and this trail is not theirs.
        """
        if actor.organisation != self._trail.organisation:
            return
        entry = AuditEntry(
            at=self._clock(),
            action=f"records:{_kind(request).lower() or 'system'}:{act}",
            organisation=actor.organisation,
            actor=actor.id,
            role=actor.role,
            subjects=_subjects(request),
            outcome="refused",
            reason=error.code,
            request=request.id,
        )
        await self._trail.note(entry)


def _act(request: FhirRequest) -> str:
    """Return what was tried: ``read`` for every request that asks for no change."""
    last = request.segments[-1] if request.segments else ""
    asks_only = last == "_search" or last.startswith("$")
    return "read" if asks_only else _ACTS.get(request.method, "read")


def _kind(request: FhirRequest) -> str:
    return next((name for name in request.segments[:1] if name in TYPES), "")


def _subjects(request: FhirRequest) -> tuple[str, ...]:
    """Return the resource that an address names; what merely stands there may be anything."""
    named = _kind(request) and request.segments[1:] and is_id(request.segments[1])
    return ("/".join(request.segments[:2]),) if named else ()


async def _whatever_happens(request: FhirRequest, answer: Awaitable[Answer]) -> Answer:
    """Return the answer; an error is one too."""
    try:
        return await answer
    except CareFlowError as error:
        return error_answer(error)
    except Exception as error:  # noqa: BLE001 - the last line: no traceback reaches a client.
        log_fault(error, request.id)
        return error_answer(UnexpectedError(request.id))


@lru_cache(maxsize=256)
def _base_at(scheme: str, host: str, prefix: str) -> str:
    """Return the base at a host; a host that is no host name stays out of every answer."""
    return f"{scheme}://{host}{prefix}" if _HOST.match(host) else prefix

"""Create, update and delete by a condition instead of an id.

What nothing meets is created behind a fence, what one resource meets is changed only as the version
that was found: of writes at once under one condition, each sees what the one before it stored.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import ClassVar, TypeVar

from careflow.database.documents import Document
from careflow.database.work import Staged, Work
from careflow.errors import ConflictError
from careflow.fhir.resource import Resource
from careflow.identity.access import require_fhir
from careflow.records.answer import Answer
from careflow.records.conditional import (
    Criteria,
    criteria_in,
    criteria_of,
    find_or_fence,
    only_match,
)
from careflow.records.interactions import Asker, Interactions, stored_answer
from careflow.records.owners import Proposal
from careflow.records.preconditions import expected_of, expected_version, require_expected
from careflow.records.proposing import IdMismatchError
from careflow.records.request import FhirRequest
from careflow.records.sent import read_resource
from careflow.records.store import Records
from careflow.records.turns import Turns, until_settled

T = TypeVar("T")


class IdTakenError(ConflictError):
    """A conditional update that nothing meets, under an id that something else has."""

    code: ClassVar[str] = "records-id-taken"

    def __init__(self, kind: str) -> None:
        super().__init__(
            f"Nothing meets the condition, and another {kind} has the id that was sent."
        )


class ConditionalWrites:
    """The interactions that write what a condition names."""

    def __init__(
        self, records: Records, one: Interactions, turns: Turns, *, body_limit_bytes: int
    ) -> None:
        self._records = records
        self._one = one
        self._turns = turns
        self._body_limit_bytes = body_limit_bytes

    async def create(self, request: FhirRequest, asker: Asker, kind: str) -> Answer:
        """Store a new resource unless ``If-None-Exist`` finds one, which is answered then."""
        # Whoever may not look would be told that nothing is there.
        require_fhir(asker.actor, kind, "search")
        resource = await read_resource(request, kind, limit_bytes=self._body_limit_bytes)
        criteria = criteria_in(kind, request.headers["if-none-exist"])

        async def attempt() -> Answer | Staged:
            async with Work(self._records.documents) as work:
                found = await find_or_fence(self._records, work, criteria, asker.scope)
                if found is not None:
                    await self._one.note(request, asker, f"records:{kind.lower()}:read", (found,))
                    return stored_answer(request, found, asker.scope, status=200)
                proposal = self._records.propose_create(
                    resource, actor=asker.actor, scope=asker.scope
                )
                return await self._records.stage(work, proposal, request=request.id)

        made = await self._in_turn(criteria, asker, attempt)
        if isinstance(made, Answer):
            return made
        return stored_answer(request, made.document, asker.scope, status=201)

    async def update(self, request: FhirRequest, asker: Asker, kind: str) -> Answer:
        """Store the next version of the one resource that meets the condition, or a first one.

        Where none does, the id that was sent is kept if nothing has it yet; without one, ours.
        """
        require_fhir(asker.actor, kind, "search")
        criteria = criteria_of(kind, request.pairs)
        expected = expected_of(request.headers)
        resource = await read_resource(request, kind, limit_bytes=self._body_limit_bytes)

        async def attempt() -> tuple[Proposal, Staged]:
            async with Work(self._records.documents) as work:
                found = await find_or_fence(self._records, work, criteria, asker.scope)
                require_expected(expected, found.version if found else 0)
                proposal = await propose_where(self._records, asker, resource, found)
                return proposal, await self._records.stage(work, proposal, request=request.id)

        proposal, staged = await self._in_turn(criteria, asker, attempt)
        status = 201 if proposal.act == "create" else 200
        return stored_answer(request, staged.document, asker.scope, status=status)

    async def delete(self, request: FhirRequest, asker: Asker, kind: str) -> Answer:
        """Delete the one resource that meets the condition; where none does, nothing is done."""
        require_fhir(asker.actor, kind, "search")
        criteria = criteria_of(kind, request.pairs)
        expected = expected_version(request.headers.get("if-match"))

        async def attempt() -> Answer:
            found = await only_match(self._records, criteria, asker.scope)
            if found is None:
                return Answer(204)
            require_expected(expected, found.version)
            async with Work(self._records.documents) as work:
                proposal = await self._records.propose_delete(
                    kind,
                    found.id,
                    actor=asker.actor,
                    scope=asker.scope,
                    expected=found.version,
                    current=found,
                )
                staged = await self._records.stage(work, proposal, request=request.id)
            return stored_answer(request, staged.document, asker.scope, status=204)

        return await self._in_turn(criteria, asker, attempt)

    async def _in_turn(
        self, criteria: Criteria, asker: Asker, attempt: Callable[[], Awaitable[T]]
    ) -> T:
        organisation = asker.scope.organisation
        owned = self._records.owners.turns([criteria.kind], organisation)
        async with self._turns.of(turn_of(criteria, asker), *owned):
            return await until_settled(attempt)


def turn_of(criteria: Criteria, asker: Asker) -> str:
    """Return the name under which writes with one condition take turns."""
    return f"{asker.scope.organisation} {criteria.name}"


async def propose_where(
    records: Records, asker: Asker, resource: Resource, found: Document | None
) -> Proposal:
    """Return the change that stores a resource where a condition found one, or found none.

    Raises:
        IdMismatchError: It carries another id than the one that was found.
        IdTakenError: None was found, and something else has the id it carries.
    """
    actor, scope = asker.actor, asker.scope
    if found is not None:
        if resource.id not in {None, found.id}:
            raise IdMismatchError(resource.type)
        return await records.propose_update(
            replace(resource, id=found.id),
            actor=actor,
            scope=scope,
            expected=found.version,
            current=found,
        )
    if resource.id is None:
        return records.propose_create(resource, actor=actor, scope=scope)
    proposal = await records.propose_update(resource, actor=actor, scope=scope, expected=0)
    if proposal.act != "create":
        raise IdTakenError(resource.type)
    return proposal

"""Changing a part of a resource by a JSON Patch, named by its id or by a condition.

A patch is applied to the version that was read and stored only if that is still the current one;
otherwise it is applied again to what is there now, so that no one's change is lost.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from careflow.database.documents import Document
from careflow.database.scope import AccessScope
from careflow.database.work import Work
from careflow.fhir.patching import Operation
from careflow.identity.access import require_fhir
from careflow.records.answer import Answer
from careflow.records.conditional import criteria_of, only_match
from careflow.records.conditional_writes import turn_of
from careflow.records.interactions import Asker, stored_answer
from careflow.records.preconditions import expected_version, require_expected
from careflow.records.proposing import ResourceNotFoundError
from careflow.records.request import FhirRequest
from careflow.records.sent import apply_patch, read_patch_sent, validated
from careflow.records.store import Records
from careflow.records.turns import Turns, until_settled

Find = Callable[[AccessScope], Awaitable[Document]]


class Patches:
    """The interactions that change a part of a resource."""

    def __init__(self, records: Records, turns: Turns, *, body_limit_bytes: int) -> None:
        self._records = records
        self._turns = turns
        self._body_limit_bytes = body_limit_bytes

    async def patch(self, request: FhirRequest, asker: Asker, kind: str, id: str) -> Answer:
        """Patch the resource of this id."""

        async def find(scope: AccessScope) -> Document:
            return await self._records.read(kind, id, scope)

        turn = f"{asker.scope.organisation} {kind}/{id}"
        return await self._patch_found(request, asker, kind, turn, find)

    async def patch_where(self, request: FhirRequest, asker: Asker, kind: str) -> Answer:
        """Patch the one resource that meets the condition.

        Raises:
            ResourceNotFoundError: None does: there is nothing to patch.
        """
        require_fhir(asker.actor, kind, "search")
        criteria = criteria_of(kind, request.pairs)

        async def find(scope: AccessScope) -> Document:
            found = await only_match(self._records, criteria, scope)
            if found is None:
                raise ResourceNotFoundError(kind)
            return found

        return await self._patch_found(request, asker, kind, turn_of(criteria, asker), find)

    async def _patch_found(
        self, request: FhirRequest, asker: Asker, kind: str, turn: str, find: Find
    ) -> Answer:
        expected = expected_version(request.headers.get("if-match"))
        operations = await read_patch_sent(request, limit_bytes=self._body_limit_bytes)

        async def attempt() -> Answer:
            found = await find(asker.scope)
            require_expected(expected, found.version)
            return await self._store(request, asker, found, operations)

        owned = self._records.owners.turns([kind], asker.scope.organisation)
        async with self._turns.of(turn, *owned):
            return await until_settled(attempt)

    async def _store(
        self, request: FhirRequest, asker: Asker, found: Document, operations: Sequence[Operation]
    ) -> Answer:
        body = await apply_patch(found.body, operations)
        resource = await validated(body, found.kind)
        async with Work(self._records.documents) as work:
            proposal = await self._records.propose_update(
                resource,
                actor=asker.actor,
                scope=asker.scope,
                id=found.id,
                expected=found.version,
                current=found,
            )
            staged = await self._records.stage(work, proposal, request=request.id, act="patch")
        return stored_answer(request, staged.document, asker.scope, status=200)

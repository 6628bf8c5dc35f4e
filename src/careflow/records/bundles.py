"""Transaction and batch bundles: many interactions in one request.

A transaction is one unit of work (see ``transactions``), its reads answered after it. A batch is as
many requests, each answered on its own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import ClassVar

from careflow.database.narrowing import shown
from careflow.errors import CareFlowError, UnprocessableError
from careflow.identity.access import require_fhir
from careflow.records.answer import Answer
from careflow.records.envelope import Envelope, open_envelope
from careflow.records.faults import error_answer
from careflow.records.interactions import Asker, Interactions
from careflow.records.request import JSON_TYPES, FhirRequest, read_body, require_content_type
from careflow.records.responses import (
    part_request,
    response_bundle,
    response_of,
    response_to_write,
)
from careflow.records.steps import Step, step_of
from careflow.records.transactions import Stored, Transactions

AnswerPart = Callable[[FhirRequest, Asker], Awaitable[Answer]]
"""Answers one entry as a request of its own; an error is an answer too."""


class UnsupportedBundleError(UnprocessableError):
    """A bundle that asks for nothing to be done."""

    code: ClassVar[str] = "records-unsupported-bundle"
    issue: ClassVar[str] = "not-supported"

    def __init__(self) -> None:
        super().__init__(
            "Only bundles of type transaction or batch are carried out here; "
            "other bundles are loaded with `careflow import`.",
            place="Bundle.type",
        )


class Bundles:
    """Carries out the bundles sent to the FHIR base."""

    def __init__(
        self,
        transactions: Transactions,
        one: Interactions,
        *,
        answer_part: AnswerPart,
        types: frozenset[str],
        body_limit_bytes: int,
    ) -> None:
        self._transactions = transactions
        self._one = one
        self._answer_part = answer_part
        self._types = types
        self._body_limit_bytes = body_limit_bytes

    async def take(self, request: FhirRequest, asker: Asker) -> Answer:
        """Carry out a transaction or batch."""
        require_content_type(request.headers, JSON_TYPES)
        body = await read_body(request, limit_bytes=self._body_limit_bytes)
        envelope = await asyncio.to_thread(open_envelope, body)
        if envelope.type == "transaction":
            require_fhir(asker.actor, None, "transaction")
            return await self._transaction(request, asker, envelope)
        if envelope.type == "batch":
            require_fhir(asker.actor, None, "batch")
            return await self._batch(request, asker, envelope)
        raise UnsupportedBundleError

    async def _transaction(self, request: FhirRequest, asker: Asker, envelope: Envelope) -> Answer:
        steps = await asyncio.to_thread(self._steps, request, envelope)
        writes, stored = await self._transactions.store(asker, steps, request_id=request.id)
        await self._note_found(request, asker, writes)
        responses = await asyncio.to_thread(_responses, request, asker, writes, stored)
        for step in steps:
            if step.index not in responses:
                # Reads come last: they see what was just stored.
                responses[step.index] = await self._part(request, asker, step)
        ordered = [responses[step.index] for step in steps]
        return Answer(200, response_bundle("transaction-response", ordered))

    def _steps(self, request: FhirRequest, envelope: Envelope) -> list[Step]:
        return [
            step_of(index, entry, base=request.base, types=self._types)
            for index, entry in enumerate(envelope.entry)
        ]

    async def _note_found(self, request: FhirRequest, asker: Asker, writes: Iterable[Step]) -> None:
        """Keep in the trail what is answered without having been written."""
        found = [step.found for step in writes if step.is_idle and step.found is not None]
        if found:
            await self._one.note(request, asker, "records:bundle:read", found)

    # --- batch -----------------------------------------------------------------------------

    async def _batch(self, request: FhirRequest, asker: Asker, envelope: Envelope) -> Answer:
        responses = []
        for index, entry in enumerate(envelope.entry):
            try:
                step = step_of(index, entry, base=request.base, types=self._types)
            except CareFlowError as error:
                responses.append(response_of(error_answer(error)))
            else:
                responses.append(await self._part(request, asker, step))
        return Answer(200, response_bundle("batch-response", responses))

    async def _part(self, request: FhirRequest, asker: Asker, step: Step) -> bytes:
        return response_of(await self._answer_part(part_request(request, step), asker))


def _responses(
    request: FhirRequest, asker: Asker, writes: Iterable[Step], stored: Stored
) -> dict[int, bytes]:
    """Return what is said of each write, its content as far as the writer is shown it."""
    told: dict[int, bytes] = {}
    for step in writes:
        document = stored.document(step)
        told[step.index] = response_to_write(
            request,
            None if document is None else shown(document, asker.scope),
            created=step.index in stored.created,
        )
    return told

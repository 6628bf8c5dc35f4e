"""Transaction and batch bundles: many interactions in one request.

A transaction is one unit of work: everything is read, linked and validated first, and one commit
stores all of it or nothing. A batch is as many requests, each answered on its own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Final

from careflow.database.documents import Entries, VersionMismatchError
from careflow.database.work import Staged, Work
from careflow.errors import CareFlowError, NotAllowedError, UnprocessableError
from careflow.fhir.reference import rewrite_references
from careflow.fhir.resource import InvalidResourceError, Issue, Resource, parse
from careflow.identity.access import Interaction, require_fhir
from careflow.records.answer import Answer
from careflow.records.conditional import FENCE, criteria_in, find_or_fence
from careflow.records.envelope import BadEntryError, Envelope, open_envelope
from careflow.records.faults import error_answer
from careflow.records.interactions import Asker
from careflow.records.linking import Neighbours, addresses_of, conditions_in, resolve
from careflow.records.owners import Proposal
from careflow.records.preconditions import ChangedSinceReadError
from careflow.records.proposing import index_entries
from careflow.records.request import JSON_TYPES, FhirRequest, read_body, require_content_type
from careflow.records.responses import (
    part_request,
    response_bundle,
    response_of,
    response_to_write,
)
from careflow.records.sent import LARGE_BODY_BYTES
from careflow.records.steps import ORDER, Step, step_of
from careflow.records.store import Records
from careflow.records.turns import ConditionContestedError

AnswerPart = Callable[[FhirRequest, Asker], Awaitable[Answer]]
"""Answers one entry as a request of its own; an error is an answer too."""

ISSUES_MAX: Final = 100
STEPS_A_TURN: Final = 50
_INTERACTIONS: Final[Mapping[str, Interaction]] = {
    "POST": "create",
    "PUT": "update",
    "DELETE": "delete",
}


@dataclass(frozen=True, slots=True)
class Ready:
    """A resource of a bundle, linked and valid, with its index entries."""

    resource: Resource
    entries: Entries


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
        records: Records,
        *,
        answer_part: AnswerPart,
        types: frozenset[str],
        body_limit_bytes: int,
    ) -> None:
        self._records = records
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

    # --- transaction -----------------------------------------------------------------------

    async def _transaction(self, request: FhirRequest, asker: Asker, envelope: Envelope) -> Answer:
        steps = [
            step_of(index, entry, base=request.base, types=self._types)
            for index, entry in enumerate(envelope.entry)
        ]
        writes = sorted(
            (step for step in steps if step.method in _INTERACTIONS),
            key=lambda step: ORDER[step.method],
        )
        for step in writes:
            _require_allowed(asker, step)
        try:
            staged = await self._store(request, asker, writes)
        except VersionMismatchError as error:
            raise _conflict(error, writes) from error
        responses = {
            step.index: response_to_write(request, step, staged.get(step.index), asker.scope)
            for step in writes
        }
        for step in steps:
            if step.index not in responses:
                # Reads come last: they see what was just stored.
                responses[step.index] = await self._part(request, asker, step)
        ordered = [responses[step.index] for step in steps]
        return Answer(200, response_bundle("transaction-response", ordered))

    async def _store(
        self, request: FhirRequest, asker: Asker, writes: Sequence[Step]
    ) -> dict[int, Staged]:
        """Store every write of a transaction in one commit, or raise and store nothing."""
        staged: dict[int, Staged] = {}
        proposals: list[Proposal] = []
        async with Work(self._records.documents) as work:
            await self._name(work, asker, writes)
            _require_distinct(writes)
            resources = await self._read(asker, writes)
            for number, step in enumerate(writes):
                if step.existing is not None:
                    continue
                if number % STEPS_A_TURN == 0:
                    await asyncio.sleep(0)  # others are served while a long bundle goes on
                proposal = await self._propose(asker, step, resources.get(step.index))
                staged[step.index] = await self._records.owners.stage(work, proposal)
                proposals.append(proposal)
            if proposals:
                action = "records:bundle:transaction"
                self._records.record(work, action, asker.actor, proposals, request=request.id)
        return staged

    async def _name(self, work: Work, asker: Asker, writes: Iterable[Step]) -> None:
        """Give every resource to be created its id, or find the one that is there already."""
        fenced: set[str] = set()
        for step in writes:
            if step.method != "POST":
                continue
            step.id = self._records.new_id()
            if step.condition is None:
                continue
            key = f"{step.kind}?{step.condition}"
            if key in fenced:
                message = "Another entry creates a resource under the same condition."
                raise BadEntryError(step.index, message, inside=".request.ifNoneExist")
            fenced.add(key)
            step.existing = await find_or_fence(
                self._records, work, criteria_in(step.kind, step.condition), asker.scope
            )
            if step.existing is not None:
                step.id = step.existing.id

    async def _read(self, asker: Asker, writes: Sequence[Step]) -> dict[int, Ready]:
        """Link and validate the resources, off the event loop when there are many."""
        contents = {s.index: s.content for s in writes if s.content and s.existing is None}
        addresses = addresses_of(writes)
        neighbours = Neighbours(writes)
        for step in writes:
            if step.index in contents:
                await self._link(asker, step, addresses, neighbours)
        to_read = [step for step in writes if step.index in contents]
        if sum(map(len, contents.values())) > LARGE_BODY_BYTES:
            return await asyncio.to_thread(_validated, to_read, addresses)
        return _validated(to_read, addresses)

    async def _link(
        self, asker: Asker, step: Step, addresses: dict[str, str], neighbours: Neighbours
    ) -> None:
        """Add what the conditional references of one entry mean, each looked up once."""
        for reference in conditions_in([step.content]):
            if reference in addresses:
                continue
            try:
                meant = await resolve(self._records, reference, asker.scope, neighbours)
            except CareFlowError as error:
                error.place = f"Bundle.entry[{step.index}].resource"
                raise
            addresses[reference] = meant

    async def _propose(self, asker: Asker, step: Step, ready: Ready | None) -> Proposal:
        actor, scope = asker.actor, asker.scope
        try:
            if ready is None:
                return await self._records.propose_delete(
                    step.kind, step.id, actor=actor, scope=scope, expected=step.expected
                )
            if step.method == "POST":
                return self._records.propose_create(
                    ready.resource, actor=actor, scope=scope, id=step.id, entries=ready.entries
                )
            return await self._records.propose_update(
                ready.resource,
                actor=actor,
                scope=scope,
                id=step.id,
                expected=step.expected,
                entries=ready.entries,
            )
        except CareFlowError as error:
            error.place = f"Bundle.entry[{step.index}]"
            raise

    # --- batch -----------------------------------------------------------------------------

    async def _batch(self, request: FhirRequest, asker: Asker, envelope: Envelope) -> Answer:
        responses = []
        for index, entry in enumerate(envelope.entry):
            try:
                step = step_of(index, entry, base=request.base, types=self._types)
            except BadEntryError as error:
                responses.append(response_of(error_answer(error)))
            else:
                responses.append(await self._part(request, asker, step))
        return Answer(200, response_bundle("batch-response", responses))

    async def _part(self, request: FhirRequest, asker: Asker, step: Step) -> bytes:
        return response_of(await self._answer_part(part_request(request, step), asker))


def _require_allowed(asker: Asker, step: Step) -> None:
    try:
        require_fhir(asker.actor, step.kind, _INTERACTIONS[step.method])
        if step.condition is not None:
            require_fhir(asker.actor, step.kind, "search")
    except NotAllowedError as error:
        error.place = f"Bundle.entry[{step.index}]"
        raise


def _require_distinct(writes: Iterable[Step]) -> None:
    """Raise if two entries write the same resource: the order would decide, and none is stated."""
    seen: set[str] = set()
    for step in writes:
        if step.existing is None and step.address in seen:
            raise BadEntryError(step.index, "Another entry writes the same resource.")
        seen.add(step.address)


def _validated(steps: Iterable[Step], addresses: Mapping[str, str]) -> dict[int, Ready]:
    """Return every resource linked and valid, or raise with what is wrong in which entry."""
    ready: dict[int, Ready] = {}
    issues: list[Issue] = []
    for step in steps:
        content = rewrite_references(step.content, addresses)
        try:
            resource = parse(content, expected_type=step.kind)
        except InvalidResourceError as error:
            issues += _placed(step.index, error.issues)
        else:
            ready[step.index] = Ready(resource, index_entries(resource, step.id))
        if len(issues) >= ISSUES_MAX:
            break
    if issues:
        raise InvalidResourceError(issues[:ISSUES_MAX])
    return ready


def _placed(index: int, issues: Iterable[Issue]) -> list[Issue]:
    """Return the issues with the entry they are in before the place they are at."""
    inside = f"Bundle.entry[{index}].resource"
    return [
        replace(
            issue,
            expression=inside + "".join((issue.expression or "").partition(".")[1:]),
            diagnostics=f"Entry {index}: {issue.diagnostics}",
        )
        for issue in issues
    ]


def _conflict(error: VersionMismatchError, writes: Iterable[Step]) -> CareFlowError:
    """Return what a version mismatch means for the entry that met it."""
    if error.kind == FENCE:
        return ConditionContestedError()
    for step in writes:
        if (step.kind, step.id) == (error.kind, error.id):
            meant = error if step.expected is None else ChangedSinceReadError()
            meant.place = f"Bundle.entry[{step.index}]"
            return meant
    return error

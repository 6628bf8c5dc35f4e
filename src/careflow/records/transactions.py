"""Transactions: many writes that are stored together or not at all.

Everything is found, linked and validated first, off the event loop where there is much of it; one
commit then stores all of it. Conditions are answered inside: what they found must still be so when
the commit comes, or all is looked up again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar, Final

from careflow.database.documents import ClaimTakenError, Document, VersionMismatchError
from careflow.database.narrowing import shown
from careflow.database.scope import AccessScope
from careflow.database.work import Staged, Work
from careflow.errors import BadInputError
from careflow.fhir.definitions import is_resource_type
from careflow.fhir.patching import read_patch
from careflow.fhir.resource import Resource
from careflow.identity.access import require_fhir
from careflow.records.conditional import find_or_fence, only_match
from careflow.records.conditional_writes import IdTakenError, turn_of
from careflow.records.interactions import Asker
from careflow.records.linking import (
    Neighbours,
    Ready,
    addresses_of,
    conditions_in,
    linked_and_valid,
    resolve,
)
from careflow.records.owners import Proposal
from careflow.records.preconditions import (
    AlreadyThereError,
    ChangedSinceReadError,
    require_expected,
)
from careflow.records.proposing import (
    IdMismatchError,
    ResourceGoneError,
    ResourceNotFoundError,
)
from careflow.records.sent import LARGE_BODY_BYTES, apply_patch
from careflow.records.steps import INTERACTIONS, ORDER, Step, at_entry, id_within
from careflow.records.store import Records
from careflow.records.turns import TRIES, ConditionContestedError, Turns, stand_back

STEPS_A_TURN: Final = 10


class SameResourceTwiceError(BadInputError):
    """Two entries write one resource: the order would decide, and none is stated."""

    code: ClassVar[str] = "records-same-resource-twice"

    def __init__(self) -> None:
        super().__init__("Another entry writes the same resource, or under the same condition.")


@dataclass(frozen=True, slots=True)
class Stored:
    """What a transaction did, by the index of the entry, as far as the asker's scope shows it."""

    scope: AccessScope
    staged: Mapping[int, Staged] = field(default_factory=dict)
    created: frozenset[int] = frozenset()

    def document(self, step: Step) -> Document | None:
        """Return the version that stands after an entry, ``None`` if nothing does."""
        staged = self.staged.get(step.index)
        found = step.found if staged is None else staged.document
        return None if found is None else shown(found, self.scope)


class Transactions:
    """Stores the writes of transactions."""

    def __init__(self, records: Records, turns: Turns) -> None:
        self._records = records
        self._turns = turns

    async def store(
        self, asker: Asker, steps: Iterable[Step], *, request_id: str
    ) -> tuple[list[Step], Stored]:
        """Store every write in one commit, or raise and store nothing.

        Returns:
            The writes, each with what was found for it, and what was stored.
        """
        sent = sorted((step for step in steps if step.writes), key=lambda one: ORDER[one.method])
        for step in sent:
            _require_allowed(asker, step)
        _require_distinct_conditions(sent)
        turns = [turn_of(step.criteria, asker) for step in sent if step.criteria is not None]
        kinds = {step.kind for step in sent}
        turns += self._records.owners.turns(kinds, asker.scope.organisation)
        async with self._turns.of(*turns):
            for number in range(TRIES):
                writes = [replace(step) for step in sent]
                try:
                    return writes, await self._attempt(asker, writes, request_id)
                except VersionMismatchError as error:
                    _require_worth_another_try(error, writes)
                except ClaimTakenError:
                    if number + 1 == TRIES:
                        raise
                await stand_back(number)
        raise ConditionContestedError

    async def _attempt(self, asker: Asker, writes: Sequence[Step], request_id: str) -> Stored:
        staged: dict[int, Staged] = {}
        proposals: dict[int, Proposal] = {}
        async with Work(self._records.documents) as work:
            for number, step in enumerate(writes):
                await _give_way(number)
                with at_entry(step.index):
                    await self._find(work, asker, step)
            _require_distinct(writes)
            ready = await self._read(asker, writes)
            for number, step in enumerate(step for step in writes if not step.is_idle):
                await _give_way(number)
                with at_entry(step.index):
                    proposal = await self._propose(asker, step, ready.get(step.index))
                    staged[step.index] = await self._records.owners.stage(work, proposal)
                proposals[step.index] = proposal
            if proposals:
                action = "records:bundle:transaction"
                kept = proposals.values()
                self._records.record(work, action, asker.actor, kept, request=request_id)
        return Stored(
            asker.scope, staged, frozenset(i for i, p in proposals.items() if p.act == "create")
        )

    # --- what each entry is about ----------------------------------------------------------

    async def _find(self, work: Work, asker: Asker, step: Step) -> None:
        """Find what stands where an entry writes, as far as that must be known; give it its id."""
        if step.criteria is None:
            await self._find_by_id(asker, step)
            return
        if step.method in {"POST", "PUT"}:
            step.found = await find_or_fence(self._records, work, step.criteria, asker.scope)
        else:
            step.found = await only_match(self._records, step.criteria, asker.scope)
        found = step.found
        if step.expected is not None and not step.is_idle:
            require_expected(step.expected, found.version if found else 0)
        if step.method == "PATCH":
            if found is None:
                raise ResourceNotFoundError(step.kind)
            await _patch(step, found)
        if found is not None:
            step.id = found.id
        elif step.content:
            own = id_within(step.content) if step.method == "PUT" else None
            step.id = own or self._records.new_id()

    async def _find_by_id(self, asker: Asker, step: Step) -> None:
        if step.method == "POST":
            step.id = self._records.new_id()
        elif step.method in {"PATCH", "DELETE"}:
            try:
                step.found = await self._records.read(step.kind, step.id, asker.scope)
            except ResourceGoneError:
                if step.method == "PATCH":
                    raise
                return  # deleting again changes nothing and is no error
            require_expected(step.expected, step.found.version)
            if step.method == "PATCH":
                await _patch(step, step.found)

    # --- linking and validating ------------------------------------------------------------

    async def _read(self, asker: Asker, writes: Sequence[Step]) -> dict[int, Ready]:
        """Link and validate the resources, off the event loop when there are many."""
        with_content = [step for step in writes if step.content and not step.is_idle]
        addresses = addresses_of(writes)
        neighbours = Neighbours(writes)
        for number, step in enumerate(with_content):
            await _give_way(number)
            with at_entry(step.index, ".resource"):
                await self._link(asker, step, addresses, neighbours)
        if sum(len(step.content) for step in with_content) > LARGE_BODY_BYTES:
            return await asyncio.to_thread(linked_and_valid, with_content, addresses)
        return linked_and_valid(with_content, addresses)

    async def _link(
        self, asker: Asker, step: Step, addresses: dict[str, str], neighbours: Neighbours
    ) -> None:
        """Add what the conditional references of one entry mean, each looked up once."""
        for reference in conditions_in([step.content]):
            if reference not in addresses:
                kind = reference.partition("?")[0]
                if is_resource_type(kind):
                    # Whoever may not look must not learn by a reference what is there.
                    require_fhir(asker.actor, kind, "search")
                addresses[reference] = await resolve(
                    self._records, reference, asker.scope, neighbours
                )

    # --- proposing -------------------------------------------------------------------------

    async def _propose(self, asker: Asker, step: Step, ready: Ready | None) -> Proposal:
        actor, scope, found = asker.actor, asker.scope, step.found
        expected = found.version if found else step.expected
        if ready is None:
            return await self._records.propose_delete(
                step.kind, step.id, actor=actor, scope=scope, expected=expected, current=found
            )
        resource, entries = ready.resource, ready.entries
        if step.method == "POST":
            return self._records.propose_create(
                resource, actor=actor, scope=scope, id=step.id, entries=entries
            )
        if step.criteria is not None and found is None:
            expected = 0
        proposal = await self._records.propose_update(
            _under(step, resource),
            actor=actor,
            scope=scope,
            id=step.id,
            expected=expected,
            entries=entries,
            current=found,
        )
        if expected == 0 and proposal.act != "create":
            raise AlreadyThereError if step.criteria is None else IdTakenError(step.kind)
        return proposal


async def _give_way(number: int) -> None:
    """Let others be served while a long bundle goes on."""
    if number % STEPS_A_TURN == 0:
        await asyncio.sleep(0)


async def _patch(step: Step, found: Document) -> None:
    step.content = await apply_patch(found.body, read_patch(step.content))


def _under(step: Step, resource: Resource) -> Resource:
    """Return the resource with the id that a condition gives it, if it carries none of its own."""
    if step.criteria is None or step.method != "PUT":
        return resource
    if resource.id not in {None, step.id}:
        raise IdMismatchError(step.kind)
    return replace(resource, id=step.id)


def _require_allowed(asker: Asker, step: Step) -> None:
    with at_entry(step.index):
        require_fhir(asker.actor, step.kind, INTERACTIONS[step.method])
        if step.criteria is not None:
            require_fhir(asker.actor, step.kind, "search")


def _require_distinct_conditions(writes: Iterable[Step]) -> None:
    seen: set[str] = set()
    for step in writes:
        if step.criteria is not None:
            if step.criteria.name in seen:
                with at_entry(step.index):
                    raise SameResourceTwiceError
            seen.add(step.criteria.name)


def _require_distinct(writes: Iterable[Step]) -> None:
    met: set[str] = set()
    written: set[str] = set()
    for step in writes:
        if step.address in (written if step.is_idle else met):
            with at_entry(step.index):
                raise SameResourceTwiceError
        met.add(step.address)
        if not step.is_idle:
            written.add(step.address)


def _require_worth_another_try(error: VersionMismatchError, writes: Iterable[Step]) -> None:
    """Raise what a version mismatch means for the entry that met it, unless looking again helps.

    It does where no entry met it, but a fence or what a type's owner stages beside the resource.
    """
    for step in writes:
        if (step.kind, step.id) == (error.kind, error.id):
            if step.expected is None and (step.found is not None or step.criteria is not None):
                return
            with at_entry(step.index):
                if step.expected is None:
                    raise error
                raise (
                    AlreadyThereError if step.expected == 0 else ChangedSinceReadError
                ) from error

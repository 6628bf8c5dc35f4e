"""``careflow import``: loads bundles and NDJSON under the ids they carry, again and again alike.

A resource that is here already with the same content is left alone, so a second run changes
nothing; so is one whose content equals an earlier version, because an import never turns the clock
back. What is refused is named by file, entry and reason, and everything else goes on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from careflow.database.documents import Document, VersionMismatchError
from careflow.database.scope import organisation_scope
from careflow.database.work import Work
from careflow.errors import CareFlowError
from careflow.fhir.definitions import resource_types
from careflow.fhir.reference import rewrite_references
from careflow.fhir.resource import InvalidResourceError, Resource, parse
from careflow.identity.actor import Actor
from careflow.records.conditional import criteria_in, only_match
from careflow.records.import_files import Item, Source, UnreadableFileError, sources_in, type_within
from careflow.records.import_report import OnProgress, Progress, Refusal, Report
from careflow.records.linking import conditions_in
from careflow.records.owners import Proposal
from careflow.records.sameness import same_content
from careflow.records.store import Records

CHUNK: Final = 500
"""Resources a commit: enough to share its cost, few enough that readers never wait for it."""
TRIES: Final = 3
VERSIONS_COMPARED: Final = 50


def _quietly(_: Progress) -> None:
    """Show nothing."""


async def import_paths(
    paths: Sequence[Path],
    *,
    records: Records,
    actor: Actor,
    dry_run: bool = False,
    on_progress: OnProgress = _quietly,
) -> Report:
    """Import files and folders for the platform, whole: every kind, every patient.

    With ``dry_run`` everything is read, checked and compared, and nothing is stored.

    Raises:
        careflow.records.import_files.NothingToImportError: A path holds nothing to import.
    """
    sources = await asyncio.to_thread(sources_in, paths)
    importing = Importing(records, actor, files_total=len(sources), dry_run=dry_run)
    for source in sources:
        await importing.take(source, on_progress)
    return importing.report


@dataclass(slots=True)
class _Read:
    """An item that was linked and found valid."""

    item: Item
    resource: Resource
    id: str
    unlinked: bytes

    @property
    def address(self) -> tuple[str, str]:
        return self.resource.type, self.id


class Importing:
    """One run of an import."""

    def __init__(self, records: Records, actor: Actor, *, files_total: int, dry_run: bool) -> None:
        self.report = Report(Progress(files_total))
        self._records = records
        self._actor = actor
        self._scope = organisation_scope(actor.organisation)
        self._dry_run = dry_run
        self._types = frozenset(resource_types())
        self._meant: dict[str, str] = {}

    async def take(self, source: Source, on_progress: OnProgress) -> None:
        """Import one file, chunk by chunk."""
        progress = self.report.progress
        progress.file = str(source.path)
        try:
            items = await asyncio.to_thread(_items_of, source)
            addresses = _addresses(items) if isinstance(items, list) else {}
            chunks = _chunks(iter(items))
            while chunk := await asyncio.to_thread(next, chunks, None):
                await self._take_chunk(chunk, addresses)
                on_progress(progress)
        except UnreadableFileError as error:
            self._refuse(0, error.message)
        progress.files_done += 1
        on_progress(progress)

    async def _take_chunk(self, chunk: Sequence[Item], addresses: Mapping[str, str]) -> None:
        meant = await self._resolve(chunk)
        outcomes = await asyncio.to_thread(_read_all, chunk, addresses, meant)
        for group in _distinct_groups(self._keep_good(outcomes)):
            await self._store(group)

    def _keep_good(self, outcomes: Iterable[_Read | Refusal]) -> Iterator[_Read]:
        for outcome in outcomes:
            if isinstance(outcome, Refusal):
                self._refuse(outcome.entry, outcome.reason, outcome.subject)
            else:
                yield outcome

    # --- references ------------------------------------------------------------------------

    async def _resolve(self, chunk: Sequence[Item]) -> dict[str, str]:
        """Return what the chunk's conditional references mean in the record."""
        found: dict[str, str] = {}
        for reference, times in conditions_in(item.content for item in chunk).items():
            meant = self._meant.get(reference) or await self._look_up(reference)
            if meant is None:
                self.report.unresolved[reference] += times
            else:
                self._meant[reference] = found[reference] = meant
        return found

    async def _look_up(self, reference: str) -> str | None:
        kind, _, condition = reference.partition("?")
        if kind not in self._types:
            return None
        try:
            match = await only_match(self._records, criteria_in(kind, condition), self._scope)
        except CareFlowError:
            # Several, or a condition that is not understood: kept as it is, and counted.
            return None
        return f"{kind}/{match.id}" if match else None

    # --- storing ---------------------------------------------------------------------------

    async def _store(self, group: Sequence[_Read]) -> None:
        """Store a group in one commit; if that fails, one by one, so that one spoils no other."""
        try:
            await self._commit(group)
        except CareFlowError as error:
            if len(group) == 1:
                one = group[0]
                self._refuse(one.item.number, error.message, "/".join(one.address))
                return
            for one in group:
                await self._store([one])

    async def _commit(self, group: Sequence[_Read]) -> None:
        for attempt in range(1, TRIES + 1):
            try:
                await self._commit_once(group)
            except VersionMismatchError:
                # Someone else wrote one of them meanwhile: compare again with what is there now.
                if attempt == TRIES:
                    raise
            else:
                return

    async def _commit_once(self, group: Sequence[_Read]) -> None:
        proposals: list[Proposal] = []
        unchanged = 0
        work = Work(self._records.documents)
        for one in group:
            current = await self._current(one)
            if current is not None and await self._is_known(one, current):
                unchanged += 1
                continue
            proposal = await self._proposed(one, current)
            await self._records.owners.stage(work, proposal)
            proposals.append(proposal)
        if proposals and not self._dry_run:
            self._records.record(work, "records:bundle:import", self._actor, proposals)
            await work.commit()
        self._count(group, proposals, unchanged)

    async def _proposed(self, one: _Read, current: Document | None) -> Proposal:
        if current is None:
            return self._records.propose_create(
                one.resource, actor=self._actor, scope=self._scope, id=one.id
            )
        return await self._records.propose_update(
            one.resource,
            actor=self._actor,
            scope=self._scope,
            expected=current.version,
            current=current,
        )

    async def _current(self, one: _Read) -> Document | None:
        return await self._records.documents.read(*one.address, self._scope)

    async def _is_known(self, one: _Read, current: Document) -> bool:
        """Report whether the record holds this content already, now or in an earlier version."""
        if same_content(one.resource, current, unlinked=one.unlinked):
            return True
        page = await self._records.history(
            self._scope, kind=current.kind, id=current.id, count=VERSIONS_COMPARED
        )
        return any(
            same_content(one.resource, version, unlinked=one.unlinked) for version in page.documents
        )

    def _count(self, group: Sequence[_Read], proposals: Sequence[Proposal], unchanged: int) -> None:
        created = sum(proposal.act == "create" for proposal in proposals)
        progress = self.report.progress
        progress.created += created
        progress.updated += len(proposals) - created
        progress.unchanged += unchanged
        self.report.subjects.update(one.address for one in group)

    def _refuse(self, entry: int, reason: str, subject: str | None = None) -> None:
        progress = self.report.progress
        progress.refused += 1
        self.report.refusals.append(Refusal(progress.file, entry, reason, subject))


def _items_of(source: Source) -> list[Item] | Iterator[Item]:
    """Return a bundle's entries at once, because they refer to each other, or lines lazily."""
    return source.items() if source.is_lines else list(source.items())


def _addresses(items: Iterable[Item]) -> dict[str, str]:
    """Return what each fullUrl of a bundle is kept as."""
    return {
        item.full_url: f"{kind}/{item.id}"
        for item in items
        if item.full_url and item.id and (kind := type_within(item.content))
    }


def _chunks(items: Iterator[Item]) -> Iterator[list[Item]]:
    while chunk := list(islice(items, CHUNK)):
        yield chunk


def _read_all(
    chunk: Sequence[Item], addresses: Mapping[str, str], meant: Mapping[str, str]
) -> list[_Read | Refusal]:
    """Link and validate a chunk, away from the event loop."""
    return [_read_one(item, addresses, meant) for item in chunk]


def _read_one(
    item: Item, addresses: Mapping[str, str], meant: Mapping[str, str]
) -> _Read | Refusal:
    if item.problem is not None:
        return Refusal("", item.number, item.problem)
    unlinked = rewrite_references(item.content, addresses)
    try:
        resource = parse(rewrite_references(unlinked, meant))
    except InvalidResourceError as error:
        place = f" (at {error.place})" if error.place else ""
        return Refusal("", item.number, f"{error.message}{place}")
    id = resource.id or item.id
    if id is None:
        return Refusal("", item.number, f"This {resource.type} carries no id to keep it under.")
    return _Read(item, resource.under(id), id, unlinked)


def _distinct_groups(reads: Iterable[_Read]) -> Iterator[list[_Read]]:
    """Yield groups in which no resource comes twice: the later one is compared with the first."""
    group: dict[tuple[str, str], _Read] = {}
    for one in reads:
        if one.address in group:
            yield list(group.values())
            group = {}
        group[one.address] = one
    if group:
        yield list(group.values())

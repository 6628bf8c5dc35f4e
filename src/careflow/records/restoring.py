"""``careflow import`` of a folder that ``careflow export`` wrote: everything as it was.

Each resource comes back with its own id, versionId, lastUpdated and bytes. What is here already is
left alone, so a second run changes nothing; where another version stands under an id, the line is
refused. A file that is not, byte for byte, what the manifest says is refused whole.
"""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from careflow.database.conditions import IdIn
from careflow.database.documents import Document, NotRestorableError, Query, Restore
from careflow.database.scope import organisation_scope
from careflow.database.work import Work
from careflow.errors import CareFlowError
from careflow.fhir.extract import patients_of
from careflow.files.store import Files
from careflow.identity.actor import Actor
from careflow.records.carried_papers import restore_papers
from careflow.records.export_folder import (
    PAPERS,
    ExportedFile,
    ExportFolderError,
    Manifest,
    Papers,
    is_export,
    is_whole,
    read_manifest,
)
from careflow.records.export_lines import ReadLine, chunks_of, lines_of, read_all
from careflow.records.import_report import OnProgress, Progress, Refusal, Report
from careflow.records.importing import import_paths
from careflow.records.owners import Proposal
from careflow.records.paper import Paper
from careflow.records.store import Records


async def import_or_restore(
    paths: Sequence[Path],
    *,
    records: Records,
    files: Files,
    actor: Actor,
    dry_run: bool = False,
    on_progress: OnProgress,
) -> Report:
    """Put back the exports among the paths as they were, and import all others.

    Raises:
        careflow.records.import_files.NothingToImportError: A path holds nothing to import.
        ExportFolderError: An export is not finished, not readable or another organisation's.
    """
    exports = [path for path in paths if is_export(path)]
    others = [path for path in paths if path not in exports]
    manifests = {path: await asyncio.to_thread(read_manifest, path) for path in exports}
    report = Report(Progress(0))
    if others:
        report = await import_paths(
            others, records=records, actor=actor, dry_run=dry_run, on_progress=on_progress
        )
    restoring = Restoring(records, files, actor, report, dry_run=dry_run)
    for folder, manifest in manifests.items():
        await restoring.restore(folder, manifest, on_progress)
    return report


class Restoring:
    """One run over one export; counts go to a report that may have others' too."""

    def __init__(
        self, records: Records, files: Files, actor: Actor, report: Report, *, dry_run: bool
    ) -> None:
        self._records = records
        self._files = files
        self._actor = actor
        self._scope = organisation_scope(actor.organisation)
        self._report = report
        self._dry_run = dry_run

    async def restore(self, folder: Path, manifest: Manifest, on_progress: OnProgress) -> None:
        """Put back everything that the folder's manifest names.

        Raises:
            ExportFolderError: It is an export of another organisation.
        """
        if manifest.organisation != self._actor.organisation:
            raise ExportFolderError(
                f"{folder} is an export of another organisation: to import its resources as new"
                " ones, name its files."
            )
        progress = self._report.progress
        progress.files_total += len(manifest.files)
        for file in manifest.files:
            progress.file = str(folder / file.name)
            on_progress(progress)
            if await asyncio.to_thread(is_whole, folder, file):
                await self._take(folder, file, on_progress)
            else:
                self._refuse(0, "The file is not what the manifest says: it is missing or damaged.")
            progress.files_done += 1
            on_progress(progress)
        if not self._dry_run:
            await self._take_papers(folder, manifest.papers)

    async def _take_papers(self, folder: Path, papers: Papers) -> None:
        progress = self._report.progress
        progress.file = str(folder / PAPERS)
        outcomes = restore_papers(
            folder,
            papers,
            documents=self._records.documents,
            files=self._files,
            organisation=self._actor.organisation,
            stage=self._stage_paper,
        )
        async for outcome in outcomes:
            if outcome.refused is not None:
                self._refuse(outcome.line, outcome.refused, outcome.subject)
            else:
                progress.created += outcome.new
                progress.unchanged += not outcome.new

    def _stage_paper(self, work: Work, change: Restore, paper: Paper) -> None:
        patients = (paper.patient_id,) if paper.patient_id else ()
        proposal = Proposal("create", change, None, self._actor, self._scope, patients)
        work.restore(change)
        self._records.record(work, "records:bundle:import", self._actor, [proposal])

    async def _take(self, folder: Path, file: ExportedFile, on_progress: OnProgress) -> None:
        chunks = chunks_of(lines_of(folder, file))
        organisation = self._actor.organisation
        try:
            while chunk := await asyncio.to_thread(next, chunks, None):
                read = await asyncio.to_thread(read_all, chunk, file.type, organisation)
                await self._store(list(self._keep_good(read)))
                on_progress(self._report.progress)
        except (OSError, EOFError, zlib.error, msgspec.DecodeError):
            self._refuse(0, "The file cannot be read to its end: it is damaged or no gzip file.")

    def _keep_good(self, outcomes: Iterable[ReadLine | Refusal]) -> Iterator[ReadLine]:
        for outcome in outcomes:
            if isinstance(outcome, Refusal):
                self._refuse(outcome.entry, outcome.reason, outcome.subject)
            else:
                yield outcome

    async def _store(self, read: Sequence[ReadLine]) -> None:
        """Put back what is not here; if a commit fails, one by one, so that one spoils no other."""
        missing = await self._missing(read)
        try:
            await self._commit(missing)
        except CareFlowError:
            for one in missing:
                await self._store_alone(one)

    async def _store_alone(self, one: ReadLine) -> None:
        try:
            await self._commit([one])
        except NotRestorableError as error:
            if not await self._was_here(one):
                self._refuse(one.line, error.message, one.subject)
        except CareFlowError as error:
            self._refuse(one.line, error.message, one.subject)

    async def _missing(self, read: Sequence[ReadLine]) -> list[ReadLine]:
        """Return what is not here as it is, having counted what is."""
        if not read:
            return []
        ids = tuple(dict.fromkeys(one.change.id for one in read))
        kind = read[0].change.kind
        asked = Query(kind, (IdIn(ids),), count=len(ids))
        page = await self._records.documents.find(asked, self._scope)
        here = {document.id: document for document in page.documents}
        missing = []
        for one in read:
            if _is_same(one.change, here.get(one.change.id)):
                self._count_unchanged(one)
            else:
                missing.append(one)
        return missing

    async def _was_here(self, one: ReadLine) -> bool:
        """Report whether the record had this very version and went on from it."""
        change = one.change
        past = await self._records.documents.read(
            change.kind, change.id, self._scope, version=change.version
        )
        if not _is_same(change, past):
            return False
        self._count_unchanged(one)
        return True

    async def _commit(self, group: Sequence[ReadLine]) -> None:
        if not group:
            return
        work = Work(self._records.documents)
        proposals = []
        for one in group:
            proposal = Proposal(
                "create",
                one.change,
                one.resource,
                self._actor,
                self._scope,
                patients_of(one.resource),
            )
            await self._records.owners.stage(work, proposal)
            proposals.append(proposal)
        if not self._dry_run:
            self._records.record(work, "records:bundle:import", self._actor, proposals)
            await work.commit()
        self._report.progress.created += len(group)
        self._report.subjects.update((one.change.kind, one.change.id) for one in group)

    def _count_unchanged(self, one: ReadLine) -> None:
        self._report.progress.unchanged += 1
        self._report.subjects.add((one.change.kind, one.change.id))

    def _refuse(self, line: int, reason: str, subject: str | None = None) -> None:
        progress = self._report.progress
        progress.refused += 1
        self._report.refusals.append(Refusal(progress.file, line, reason, subject))


def _is_same(change: Restore, document: Document | None) -> bool:
    return document is not None and (
        (change.version, change.stored_at, change.body)
        == (document.version, document.stored_at, document.body)
    )

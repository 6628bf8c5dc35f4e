"""``careflow import`` of a folder that ``careflow export`` wrote: everything as it was.

Each resource comes back with its own id, versionId, lastUpdated and bytes. What is here already is
left alone, so a second run changes nothing; where another version stands under an id, the line is
refused. A file that is not, byte for byte, what the manifest says is refused whole.
"""

from __future__ import annotations

import asyncio
import gzip
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

from careflow.clock import instant_text
from careflow.database.documents import (
    MAX_DOCUMENT_BYTES,
    Document,
    IdIn,
    NotRestorableError,
    Query,
    Restore,
)
from careflow.database.scope import organisation_scope
from careflow.database.work import Work
from careflow.errors import CareFlowError
from careflow.fhir.extract import patients_of
from careflow.fhir.resource import InvalidResourceError, Resource, parse
from careflow.identity.actor import Actor
from careflow.records.export_folder import (
    ExportedFile,
    ExportFolderError,
    Manifest,
    is_export,
    is_whole,
    read_manifest,
)
from careflow.records.importing import OnProgress, Progress, Refusal, Report, import_paths
from careflow.records.line_breaks import Breaks, BreaksOfLine, with_breaks
from careflow.records.owners import Proposal
from careflow.records.proposing import index_entries
from careflow.records.store import Records

CHUNK: Final = 500
CHUNK_BYTES: Final = 16 * 1024 * 1024


async def import_or_restore(
    paths: Sequence[Path],
    *,
    records: Records,
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
    restoring = Restoring(records, actor, report, dry_run=dry_run)
    for folder, manifest in manifests.items():
        await restoring.restore(folder, manifest, on_progress)
    return report


@dataclass(frozen=True, slots=True)
class _Read:
    """A line that can be put back."""

    line: int
    change: Restore
    resource: Resource

    @property
    def subject(self) -> str:
        return f"{self.change.kind}/{self.change.id}"


class _Stamped(msgspec.Struct, rename="camel"):
    version_id: str
    last_updated: str


class _Header(msgspec.Struct):
    meta: _Stamped


_HEADER: Final = msgspec.json.Decoder(_Header)
_BREAKS: Final = msgspec.json.Decoder(BreaksOfLine)


class Restoring:
    """One run over one export; counts go to a report that may have others' too."""

    def __init__(
        self, records: Records, actor: Actor, report: Report, *, dry_run: bool = False
    ) -> None:
        self._records = records
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

    async def _take(self, folder: Path, file: ExportedFile, on_progress: OnProgress) -> None:
        chunks = _chunks(_lines(folder, file))
        organisation = self._actor.organisation
        try:
            while chunk := await asyncio.to_thread(next, chunks, None):
                read = await asyncio.to_thread(_read_all, chunk, file.type, organisation)
                await self._store(list(self._keep_good(read)))
                on_progress(self._report.progress)
        except (OSError, EOFError, zlib.error, msgspec.DecodeError):
            self._refuse(0, "The file cannot be read to its end: it is damaged or no gzip file.")

    def _keep_good(self, outcomes: Iterable[_Read | Refusal]) -> Iterator[_Read]:
        for outcome in outcomes:
            if isinstance(outcome, Refusal):
                self._refuse(outcome.entry, outcome.reason, outcome.subject)
            else:
                yield outcome

    async def _store(self, read: Sequence[_Read]) -> None:
        """Put back what is not here; if a commit fails, one by one, so that one spoils no other."""
        missing = await self._missing(read)
        try:
            await self._commit(missing)
        except CareFlowError:
            for one in missing:
                await self._store_alone(one)

    async def _store_alone(self, one: _Read) -> None:
        try:
            await self._commit([one])
        except NotRestorableError as error:
            if not await self._was_here(one):
                self._refuse(one.line, error.message, one.subject)
        except CareFlowError as error:
            self._refuse(one.line, error.message, one.subject)

    async def _missing(self, read: Sequence[_Read]) -> list[_Read]:
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

    async def _was_here(self, one: _Read) -> bool:
        """Report whether the record had this very version and went on from it."""
        change = one.change
        past = await self._records.documents.read(
            change.kind, change.id, self._scope, version=change.version
        )
        if not _is_same(change, past):
            return False
        self._count_unchanged(one)
        return True

    async def _commit(self, group: Sequence[_Read]) -> None:
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

    def _count_unchanged(self, one: _Read) -> None:
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


# --- reading the files ---------------------------------------------------------------------

_Line = tuple[int, bytes, Breaks | None]


def _lines(folder: Path, file: ExportedFile) -> Iterator[_Line]:
    """Yield each line with its number and where line breaks stood in it."""
    broken = _breaks(folder / file.line_breaks) if file.line_breaks else iter(())
    following = next(broken, None)
    with gzip.open(folder / file.name, "rb") as opened:
        number = 0
        while line := opened.readline(MAX_DOCUMENT_BYTES + 2):
            number += 1
            breaks = None
            if following is not None and following.line == number:
                breaks, following = following.at, next(broken, None)
            yield number, line.removesuffix(b"\n"), breaks


def _breaks(path: Path) -> Iterator[BreaksOfLine]:
    with gzip.open(path, "rb") as opened:
        for line in opened:
            yield _BREAKS.decode(line)


def _chunks(lines: Iterator[_Line]) -> Iterator[list[_Line]]:
    """Yield lines together, neither too many nor too large together."""
    chunk: list[_Line] = []
    size = 0
    for line in lines:
        chunk.append(line)
        size += len(line[1])
        if len(chunk) >= CHUNK or size >= CHUNK_BYTES:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _read_all(chunk: Sequence[_Line], kind: str, organisation: str) -> list[_Read | Refusal]:
    """Check and index a chunk, away from the event loop."""
    return [_read_one(line, kind, organisation) for line in chunk]


def _read_one(line: _Line, kind: str, organisation: str) -> _Read | Refusal:
    number, content, breaks = line
    try:
        body = with_breaks(content, breaks) if breaks is not None else content
        resource = parse(body, expected_type=kind)
        stamped = _HEADER.decode(body).meta
        version, updated = int(stamped.version_id), datetime.fromisoformat(stamped.last_updated)
    except InvalidResourceError as error:
        place = f" (at {error.place})" if error.place else ""
        return Refusal("", number, f"{error.message}{place}")
    except (ValueError, msgspec.DecodeError):
        return Refusal("", number, _NOT_OURS)
    id = resource.id or ""
    if not _begins_as_stored(body, kind, id, version, updated):
        return Refusal("", number, _NOT_OURS, f"{kind}/{id}")
    change = Restore(kind, id, version, updated, body, organisation, index_entries(resource, id))
    return _Read(number, change, resource)


_NOT_OURS: Final = "The line does not carry id, versionId and lastUpdated as an export writes them."


def _begins_as_stored(body: bytes, kind: str, id: str, version: int, updated: datetime) -> bool:
    """Report whether the bytes begin as this store begins every resource."""
    if version < 1 or updated.tzinfo is None:
        return False
    told = f'"versionId":"{version}","lastUpdated":"{instant_text(updated)}"'
    return body.startswith(f'{{"resourceType":"{kind}","id":"{id}","meta":{{{told}'.encode())

"""``careflow export``: every current resource as of one commit, NDJSON by type, gzipped.

What is written while it runs is not in it, whatever order it comes in. It is written page by page,
each a gzip member of its own: a run that was stopped goes on behind its last whole page, and files
that are finished are only hashed again. A page's audit entry is durable before the page is written.
"""

from __future__ import annotations

import asyncio
import gzip
import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from careflow.audit.entry import AuditEntry
from careflow.audit.trail import Trail
from careflow.clock import Clock, instant_text
from careflow.database.documents import Document, Documents, Query
from careflow.database.scope import AccessScope, organisation_scope
from careflow.fhir.definitions import resource_types
from careflow.files.store import Files
from careflow.identity.actor import Actor
from careflow.records.carried_papers import export_papers
from careflow.records.clinic import database_name
from careflow.records.disclosure import patients_in
from careflow.records.export_folder import (
    UNFINISHED,
    ExportedFile,
    ExportFolderError,
    Growing,
    Manifest,
    alone,
    is_whole,
    private,
    sha256_of,
    unfinished_in,
    write_manifest,
)
from careflow.records.line_breaks import BreaksOfLine, breaks_in, without_breaks
from careflow.records.paper import KIND, Paper

PAGE_BYTES: Final = 8 * 1024 * 1024
"""What a page holds, about: enough to compress well, little enough to hold in memory."""
PAGE_RESOURCES: Final = 500
FIRST_PAGE: Final = 20
_LEVEL: Final = 6


@dataclass(slots=True)
class ExportProgress:
    """How far an export has come; handed to the progress callback after every page.

    Attributes:
        resources_total: Counted only where somebody is shown it.
    """

    resources_total: int
    resources: int = 0
    type: str = ""


OnProgress = Callable[[ExportProgress], None]


@dataclass(frozen=True, slots=True)
class Exporter:
    """What an export reads from and answers to."""

    documents: Documents
    files: Files
    trail: Trail
    actor: Actor
    clock: Clock
    tool: str

    async def export(self, folder: Path, on_progress: OnProgress | None = None) -> Manifest:
        """Write everything to a folder, or go on with what was interrupted there.

        Raises:
            ExportFolderError: The folder holds anything else.
            ExportRunningError: Another process is writing there.
        """
        with alone(folder):
            manifest = await self._begin(folder)
            progress = ExportProgress(await self._count() if on_progress else 0)
            show = on_progress or (lambda _: None)
            for kind in sorted(resource_types()):
                progress.type = kind
                manifest = await self._take(folder, manifest, kind, progress, show)
            papers = await export_papers(
                folder,
                documents=self.documents,
                files=self.files,
                scope=self._scope,
                as_of=manifest.as_of,
                note=self._note_papers,
            )
            finished = msgspec.structs.replace(
                manifest,
                papers=papers,
                finished_at=instant_text(self.clock()),
                resources=sum(file.resources for file in manifest.files),
            )
            await asyncio.to_thread(write_manifest, folder, finished)
            return finished

    async def _begin(self, folder: Path) -> Manifest:
        """Return the manifest to go on with, its finished files as they are named there."""
        database = await database_name(self.documents, self.actor.organisation)
        manifest = await asyncio.to_thread(unfinished_in, folder)
        if manifest is None:
            newest = (await self.documents.history(self._scope, count=1)).documents
            manifest = Manifest(
                tool=self.tool,
                organisation=self.actor.organisation,
                database=database,
                started_at=instant_text(self.clock()),
                as_of=newest[0].sequence if newest else 0,
            )
            await asyncio.to_thread(write_manifest, folder, manifest)
        elif manifest.database != database:
            raise ExportFolderError(
                f"{folder} holds an unfinished export of another database: name another folder."
            )
        whole = await asyncio.to_thread(_whole, folder, manifest.files)
        return msgspec.structs.replace(manifest, files=whole)

    async def _count(self) -> int:
        total = 0
        for kind in resource_types():
            total += (await self.documents.find(Query(kind, count=0), self._scope)).total or 0
        return total

    @property
    def _scope(self) -> AccessScope:
        return organisation_scope(self.actor.organisation)

    async def _take(
        self,
        folder: Path,
        manifest: Manifest,
        kind: str,
        progress: ExportProgress,
        on_progress: OnProgress,
    ) -> Manifest:
        """Write one type's file, from where it was left; return the manifest with it."""
        done = next((file for file in manifest.files if file.type == kind), None)
        if done is not None:
            progress.resources += done.resources
            on_progress(progress)
            return manifest
        growing = manifest.growing
        if growing is None or growing.type != kind:
            growing = Growing(kind)
        file = TypeFile(folder, await asyncio.to_thread(_cut, folder, growing))
        progress.resources += file.growing.resources
        count = FIRST_PAGE
        while page := await self._page(kind, manifest.as_of, file.growing.after, count):
            await self._note(kind, page)
            await asyncio.to_thread(file.append, page)
            manifest = msgspec.structs.replace(manifest, growing=file.growing)
            await asyncio.to_thread(write_manifest, folder, manifest)
            progress.resources += len(page)
            on_progress(progress)
            size = sum(len(document.body) for document in page) // len(page)
            count = max(1, min(PAGE_RESOURCES, PAGE_BYTES // max(size, 1)))
        if not file.growing.resources:
            return manifest
        finished = await asyncio.to_thread(file.finish)
        manifest = msgspec.structs.replace(
            manifest, files=(*manifest.files, finished), growing=None
        )
        await asyncio.to_thread(write_manifest, folder, manifest)
        return manifest

    async def _page(self, kind: str, as_of: int, after: int, count: int) -> list[Document]:
        return await self.documents.standing(
            kind, self._scope, as_of=as_of, after=after, count=count
        )

    async def _note(self, kind: str, page: Sequence[Document]) -> None:
        patients = dict.fromkeys(patient for each in page for patient in patients_in(each))
        await self._note_left(kind.lower(), patients, [f"{kind}/{each.id}" for each in page])

    async def _note_papers(self, papers: Sequence[Paper]) -> None:
        patients = dict.fromkeys(paper.patient_id for paper in papers if paper.patient_id)
        subjects = [f"{KIND}/{paper.id}" for paper in papers]
        await self._note_left(KIND, patients, subjects)

    async def _note_left(self, what: str, patients: Iterable[str], subjects: Sequence[str]) -> None:
        await self.trail.note(
            AuditEntry(
                at=self.clock(),
                action=f"records:{what}:export",
                organisation=self.actor.organisation,
                actor=self.actor.id,
                role=self.actor.role,
                patients=tuple(patients),
                subjects=tuple(subjects),
            )
        )


class TypeFile:
    """The file of one type while it grows; ``growing`` is what of it is whole and durable."""

    def __init__(self, folder: Path, growing: Growing) -> None:
        self.growing = growing
        self._folder = folder

    def append(self, page: Sequence[Document]) -> None:
        """Write one page, durable on return."""
        lines, breaks = [], []
        for number, document in enumerate(page, self.growing.resources + 1):
            lines.append(without_breaks(document.body) + b"\n")
            if found := breaks_in(document.body):
                breaks.append(msgspec.json.encode(BreaksOfLine(number, found)) + b"\n")
        kind = self.growing.type
        self.growing = Growing(
            kind,
            resources=self.growing.resources + len(page),
            bytes=self._write(_name(kind), lines),
            break_bytes=self._write(_breaks_name(kind), breaks)
            if breaks
            else self.growing.break_bytes,
            after=page[-1].sequence,
        )

    def finish(self) -> ExportedFile:
        """Give the file its own name, and say what it holds."""
        kind = self.growing.type
        broken = self.growing.break_bytes > 0
        names = [_name(kind), _breaks_name(kind)] if broken else [_name(kind)]
        hashes = [sha256_of(self._folder / (name + UNFINISHED)) or "" for name in names]
        for name in names:
            (self._folder / (name + UNFINISHED)).replace(self._folder / name)
        return ExportedFile(
            name=names[0],
            type=kind,
            resources=self.growing.resources,
            bytes=self.growing.bytes,
            sha256=hashes[0],
            line_breaks=names[1] if broken else None,
            line_breaks_sha256=hashes[1] if broken else None,
        )

    def _write(self, name: str, lines: Sequence[bytes]) -> int:
        """Append a gzip member; return the size of the file with it."""
        member = gzip.compress(b"".join(lines), _LEVEL, mtime=0)
        with private(self._folder / (name + UNFINISHED), os.O_APPEND) as file:
            rest = memoryview(member)
            while rest:
                rest = rest[os.write(file, rest) :]
            os.fsync(file)
            return os.fstat(file).st_size


def _name(kind: str) -> str:
    return f"{kind}.ndjson.gz"


def _breaks_name(kind: str) -> str:
    # Not NDJSON by its name: nobody imports it as resources.
    return f"{kind}.line-breaks.gz"


def _whole(folder: Path, files: Sequence[ExportedFile]) -> tuple[ExportedFile, ...]:
    """Return the files that are as they were when they were finished; remove the others."""
    kept = []
    for file in files:
        if is_whole(folder, file):
            kept.append(file)
            continue
        for name in (file.name, file.line_breaks):
            if name is not None:
                (folder / name).unlink(missing_ok=True)
    return tuple(kept)


def _cut(folder: Path, growing: Growing) -> Growing:
    """Cut a type's unfinished files to what is whole; if less is there, begin them afresh."""
    sizes = {_name(growing.type): growing.bytes, _breaks_name(growing.type): growing.break_bytes}
    paths = {folder / (name + UNFINISHED): size for name, size in sizes.items()}
    for name in sizes:  # finished, but its manifest was not written any more
        with suppress(FileNotFoundError):
            (folder / name).replace(folder / (name + UNFINISHED))
    if any(size > _size(path) for path, size in paths.items()):
        growing = Growing(growing.type)
        paths = dict.fromkeys(paths, 0)
    for path, size in paths.items():
        if size:
            os.truncate(path, size)
        else:
            path.unlink(missing_ok=True)
    return growing


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0

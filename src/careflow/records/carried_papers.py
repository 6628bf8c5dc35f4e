"""Papers that were filed to a chart, and their files, on their way out and back.

A DocumentReference points at the paper it came from; without it the chart's originals would be
gone. Files lie in the folder as they were uploaded, named by their SHA-256, for people to open.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

from careflow.clock import instant_text
from careflow.database.documents import Document, Documents, NotRestorableError, Restore
from careflow.database.scope import AccessScope
from careflow.database.work import Work
from careflow.errors import CareFlowError
from careflow.files.store import FileDamagedError, FileMissingError, Files
from careflow.records.export_folder import (
    PAPER_FILES,
    PAPERS,
    UNFINISHED,
    Papers,
    private,
    sha256_of,
)
from careflow.records.paper import KIND, Paper, paper_of

_PAGE: Final = 50
_ENDINGS: Final = {
    "application/pdf": ".pdf",
    "application/dicom": ".dcm",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/tiff": ".tiff",
    "text/plain": ".txt",
}

Note = Callable[[Sequence[Paper]], Awaitable[None]]
"""Keeps an audit entry for papers that are about to leave."""


Stage = Callable[[Work, Restore, Paper], None]
"""Stages a paper to be put back, with its audit entry."""


class _Line(msgspec.Struct, frozen=True, rename="camel"):
    version: int
    stored_at: str
    paper: Paper


_DECODER: Final = msgspec.json.Decoder(_Line)


# --- out -----------------------------------------------------------------------------------


async def export_papers(
    folder: Path,
    *,
    documents: Documents,
    files: Files,
    scope: AccessScope,
    as_of: int,
    note: Note,
) -> Papers:
    """Write the filed papers and their files; files that are there already are not written again.

    Returns:
        What was written, and the ids of papers whose file is missing or damaged in the store.
    """
    growing = folder / (PAPERS + UNFINISHED)
    growing.unlink(missing_ok=True)
    missing: list[str] = []
    count = 0
    async for page in _filed(documents, scope, as_of):
        await note([paper for _, paper in page])
        lines = []
        for document, paper in page:
            if await _write_file(folder, files, paper):
                line = _Line(document.version, instant_text(document.stored_at), paper)
                lines.append(msgspec.json.encode(line) + b"\n")
            else:
                missing.append(paper.id)
        await asyncio.to_thread(_append, growing, lines)
        count += len(lines)
    if not count:
        growing.unlink(missing_ok=True)
        return Papers(missing=tuple(missing))
    growing.replace(folder / PAPERS)
    sha256 = await asyncio.to_thread(sha256_of, folder / PAPERS)
    return Papers(count=count, sha256=sha256, missing=tuple(missing))


async def _filed(
    documents: Documents, scope: AccessScope, as_of: int
) -> AsyncIterator[list[tuple[Document, Paper]]]:
    after = 0
    while page := await documents.standing(KIND, scope, as_of=as_of, after=after, count=_PAGE):
        after = page[-1].sequence
        papers = [(document, paper_of(document)) for document in page]
        filed = [(document, paper) for document, paper in papers if paper.status == "filed"]
        if filed:
            yield filed


async def _write_file(folder: Path, files: Files, paper: Paper) -> bool:
    place = _place(folder, paper)
    if await asyncio.to_thread(sha256_of, place) == paper.digest:
        return True
    try:
        content = await files.get(paper.file_key, organisation=paper.organisation)
    except (FileMissingError, FileDamagedError):
        return False
    await asyncio.to_thread(_keep, place, content)
    return True


def _place(folder: Path, paper: Paper) -> Path:
    return folder / PAPER_FILES / f"{paper.digest}{_ENDINGS.get(paper.media_type, '.bin')}"


def _keep(place: Path, content: bytes) -> None:
    place.parent.mkdir(mode=0o700, exist_ok=True)
    incoming = place.with_name(place.name + UNFINISHED)
    with private(incoming, os.O_TRUNC) as file:
        _write(file, content)
    incoming.replace(place)


def _append(path: Path, lines: Sequence[bytes]) -> None:
    with private(path, os.O_APPEND) as file:
        _write(file, gzip.compress(b"".join(lines), mtime=0))


def _write(file: int, content: bytes) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(file, rest) :]
    os.fsync(file)


# --- back ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PaperOutcome:
    """What became of one paper.

    Attributes:
        line: Its line, from 1; 0 is the file of papers itself.
        refused: Why it was not put back, if it was not.
        new: Whether it was not there before.
    """

    line: int
    subject: str | None = None
    refused: str | None = None
    new: bool = False


async def restore_papers(
    folder: Path,
    papers: Papers,
    *,
    documents: Documents,
    files: Files,
    organisation: str,
    stage: Stage,
) -> AsyncIterator[PaperOutcome]:
    """Put back papers and their files, one by one; nothing that is here is overwritten."""
    if not papers.count:
        return
    if await asyncio.to_thread(sha256_of, folder / PAPERS) != papers.sha256:
        yield PaperOutcome(
            0, refused="The file is not what the manifest says: it is missing or damaged."
        )
        return
    for number, line in enumerate(_lines(folder / PAPERS), 1):
        subject = f"{KIND}/{line.paper.id}"
        try:
            new = await _restore(folder, line, documents, files, organisation, stage)
        except CareFlowError as error:
            yield PaperOutcome(number, subject, refused=error.message)
        else:
            yield PaperOutcome(number, subject, new=new)


def _lines(path: Path) -> Iterator[_Line]:
    with gzip.open(path, "rb") as opened:
        for line in opened:
            yield _DECODER.decode(line)


async def _restore(
    folder: Path,
    line: _Line,
    documents: Documents,
    files: Files,
    organisation: str,
    stage: Stage,
) -> bool:
    """Put back one paper; return whether it was not here before."""
    here = await documents.read(KIND, line.paper.id, AccessScope(organisation))
    if here is not None and here.version >= line.version:
        return False
    content = await asyncio.to_thread(_content, _place(folder, line.paper), line.paper.digest)
    stored = await files.put(content, organisation=organisation, limit=len(content))
    # Jobs and drafts do not travel; the file has a key of this installation.
    paper = replace(line.paper, file_key=stored.key, draft_id=None, job_id=None)
    change = Restore(
        *(KIND, paper.id, line.version, datetime.fromisoformat(line.stored_at)),
        *(msgspec.json.encode(paper), organisation, paper.put().entries),
    )
    work = Work(documents)
    stage(work, change, paper)
    await work.commit()
    return True


def _content(place: Path, digest: str) -> bytes:
    try:
        content = place.read_bytes()
    except FileNotFoundError:
        content = b""
    if hashlib.sha256(content).hexdigest() != digest:
        raise NotRestorableError("The paper's file is missing from the export, or damaged.")
    return content

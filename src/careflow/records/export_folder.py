"""A folder that holds an export: its manifest, its files, and who may write there.

While an export is under way its manifest is ``manifest.json.partial`` and the file being written
ends in ``.partial``; so nobody takes half of one for a whole.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar, Final

import msgspec

from careflow.errors import BadInputError, ConflictError

FORMAT: Final = "careflow-export"
FORMAT_VERSION: Final = 1
MANIFEST: Final = "manifest.json"
UNFINISHED: Final = ".partial"
PAPERS: Final = "papers.jsonl.gz"
"""Not NDJSON by its name: nobody imports it as resources."""
PAPER_FILES: Final = "files"
HISTORY_NOTE: Final = (
    "History is not included: of each resource, only the version that was current, with its"
    " versionId and lastUpdated."
)
LEFT_OUT: Final = (
    "accounts, sessions and machine clients",
    "the audit trail",
    "jobs, drafts, and papers and files of the inbox that are not filed to a chart",
)
_INCOMING: Final = f".{MANIFEST}"
_PIECE_BYTES: Final = 1024 * 1024
_HEAD_BYTES: Final = 64 * 1024


class ExportFolderError(BadInputError):
    """A folder that no export can be written to, or that holds none that can be read."""

    code: ClassVar[str] = "records-export-folder"


class ExportRunningError(ConflictError):
    """Another process is writing an export to the folder."""

    code: ClassVar[str] = "records-export-running"

    def __init__(self) -> None:
        super().__init__("Another export is being written to this folder: wait for its end.")


class ExportedFile(msgspec.Struct, frozen=True, rename="camel"):
    """A finished file.

    Attributes:
        bytes: Its size as it lies there, compressed.
        line_breaks: Name of the file that tells where line breaks stood inside resources, which
            NDJSON cannot hold.
    """

    name: str
    type: str
    resources: int
    bytes: int
    sha256: str
    line_breaks: str | None = None
    line_breaks_sha256: str | None = None


class Growing(msgspec.Struct, frozen=True, rename="camel"):
    """How far a file has come: so many of its bytes are whole.

    Attributes:
        after: Sequence of the last resource in it.
        break_bytes: Size of the file of line breaks beside it.
    """

    type: str
    resources: int = 0
    bytes: int = 0
    break_bytes: int = 0
    after: int = 0


class Papers(msgspec.Struct, frozen=True, rename="camel"):
    """The papers that were filed to a chart, whose files lie beside.

    Attributes:
        sha256: Of the file that lists them, where there are any.
        missing: Ids of papers that are not in it, their file being missing or damaged.
    """

    count: int = 0
    sha256: str | None = None
    missing: tuple[str, ...] = ()


class Manifest(msgspec.Struct, frozen=True, rename="camel"):
    """What an export says of itself.

    Attributes:
        database: Tells this database from others, and nothing else.
        as_of: The last sequence that is in it; whatever was written later is not.
        growing: What was being written when an unfinished export stopped.
    """

    tool: str
    organisation: str
    database: str
    started_at: str
    as_of: int
    format: str = FORMAT
    format_version: int = FORMAT_VERSION
    fhir_version: str = "4.0.1"
    finished_at: str | None = None
    history: str = HISTORY_NOTE
    left_out: tuple[str, ...] = LEFT_OUT
    resources: int = 0
    files: tuple[ExportedFile, ...] = ()
    papers: Papers = Papers()
    growing: Growing | None = None


_DECODER: Final = msgspec.json.Decoder(Manifest)


def is_export(path: Path) -> bool:
    """Report whether a path is a folder with a manifest of ours, finished or not."""
    try:
        return any(_is_ours(path / name) for name in (MANIFEST, MANIFEST + UNFINISHED))
    except OSError:
        return False


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of a finished export.

    Raises:
        ExportFolderError: There is none that can be read.
    """
    if not (folder / MANIFEST).is_file():
        raise ExportFolderError(
            f"The export in {folder} was never finished: run careflow export --to it again."
        )
    return _read(folder / MANIFEST)


def unfinished_in(folder: Path) -> Manifest | None:
    """Return the manifest of an interrupted export, ``None`` where the folder is empty.

    Raises:
        ExportFolderError: The folder holds anything else.
    """
    if _partial(folder).is_file():
        return _read(_partial(folder))
    if (folder / MANIFEST).is_file() and _is_ours(folder / MANIFEST):
        raise ExportFolderError(f"{folder} holds a finished export: name another folder.")
    if any(path.name != _INCOMING for path in folder.iterdir()):
        raise ExportFolderError(f"{folder} holds something else: name an empty folder.")
    return None


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest, whole and durable, under the name that its state asks for."""
    content = msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n"
    incoming = folder / _INCOMING
    with private(incoming, os.O_TRUNC) as file:
        os.write(file, content)
        os.fsync(file)
    incoming.replace(_partial(folder))
    if manifest.finished_at is not None:
        _partial(folder).replace(folder / MANIFEST)
        _sync(folder)


@contextmanager
def private(path: Path, flags: int) -> Iterator[int]:
    """Open a file that only its owner may read, for writing; no link is followed."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | flags, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Make the folder if need be, and keep other exports out of it.

    Raises:
        ExportRunningError: One is at it.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ExportRunningError from error
        yield
    finally:
        os.close(descriptor)


def sha256_of(path: Path) -> str | None:
    """Return the hash of a file in hex, ``None`` if it is not there."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while piece := file.read(_PIECE_BYTES):
                digest.update(piece)
    except FileNotFoundError:
        return None
    return digest.hexdigest()


def is_whole(folder: Path, file: ExportedFile) -> bool:
    """Report whether a file of an export is there, byte for byte."""
    if sha256_of(folder / file.name) != file.sha256:
        return False
    breaks = file.line_breaks
    return breaks is None or sha256_of(folder / breaks) == file.line_breaks_sha256


def _partial(folder: Path) -> Path:
    return folder / (MANIFEST + UNFINISHED)


def _is_ours(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return f'"{FORMAT}"'.encode() in file.read(_HEAD_BYTES)


def _read(path: Path) -> Manifest:
    try:
        manifest = _DECODER.decode(path.read_bytes())
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ExportFolderError(f"{path} is damaged: it cannot be read as a manifest.") from error
    if manifest.format != FORMAT or manifest.format_version > FORMAT_VERSION:
        raise ExportFolderError(f"{path} was written by another program or a newer release.")
    named = [name for file in manifest.files for name in (file.name, file.line_breaks) if name]
    if any(Path(name).name != name for name in named):
        raise ExportFolderError(f"{path} names files outside its folder.")
    return manifest


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

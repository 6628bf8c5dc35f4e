"""Finds and reads the files that an import is given: bundles, NDJSON, gzip of both, folders."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Final

import msgspec

from careflow.database.documents import MAX_DOCUMENT_BYTES
from careflow.errors import BadInputError
from careflow.fhir.issue import InvalidResourceError
from careflow.records.envelope import BadBundleError, Entry, open_envelope
from careflow.records.steps import id_within

BUNDLE_BYTES_MAX: Final = 1024 * 1024 * 1024
_ENDINGS: Final = (".json", ".ndjson", ".json.gz", ".ndjson.gz")
_UNPACKED: Final = frozenset({"transaction", "batch", "collection", "searchset"})
"""Bundles that only carry resources; other kinds (documents, messages) are kept whole."""

_FIRST: Final = (
    "organization", "hospital", "location", "practitioner", "practitionerrole", "patient",
)  # fmt: skip
"""Places and people come before what refers to them; then the rest by name."""


class UnreadableFileError(BadInputError):
    """A file that cannot be read as what its name says."""

    code: ClassVar[str] = "records-unreadable-file"


class NothingToImportError(BadInputError):
    """No path, or none with a file of a kind that is imported."""

    code: ClassVar[str] = "records-nothing-to-import"


@dataclass(frozen=True, slots=True)
class Item:
    """One resource of a file, unread.

    Attributes:
        number: Line of an NDJSON file or entry of a bundle, from 1.
        problem: Why it cannot even be looked at.
    """

    number: int
    content: bytes
    full_url: str | None = None
    id: str | None = None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """One file to import."""

    path: Path

    @property
    def is_lines(self) -> bool:
        """Report whether each line is a resource."""
        return self.path.name.lower().removesuffix(".gz").endswith(".ndjson")

    def items(self) -> Iterator[Item]:
        """Yield the resources of the file, lazily for NDJSON.

        Raises:
            UnreadableFileError: It is damaged, or not what its name says.
        """
        try:
            yield from self._lines() if self.is_lines else self._entries()
        except (OSError, EOFError, zlib.error) as error:
            message = "The file cannot be read to its end: it is damaged or no gzip file."
            raise UnreadableFileError(message) from error

    def _lines(self) -> Iterator[Item]:
        with _opened(self.path) as file:
            number = 0
            while line := file.readline(MAX_DOCUMENT_BYTES + 1):
                number += 1
                if len(line) > MAX_DOCUMENT_BYTES:
                    raise UnreadableFileError(f"Line {number} is longer than a resource may be.")
                if line.strip():
                    yield Item(number, line.strip(), id=id_within(line))

    def _entries(self) -> Iterator[Item]:
        with _opened(self.path) as file:
            body = file.read(BUNDLE_BYTES_MAX + 1)
        if len(body) > BUNDLE_BYTES_MAX:
            raise UnreadableFileError("The file is larger than 1 GB: send it as NDJSON.")
        body = body.removeprefix(b"\xef\xbb\xbf")
        head = _head_of(body)
        if head.resource_type != "Bundle" or head.type not in _UNPACKED:
            yield Item(1, body, id=id_within(body))
            return
        try:
            envelope = open_envelope(body, entries_max=None)
        except (BadBundleError, InvalidResourceError) as error:
            raise UnreadableFileError(error.message) from error
        for number, entry in enumerate(envelope.entry, 1):
            yield _item_of(number, entry)


class _Head(msgspec.Struct, rename="camel"):
    resource_type: Any = None
    type: Any = None


_HEAD: Final = msgspec.json.Decoder(_Head)


def type_within(content: bytes) -> str | None:
    """Return the resource type an item names, ``None`` if it names none."""
    try:
        kind = _HEAD.decode(content).resource_type
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return kind if isinstance(kind, str) else None


def _head_of(body: bytes) -> _Head:
    try:
        return _HEAD.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UnreadableFileError("The file is not valid JSON.") from error


def _item_of(number: int, entry: Entry) -> Item:
    content = bytes(entry.resource)
    problem = None
    if entry.request is not None and entry.request.method not in {"POST", "PUT"}:
        problem = f"An import only adds and updates: {entry.request.method} is not carried out."
    elif not content:
        problem = "The entry holds no resource."
    return Item(number, content, entry.full_url, _id_of(entry, content), problem)


def _id_of(entry: Entry, content: bytes) -> str | None:
    """Return the id a resource is kept under: its own, or the one it is addressed by."""
    own = id_within(content) if content else None
    if own is not None:
        return own
    if entry.full_url is not None and entry.full_url.startswith("urn:uuid:"):
        return entry.full_url.removeprefix("urn:uuid:").lower()
    if entry.request is not None and entry.request.method == "PUT":
        return entry.request.url.rpartition("/")[2]
    return None


def _opened(path: Path) -> Any:  # noqa: ANN401 - gzip's and io's readers share no public type.
    return gzip.open(path, "rb") if path.name.lower().endswith(".gz") else path.open("rb")


def sources_in(paths: Sequence[Path]) -> list[Source]:
    """Return the files to import, in the order to import them.

    Raises:
        NothingToImportError: A path does not exist or is of no kind that is imported.
    """
    found: list[Path] = []
    for path in paths:
        if not path.exists():
            raise NothingToImportError(f"There is no file or folder {path}.")
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        # A pipe or device of that name would be waited for without end.
        named = [file for file in files if file.name.lower().endswith(_ENDINGS)]
        fitting = [file for file in named if file.is_file()]
        if not fitting:
            endings = ", ".join(_ENDINGS)
            raise NothingToImportError(f"{path} holds nothing to import ({endings}).")
        found += fitting
    ordered = sorted(dict.fromkeys(found), key=_rank)
    return [Source(path) for path in ordered]


def _rank(path: Path) -> int:
    name = path.name.lower()
    ranks: Iterable[int] = (
        rank
        for rank, start in enumerate(_FIRST)
        if name.startswith((f"{start}.", f"{start}information"))
    )
    return min(ranks, default=len(_FIRST))

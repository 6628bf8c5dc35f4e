"""The lines of an export, read and checked before they are put back."""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

from careflow.clock import instant_text
from careflow.database.documents import MAX_DOCUMENT_BYTES, Restore
from careflow.fhir.resource import InvalidResourceError, Resource, parse
from careflow.records.export_folder import ExportedFile
from careflow.records.import_report import Refusal
from careflow.records.line_breaks import Breaks, BreaksOfLine, with_breaks
from careflow.records.proposing import index_entries

CHUNK: Final = 500
CHUNK_BYTES: Final = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class ReadLine:
    """A line that can be put back."""

    line: int
    change: Restore
    resource: Resource

    @property
    def subject(self) -> str:
        """Return ``Type/id``."""
        return f"{self.change.kind}/{self.change.id}"


class _Stamped(msgspec.Struct, rename="camel"):
    version_id: str
    last_updated: str


class _Header(msgspec.Struct):
    meta: _Stamped


_HEADER: Final = msgspec.json.Decoder(_Header)
_BREAKS: Final = msgspec.json.Decoder(BreaksOfLine)


_Line = tuple[int, bytes, Breaks | None]


def lines_of(folder: Path, file: ExportedFile) -> Iterator[_Line]:
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


def chunks_of(lines: Iterator[_Line]) -> Iterator[list[_Line]]:
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


def read_all(chunk: Sequence[_Line], kind: str, organisation: str) -> list[ReadLine | Refusal]:
    """Check and index a chunk, away from the event loop."""
    return [_read_one(line, kind, organisation) for line in chunk]


def _read_one(line: _Line, kind: str, organisation: str) -> ReadLine | Refusal:
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
    return ReadLine(number, change, resource)


_NOT_OURS: Final = "The line does not carry id, versionId and lastUpdated as an export writes them."


def _begins_as_stored(body: bytes, kind: str, id: str, version: int, updated: datetime) -> bool:
    """Report whether the bytes begin as this store begins every resource."""
    if version < 1 or updated.tzinfo is None:
        return False
    told = f'"versionId":"{version}","lastUpdated":"{instant_text(updated)}"'
    return body.startswith(f'{{"resourceType":"{kind}","id":"{id}","meta":{{{told}'.encode())

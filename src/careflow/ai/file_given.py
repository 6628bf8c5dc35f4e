"""A file for a task: one of the inbox by its id, or one that was sent along and is not kept."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

from careflow.ai.task import BadTaskInputError, Given, GivenFile
from careflow.files.content_type import HEAD_BYTES, sniff
from careflow.files.store import FileEmptyError, FileTooLargeError, FileTypeError
from careflow.identity.access import scope_of
from careflow.identity.actor import Actor
from careflow.identity.permissions import require
from careflow.records.inbox import Inbox

SENT = "sent"
"""Stands for a file that came with its question: it has no name here."""

_RECORDINGS = (
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"OggS", "audio/ogg"),
    (0, b"fLaC", "audio/flac"),
    (4, b"ftypM4A", "audio/mp4"),
    (8, b"WAVE", "audio/wav"),
    (4, b"ftyp", "video/mp4"),
    (0, b"\x1a\x45\xdf\xa3", "video/webm"),
)
"""Where in a recording its kind stands, and what it is then."""


async def sent_file(content: AsyncIterator[bytes], *, limit: int) -> GivenFile:
    """Read a file that comes with a question; its kind is told by its content alone.

    Raises:
        FileTooLargeError: As soon as the limit is passed; the rest is not read.
        FileTypeError: It is nothing that a task takes.
        FileEmptyError: There is no content.
    """
    pieces: list[bytes] = []
    size = 0
    async for piece in content:
        pieces.append(piece)
        size += len(piece)
        if size > limit:
            raise FileTooLargeError(limit)
    whole = b"".join(pieces)
    if not whole:
        raise FileEmptyError
    media_type = _recording(whole) or sniff(whole[:HEAD_BYTES])
    if media_type is None:
        raise FileTypeError
    return GivenFile(whole, media_type, SENT)


async def with_file(given: Given, inbox: Inbox, actor: Actor) -> tuple[Given, str | None]:
    """Return what was given with the inbox document that it names, and whose document that is.

    Raises:
        careflow.records.paper.DocumentNotFoundError: No such document for the actor.
    """
    id = getattr(given.asked, "file", None)
    if id is None or given.file is not None:
        return given, None
    require(actor, "inbox:read")
    scope = scope_of(actor)
    paper = await inbox.paper(id, scope)
    content = await inbox.content(id, scope)
    file = GivenFile(content, paper.media_type, paper.file_key)
    return replace(given, file=file), paper.patient_id


def require_takes_file(fields: tuple[str, ...]) -> None:
    """Raise unless a task has a file among the fields of its input."""
    if "file" not in fields:
        raise BadTaskInputError("This task takes no file: send what it asks for.", place="file")


def _recording(content: bytes) -> str | None:
    found = (kind for at, mark, kind in _RECORDINGS if content.startswith(mark, at))
    return next(found, None)

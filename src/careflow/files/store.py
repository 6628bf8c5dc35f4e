"""The files port."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import ClassVar, Protocol

from careflow.errors import NotFoundError, TooLargeError, UnsupportedMediaError


class FileTooLargeError(TooLargeError):
    """A file is larger than the limit; nothing was stored."""

    code: ClassVar[str] = "files-too-large"


class FileTypeError(UnsupportedMediaError):
    """The content is not of a type that is taken, whatever its name says; nothing was stored."""

    code: ClassVar[str] = "files-type-not-taken"


class FileMissingError(NotFoundError):
    """No such file."""

    code: ClassVar[str] = "files-missing"


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file as stored.

    Attributes:
        key: What to ask for it by; an HMAC of organisation and content, so the same upload has the
            same key and the key tells nothing.
        media_type: Decided from the content, never from a name or header.
        size: In bytes, of the content.
        digest: SHA-256 of the content, hex.
    """

    key: str
    media_type: str
    size: int
    digest: str


class Files(Protocol):
    """Where large content lies."""

    async def put(
        self, content: AsyncIterator[bytes] | bytes, *, organisation: str, limit: int
    ) -> StoredFile:
        """Store content of at most ``limit`` bytes, durable on return.

        Raises:
            FileTooLargeError: As soon as the limit is passed; the rest is not read.
            FileTypeError: The content is none of the types taken.
        """
        ...

    async def get(self, key: str, *, organisation: str) -> bytes:
        """Return the content, byte-identical, or raise FileMissingError."""
        ...

    async def remove(self, key: str, *, organisation: str) -> None:
        """Remove the content; no error if it is not there."""
        ...

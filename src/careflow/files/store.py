"""The files port."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import ClassVar, Protocol

from careflow.errors import (
    BadInputError,
    CareFlowError,
    NotFoundError,
    TooLargeError,
    UnavailableError,
    UnsupportedMediaError,
)


class FileTooLargeError(TooLargeError):
    """A file is larger than the limit; nothing was stored."""

    code: ClassVar[str] = "files-too-large"

    def __init__(self, limit: int) -> None:
        super().__init__(f"The file is larger than {_size_text(limit)}: send a smaller one.")
        self.limit = limit


class FileEmptyError(BadInputError):
    """Nothing was sent; nothing was stored."""

    code: ClassVar[str] = "files-empty"

    def __init__(self) -> None:
        super().__init__("The file is empty: choose another one.")


class FileTypeError(UnsupportedMediaError):
    """The content is not of a type that is taken, whatever its name says; nothing was stored."""

    code: ClassVar[str] = "files-type-not-taken"

    def __init__(self) -> None:
        super().__init__(
            "Files of this type are not taken: send PDF, PNG, JPEG, TIFF, DICOM or text."
        )


class FileMissingError(NotFoundError):
    """No such file."""

    code: ClassVar[str] = "files-missing"

    def __init__(self) -> None:
        super().__init__("There is no such file.")


class FilesUnavailableError(UnavailableError):
    """The place where files lie does not take or give them now; nothing was stored."""

    code: ClassVar[str] = "files-unavailable"
    retry_after_s: ClassVar[int | None] = 2

    def __init__(self) -> None:
        super().__init__("Files cannot be kept now: check the disk's space and rights.")


class FileDamagedError(CareFlowError):
    """What lies in the store is not what was put there; nothing of it is returned."""

    code: ClassVar[str] = "files-damaged"

    def __init__(self) -> None:
        super().__init__("This stored file is damaged: restore it from a backup.")


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
            FileEmptyError: There is no content.
            FilesUnavailableError: The disk is full, or not ours to write to.
        """
        ...

    async def get(self, key: str, *, organisation: str) -> bytes:
        """Return the content, byte-identical.

        Raises:
            FileMissingError: This organisation has no such file.
            FileDamagedError: What lies there was altered, cut, renamed or swapped.
        """
        ...

    async def remove(self, key: str, *, organisation: str) -> None:
        """Remove the content; no error if it is not there."""
        ...


def _size_text(size: int) -> str:
    mega = size / (1024 * 1024)
    return f"{mega:g} MB" if mega >= 1 else f"{size} bytes"

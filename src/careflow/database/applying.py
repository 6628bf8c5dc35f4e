"""Rules of a commit that are the same on every adapter."""

from __future__ import annotations

from datetime import datetime

from careflow.database.documents import (
    MAX_DOCUMENT_BYTES,
    Delete,
    Put,
    VersionMismatchError,
)
from careflow.errors import TooLargeError


def check_version(change: Put | Delete, *, version: int, deleted: bool) -> None:
    """Raise unless the document is at the version that the change expects.

    Args:
        change: What is to be done.
        version: The current version, 0 if there never was one.
        deleted: Whether the current version is a deletion.
    """
    expected = change.expected
    if expected is None or expected == version or (expected == 0 and deleted):
        return
    raise VersionMismatchError(change.kind, change.id, expected=expected, actual=version)


def body_of(change: Put, version: int, stored_at: datetime) -> bytes:
    """Return the bytes to keep, made now if they depend on version and instant.

    Raises:
        TooLargeError: They exceed what a document may hold.
    """
    body = change.body
    made = body if isinstance(body, bytes) else body(version, stored_at)
    if len(made) > MAX_DOCUMENT_BYTES:
        raise TooLargeError(
            f"A document is at most {MAX_DOCUMENT_BYTES // 1024**2} MB: store it as a file."
        )
    return made

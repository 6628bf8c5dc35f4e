"""Rules of a commit that are the same on every adapter."""

from __future__ import annotations

from datetime import datetime

from careflow.database.documents import (
    MAX_DOCUMENT_BYTES,
    Delete,
    Document,
    NotRestorableError,
    Put,
    Restore,
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
    _check_size(made)
    return made


def check_restore(change: Restore, current: Document | None) -> None:
    """Raise unless the version may be put back, or is what stands there already.

    Args:
        change: What is to be put back.
        current: What stands under its id, a deletion too.

    Raises:
        NotRestorableError: It may not.
        TooLargeError: The body exceeds what a document may hold.
    """
    _check_size(change.body)
    if change.version < 1:
        raise NotRestorableError("Versions are counted from 1, so this is none to put back.")
    if current is None:
        return
    asked = (change.version, change.stored_at, change.body)
    if current.deleted or (current.version, current.stored_at, current.body) != asked:
        raise NotRestorableError(
            f"Another version of this {change.kind} is here already, so it is not put back."
        )


def _check_size(body: bytes) -> None:
    if len(body) > MAX_DOCUMENT_BYTES:
        raise TooLargeError(
            f"A document is at most {MAX_DOCUMENT_BYTES // 1024**2} MB: store it as a file."
        )

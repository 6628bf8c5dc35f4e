"""Opening an encrypted SQLite file: cipher, key, durability and what is said when it cannot be."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar, Literal, TypeAlias

import apsw

from careflow.database.failures import WrongKeyError
from careflow.errors import UnavailableError

log = logging.getLogger(__name__)

Cipher = Literal["aegis", "sqlcipher"]
"""``aegis`` costs about nothing to read; ``sqlcipher`` (AES-256-CBC with HMAC) is for those whose
rules name AES."""

Binding: TypeAlias = "str | int | float | bytes | apsw.CArrayBinding | None"
"""A value bound to a question mark; numbers of ``carray(?)`` come as one."""

PAGE_BYTES = 4096
"""Of a new file. A commit of one document touches a dozen pages, each encrypted, written to the log
and moved into the file, so that small ones cost a quarter less."""
PAGE_BYTES_BEFORE = 8192
"""Of a file of the first release, which keeps its own."""
BUSY_TIMEOUT_MS = 10_000
"""How long one process waits for another's write on the same file."""
STATEMENTS_KEPT = 256
KEY_BYTES = 32
CHECKPOINT_PAGES = 4000
"""16 MB of changes are gathered before they move into the file, so that pages written often move
once."""
WAL_KEPT_BYTES = 64 * 1024 * 1024
"""A write-ahead log that grew past this (behind a long read) is cut back afterwards."""


class NotADatabaseError(UnavailableError):
    """The file was not written by this store."""

    code: ClassVar[str] = "database-not-a-database"


def connect(path: Path, *, key: bytes, cipher: Cipher, cache_mb: int) -> apsw.Connection:
    """Open (or create) an encrypted file and prove that the key fits.

    Args:
        path: The database file; its folder must exist.
        key: 32 random bytes, used as they are: no key derivation slows an open.
        cipher: See :data:`Cipher`.
        cache_mb: Decrypted pages kept at most; memory is taken only as pages are read.

    Raises:
        WrongKeyError: The key does not open the file.
        NotADatabaseError: The file is something else.
    """
    if len(key) != KEY_BYTES:
        msg = f"A database key is {KEY_BYTES} bytes, not {len(key)}."
        raise ValueError(msg)
    try:
        connection = apsw.Connection(str(path), statementcachesize=STATEMENTS_KEPT)
    except apsw.CantOpenError as error:
        raise NotADatabaseError(f"The database file {path} cannot be opened: {error}.") from error
    try:
        _unlock(connection, key, cipher)
    except apsw.NotADBError as error:
        connection.close()
        raise _refusal(path) from error
    _configure(connection, cache_mb)
    return connection


def rows(
    connection: apsw.Connection, statement: str, bindings: Sequence[Binding] = ()
) -> list[tuple[Any, ...]]:
    """Return all rows at once, so that no read transaction stays open behind the answer."""
    return connection.execute(statement, bindings).fetchall()


@contextmanager
def one_view(connection: apsw.Connection) -> Iterator[None]:
    """Let several statements see the same commits, whatever is written meanwhile."""
    connection.execute("BEGIN")
    try:
        yield
    finally:
        connection.execute("COMMIT")


def _unlock(connection: apsw.Connection, key: bytes, cipher: Cipher) -> None:
    connection.set_busy_timeout(BUSY_TIMEOUT_MS)
    connection.pragma("cipher", cipher)
    connection.execute(f"PRAGMA key='raw:{key.hex()}'")
    connection.pragma("page_size", PAGE_BYTES)
    connection.execute("SELECT count(*) FROM sqlite_schema").fetchall()


def _configure(connection: apsw.Connection, cache_mb: int) -> None:
    connection.pragma("journal_mode", "wal")
    connection.pragma("synchronous", "FULL")
    connection.wal_autocheckpoint(CHECKPOINT_PAGES)
    connection.pragma("journal_size_limit", WAL_KEPT_BYTES)
    # Sorts and materialised subqueries would otherwise spill, unencrypted, to the temp folder.
    connection.pragma("temp_store", "MEMORY")
    connection.pragma("cache_size", -cache_mb * 1024)
    connection.pragma("trusted_schema", "OFF")


def _refusal(path: Path) -> WrongKeyError | NotADatabaseError:
    """Tell a wrong key from a file that was never ours.

    Of an encrypted file's first page, bytes 16 to 23 stay readable: the page size and SQLite's
    fixed payload fractions.
    """
    with path.open("rb") as file:
        head = file.read(24)
    if head.startswith(b"SQLite format 3\0"):
        return NotADatabaseError(f"{path} is a SQLite file that is not encrypted, so not ours.")
    sizes = {size.to_bytes(2, "big") for size in (PAGE_BYTES, PAGE_BYTES_BEFORE)}
    if head[16:18] in sizes and head[21:24] == b"\x40\x20\x20":
        return WrongKeyError(
            f"The key does not open {path}: give the key (or cipher) it was created with."
        )
    return NotADatabaseError(f"{path} is not a database of CareFlowAI.")

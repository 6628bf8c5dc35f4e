"""The documents port: what every database adapter offers and ``tests/contracts`` proves.

A document is bytes of some kind, versioned from 1, with index entries beside it. Bytes come back
exactly as they were stored. Nothing here knows FHIR: ``fhir`` extracts entries, ``records`` passes
them on.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime
from typing import ClassVar, Protocol

import msgspec

from careflow.database.conditions import Condition, SortKey
from careflow.database.scope import AccessScope
from careflow.errors import BadInputError, ConflictError

MAX_DOCUMENT_BYTES = 15 * 1024 * 1024
"""Largest body of one document, on every adapter (MongoDB's own limit is 16 MB)."""

Term = tuple[str, str]
"""(parameter, value): matches exactly."""
Text = tuple[str, str]
"""(parameter, text): matches by prefix or part without case and accents, or exactly."""
Range = tuple[str, float, float, str]
"""(parameter, low, high, qualifier): a closed interval, e.g. a date by its precision in ms since
1970 or a quantity with its unit as qualifier (``""`` where there is none)."""
Series = tuple[str, float]
"""(compound key, order): a small ordered list, e.g. one analyte of one patient by time. A document
has one place in each series; of two orders under one key the later given counts."""


class Entries(msgspec.Struct, frozen=True, gc=False):
    """Index entries stored beside one document."""

    terms: Sequence[Term] = ()
    texts: Sequence[Text] = ()
    ranges: Sequence[Range] = ()
    series: Sequence[Series] = ()


class Document(msgspec.Struct, frozen=True, gc=False):
    """One version of a document as stored.

    A document is known by organisation, kind and id: two organisations may use the same id.
    ``body`` is empty when ``deleted``. ``sequence`` orders all versions of all documents of a
    database in the order of their commits.
    """

    kind: str
    id: str
    version: int
    stored_at: datetime
    body: bytes
    sequence: int
    deleted: bool = False


# --- changes -------------------------------------------------------------------------------

Render = Callable[[int, datetime], bytes]
"""Given the version and instant that the store assigned, return the bytes to keep."""


class Put(msgspec.Struct, frozen=True, gc=False):
    """Create or replace a document.

    Attributes:
        body: The bytes, or a function that makes them from the assigned version and instant.
        expected: Version that must be current; 0 means "must not exist (or be deleted)";
            ``None`` means "whatever is there". Otherwise :class:`VersionMismatchError`.
        keep_history: Whether the superseded version stays readable (FHIR resources yes, counters
            and leases no).
    """

    kind: str
    id: str
    body: bytes | Render
    organisation: str
    entries: Entries = Entries()
    expected: int | None = None
    keep_history: bool = True


class Delete(msgspec.Struct, frozen=True, gc=False):
    """Delete a document; its history and the fact of the deletion stay.

    Deleting what is deleted answers with the deletion there was; deleting what never was stores
    nothing and answers with a marker of version 0.
    """

    kind: str
    id: str
    organisation: str
    expected: int | None = None


class Restore(msgspec.Struct, frozen=True, gc=False):
    """Put back one version of a document exactly as an export carried it.

    It keeps its version and instant; its sequence is new. Nothing may stand under its id but the
    very same version, which is then left alone: otherwise :class:`NotRestorableError`. Later puts
    count on from its version, and are stored no earlier than it.
    """

    kind: str
    id: str
    version: int
    stored_at: datetime
    body: bytes
    organisation: str
    entries: Entries = Entries()

    @property
    def expected(self) -> int:
        """Return 0, what a put says that makes a document."""
        return 0


class Reindex(msgspec.Struct, frozen=True, gc=False):
    """Take other index entries for a version of a document; it stays what and when it was.

    Nothing is done where another version is current by now, or a deletion: whoever wrote that gave
    it entries of its own.
    """

    kind: str
    id: str
    version: int
    organisation: str
    entries: Entries


class Claim(msgspec.Struct, frozen=True, gc=False):
    """Take a unique key for a document, or fail the whole commit with :class:`ClaimTakenError`.

    Taking a key that the same holder already has is no error. ``holder`` is the document as
    ``kind/id``; deleting that document releases its claims.
    """

    organisation: str
    key: str
    holder: str


class Release(msgspec.Struct, frozen=True, gc=False):
    """Give up a unique key if this holder has it."""

    organisation: str
    key: str
    holder: str


class Append(msgspec.Struct, frozen=True, gc=False):
    """Append an entry to an ordered stream (audit entries of writes)."""

    organisation: str
    stream: str
    body: bytes


Change = Put | Delete | Restore | Reindex | Claim | Release | Append


class VersionMismatchError(ConflictError):
    """A document was not at the version that the change expected; nothing was stored."""

    code: ClassVar[str] = "database-version-mismatch"

    def __init__(self, kind: str, id: str, *, expected: int, actual: int) -> None:
        super().__init__(f"{kind} has changed since it was read: read it again and retry.")
        self.kind, self.id, self.expected, self.actual = kind, id, expected, actual


class NotRestorableError(ConflictError):
    """A version cannot be put back as it was; nothing was stored."""

    code: ClassVar[str] = "database-not-restorable"


class ClaimTakenError(ConflictError):
    """A unique key is held by another document; nothing was stored."""

    code: ClassVar[str] = "database-claim-taken"

    def __init__(self, key: str) -> None:
        super().__init__("Something else already holds what this change needs.")
        self.key = key


# --- queries -------------------------------------------------------------------------------


class Query(msgspec.Struct, frozen=True, gc=False):
    """A question to the store: documents of one kind that meet every condition.

    Attributes:
        count: Documents a page at most; 0 asks for the total alone.
        cursor: What an earlier page of the same query returned as ``next``; opaque.
        total: Whether to count all matches.
    """

    kind: str
    conditions: tuple[Condition, ...] = ()
    sort: tuple[SortKey, ...] = ()
    count: int = 50
    cursor: str | None = None
    total: bool = False


class Page(msgspec.Struct, frozen=True):
    """Documents that answer a query; ``next`` is ``None`` on the last page."""

    documents: list[Document]
    next: str | None = None
    total: int | None = None


class StreamEntry(msgspec.Struct, frozen=True, gc=False):
    """One entry of an append-only stream; ``position`` rises by commit order."""

    position: int
    stored_at: datetime
    body: bytes


class BadCursorError(BadInputError):
    """A paging cursor that this store did not make for this query."""

    code: ClassVar[str] = "database-bad-cursor"

    def __init__(self) -> None:
        super().__init__("This paging link is not valid: start the search again.")


class Documents(Protocol):
    """What every database adapter offers. All methods are safe to call concurrently."""

    async def read(
        self,
        kind: str,
        id: str,
        scope: AccessScope,
        *,
        version: int | None = None,
    ) -> Document | None:
        """Return the current (or named) version, or ``None`` if it does not exist for the scope.

        A deleted document comes back with ``deleted`` true. Old versions are visible exactly when
        the current version's entries (or, if deleted, the last ones) are in scope.
        """
        ...

    async def find(self, query: Query, scope: AccessScope) -> Page:
        """Return the page of current, undeleted documents that match and are in scope."""
        ...

    async def history(
        self,
        scope: AccessScope,
        *,
        kind: str | None = None,
        id: str | None = None,
        since: datetime | None = None,
        count: int = 50,
        cursor: str | None = None,
    ) -> Page:
        """Return versions (deletions included), newest first, of a document, a kind or all.

        ``since`` is inclusive. Visible as :meth:`read` says.
        """
        ...

    async def standing(
        self, kind: str, scope: AccessScope, *, as_of: int, after: int = 0, count: int = 500
    ) -> list[Document]:
        """Return what was current when ``as_of`` was the last sequence, as if nothing came since.

        In the order of sequences, from the one after ``after``; deletions are left out. ``scope``
        is an organisation's, not narrowed to patients. What was replaced since by a put without
        history is left out.
        """
        ...

    async def commit(self, changes: Sequence[Change]) -> list[Document]:
        """Apply all changes or none; return, durable, what Put, Delete and Restore stored.

        The list has one item per Put, Delete and Restore, in order. Within one commit a later
        change sees earlier ones. ``stored_at`` never decreases with ``sequence``, but for what was
        restored.

        Raises:
            VersionMismatchError: An expected version was not current.
            NotRestorableError: Something else stands where a version is to be put back.
            ClaimTakenError: A unique key is held by another holder.
            careflow.errors.TooLargeError: A body exceeds MAX_DOCUMENT_BYTES.
        """
        ...

    async def stream(
        self, stream: str, organisation: str, *, after: int = 0, count: int = 1000
    ) -> list[StreamEntry]:
        """Return entries of a stream after a position, in order."""
        ...

    def watch(
        self, kinds: frozenset[str], organisation: str, *, after: int | None = None
    ) -> AsyncIterator[Document]:
        """Yield every version of these kinds in commit order, from ``after`` or from now on.

        A version replaced by a put without history before it was yielded is left out. Ends when
        the database is closed.
        """
        ...

    async def close(self) -> None:
        """Finish what was accepted and release the database."""
        ...

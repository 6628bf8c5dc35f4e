"""One unit of work: what a request or job changes commits together or not at all.

Verbs stage changes; the edge that opened the work commits it. After the commit each staged handle
knows the version that was stored.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from careflow.database.documents import (
    Append,
    Change,
    Claim,
    Delete,
    Document,
    Documents,
    Put,
    Release,
    Restore,
)


@dataclass(slots=True)
class Staged:
    """A change that will be stored; ``document`` is set once the work has committed."""

    change: Put | Delete | Restore
    _document: Document | None = None

    @property
    def document(self) -> Document:
        """Return the stored version; asking before the commit is a programming error."""
        if self._document is None:
            msg = "The work has not been committed yet."
            raise RuntimeError(msg)
        return self._document


class Work:
    """Changes gathered for one commit. Application code stages and never commits.

    Use as an asynchronous context manager at an edge: leaving without an error commits, leaving
    with one stores nothing. ``after`` callbacks run once the commit is durable.
    """

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._changes: list[Change] = []
        self._staged: list[Staged] = []
        self._after: list[Callable[[], Awaitable[None]]] = []

    @property
    def changes(self) -> tuple[Change, ...]:
        """Return what has been staged so far, in order."""
        return tuple(self._changes)

    def put(self, change: Put) -> Staged:
        """Stage a document to be stored."""
        return self._stage(change)

    def delete(self, change: Delete) -> Staged:
        """Stage a deletion."""
        return self._stage(change)

    def restore(self, change: Restore) -> Staged:
        """Stage a version to be put back as it was."""
        return self._stage(change)

    def claim(self, change: Claim) -> None:
        """Stage the taking of a unique key."""
        self._changes.append(change)

    def release(self, change: Release) -> None:
        """Stage the giving up of a unique key."""
        self._changes.append(change)

    def append(self, change: Append) -> None:
        """Stage a stream entry."""
        self._changes.append(change)

    def after_commit(self, callback: Callable[[], Awaitable[None]]) -> None:
        """Run the callback once everything is durable (waking a queue, for example)."""
        self._after.append(callback)

    def _stage(self, change: Put | Delete | Restore) -> Staged:
        staged = Staged(change)
        self._changes.append(change)
        self._staged.append(staged)
        return staged

    async def commit(self) -> None:
        """Commit what was staged. For edges only: HTTP adapters, job runner, command line."""
        if self._changes:
            stored = await self._documents.commit(self._changes)
            for staged, document in zip(self._staged, stored, strict=True):
                staged._document = document  # noqa: SLF001 - the pair is one concept.
        self._changes, self._staged = [], []
        callbacks, self._after = self._after, []
        for callback in callbacks:
            await callback()

    async def __aenter__(self) -> Work:
        """Begin."""
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Commit unless an error is on its way out."""
        if kind is None:
            await self.commit()

"""Unique keys, each held by one document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from careflow.database.documents import Claim, ClaimTakenError, Delete, Release

if TYPE_CHECKING:
    import apsw


class Claims:
    """Claims as the connection that writes takes and gives them up."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection

    def take(self, change: Claim) -> None:
        """Take a key, unless another has it."""
        self._connection.execute(
            "INSERT INTO claims VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            (change.organisation, change.key, change.holder),
        )
        holder = self._connection.execute(
            "SELECT holder FROM claims WHERE organisation = ? AND key = ?",
            (change.organisation, change.key),
        ).get
        if holder != change.holder:
            raise ClaimTakenError(change.key)

    def release(self, change: Release) -> None:
        """Give up a key that this holder has."""
        self._connection.execute(
            "DELETE FROM claims WHERE organisation = ? AND key = ? AND holder = ?",
            (change.organisation, change.key, change.holder),
        )

    def free(self, change: Delete) -> None:
        """Give up whatever a document held that is deleted."""
        self._connection.execute(
            "DELETE FROM claims WHERE organisation = ? AND holder = ?",
            (change.organisation, f"{change.kind}/{change.id}"),
        )

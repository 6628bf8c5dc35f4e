"""The rows of the index tables, gathered over a transaction and written in the order of their keys.

Rows beside each other in a table go into the same page, so a sorted batch touches each page once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from careflow.database.sqlite.entries import Indexed, range_row

if TYPE_CHECKING:
    import apsw

Row = tuple[Any, ...]
Mark = tuple[int, ...]

INSERTS = (
    "INSERT INTO postings VALUES (?, ?)",
    "INSERT INTO texts VALUES (?, ?, ?)",
    "INSERT INTO ranges VALUES (?, ?, ?, ?, ?, ?)",
    "INSERT INTO series VALUES (?, ?, ?)",
)
REMOVALS = (
    "DELETE FROM postings WHERE target = ? AND document = ?",
    "DELETE FROM texts WHERE field = ? AND value = ? AND document = ?",
    "DELETE FROM ranges WHERE field = ? AND span = ? AND low = ? AND high = ?"
    " AND qualifiers = ? AND document = ?",
    "DELETE FROM series WHERE hash = ? AND position = ? AND document = ?",
)


class IndexRows:
    """Index rows of the connection that writes; none is missing once :meth:`write` has run."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection
        self._waiting: tuple[list[Row], ...] = ([], [], [], [])

    def add(self, number: int, indexed: Indexed) -> None:
        """Add a document's rows, by the end of the transaction."""
        for waiting, new in zip(self._waiting, _rows(number, indexed), strict=True):
            waiting.extend(new)

    def remove(self, number: int, indexed: Indexed) -> None:
        """Remove rows of a document."""
        removals = _rows(number, indexed)
        if any(removals):
            self.write()  # they may be rows that this transaction added
        for statement, gone in zip(REMOVALS, removals, strict=True):
            if gone:
                self._connection.executemany(statement, gone)

    def write(self) -> None:
        """Write what waits."""
        for statement, waiting in zip(INSERTS, self._waiting, strict=True):
            if waiting:
                waiting.sort()
                self._connection.executemany(statement, waiting)
                waiting.clear()

    def drop(self) -> None:
        """Forget what waits, because it was undone."""
        for waiting in self._waiting:
            waiting.clear()


def _rows(number: int, indexed: Indexed) -> tuple[list[Row], ...]:
    return (
        [(target, number) for target in indexed.targets],
        [(*text, number) for text in indexed.texts],
        [range_row(interval, number) for interval in indexed.ranges],
        [(*place, number) for place in indexed.series],
    )

"""The rows of the index tables, gathered over a transaction and written in the order of their keys.

Rows beside each other in a table go into the same page, so a sorted batch touches each page once.
Each call into SQLite gives up and takes back the interpreter's lock, so many rows share a call.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

from careflow.database.sqlite.entries import Indexed, range_row

if TYPE_CHECKING:
    import apsw

Row = tuple[Any, ...]

TOGETHER = (64, 16, 4, 1)
"""Rows that one statement inserts: few lengths, so that the statements stay prepared."""
TABLES = (("postings", 2), ("texts", 3), ("ranges", 6), ("series", 3))
INSERTS = tuple(
    tuple(
        f"INSERT INTO {table} VALUES " + ", ".join([f"({', '.join('?' * columns)})"] * together)
        for together in TOGETHER
    )
    for table, columns in TABLES
)
"""A statement for each table and length."""
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
        for statements, waiting in zip(INSERTS, self._waiting, strict=True):
            if waiting:
                waiting.sort()
                self._insert(statements, waiting)
                waiting.clear()

    def _insert(self, statements: tuple[str, ...], new: list[Row]) -> None:
        execute = self._connection.execute
        at = 0
        for statement, together in zip(statements, TOGETHER, strict=True):
            while len(new) - at >= together:
                execute(statement, tuple(chain.from_iterable(new[at : at + together])))
                at += together

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

"""Terms that come together, known by one small number, so that index rows are few and short.

A code and its system, or the three ways in which a result names its patient, come together in
every document. Each such set is numbered once; its members' hashes are kept as ``aliases`` of the
number, and a document is posted under the number alone. A term may belong to several sets, so a
search asks for all of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from careflow.database.documents import Term
from careflow.database.sqlite.connection import rows
from careflow.database.sqlite.hashes import Hashes

if TYPE_CHECKING:
    import apsw

KEPT = 65_536
"""Sets remembered by the writing connection; a document seldom brings a new one."""
WIDE = 8
WIDE_KEPT = 256
UNQUALIFIED = 0
"""The number of the set that holds nothing but the empty qualifier."""

TermSet = tuple[Term, ...]
Key = tuple[int, TermSet | tuple[str, ...]]
"""A collection with its terms, or a field with its qualifiers."""


def term_sets(terms: Iterable[Term]) -> list[TermSet]:
    """Divide a document's terms into those that are likely to come together elsewhere too.

    Any division is right; this one follows the ends of values (``7`` of ``Patient/7``). A value
    that ends with a bar (all codes of a system) goes with the one before it.
    """
    found: dict[str, list[Term]] = {}
    end = ""
    for term in terms:
        value = term[1]
        bar = value.rfind("|")
        own = value[(bar if bar >= 0 else value.rfind("/")) + 1 :]
        if own or not value:
            end = own
        together = found.get(end)
        if together is None:
            found[end] = [term]
        else:
            together.append(term)
    return [tuple(each) for each in found.values()]


class Sets:
    """Numbers of sets, as the writing connection knows them.

    What a transaction of this connection made up is forgotten again when it is undone.
    """

    def __init__(self, connection: apsw.Connection, hashes: Hashes) -> None:
        self.last = 0
        self._connection = connection
        self._hashes = hashes
        self._known: dict[Key, int] = {}
        self._fresh: list[Key] = []

    def of_terms(self, collection: int, terms: TermSet) -> int:
        """Return the number of a set of a collection's terms, giving it one if it is new."""
        known = self._known.get((collection, terms))
        if known is None:
            term = self._hashes.term
            hashes = {term(collection, *each) for each in terms}
            known = self._number((collection, terms), hashes)
        return known

    def of_qualifiers(self, field: int, qualifiers: tuple[str, ...]) -> int:
        """Return the number of a set of qualifiers of one field's intervals."""
        if qualifiers == ("",):
            return UNQUALIFIED
        known = self._known.get((field, qualifiers))
        if known is None:
            hashes = {self._hashes.qualifier(field, each) for each in qualifiers}
            known = self._number((field, qualifiers), hashes)
        return known

    def keep(self) -> None:
        """The transaction is durable: what it made up stays."""
        self._fresh.clear()

    def mark(self) -> int:
        """Return a point to come back to with :meth:`forget_since`."""
        return len(self._fresh)

    def forget_since(self, mark: int = 0) -> None:
        """Forget what was made up after the mark, because it was undone."""
        for key in self._fresh[mark:]:
            self._known.pop(key, None)
        del self._fresh[mark:]

    def _number(self, key: Key, members: set[bytes]) -> int:
        number = self._find_or_make(members)
        if len(self._known) >= KEPT:
            self._known.clear()
        self._known[key] = number
        self._fresh.append(key)
        return number

    def _find_or_make(self, members: set[bytes]) -> int:
        whole = min(members) if len(members) == 1 else self._hashes.together(members)
        found = self._connection.execute(
            "SELECT target FROM aliases WHERE hash = ? AND whole = 1", (whole,)
        ).get
        if found is not None:
            return int(found)
        self.last += 1
        aliases = [(whole, self.last, 1)]
        if len(members) > 1:
            aliases += [(member, self.last, 0) for member in members]
        self._connection.executemany("INSERT INTO aliases VALUES (?, ?, ?)", aliases)
        return self.last


class Targets:
    """Finds the sets that a search asks for, on a reading connection.

    A wide question is remembered until there is a new set.
    """

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection
        self._wide: dict[tuple[bytes, ...], tuple[int, ...]] = {}
        self._as_of = -1

    def of(self, hashes: tuple[bytes, ...], *, most: int | None = None) -> tuple[int, ...] | None:
        """Return the numbers of the sets that hold one of these, or ``None`` if beyond ``most``."""
        found = self._remembered(hashes) if len(hashes) > WIDE else self._look_up(hashes, most)
        return found if most is None or len(found) <= most else None

    def members(self, targets: tuple[int, ...]) -> set[bytes]:
        """Return the hashes of all terms in these sets."""
        marks = ", ".join("?" * len(targets))
        statement = f"SELECT hash FROM aliases INDEXED BY aliases_of WHERE target IN ({marks})"
        return {row[0] for row in rows(self._connection, statement, targets)}

    def _remembered(self, hashes: tuple[bytes, ...]) -> tuple[int, ...]:
        now = int(self._connection.execute("SELECT sets FROM tip").get)
        if now != self._as_of or len(self._wide) >= WIDE_KEPT:
            self._wide.clear()
            self._as_of = now
        found = self._wide.get(hashes)
        if found is None:
            found = self._wide[hashes] = self._look_up(hashes, None)
        return found

    def _look_up(self, hashes: tuple[bytes, ...], most: int | None) -> tuple[int, ...]:
        if not hashes:
            return ()
        marks = ", ".join("?" * len(hashes))
        limit = -1 if most is None else most + 1
        statement = f"SELECT DISTINCT target FROM aliases WHERE hash IN ({marks}) LIMIT ?"
        return tuple(row[0] for row in rows(self._connection, statement, (*hashes, limit)))

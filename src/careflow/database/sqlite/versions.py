"""Versions: one by number, histories newest first, and new ones in commit order."""

from __future__ import annotations

from collections.abc import Iterable, Sized
from datetime import datetime
from itertools import takewhile
from typing import TYPE_CHECKING

from careflow.database.cursors import Cursors
from careflow.database.documents import Document, Page
from careflow.database.instants import instant, milliseconds
from careflow.database.scope import AccessScope, Act, Ways
from careflow.database.sqlite.bodies import Bodies
from careflow.database.sqlite.conditions import Sql, carrying, joined
from careflow.database.sqlite.connection import Binding, rows
from careflow.database.sqlite.entries import unpack
from careflow.database.sqlite.hashes import Hashes
from careflow.database.sqlite.names import Names
from careflow.database.sqlite.sets import Targets

if TYPE_CHECKING:
    import apsw

ALL_VERSIONS = """
    SELECT n.kind, d.id, d.version, d.stored_at, d.body, d.sequence, d.deleted
    FROM documents d {walk} CROSS JOIN collections n ON n.id = d.collection WHERE {current}
    UNION ALL
    SELECT n.kind, d.id, h.version, h.stored_at, h.body, h.sequence, h.deleted
    FROM history h CROSS JOIN documents d ON d.number = h.document
    CROSS JOIN collections n ON n.id = h.collection WHERE {past}
    ORDER BY sequence {direction} LIMIT ?
"""
"""Current and superseded versions, merged by sequence as both indexes are read in order."""

IN_ORDER = "INDEXED BY documents_order"


class Versions:
    """Answers questions about versions on one connection."""

    def __init__(
        self,
        connection: apsw.Connection,
        *,
        names: Names,
        hashes: Hashes,
        bodies: Bodies,
        cursors: Cursors,
    ) -> None:
        self._connection = connection
        self._names = names
        self._hashes = hashes
        self._targets = Targets(connection)
        self._unpack = bodies.unpack
        self._cursors = cursors

    def read(self, kind: str, id: str, scope: AccessScope, version: int | None) -> Document | None:
        """Return the current or named version if it exists for the scope."""
        if not scope.allows_kind(kind):
            return None
        collection = self._names.collection(scope.organisation, kind)
        if collection is None:
            return None
        ways = scope.ways(kind, "read")
        asked = _READ if ways is None else _READ_WITH_ENTRIES
        row = rows(self._connection, asked, (collection, id))
        if not row or (ways is not None and not self._in_reach(collection, row[0][6], ways)):
            return None
        number, current, stored_at, sequence, deleted, body = row[0][:6]
        if version is None or version == current:
            body = self._unpack(body)
            return Document(kind, id, current, instant(stored_at), body, sequence, bool(deleted))
        return self._past(kind, id, number, version)

    def _in_reach(self, collection: int, entries: bytes, ways: Ways) -> bool:
        """Report whether packed entries hold all terms of one of the ways."""
        carried = self._targets.members(unpack(entries).targets)
        return any(
            all(not carried.isdisjoint(self._hashes.any_of(collection, *held)) for held in way)
            for way in ways
        )

    def _held(self, collection: int, held: tuple[str, tuple[str, ...]]) -> tuple[int, ...]:
        """Return the sets of terms that hold one of a parameter's values."""
        return self._targets.of(self._hashes.terms(collection, *held)) or ()

    def _past(self, kind: str, id: str, number: int, version: int) -> Document | None:
        row = self._connection.execute(
            "SELECT stored_at, sequence, deleted, body FROM history"
            " WHERE document = ? AND version = ?",
            (number, version),
        ).get
        if row is None:
            return None
        stored_at, sequence, deleted, kept = row
        body = self._unpack(kept)
        return Document(kind, id, version, instant(stored_at), body, sequence, bool(deleted))

    def history(
        self,
        scope: AccessScope,
        *,
        kind: str | None,
        id: str | None,
        since: datetime | None,
        count: int,
        cursor: str | None,
    ) -> Page:
        """Return versions, newest first."""
        question = f"history {kind} {id} {since}"
        before = self._cursors.open(cursor, question)[0] if cursor is not None else None
        collections = self._collections(scope, kind)
        conditions = [self._visible(collections, scope, "find" if id is None else "read")]
        if id is not None:
            numbers = self._numbers(collections, id)
            conditions.append(Sql(f"{{number}} IN ({_marks(numbers)})", numbers))
        if before is not None:
            conditions.append(Sql("{v}.sequence < ?", (before,)))
        walk = "" if id else IN_ORDER
        if since is None:
            found = self._select(conditions, "DESC", count + 1, walk=walk)
        else:
            found = self._since(since, conditions, count + 1, walk=walk)
        page = found[:count]
        more = len(found) > count and bool(page)
        following = self._cursors.seal([page[-1].sequence], question) if more else None
        return Page(page, next=following)

    def _since(
        self, since: datetime, conditions: list[Sql], count: int, *, walk: str
    ) -> list[Document]:
        """Return versions of this instant or later, newest first.

        But for what was restored, instants never rise on the way back, so that the first older one
        ends the walk. Up to the last restored one, each is asked.
        """
        restored = int(self._connection.execute(_RESTORED).get or 0)
        newer = [*conditions, Sql("{v}.sequence > ?", (restored,))]
        walked = self._select(newer, "DESC", count, walk=walk)
        found = list(takewhile(lambda each: each.stored_at >= since, walked))
        if restored and len(found) < count:
            first = milliseconds(since) + (since.microsecond % 1000 > 0)
            older = [
                *conditions,
                Sql("{v}.sequence <= ? AND {v}.stored_at >= ?", (restored, first)),
            ]
            found += self._select(older, "DESC", count - len(found), walk=walk)
        return found

    def standing(
        self, kind: str, scope: AccessScope, as_of: int, after: int, count: int
    ) -> list[Document]:
        """Return what was current as of a sequence, in order."""
        collection = self._names.collection(scope.organisation, kind)
        if collection is None or not scope.allows_kind(kind):
            return []
        found = rows(
            self._connection,
            _STANDING,
            (collection, after, as_of, as_of, collection, as_of, after, count),
        )
        return [
            Document(kind, id, version, instant(stored_at), self._unpack(body), sequence)
            for id, version, stored_at, body, sequence in found
        ]

    def after(
        self, kinds: Iterable[str], organisation: str, sequence: int, count: int
    ) -> list[Document]:
        """Return versions of these kinds after a sequence, in commit order."""
        scope = AccessScope(organisation, kinds=frozenset(kinds))
        conditions = [
            self._visible(self._collections(scope, None), scope, "find"),
            Sql("{v}.sequence > ?", (sequence,)),
        ]
        return self._select(conditions, "ASC", count, walk=IN_ORDER)

    def tip(self) -> int:
        """Return the sequence of the last commit."""
        return int(self._connection.execute("SELECT sequence FROM tip").get)

    def _numbers(self, collections: list[tuple[int, str]], id: str) -> tuple[int, ...]:
        found = (
            rows(
                self._connection,
                "SELECT number FROM documents WHERE collection = ? AND id = ?",
                (collection, id),
            )
            for collection, _ in collections
        )
        return tuple(row[0] for each in found for row in each)

    def _collections(self, scope: AccessScope, kind: str | None) -> list[tuple[int, str]]:
        named = rows(
            self._connection,
            "SELECT id, kind FROM collections WHERE organisation = ?",
            (scope.organisation,),
        )
        return [
            (number, each)
            for number, each in named
            if scope.allows_kind(each) and kind in (None, each)
        ]

    def _visible(self, collections: list[tuple[int, str]], scope: AccessScope, act: Act) -> Sql:
        """Return the condition that a version belongs to what the scope may see."""
        whole: list[int] = []
        parts: list[Sql] = []
        for number, kind in collections:
            ways = scope.ways(kind, act)
            if ways is None:
                whole.append(number)
            for way in ways or ():
                held = [carrying(self._held(number, each)) for each in way]
                own = Sql("{v}.collection = ?", (number,))
                parts.append(joined(" AND ", [own, *held]))
        parts.append(Sql(f"{{v}}.collection IN ({_marks(whole)})", tuple(whole)))
        return joined(" OR ", parts)

    def _select(
        self, conditions: list[Sql], direction: str, count: int, *, walk: str
    ) -> list[Document]:
        where = " AND ".join(condition.text for condition in conditions)
        bindings: list[Binding] = [
            binding for condition in conditions for binding in condition.bindings
        ]
        statement = ALL_VERSIONS.format(
            current=where.format(v="d", number="d.number"),
            past=where.format(v="h", number="h.document"),
            direction=direction,
            walk=walk,
        )
        found = rows(self._connection, statement, [*bindings, *bindings, count])
        return [
            Document(
                *(kind, id, version, instant(stored_at), self._unpack(body), sequence),
                deleted=bool(deleted),
            )
            for kind, id, version, stored_at, body, sequence, deleted in found
        ]


def _marks(values: Sized) -> str:
    return ", ".join("?" * len(values))


_RESTORED = "SELECT value FROM meta WHERE name = 'restored'"

_STANDING = """
    SELECT id, version, stored_at, body, sequence FROM documents INDEXED BY documents_order
    WHERE collection = ? AND sequence > ? AND sequence <= ? AND deleted = 0
    UNION ALL
    SELECT d.id, h.version, h.stored_at, h.body, h.sequence
    FROM documents d INDEXED BY documents_order CROSS JOIN history h ON h.document = d.number
    WHERE d.sequence > ? AND d.collection = ? AND h.deleted = 0 AND h.version = (
        SELECT max(version) FROM history WHERE document = d.number AND sequence <= ?
    ) AND h.sequence > ?
    ORDER BY sequence LIMIT ?
"""
"""What has not changed since, and of what has, the newest version before."""

_READ = (
    "SELECT number, version, stored_at, sequence, deleted, body FROM documents"
    " WHERE collection = ? AND id = ?"
)
_READ_WITH_ENTRIES = _READ.replace("body FROM", "body, entries FROM")

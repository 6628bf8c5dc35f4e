"""Organisations, kinds and parameters as small numbers, so that index rows stay short."""

from __future__ import annotations

from collections.abc import Iterable

import apsw


class Names:
    """Numbers of collections (organisation and kind) and their fields, as a connection knows them.

    Numbers never change once committed, so what was read is kept. What a transaction of this
    connection made up is forgotten again when it is undone.
    """

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection
        self._collections: dict[tuple[str, str], int] = {}
        self._fields: dict[tuple[int, str], int] = {}
        self._fresh_collections: list[tuple[str, str]] = []
        self._fresh_fields: list[tuple[int, str]] = []

    def collection(self, organisation: str, kind: str) -> int | None:
        """Return the number of an organisation's kind, or ``None`` if it never had one."""
        known = self._collections.get((organisation, kind))
        if known is None:
            known = self._connection.execute(
                "SELECT id FROM collections WHERE organisation = ? AND kind = ?",
                (organisation, kind),
            ).get
            if known is not None:
                self._collections[organisation, kind] = known
        return known

    def field(self, collection: int, name: str) -> int | None:
        """Return the number of a collection's parameter, or ``None`` if it never had one."""
        known = self._fields.get((collection, name))
        if known is None:
            known = self._connection.execute(
                "SELECT id FROM fields WHERE collection = ? AND name = ?", (collection, name)
            ).get
            if known is not None:
                self._fields[collection, name] = known
        return known

    def collection_for(self, organisation: str, kind: str) -> int:
        """Return the number of an organisation's kind, making it up if it is new."""
        known = self.collection(organisation, kind)
        if known is None:
            known = self._insert(
                "INSERT INTO collections (organisation, kind) VALUES (?, ?) RETURNING id",
                (organisation, kind),
            )
            self._collections[organisation, kind] = known
            self._fresh_collections.append((organisation, kind))
        return known

    def field_for(self, collection: int, name: str) -> int:
        """Return the number of a collection's parameter, making it up if it is new."""
        known = self.field(collection, name)
        if known is None:
            known = self._insert(
                "INSERT INTO fields (collection, name) VALUES (?, ?) RETURNING id",
                (collection, name),
            )
            self._fields[collection, name] = known
            self._fresh_fields.append((collection, name))
        return known

    def fields_for(self, collection: int, names: Iterable[str]) -> dict[str, int]:
        """Return the numbers of a collection's parameters, making up the new ones."""
        known = self._fields
        return {
            name: known.get((collection, name)) or self.field_for(collection, name)
            for name in names
        }

    def keep(self) -> None:
        """The transaction is durable: what it made up stays."""
        self._fresh_collections.clear()
        self._fresh_fields.clear()

    def mark(self) -> tuple[int, int]:
        """Return a point to come back to with :meth:`forget_since`."""
        return len(self._fresh_collections), len(self._fresh_fields)

    def forget_since(self, mark: tuple[int, int] = (0, 0)) -> None:
        """Forget what was made up after the mark, because it was undone."""
        for organisation_kind in self._fresh_collections[mark[0] :]:
            self._collections.pop(organisation_kind, None)
        for collection_name in self._fresh_fields[mark[1] :]:
            self._fields.pop(collection_name, None)
        del self._fresh_collections[mark[0] :]
        del self._fresh_fields[mark[1] :]

    def _insert(self, statement: str, bindings: tuple[object, ...]) -> int:
        return int(self._connection.execute(statement, bindings).get)

"""A document as the server keeps it, and as the port returns it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from careflow.database.documents import Document
from careflow.database.instants import instant
from careflow.database.mongo.bodies import Bodies
from careflow.database.mongo.entries import SEPARATOR

HEAD = {"_id": 1, "k": 1, "v": 1, "t": 1, "s": 1, "d": 1, "b": 1}
"""The fields that make a :class:`Document`."""
WITHOUT_INDEX = {"e": 0, "x": 0, "r": 0, "z": 0}


@dataclass(frozen=True, slots=True)
class Row:
    """One version; its index fields are ``None`` unless it was made here."""

    key: str
    organisation: str
    kind: str
    number: int
    version: int
    stored_at: int
    sequence: int
    deleted: bool
    patients: tuple[bytes, ...]
    body: bytes = b""
    index: dict[str, Any] | None = None

    def stored(self) -> dict[str, Any]:
        """Return the current version as kept in ``documents``."""
        own = {"_id": self.key, "n": self.number, "s": self.sequence}
        return {**own, **self._common(self.patients), **(self.index or {})}

    def deletion(self) -> dict[str, Any]:
        """Return what changes of a stored document that is deleted; its tokens stay as they are.

        By them whoever could see it goes on seeing that it was deleted, and its old versions.
        """
        told = {"s": self.sequence, **self._common(self.patients)}
        return {"$set": told, "$unset": dict.fromkeys(("b", "x", "r", "z"), "")}

    def superseded(self, patients: tuple[bytes, ...]) -> dict[str, Any]:
        """Return the version as kept in ``history``, seen by who may see the current one."""
        return {"_id": self.sequence, "c": self.key, **self._common(patients)}

    def _common(self, patients: tuple[bytes, ...]) -> dict[str, Any]:
        common: dict[str, Any] = {
            "o": self.organisation,
            "k": self.kind,
            "v": self.version,
            "t": self.stored_at,
            "d": self.deleted,
        }
        if patients:
            common["p"] = list(patients)
        if self.body:
            common["b"] = self.body
        return common


def row_of(stored: dict[str, Any]) -> Row:
    """Return a row of ``documents`` without its index fields."""
    return Row(
        key=stored["_id"],
        organisation=stored["o"],
        kind=stored["k"],
        number=stored["n"],
        version=stored["v"],
        stored_at=stored["t"],
        sequence=stored["s"],
        deleted=stored["d"],
        patients=tuple(stored.get("p", ())),
        body=stored.get("b", b""),
    )


def document_of(stored: dict[str, Any], bodies: Bodies) -> Document:
    """Return what the port returns; needs the fields of :data:`HEAD`."""
    return Document(
        kind=stored["k"],
        id=id_of(stored["_id"]),
        version=stored["v"],
        stored_at=instant(stored["t"]),
        body=bodies.unpack(stored.get("b", b""), place_of(stored["_id"], stored["s"])),
        sequence=stored["s"],
        deleted=stored["d"],
    )


def place_of(key: str, sequence: int) -> str:
    """Return what the body of a version is bound to."""
    return f"{key}{SEPARATOR}{sequence}"


def line_place(position: int) -> str:
    """Return what a line of a stream is bound to."""
    return f"line{SEPARATOR}{position}"


def id_of(key: str) -> str:
    """Return a document's own id from its key."""
    return key.split(SEPARATOR, 2)[2]

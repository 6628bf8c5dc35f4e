"""What a database knows of the clinic it belongs to, written once when it is new."""

from __future__ import annotations

import hashlib
from typing import ClassVar

import msgspec

from careflow.database.documents import Document, Documents, Put
from careflow.database.instants import milliseconds
from careflow.database.scope import organisation_scope
from careflow.errors import ConflictError

KIND = "clinic"
_DATABASE = "@database"
"""Whose the mark is: no organisation's, so that whoever opens the database meets it."""


class ClinicMismatchError(ConflictError):
    """The database belongs to another clinic, or a synthetic one meets real use."""

    code: ClassVar[str] = "records-clinic-mismatch"


class _Mark(msgspec.Struct, frozen=True):
    organisation: str
    synthetic: bool


async def claim_database(documents: Documents, organisation: str, *, synthetic: bool) -> None:
    """Mark a new database as this clinic's, or check that an old one is.

    Raises:
        ClinicMismatchError: A synthetic clinic would open a real clinic's data or the reverse, or
            the database belongs to another organisation.
    """
    stored = await _mark_in(documents)
    if stored is None:
        if await _holds_anything(documents, organisation):
            raise ClinicMismatchError("This database was not made by this clinic.")
        mark = _Mark(organisation, synthetic)
        await documents.commit([Put(KIND, KIND, msgspec.json.encode(mark), _DATABASE, expected=0)])
        return
    mark = msgspec.json.decode(stored.body, type=_Mark)
    if mark.synthetic != synthetic:
        raise ClinicMismatchError(
            "This database belongs to a synthetic clinic and cannot serve a real one."
            if mark.synthetic
            else "This database belongs to a real clinic: the synthetic one needs its own folder."
        )
    if mark.organisation != organisation:
        raise ClinicMismatchError("This database belongs to another organisation.")


async def database_name(documents: Documents, organisation: str) -> str:
    """Return what tells this database from others of the organisation, and nothing else."""
    mark = await _mark_in(documents)
    begun = milliseconds(mark.stored_at) if mark is not None else 0
    return hashlib.sha256(f"{organisation} {begun}".encode()).hexdigest()[:32]


async def _mark_in(documents: Documents) -> Document | None:
    return await documents.read(KIND, KIND, organisation_scope(_DATABASE))


async def _holds_anything(documents: Documents, organisation: str) -> bool:
    page = await documents.history(organisation_scope(organisation), count=1)
    return bool(page.documents)

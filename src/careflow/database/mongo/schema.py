"""Collections, their indexes, and whose key they were begun with.

Names of fields are one letter, since they are stored with every document:

- ``documents``: ``_id`` organisation, kind and id; ``o`` organisation, ``k`` kind, ``n`` place of
  first appearance, ``v`` version, ``t`` stored at (ms), ``s`` sequence, ``d`` deleted, ``p``
  patients, ``b`` body, and ``e x r z`` of :mod:`careflow.database.mongo.entries`. A deletion keeps
  ``e``, by which its scope is told.
- ``history``: superseded versions; ``_id`` is the sequence, ``c`` the document's ``_id``. ``p``
  follows the document, so that old versions are seen by who may see the current one.
- ``claims``: ``_id`` organisation and key, ``h`` organisation and holder; the ``_id`` index is what
  makes a key unique.
- ``streams``: ``_id`` is the position, ``o`` organisation, ``n`` stream, ``t``, ``b``.
- ``reads``: the audit file, see :mod:`careflow.database.mongo.audit_file`.
- ``tips``: one document, the sequence and instant of the last commit. Every transaction changes it
  first, so that no two overlap.
- ``writers``: the sessions that write, see :mod:`careflow.database.mongo.writer`.
- ``meta``: the schema's version, and what tells whether a key is the one it was begun with.
"""

from __future__ import annotations

import hmac
from hashlib import blake2b
from typing import Any

from pymongo import ASCENDING, IndexModel, ReturnDocument
from pymongo.errors import DuplicateKeyError, OperationFailure

from careflow.database.failures import NewerDatabaseError, WrongKeyError
from careflow.database.mongo.connection import Connection
from careflow.database.mongo.failures import UnsuitableServerError

VERSION = 1
PROOF_BYTES = 32
TIP = "tip"
_META = "database"
_INDEX_CONFLICTS = {85, 86}


def _index(*fields: str, unique: bool = False) -> IndexModel:
    return IndexModel([(name, ASCENDING) for name in fields], unique=unique)


# Hashes are bound to organisation and kind, so their indexes need neither.
INDEXES: dict[str, list[IndexModel]] = {
    "documents": [
        _index("o", "k", "n"),
        _index("o", "k", "t", "s"),
        _index("o", "s"),
        _index("e", "n"),
        _index("o", "k", "x"),
        _index("r.p", "r.w", "r.l"),
        _index("z.k"),
    ],
    "history": [_index("c", "v", unique=True), _index("o", "_id")],
    "claims": [_index("h")],
    "streams": [_index("o", "n", "_id")],
}


async def prepare(connection: Connection, key: bytes) -> None:
    """Create what is missing, and check what is there.

    Raises:
        WrongKeyError: The database was begun with another key.
        NewerDatabaseError: A later release wrote the database.
        UnsuitableServerError: An index of one of our names is another index.
    """
    proof = blake2b(b"begun", digest_size=PROOF_BYTES, key=key, person=b"proof").digest()
    meta = await _once(connection, "meta", _META, {"schema": VERSION, "proof": proof})
    if meta["schema"] > VERSION:
        raise NewerDatabaseError
    if not hmac.compare_digest(meta["proof"], proof):
        raise WrongKeyError(
            "The database was begun with another master key: give every machine that one."
        )
    for name, models in INDEXES.items():
        try:
            await connection.database[name].create_indexes(models)
        except OperationFailure as error:
            if error.code in _INDEX_CONFLICTS:
                raise UnsuitableServerError(
                    f"An index of the collection {name} is not as this release made it: drop it,"
                    " and it is made anew at the next start."
                ) from error
            raise
    await _once(connection, "tips", TIP, {"sequence": 0, "stored_at": 0})


async def _once(
    connection: Connection, collection: str, id: str, content: dict[str, Any]
) -> dict[str, Any]:
    """Return a document, made now if no process made it before."""
    for last in (False, True):
        try:
            found = await connection.database[collection].find_one_and_update(
                {"_id": id},
                {"$setOnInsert": content},
                upsert=True,
                return_document=ReturnDocument.AFTER,
            )
        except DuplicateKeyError:  # another process made it between our look and our insert
            if last:
                raise
        else:
            return dict(found or {})
    raise AssertionError

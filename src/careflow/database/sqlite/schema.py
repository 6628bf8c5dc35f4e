"""Tables of the document store, and how an older file becomes a current one.

Layout, and why:

- ``documents`` holds the current version of each document; ``number`` is given once, when the
  document first appears, and stays through updates: default order and paging follow it.
- ``entries`` (see :mod:`careflow.database.sqlite.entries`) is what the index holds about a
  document, so that an update removes exactly its own rows without scanning.
- ``postings`` names documents under sets of terms (:mod:`careflow.database.sqlite.sets`), whose
  members are ``aliases``. These and ``series`` are known by a 96-bit hash keyed with a secret of
  this file. Among a billion distinct terms the chance of a single collision is below one in ten
  billion, and nobody without the secret can make one; so a match needs no second look.
- Bodies are compressed with ``dictionaries`` that the file learns from its own documents
  (:mod:`careflow.database.sqlite.bodies`).
- Organisation and kind are interned as one ``collection`` and parameters as ``fields`` of a
  collection, so no index row of one organisation can answer another's question.
- ``tip`` counts commits; it is read and written inside the write lock, so ``sequence`` and
  ``stored_at`` rise across processes even when the machine's clock steps back.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable

import apsw

from careflow.database.failures import NewerDatabaseError
from careflow.database.sqlite.converting import convert

Migration = str | Callable[[apsw.Connection], None]
"""A script, or what turns the rows of an older file into those of a newer one."""

TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value ANY) STRICT, WITHOUT ROWID;
CREATE TABLE tip (
    one INTEGER PRIMARY KEY CHECK (one = 1), sequence INTEGER NOT NULL, stored_at INTEGER NOT NULL
) STRICT;
INSERT INTO tip VALUES (1, 0, 0);
CREATE TABLE collections (
    id INTEGER PRIMARY KEY, organisation TEXT NOT NULL, kind TEXT NOT NULL,
    UNIQUE (organisation, kind)
) STRICT;
CREATE TABLE fields (
    id INTEGER PRIMARY KEY, collection INTEGER NOT NULL, name TEXT NOT NULL,
    UNIQUE (collection, name)
) STRICT;
CREATE TABLE documents (
    number INTEGER PRIMARY KEY, collection INTEGER NOT NULL, id TEXT NOT NULL,
    version INTEGER NOT NULL, stored_at INTEGER NOT NULL, sequence INTEGER NOT NULL,
    deleted INTEGER NOT NULL, entries BLOB NOT NULL, body BLOB NOT NULL,
    UNIQUE (collection, id)
) STRICT;
CREATE UNIQUE INDEX documents_order ON documents (sequence, collection);
CREATE TABLE history (
    sequence INTEGER PRIMARY KEY, document INTEGER NOT NULL, collection INTEGER NOT NULL,
    version INTEGER NOT NULL, stored_at INTEGER NOT NULL, deleted INTEGER NOT NULL,
    body BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX history_versions ON history (document, version);
CREATE TABLE terms (
    hash BLOB NOT NULL, document INTEGER NOT NULL, PRIMARY KEY (hash, document)
) STRICT, WITHOUT ROWID;
CREATE TABLE texts (
    field INTEGER NOT NULL, value TEXT NOT NULL, document INTEGER NOT NULL,
    PRIMARY KEY (field, value, document)
) STRICT, WITHOUT ROWID;
CREATE TABLE ranges (
    field INTEGER NOT NULL, span INTEGER NOT NULL, low REAL NOT NULL, high REAL NOT NULL,
    qualifier TEXT NOT NULL, document INTEGER NOT NULL,
    PRIMARY KEY (field, span, low, high, qualifier, document)
) STRICT, WITHOUT ROWID;
CREATE TABLE series (
    hash BLOB NOT NULL, position REAL NOT NULL, document INTEGER NOT NULL,
    PRIMARY KEY (hash, position, document)
) STRICT, WITHOUT ROWID;
CREATE TABLE claims (
    organisation TEXT NOT NULL, key TEXT NOT NULL, holder TEXT NOT NULL,
    PRIMARY KEY (organisation, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX claims_held ON claims (organisation, holder);
CREATE TABLE streams (
    organisation TEXT NOT NULL, stream TEXT NOT NULL, position INTEGER NOT NULL,
    stored_at INTEGER NOT NULL, body BLOB NOT NULL,
    PRIMARY KEY (organisation, stream, position)
) STRICT, WITHOUT ROWID;
"""

BY_INSTANT = """
CREATE UNIQUE INDEX documents_stored ON documents (collection, stored_at, sequence);
"""
"""What is restored keeps its instant, so that instants no longer follow sequences by themselves."""

MIGRATIONS: tuple[Migration, ...] = (TABLES, BY_INSTANT, convert)
"""In order; a file's schema version is how many of them it has seen."""

SECRET_BYTES = 32


def migrate(connection: apsw.Connection, scripts: tuple[Migration, ...] = MIGRATIONS) -> None:
    """Bring a file to the current schema, all or nothing; a current file is left alone.

    Raises:
        NewerDatabaseError: The file has seen migrations that this release does not know.
    """
    if connection.pragma("user_version") == len(scripts):
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Another process may have migrated while this one waited for the lock.
        seen = int(connection.pragma("user_version"))
        if seen > len(scripts):
            raise NewerDatabaseError
        for script in scripts[seen:]:
            if isinstance(script, str):
                connection.execute(script)
            else:
                script(connection)
        connection.pragma("user_version", len(scripts))
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def secret_of(connection: apsw.Connection) -> bytes:
    """Return the file's own secret for hashes and cursors, made once."""
    with connection:
        connection.execute(
            "INSERT INTO meta VALUES ('secret', ?) ON CONFLICT DO NOTHING",
            (secrets.token_bytes(SECRET_BYTES),),
        )
    return bytes(connection.execute("SELECT value FROM meta WHERE name = 'secret'").get)

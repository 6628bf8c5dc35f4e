"""What is particular to the SQLite file: its key, its secrecy, its age."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from careflow.clock import now
from careflow.database.documents import Append, Claim, Delete, Entries, Put
from careflow.database.scope import organisation_scope
from careflow.database.sqlite import (
    NewerDatabaseError,
    NotADatabaseError,
    SqliteDocuments,
    WrongKeyError,
    open_audit_file,
    open_documents,
)
from careflow.database.sqlite.connection import connect
from careflow.database.sqlite.schema import MIGRATIONS, TABLES, migrate
from tests.contracts.engines import KEY

ALL = organisation_scope("harbour")
OTHER_KEY = bytes(32)


def files_beside(path: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in path.parent.iterdir()}


async def test_no_text_of_a_document_is_readable_in_the_files(
    documents: SqliteDocuments, path: Path
) -> None:
    canary = "Quillfeather"
    entries = Entries(terms=[("family", canary)], texts=[("name", canary)], series=[(canary, 1.0)])
    for n in range(50):
        await documents.commit(
            [
                Put(canary, f"{canary}{n}", canary.encode() * 99, canary, entries),
                Claim("harbour", f"{canary}{n}", canary),
                Append("harbour", canary, canary.encode()),
            ]
        )

    while_open = files_beside(path)
    await documents.close()
    closed = files_beside(path)

    assert set(while_open) >= {"careflow.db", "careflow.db-wal"}
    for name, content in (*while_open.items(), *closed.items()):
        assert canary.encode() not in content, name
        assert canary.lower().encode() not in content, name
        assert b"CREATE TABLE" not in content, name


async def test_the_audit_file_shows_no_text_either(path: Path) -> None:
    file = await open_audit_file(path, key=KEY, clock=now)
    await file.append([b"Quillfeather read"])

    assert all(b"Quillfeather" not in content for content in files_beside(path).values())
    await file.close()


async def test_another_key_is_refused_in_one_sentence_and_harms_nothing(
    documents: SqliteDocuments, path: Path
) -> None:
    await documents.commit([Put("Patient", "p1", b"{}", "harbour")])
    await documents.close()

    with pytest.raises(WrongKeyError) as refusal:
        await open_documents(path, key=OTHER_KEY, clock=now)

    assert refusal.value.code == "database-wrong-key"
    assert refusal.value.message.count("\n") == 0
    assert KEY.hex() not in refusal.value.message
    again = await open_documents(path, key=KEY, clock=now)
    assert await again.read("Patient", "p1", ALL) is not None
    await again.close()


async def test_another_cipher_is_refused_like_another_key(
    documents: SqliteDocuments, path: Path
) -> None:
    await documents.close()

    with pytest.raises(WrongKeyError):
        await open_documents(path, key=KEY, clock=now, cipher="sqlcipher")


async def test_a_database_can_be_made_with_the_other_cipher(path: Path) -> None:
    for _ in range(2):
        documents = await open_documents(path, key=KEY, clock=now, cipher="sqlcipher")
        await documents.commit([Put("Patient", "p1", b"Quillfeather", "harbour")])
        await documents.close()

    assert all(b"Quillfeather" not in content for content in files_beside(path).values())


async def test_a_file_that_is_not_ours_is_refused_and_left_alone(path: Path) -> None:
    plain = sqlite3.connect(path)
    plain.execute("CREATE TABLE theirs (a)")
    plain.commit()
    plain.close()
    pdf = path.with_name("report.pdf")
    pdf.write_bytes(b"%PDF-1.7\n" * 5000)

    for each in (path, pdf):
        before = each.read_bytes()
        with pytest.raises(NotADatabaseError) as refusal:
            await open_documents(each, key=KEY, clock=now)
        assert refusal.value.code == "database-not-a-database"
        assert each.read_bytes() == before


async def test_a_missing_folder_is_said_in_a_sentence(path: Path) -> None:
    with pytest.raises(NotADatabaseError):
        await open_documents(path.parent / "nowhere" / "careflow.db", key=KEY, clock=now)


async def test_a_short_key_is_a_programming_error(path: Path) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        await open_documents(path, key=b"short", clock=now)


async def test_a_file_of_a_newer_release_is_refused(path: Path) -> None:
    connection = connect(path, key=KEY, cipher="aegis", cache_mb=1)
    migrate(connection, (*MIGRATIONS, "CREATE TABLE later (a)"))
    connection.close()

    with pytest.raises(NewerDatabaseError):
        await open_documents(path, key=KEY, clock=now)


def test_an_older_file_takes_only_the_migrations_it_has_not_seen(path: Path) -> None:
    connection = connect(path, key=KEY, cipher="aegis", cache_mb=1)
    migrate(connection, (TABLES,))
    connection.execute("UPDATE tip SET sequence = 7")

    migrate(connection, (TABLES, "CREATE TABLE later (a); INSERT INTO later VALUES (1)"))
    migrate(connection, (TABLES, "CREATE TABLE later (a); INSERT INTO later VALUES (1)"))

    assert connection.execute("SELECT sequence FROM tip").get == 7
    assert connection.execute("SELECT count(*) FROM later").get == 1
    connection.close()


def test_a_migration_that_fails_changes_nothing(path: Path) -> None:
    connection = connect(path, key=KEY, cipher="aegis", cache_mb=1)
    migrate(connection, (TABLES,))

    with pytest.raises(Exception, match="no such table"):
        migrate(connection, (TABLES, "CREATE TABLE later (a); INSERT INTO nowhere VALUES (1)"))

    assert connection.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'later'").get == 0
    assert connection.pragma("user_version") == 1
    connection.close()


async def test_the_file_holds_no_index_row_of_what_is_deleted_or_replaced(
    documents: SqliteDocuments, path: Path
) -> None:
    entries = Entries(
        terms=[("a", "1"), ("a", "2")],
        texts=[("b", "x")],
        ranges=[("c", 1, 2, "")],
        series=[("s", 1)],
    )
    for n in range(3):
        await documents.commit([Put("Patient", f"p{n}", b"{}", "harbour", entries)])
    await documents.commit([Put("Patient", "p0", b"{}", "harbour")])
    await documents.commit([Delete("Patient", f"p{n}", "harbour") for n in range(3)])
    await documents.close()

    connection = connect(path, key=KEY, cipher="aegis", cache_mb=1)
    for table in ("postings", "texts", "ranges", "series"):
        assert connection.execute(f"SELECT count(*) FROM {table}").get == 0, table
    assert connection.execute("PRAGMA integrity_check").get == "ok"
    connection.close()

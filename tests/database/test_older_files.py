"""A file of an earlier release is brought up to date whole, or not at all."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from careflow.clock import now
from careflow.database.conditions import (
    Has,
    Not,
    RangeWithin,
    SeriesIn,
    SortKey,
    TermIn,
    TextMatches,
)
from careflow.database.documents import (
    Append,
    Change,
    Claim,
    ClaimTakenError,
    Document,
    Documents,
    Put,
    Query,
)
from careflow.database.scope import AccessScope, organisation_scope
from careflow.database.sqlite import WrongKeyError, open_documents
from careflow.database.sqlite.connection import connect
from careflow.database.sqlite.schema import MIGRATIONS
from tests.contracts.engines import KEY
from tests.database.older_file import CODES, OBSERVATIONS, ORGANISATIONS, fill

OLD = Path(__file__).with_name("fixtures") / "schema-1.db"
ROOT = Path(__file__).parents[2]

QUERIES = (
    Query("Observation"),
    Query("Patient"),
    *(Query("Observation", (TermIn("code", (code,)),)) for code in CODES),
    Query("Observation", (TermIn("code", (f"http://loinc.org|{CODES[0]}", CODES[1])),)),
    Query("Observation", (TermIn("code", ("http://loinc.org|",)),), (SortKey("date"),)),
    Query("Observation", (TermIn("patient", ("Patient/p3",)), TermIn("code", (CODES[0],)))),
    Query("Observation", (SeriesIn((f"p4|{CODES[1]}",)),), (SortKey("_series", descending=True),)),
    Query("Observation", (RangeWithin("value-quantity", low_min=20, qualifiers=("g/dL",)),)),
    Query("Observation", (RangeWithin("value-quantity", low_min=20, high_max=30),)),
    Query("Observation", (RangeWithin("value-quantity", low_min=20, qualifiers=("mg/dL",)),)),
    Query("Observation", (Not(TermIn("patient", ("Patient/p1",))), Has("value-quantity"))),
    Query("Observation", (), (SortKey("_lastUpdated", descending=True),)),
    Query("Patient", (TextMatches("family", ("sand",)),), (SortKey("family"),)),
    Query("Patient", (TermIn("identifier", ("urn:made-up|7",)),)),
    Query("lease"),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return Path(shutil.copy(OLD, tmp_path / "careflow.db"))


@pytest.fixture
async def expected(tmp_path: Path) -> AsyncIterator[Documents]:
    documents = await fill(tmp_path / "fresh.db")
    yield documents
    await documents.close()


async def found(documents: Documents, query: Query, scope: AccessScope) -> list[Document]:
    documents_found: list[Document] = []
    cursor = None
    while True:
        asked = Query(query.kind, query.conditions, query.sort, 40, cursor)
        page = await documents.find(asked, scope)
        documents_found += page.documents
        cursor = page.next
        if cursor is None:
            return documents_found


async def answers(documents: Documents, scope: AccessScope) -> list[list[Document]]:
    history = await documents.history(scope, count=10_000)
    return [*[await found(documents, query, scope) for query in QUERIES], history.documents]


async def test_every_document_version_answer_and_stream_of_an_older_file_is_there(
    path: Path, expected: Documents
) -> None:
    documents = await open_documents(path, key=KEY, clock=now)

    for organisation in ORGANISATIONS:
        own = AccessScope(organisation, patients=frozenset({"p3", "p7"}))
        for scope in (organisation_scope(organisation), own):
            assert await answers(documents, scope) == await answers(expected, scope)
        assert await documents.stream("audit", organisation) == await expected.stream(
            "audit", organisation
        )
        gone = await documents.read("Observation", "o5", organisation_scope(organisation))
        assert gone == await expected.read("Observation", "o5", organisation_scope(organisation))
        with pytest.raises(ClaimTakenError):
            await documents.commit([Claim(organisation, "number|1", "Patient/p9")])
    await documents.close()


async def test_an_older_file_goes_on_where_it_was(path: Path, expected: Documents) -> None:
    scope = organisation_scope("harbour")
    documents = await open_documents(path, key=KEY, clock=now)

    changes: list[Change] = [
        Put("Observation", "o9", b"{}", "harbour"),
        Put("Observation", "o5", b"{}", "harbour"),
        Append("harbour", "audit", b"later"),
    ]
    stored, fresh = [await each.commit(changes) for each in (documents, expected)]

    assert [each.version for each in stored] == [each.version for each in fresh]
    assert [each.sequence for each in stored] == [each.sequence for each in fresh]
    for query in QUERIES:
        assert [each.id for each in await found(documents, query, scope)] == [
            each.id for each in await found(expected, query, scope)
        ]
    await documents.close()


async def test_an_older_file_ends_with_the_tables_of_a_new_one(path: Path, tmp_path: Path) -> None:
    new = tmp_path / "new.db"
    for each in (path, new):
        documents = await open_documents(each, key=KEY, clock=now)
        await documents.close()

    schemas = []
    for each in (path, new):
        connection = connect(each, key=KEY, cipher="aegis", cache_mb=1)
        tables = connection.execute("SELECT name, sql FROM sqlite_schema ORDER BY name").fetchall()
        schemas.append((connection.pragma("user_version"), tables))
        assert connection.execute("PRAGMA integrity_check").get == "ok"
        for table in ("documents", "history", "streams"):
            bare = f"SELECT count(*) FROM {table} WHERE body <> x'' AND substr(body, 1, 1) <> x'00'"
            assert connection.execute(bare).get == 0, table
        connection.close()
    assert schemas[0] == schemas[1]


async def test_another_key_is_refused_for_an_older_file_too(path: Path) -> None:
    with pytest.raises(WrongKeyError):
        await open_documents(path, key=bytes(32), clock=now)


async def test_a_migration_killed_at_its_end_leaves_the_older_file_as_it_was(
    path: Path, expected: Documents
) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.database.test_older_files", str(path)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"converted\n"
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()

    connection = connect(path, key=KEY, cipher="aegis", cache_mb=1)
    assert connection.pragma("user_version") == 1
    assert connection.execute("SELECT count(*) FROM terms").get > OBSERVATIONS
    connection.close()
    documents = await open_documents(path, key=KEY, clock=now)
    scope = organisation_scope("hillside")
    assert await answers(documents, scope) == await answers(expected, scope)
    await documents.close()


def convert_and_wait(path: Path) -> None:
    """Migrate, say so, and wait for the kill before the transaction ends."""
    from careflow.database.sqlite.schema import migrate

    def wait(_: object) -> None:
        sys.stdout.write("converted\n")
        sys.stdout.flush()
        signal.alarm(60)  # should nobody kill it
        signal.pause()

    migrate(connect(path, key=KEY, cipher="aegis", cache_mb=1), (*MIGRATIONS, wait))


if __name__ == "__main__":
    convert_and_wait(Path(sys.argv[1]))

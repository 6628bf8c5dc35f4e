"""One unit of work commits together or not at all."""

from __future__ import annotations

import pytest

from careflow.database.documents import Append, Claim, ClaimTakenError, Delete, Put, Release
from careflow.database.scope import organisation_scope
from careflow.database.sqlite import SqliteDocuments
from careflow.database.work import Work

ALL = organisation_scope("harbour")


def put(id: str) -> Put:
    return Put("Patient", id, b"{}", "harbour")


async def test_what_is_staged_is_stored_when_the_work_ends(documents: SqliteDocuments) -> None:
    async with Work(documents) as work:
        first = work.put(put("p1"))
        work.claim(Claim("harbour", "mrn-1", "Patient/p1"))
        second = work.put(put("p2"))
        work.append(Append("harbour", "audit", b"made two"))
        assert await documents.read("Patient", "p1", ALL) is None

    assert await documents.read("Patient", "p1", ALL) == first.document
    assert await documents.read("Patient", "p2", ALL) == second.document
    assert len(await documents.stream("audit", "harbour")) == 1


async def test_an_error_on_its_way_out_stores_nothing(documents: SqliteDocuments) -> None:
    told: list[str] = []

    async def tell() -> None:
        told.append("committed")

    async def book() -> None:
        async with Work(documents) as work:
            work.put(put("p1"))
            work.after_commit(tell)
            raise LookupError

    with pytest.raises(LookupError):
        await book()

    assert await documents.read("Patient", "p1", ALL) is None
    assert told == []


async def test_a_refused_commit_stores_nothing_and_calls_nobody(
    documents: SqliteDocuments,
) -> None:
    told: list[str] = []

    async def tell() -> None:
        told.append("committed")

    async with Work(documents) as work:
        work.claim(Claim("harbour", "9:00", "Appointment/a1"))

    work = Work(documents)
    staged = work.put(put("p1"))
    work.claim(Claim("harbour", "9:00", "Appointment/a2"))
    work.after_commit(tell)
    with pytest.raises(ClaimTakenError):
        await work.commit()

    assert await documents.read("Patient", "p1", ALL) is None
    assert told == []
    with pytest.raises(RuntimeError):
        _ = staged.document


async def test_callbacks_run_after_the_commit_and_can_read_it(documents: SqliteDocuments) -> None:
    seen: list[bool] = []

    async def look() -> None:
        seen.append(await documents.read("Patient", "p1", ALL) is not None)

    async with Work(documents) as work:
        work.after_commit(look)
        work.put(put("p1"))

    assert seen == [True]


async def test_deletions_and_releases_are_staged_like_the_rest(documents: SqliteDocuments) -> None:
    async with Work(documents) as work:
        work.put(put("p1"))
        work.claim(Claim("harbour", "9:00", "Appointment/a1"))

    async with Work(documents) as work:
        deletion = work.delete(Delete("Patient", "p1", "harbour", expected=1))
        work.release(Release("harbour", "9:00", "Appointment/a1"))
        assert len(work.changes) == 2

    assert deletion.document.deleted
    async with Work(documents) as work:
        work.claim(Claim("harbour", "9:00", "Appointment/a2"))


async def test_a_work_without_changes_still_calls_back(documents: SqliteDocuments) -> None:
    called: list[int] = []

    async def call() -> None:
        called.append(1)

    async with Work(documents) as work:
        work.after_commit(call)

    assert called == [1]


async def test_asking_for_a_version_before_the_commit_is_a_programming_error(
    documents: SqliteDocuments,
) -> None:
    work = Work(documents)
    staged = work.put(put("p1"))

    with pytest.raises(RuntimeError):
        _ = staged.document

    await work.commit()
    assert staged.document.version == 1

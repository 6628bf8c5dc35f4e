"""The originals behind a chart's documents travel with an export, and open again where it lands."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from careflow.database.documents import Document
from careflow.database.scope import organisation_scope
from careflow.files.disk import DiskFiles
from careflow.records.paper import KIND, InboxStatus, Paper, paper_of
from tests.records.exported import export, files_of, restore
from tests.records.front_door import ORGANISATION, FrontDoor, open_front_door
from tests.records.test_import import counts

TEXT = b"Potassium 4.5 mmol/L, filed as it came.\n"
OTHER = b"Nobody has looked at this one yet.\n"


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[FrontDoor]:
    (tmp_path / "here").mkdir()
    opened = await open_front_door(tmp_path / "here")
    yield opened
    await opened.close()


@pytest.fixture
async def other(tmp_path: Path) -> AsyncIterator[FrontDoor]:
    (tmp_path / "there").mkdir()
    opened = await open_front_door(tmp_path / "there")
    yield opened
    await opened.close()


async def upload(
    desk: FrontDoor, files: DiskFiles, id: str, content: bytes, status: InboxStatus
) -> Paper:
    stored = await files.put(content, organisation=ORGANISATION, limit=1000)
    paper = Paper(
        id=id,
        organisation=ORGANISATION,
        filename="letter.txt",
        file_key=stored.key,
        digest=stored.digest,
        media_type=stored.media_type,
        size=stored.size,
        received_at=datetime(2026, 3, 2, 9, 0, tzinfo=UTC),
        received_by="Rosa Lind",
        sender="a-3",
        status=status,
        patient_id="mara",
        draft_id="d-1",
        job_id="j-1",
    )
    await desk.documents.commit([paper.put()])
    return paper


async def kept(door: FrontDoor, id: str) -> Document | None:
    return await door.documents.read(KIND, id, organisation_scope(ORGANISATION))


async def test_a_filed_paper_opens_again_where_the_export_lands(
    desk: FrontDoor, other: FrontDoor, tmp_path: Path
) -> None:
    copy, landed = tmp_path / "out" / "copy", tmp_path / "in" / "copy"
    await upload(desk, files_of(copy), "filed", TEXT, "filed")
    await upload(desk, files_of(copy), "open", OTHER, "to-match")

    manifest = await export(desk, copy)
    landed.parent.mkdir()
    copy.rename(landed)
    report = await restore(other, landed)
    again = await restore(other, landed)

    assert (manifest.papers.count, manifest.papers.missing) == (1, ())
    assert (counts(report), counts(again)) == ((1, 0, 0, 0), (0, 0, 1, 0))
    before, after = await kept(desk, "filed"), await kept(other, "filed")
    assert before is not None
    assert after is not None
    assert (after.version, after.stored_at) == (before.version, before.stored_at)
    paper = paper_of(after)
    assert (paper.patient_id, paper.draft_id, paper.job_id) == ("mara", None, None)
    assert await files_of(landed).get(paper.file_key, organisation=ORGANISATION) == TEXT
    assert await kept(other, "open") is None
    assert (await other.trail.entries(patient="mara")).entries[0].subjects == (f"{KIND}/filed",)


async def test_originals_lie_readable_by_their_owner_alone_and_are_named_in_the_trail(
    desk: FrontDoor, tmp_path: Path
) -> None:
    copy = tmp_path / "out" / "copy"
    await upload(desk, files_of(copy), "filed", TEXT, "filed")
    await export(desk, copy)

    (original,) = (copy / "files").iterdir()

    assert original.name == f"{hashlib.sha256(TEXT).hexdigest()}.txt"
    assert original.read_bytes() == TEXT
    assert stat.S_IMODE(original.stat().st_mode) == 0o600
    assert stat.S_IMODE((copy / "files").stat().st_mode) == 0o700
    (entry,) = (await desk.trail.entries(patient="mara")).entries
    assert entry.action == "records:inbox-document:export"


async def test_an_original_that_is_missing_is_said_and_the_rest_goes_on(
    desk: FrontDoor, tmp_path: Path
) -> None:
    copy = tmp_path / "out" / "copy"
    lost = await upload(desk, files_of(copy), "lost", OTHER, "filed")
    await upload(desk, files_of(copy), "filed", TEXT, "filed")
    await files_of(copy).remove(lost.file_key, organisation=ORGANISATION)

    manifest = await export(desk, copy)

    assert (manifest.papers.count, manifest.papers.missing) == (1, ("lost",))


async def test_a_damaged_original_is_refused_by_its_line(
    desk: FrontDoor, other: FrontDoor, tmp_path: Path
) -> None:
    copy = tmp_path / "out" / "copy"
    await upload(desk, files_of(copy), "one", OTHER, "filed")
    await upload(desk, files_of(copy), "two", TEXT, "filed")
    await export(desk, copy)
    for original in (copy / "files").iterdir():
        if original.read_bytes() == TEXT:
            original.write_bytes(b"changed")

    report = await restore(other, copy)
    (copy / "papers.jsonl.gz").write_bytes(b"")
    cut = await restore(other, copy)

    assert [(one.entry, one.subject) for one in report.refusals] == [(2, f"{KIND}/two")]
    assert counts(report) == (1, 0, 0, 1)
    assert [one.entry for one in cut.refusals] == [0]

from __future__ import annotations

import io
from dataclasses import replace

import pypdf
import pytest
from PIL import Image

from careflow.ai.read_document import DocumentReader
from careflow.database.work import Work
from careflow.jobs.queue import queue
from tests.harbour import (
    EVERYTHING,
    NOW,
    ORGANISATION,
    Clinic,
    InProcessReader,
    a_letter,
    a_report,
)


async def test_a_report_becomes_a_draft_with_every_row_and_its_place(clinic: Clinic) -> None:
    shown = await clinic.read_in(a_report())

    draft = await clinic.got(f"/api/ai/drafts/{shown['draft_id']}")
    assert shown["status"] == "to-match"
    assert [row["value"] for row in draft["rows"]] == ["139", "4.4", "1.42", "92"]
    assert [row["flag"] for row in draft["rows"]] == ["NORMAL", "NORMAL", "HIGH", "NORMAL"]
    assert all(row["page"] == 1 and len(row["box"]) == 4 for row in draft["rows"])
    assert draft["report"]["collected_at"].startswith("2026-11-20")
    assert draft["model"] == "careflow-lab-reader/1"


async def test_a_printed_range_is_kept_without_what_stands_around_it(clinic: Clinic) -> None:
    rows = [
        ("Glucose", "92", "mg/dL", "(70 - 99)"),
        ("LDL cholesterol", "121", "mg/dL", "(ref < 100)"),
        ("Sodium", "139", "mmol/L", "136 - 145"),
    ]

    shown = await clinic.read_in(a_report(rows))

    draft = await clinic.got(f"/api/ai/drafts/{shown['draft_id']}")
    assert [row["range_text"] for row in draft["rows"]] == ["70 - 99", "< 100", "136 - 145"]
    assert [row["flag"] for row in draft["rows"]] == ["NORMAL", "HIGH", "NORMAL"]


async def test_reading_names_the_draft_in_the_trail(clinic: Clinic) -> None:
    shown = await clinic.read_in(a_report())

    entry = (await clinic.trail_of("ai:lab-results:draft"))[0]
    assert f"draft/{shown['draft_id']}" in entry.subjects


async def test_a_second_run_of_the_same_job_changes_nothing(clinic: Clinic) -> None:
    shown = await clinic.read_in(a_report())
    async with Work(clinic.documents) as work:
        arguments = {"document": shown["id"]}
        job = queue(
            work,
            "ai.read-document",
            arguments,
            organisation=ORGANISATION,
            clock=lambda: NOW,
            mint=lambda: "again",
        )

    assert await clinic.queue.run_once()

    assert (await clinic.queue.get(job.id, ORGANISATION)).state == "done"
    assert len(await clinic.stored("draft")) == 1


async def test_a_critical_value_is_seen_in_the_list(clinic: Clinic) -> None:
    await clinic.read_in(a_report())
    rows = [("Potassium", "6.1", "mmol/L", "3.5 - 5.1", "H")]
    await clinic.read_in(a_report(rows))

    documents = (await clinic.got("/api/documents"))["documents"]
    drafts = (await clinic.got("/api/ai/drafts"))["drafts"]
    assert [one["critical"] for one in documents] == [True, False]
    assert [one["critical"] for one in drafts] == [True, False]


async def test_a_document_matched_while_it_is_read_goes_straight_to_review(clinic: Clinic) -> None:
    id = (await clinic.upload(a_report())).json()["id"]
    await clinic.match(id, "p3")

    await clinic.queue.run_once()

    shown = await clinic.got(f"/api/documents/{id}")
    assert (shown["status"], shown["patient"]["id"]) == ("to-review", "p3")


async def test_a_scan_without_a_program_that_reads_pictures_says_what_is_missing(
    clinic: Clinic,
) -> None:
    out = io.BytesIO()
    Image.new("L", (400, 300), 255).save(out, "PNG")

    shown = await clinic.read_in(out.getvalue())

    assert shown["status"] == "unreadable"
    assert shown["note"]
    assert shown["pages"] == 1


async def test_whoever_waits_is_told_once_trying_again_is_over(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(self: object, content: bytes, media_type: str) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr(InProcessReader, "pages", broken)
    id = (await clinic.upload(a_report())).json()["id"]
    paper = await clinic.inbox.paper(id, EVERYTHING)
    job = await clinic.queue.get(paper.job_id or "", ORGANISATION)
    reader = DocumentReader(
        clinic.inbox, clinic.gateway, InProcessReader(), lambda: NOW, lambda: "d"
    )

    with pytest.raises(RuntimeError):
        await reader.read(replace(job, attempt=1), Work(clinic.documents))
    async with Work(clinic.documents) as work:
        await reader.read(replace(job, attempt=job.attempts_max), work)

    assert (await clinic.inbox.paper(id, EVERYTHING)).status == "unreadable"


def encrypted(content: bytes) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(content))
    writer.encrypt("secret", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (encrypted(a_report()), "password"),
        (a_report()[:900], "damaged"),
        (a_letter(), "No laboratory result"),
    ],
    ids=["encrypted", "truncated", "a letter"],
)
async def test_what_cannot_be_read_says_so_and_keeps_the_original(
    content: bytes, words: str, clinic: Clinic
) -> None:
    shown = await clinic.read_in(content)

    assert shown["status"] == "unreadable"
    assert words in shown["note"]
    assert shown["draft_id"] is None
    answer = await clinic.ask("GET", f"/api/documents/{shown['id']}/content")
    assert answer.content == content

"""A task on a file: sent along and not kept, or one of the inbox; a text file is read as one."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from careflow.database.documents import Query
from tests.harbour import EVERYTHING, Clinic

REPORT = b"Sodium     139  mmol/L  136 - 145\nPotassium  6.9  mmol/L  3.5 - 5.1\n"
ANALYSIS = "/api/ai/tasks/document-analysis"


async def test_a_text_report_in_the_inbox_is_read(clinic: Clinic) -> None:
    document = await clinic.read_in(REPORT)

    draft = await clinic.got(f"/api/ai/drafts/{document['draft_id']}")
    content = await clinic.ask("GET", f"/api/documents/{document['id']}/content")
    page = await clinic.ask("GET", f"/api/documents/{document['id']}/pages/1")

    assert (document["media_type"], document["status"]) == ("text/plain", "to-match")
    assert [(row["test"], row["value"], row["page"]) for row in draft["rows"]] == [
        ("Sodium", "139", 1),
        ("Potassium", "6.9", 1),
    ]
    # A box is a line of the text: this is how a screen finds the words again.
    assert [round(row["box"][1] * 2) for row in draft["rows"]] == [0, 1]
    assert content.content == REPORT
    assert page.headers["content-type"] == "image/svg+xml"
    assert ">Potassium</text>" in page.text


async def test_a_text_is_drawn_and_never_run(clinic: Clinic) -> None:
    text = "Sodium 139 mmol/L 136 - 145 \"&' &lt;b onload=x() µg ≤ 中\n"
    document = await clinic.read_in(text.encode())

    page = await clinic.ask("GET", f"/api/documents/{document['id']}/pages/1")
    second = await clinic.ask("GET", f"/api/documents/{document['id']}/pages/2")

    drawing = ET.fromstring(page.text)
    words = [one.text for one in drawing.iter("{http://www.w3.org/2000/svg}text")]
    assert words == text.split()
    assert {one.tag.rpartition("}")[2] for one in drawing.iter()} == {"svg", "rect", "g", "text"}
    assert second.status_code == 404


async def test_a_text_without_a_result_is_for_a_person_to_read(clinic: Clinic) -> None:
    document = await clinic.read_in(b"Dear colleague, thank you for seeing her.\n")

    assert document["status"] == "unreadable"


async def test_a_file_is_sent_along_and_kept_nowhere(clinic: Clinic) -> None:
    answer = await clinic.ask("POST", f"{ANALYSIS}/file", by="nia", content=REPORT)

    output = answer.json()["output"]
    assert [row["test"] for row in output["rows"]] == ["Sodium", "Potassium"]
    assert answer.json()["draft"] is None
    assert not (await clinic.documents.find(Query("inbox-document"), EVERYTHING)).documents


async def test_an_inbox_document_is_asked_about_by_its_id(clinic: Clinic) -> None:
    document = await clinic.read_in(REPORT, patient="p3")

    answer = await clinic.ask("POST", ANALYSIS, by="nia", json={"file": document["id"]})

    draft = await clinic.got(f"/api/ai/task-drafts/{answer.json()['draft']}", by="nia")
    assert draft["patient"]["id"] == "p3"
    assert draft["given"][0]["source"] == "text"
    assert "Potassium 6.9" in draft["given"][0]["text"]


async def test_a_job_takes_a_document_of_the_inbox_too(clinic: Clinic) -> None:
    document = await clinic.read_in(REPORT)
    body = {"file": document["id"], "later": True}
    asked = await clinic.ask("POST", ANALYSIS, by="nia", json=body)

    assert await clinic.queue.run_once()
    job = await clinic.queue.get(asked.json()["job"], "harbour")

    assert (job.state, job.result["status"]) == ("done", "ok")


@pytest.mark.parametrize(
    ("path", "content", "code"),
    [
        ("sentiment/file", REPORT, "ai-bad-input"),
        ("no-such-task/file", REPORT, "ai-no-such-task"),
        ("document-analysis/file", b"", "files-empty"),
        ("document-analysis/file", b"MZ\x90\x00", "files-type-not-taken"),
    ],
)
async def test_what_is_no_file_for_a_task_is_refused(
    clinic: Clinic, path: str, content: bytes, code: str
) -> None:
    answer = await clinic.ask("POST", f"/api/ai/tasks/{path}", by="nia", content=content)

    assert answer.json()["code"] == code


async def test_a_document_that_is_not_there_cannot_be_asked_about(clinic: Clinic) -> None:
    answer = await clinic.ask("POST", ANALYSIS, by="nia", json={"file": "nowhere"})

    assert (answer.status_code, answer.json()["code"]) == (404, "records-document-not-found")


async def test_a_recording_is_taken_for_what_it_is_and_needs_an_engine(clinic: Clinic) -> None:
    wave = b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(28)
    path = "/api/ai/tasks/audio-transcription/file"

    answer = await clinic.ask("POST", path, by="nia", content=wave)

    assert (answer.status_code, answer.json()["status"]) == (200, "abstained")

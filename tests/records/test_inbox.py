from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

from tests.harbour import Clinic, a_letter, a_patient, a_report, named, open_clinic


@pytest.fixture
async def clinic(tmp_path: Path) -> AsyncIterator[Clinic]:
    async with open_clinic(tmp_path) as opened:
        mary = a_patient("p7", name=named("Johnson", "Mary"), birthDate="1951-07-30")
        await opened.store(a_patient("p3"), mary)
        yield opened


async def test_an_upload_is_listed_with_its_job_and_its_type_by_content(clinic: Clinic) -> None:
    answer = await clinic.upload(a_report(), filename="scan.png")

    shown = answer.json()
    assert answer.status_code == 201
    assert (shown["status"], shown["media_type"]) == ("reading", "application/pdf")
    assert (shown["received_by"], shown["filename"]) == ("Fin Lind", "scan.png")
    assert shown["job_id"] is not None
    assert [job["job"]["id"] for job in await clinic.stored("job")] == [shown["job_id"]]


async def test_the_original_comes_back_byte_identical_and_never_inline(clinic: Clinic) -> None:
    content = a_report()
    id = (await clinic.upload(content, filename="Johnston, Paul.pdf")).json()["id"]

    answer = await clinic.ask("GET", f"/api/documents/{id}/content")

    assert answer.content == content
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_a_page_is_drawn_as_png(clinic: Clinic) -> None:
    shown = await clinic.read_in(a_report())

    page = await clinic.ask("GET", f"/api/documents/{shown['id']}/pages/1")
    beyond = await clinic.ask("GET", f"/api/documents/{shown['id']}/pages/2")

    assert page.content.startswith(b"\x89PNG")
    assert (beyond.status_code, beyond.json()["code"]) == (404, "records-page-not-found")


async def test_the_same_file_again_is_recognised_and_not_read_again(clinic: Clinic) -> None:
    first = (await clinic.upload(a_report())).json()

    again = (await clinic.upload(a_report(), filename="other name.pdf")).json()

    assert again["duplicate_of"] == first["id"]
    assert (again["status"], again["job_id"]) == ("rejected", None)
    assert len(await clinic.stored("job")) == 1


async def test_a_file_that_was_set_aside_may_come_again(clinic: Clinic) -> None:
    first = (await clinic.upload(a_report())).json()
    await clinic.ask("POST", f"/api/documents/{first['id']}/discard", json={"reason": "By mistake"})

    again = (await clinic.upload(a_report())).json()

    assert (again["duplicate_of"], again["status"]) == (None, "reading")


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"MZ" + bytes(2000), 415, "files-type-not-taken"),
        (b"<html><script>alert(1)</script>", 415, "files-type-not-taken"),
        (b"PK\x03\x04" + bytes(2000), 415, "files-type-not-taken"),
        (b"", 400, "files-empty"),
        (b"%PDF-1.7\n" + bytes(20 * 1024 * 1024), 413, "files-too-large"),
    ],
    ids=["program", "page", "archive", "nothing", "too large"],
)
async def test_what_is_not_taken_leaves_nothing_behind(
    content: bytes, status: int, code: str, clinic: Clinic
) -> None:
    answer = await clinic.upload(content, filename="report.pdf")

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert await clinic.stored("inbox-document") == []
    assert await clinic.stored("job") == []


async def test_matching_proposes_by_name_birth_date_and_number(clinic: Clinic) -> None:
    shown = await clinic.read_in(a_report(name="P. Johnston", number="EXT-77"))

    answer = await clinic.got(f"/api/documents/{shown['id']}/candidates", by="fin")

    assert answer["read"]["birth_date"] == "1984-03-02"
    best = answer["candidates"][0]
    assert best["patient"]["id"] == "p3"
    assert "Birth date is the same" in best["reasons"]
    assert (await clinic.got(f"/api/documents/{shown['id']}"))["patient"] is None


async def test_a_person_matches_and_may_change_their_mind(clinic: Clinic) -> None:
    shown = await clinic.read_in(a_report())

    await clinic.match(shown["id"], "p7")
    answer = await clinic.match(shown["id"], "p3")

    assert (answer.json()["status"], answer.json()["patient"]["id"]) == ("to-review", "p3")
    entries = await clinic.trail_of("records:document:match")
    assert [entry.patients for entry in entries] == [("p3", "p7"), ("p7",)]


async def test_matching_to_nobody_is_refused_and_changes_nothing(clinic: Clinic) -> None:
    shown = await clinic.read_in(a_report())

    answer = await clinic.match(shown["id"], "nobody")

    assert (answer.status_code, answer.json()["code"]) == (404, "records-patient-not-found")
    assert (await clinic.got(f"/api/documents/{shown['id']}"))["status"] == "to-match"


async def test_what_was_set_aside_stays_so(clinic: Clinic) -> None:
    shown = await clinic.read_in(a_report())
    path = f"/api/documents/{shown['id']}/discard"
    await clinic.ask("POST", path, json={"reason": "Not ours"})

    again = await clinic.ask("POST", path, json={"reason": "Not ours"})
    matched = await clinic.match(shown["id"], "p3")

    assert (again.status_code, matched.status_code) == (409, 409)


async def test_a_setting_aside_needs_a_reason_and_touches_no_chart(clinic: Clinic) -> None:
    shown = await clinic.read_in(a_report(), patient="p3")
    path = f"/api/documents/{shown['id']}/discard"

    refused = await clinic.ask("POST", path, json={"reason": ""})
    answer = await clinic.ask("POST", path, json={"reason": "Sent to us by mistake"})

    assert refused.status_code == 422
    assert (answer.json()["status"], answer.json()["note"]) == ("rejected", "Sent to us by mistake")
    assert await clinic.stored("DocumentReference") == []


async def test_the_list_can_be_narrowed_by_state(clinic: Clinic) -> None:
    await clinic.read_in(a_report())
    await clinic.read_in(a_letter())

    open_ = await clinic.got("/api/documents?status=to-match")
    unreadable = await clinic.got("/api/documents?status=unreadable")

    assert [len(found["documents"]) for found in (open_, unreadable)] == [1, 1]


async def test_looking_at_a_document_names_its_patient_in_the_trail(clinic: Clinic) -> None:
    shown = await clinic.read_in(a_report(), patient="p3")

    await clinic.ask("GET", f"/api/documents/{shown['id']}/pages/1", by="nia")

    entry = (await clinic.trail_of("records:document:read"))[0]
    assert (entry.actor, entry.patients) == ("a-2", ("p3",))


@pytest.mark.parametrize("by", ["ali", "paul"])
async def test_the_inbox_is_for_desk_and_clinical_staff(by: str, clinic: Clinic) -> None:
    id = (await clinic.upload(a_report())).json()["id"]

    answers = [
        await clinic.ask("GET", "/api/documents", by=by),
        await clinic.ask("GET", f"/api/documents/{id}", by=by),
        await clinic.ask("GET", f"/api/documents/{id}/content", by=by),
        await clinic.upload(a_report(), by=by),
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 403, 403]


async def test_a_paper_in_a_chart_is_no_longer_the_front_desks(clinic: Clinic) -> None:
    shown = await clinic.read_in(a_report(), patient="p3")
    draft = await clinic.got(f"/api/ai/drafts/{shown['draft_id']}")
    path = f"/api/ai/drafts/{draft['id']}/accept"
    await clinic.ask("POST", path, by="ada", json={"version": draft["version"]})

    desk = await clinic.ask("GET", f"/api/documents/{shown['id']}/content", by="fin")
    nurse = await clinic.ask("GET", f"/api/documents/{shown['id']}/content", by="nia")

    assert (desk.status_code, nurse.status_code) == (403, 200)


async def test_no_log_holds_the_name_of_a_file_or_of_a_patient(
    clinic: Clinic, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "careflow")

    await clinic.upload(a_report(name="CANARY, Paul"), filename="canary.pdf")
    await clinic.queue.run_once()
    await clinic.read_in(a_report(name="CANARY, Paul")[:700])

    said = " ".join(str(vars(entry)) for entry in caplog.records).lower()
    assert "canary" not in said


# --- filing by hand ------------------------------------------------------------------------


async def file_by_hand(clinic: Clinic, id: str, by: str = "ada") -> httpx2.Response:
    path = f"/api/documents/{id}/file"
    return await clinic.ask("POST", path, by=by, json={"title": "Letter on a knee"})


async def test_what_could_not_be_read_is_filed_as_it_is(clinic: Clinic) -> None:
    shown = await clinic.read_in(a_letter(), patient="p3")

    answer = await file_by_hand(clinic, shown["id"])

    assert answer.json()["status"] == "filed", answer.text
    (document,) = (await clinic.got("/api/patients/p3/chart"))["documents"]
    assert document["title"] == "Letter on a knee"
    content = await clinic.ask("GET", document["content_url"], by="ada")
    assert content.content == a_letter()
    assert (await clinic.trail_of("records:document:file"))[0].patients == ("p3",)


async def test_filing_by_hand_needs_a_match_and_a_clinician(clinic: Clinic) -> None:
    shown = await clinic.read_in(a_letter())

    unmatched = await file_by_hand(clinic, shown["id"])
    await clinic.match(shown["id"], "p3")
    nurse = await file_by_hand(clinic, shown["id"], by="nia")

    assert (unmatched.status_code, nurse.status_code) == (422, 403)
    assert await clinic.stored("DocumentReference") == []


async def test_what_has_results_is_filed_with_them_or_not_at_all(clinic: Clinic) -> None:
    shown = await clinic.read_in(a_report(), patient="p3")

    answer = await file_by_hand(clinic, shown["id"])

    assert (answer.status_code, answer.json()["code"]) == (409, "records-document-has-draft")


async def test_the_badge_counts_what_waits_and_reads_nobodys_record(clinic: Clinic) -> None:
    await clinic.read_in(a_report())
    before = len((await clinic.trail.entries(count=200)).entries)

    counted = await clinic.got("/api/inbox")

    assert counted == {"waiting": 1}
    assert len((await clinic.trail.entries(count=200)).entries) == before

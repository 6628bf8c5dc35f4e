"""The screens' addresses, given the wrong thing: a status, a code, and nothing else happens."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

from careflow.app.assemble import assemble
from careflow.app.frontend import Frontend
from careflow.composition import Platform
from careflow.identity.actor import Role
from tests.api.conftest import CANARY, AsRole
from tests.api.refusals import code_of, refused, shows_nothing_inside

pytestmark = pytest.mark.usefixtures("quiet")

JSON = {"Content-Type": "application/json"}
BODIES: dict[str, tuple[bytes, int, str]] = {
    "nothing": (b"", 422, "fields-invalid"),
    "a list": (b"[]", 422, "fields-invalid"),
    "null": (b"null", 422, "fields-invalid"),
    "text": (b'"hello"', 422, "fields-invalid"),
    "no JSON": (b'{"version": 1,', 422, "fields-invalid"),
    "no UTF-8": (b'{"version": 1, "reason": "\xff\xfe"}', 400, "bad-input"),
    "half a character": (b'{"version": 1, "reason": "\\ud800 said"}', 422, "fields-invalid"),
    "half a character as a name": (
        b'{"version": 1, "reason": "said", "\\ud800": 1}',
        422,
        "fields-invalid",
    ),
    "an unknown field": (
        b'{"version": 1, "reason": "said", "role": "admin"}',
        422,
        "fields-invalid",
    ),
    "a field missing": (b'{"version": 1}', 422, "fields-invalid"),
    "wrong types": (b'{"version": [], "reason": {}}', 422, "fields-invalid"),
    "not a number": (b'{"version": NaN, "reason": NaN}', 422, "fields-invalid"),
    "an endless number": (b'{"version": 1e999, "reason": 1e999}', 422, "fields-invalid"),
    "5,000 digits": (b'{"version": ' + b"9" * 5000 + b', "reason": "said"}', 400, "bad-input"),
    "100,000 lists deep": (b"[" * 100_000, 400, "bad-input"),
    "100,000 objects deep": (b'{"reason":' * 100_000, 400, "bad-input"),
    "2 MB": (b'{"reason": "' + b"a" * 2_000_000 + b'"}', 413, "too-large"),
}
TAKING_JSON = (
    "/api/ai/drafts/x/reject",
    "/api/documents/x/discard",
    "/api/documents/x/match",
    "/api/documents/x/file",
)


async def test_a_body_that_does_not_fit_is_refused_before_anything_is_looked_up(
    as_role: AsRole,
) -> None:
    wrong = []
    async with as_role(Role.CLINICIAN) as clinician:
        for what, (content, status, code) in BODIES.items():
            for path in TAKING_JSON:
                answer = await clinician.post(path, content=content, headers=JSON)
                shows_nothing_inside(answer)
                if (answer.status_code, code_of(answer)) != (status, code):
                    wrong.append(f"{what} to {path}: {answer.status_code} {answer.text[:100]}")

    assert wrong == []


async def test_a_body_without_its_length_is_refused_as_soon_as_it_is_too_long(
    as_role: AsRole,
) -> None:
    given = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal given
        for _ in range(1000):
            given += 1
            yield b" " * 65536

    async with as_role(Role.CLINICIAN) as clinician:
        answers = [
            await clinician.post(path, content=endless(), headers=JSON) for path in TAKING_JSON
        ]

    for answer in answers:
        refused(answer, 413, "too-large")
        assert answer.headers["connection"] == "close"


async def test_a_refused_field_is_named_and_its_value_is_not(as_role: AsRole) -> None:
    async with as_role(Role.CLINICIAN) as clinician:
        answer = await clinician.post("/api/documents/x/discard", json={"reason": [CANARY]})

    assert answer.json()["fields"] == [{"field": "reason", "rule": "string_type"}]
    assert CANARY not in answer.text


ADDRESSES = {
    "/api/day?date=banana": (422, "fields-invalid"),
    "/api/day?date=2026-02-30": (422, "fields-invalid"),
    "/api/day?date=9999-12-31": (400, "bad-input"),
    "/api/day?date=0001-01-01": (200, None),
    "/api/day?practitioner=%00": (200, None),
    "/api/patients?count=-1": (422, "fields-invalid"),
    "/api/patients?count=1000000000": (422, "fields-invalid"),
    "/api/patients?count=ten": (422, "fields-invalid"),
    f"/api/patients?query={'a' * 201}": (422, "fields-invalid"),
    "/api/patients?query=%00%25_%27%22%3B--": (200, None),
    "/api/patients?query=%ff%fe": (200, None),
    "/api/patients/%00/chart": (404, "records-patient-not-found"),
    "/api/patients/p1%0d%0aX-Planted:%201/chart": (404, "records-patient-not-found"),
    "/api/patients/%F0%9F%98%80/chart": (404, "records-patient-not-found"),
    f"/api/patients/{'x' * 10_000}/chart": (404, "records-patient-not-found"),
    "/api/patients/..%2f..%2fetc%2fpasswd/chart": (404, "not-found"),
    "/api/documents/%00": (404, "records-document-not-found"),
    "/api/documents/account": (404, "records-document-not-found"),
    "/api/documents/x/pages/-1": (404, "records-document-not-found"),
    "/api/documents/x/pages/99999999999999999999": (404, "records-document-not-found"),
    "/api/documents/x/pages/one": (422, "fields-invalid"),
    "/api/documents?status=banana": (422, "fields-invalid"),
    "/api/documents/": (404, "not-found"),
    "/api//documents": (404, "not-found"),
    "/api/%2e%2e/documents": (404, "not-found"),
    "/api/jobs/%00": (404, "jobs-missing"),
    "/api/jobs/x/events": (404, "jobs-missing"),
    "/api/ai/drafts?status=%00": (422, "fields-invalid"),
    "/api/ai/drafts/%0d%0aX-Planted:%201": (404, "ai-draft-not-found"),
    "/api": (404, "not-found"),
    "/api/fhir/R5/Patient": (404, "not-found"),
}


async def test_an_odd_address_finds_nothing_and_breaks_nothing(as_role: AsRole) -> None:
    wrong = []
    async with as_role(Role.NURSE) as nurse:
        for address, expected in ADDRESSES.items():
            answer = await nurse.get(address)
            shows_nothing_inside(answer)
            if (answer.status_code, code_of(answer)) != expected:
                wrong.append(f"{address[:60]}: {answer.status_code} {answer.text[:100]}")
            assert "x-planted" not in answer.headers

    assert wrong == []


TRAIL = {
    "?count=-1": (422, "fields-invalid"),
    "?count=1000000000": (422, "fields-invalid"),
    "?after=banana": (400, "database-bad-cursor"),
    "?after=-1": (400, "database-bad-cursor"),
    "?after=%00": (400, "database-bad-cursor"),
    f"?after={'9' * 300}": (422, "fields-invalid"),
    "?patient=%00": (200, None),
}


async def test_the_trail_is_not_paged_by_nonsense(as_role: AsRole) -> None:
    async with as_role(Role.ADMIN) as admin:
        answers = {query: await admin.get(f"/api/audit{query}") for query in TRAIL}

    found = {query: (answer.status_code, code_of(answer)) for query, answer in answers.items()}
    assert found == TRAIL


@pytest.mark.parametrize(
    ("method", "path"),
    [("PATCH", "/api/documents"), ("TRACE", "/api/clinic"), ("BANANA", "/api/day"), ("PUT", "/")],
)
async def test_a_method_that_is_not_taken_is_405(method: str, path: str, as_role: AsRole) -> None:
    async with as_role(Role.NURSE) as nurse:
        refused(await nurse.request(method, path), 405, "method-not-allowed")


PAGES = {
    "/%00": 200,
    "/assets/%00": 200,
    f"/{'x' * 300}": 200,
    f"/{'x/' * 3000}": 200,
    "/..%2f..%2f..%2fetc%2fpasswd": 200,
    "/%2e%2e/%2e%2e/pyproject.toml": 404,
    "//etc/passwd": 200,
    "/%ff%fe": 200,
    "/..%5c..%5csettings.py": 404,
}


@pytest.fixture
def pages(platform: Platform, tmp_path: Path) -> httpx2.AsyncClient:
    """A client of the assembled application over a web folder with one page."""
    folder = tmp_path / "web"
    folder.mkdir()
    (folder / "index.html").write_text("<title>The clinic</title>")
    transport = httpx2.ASGITransport(app=assemble(platform, web=folder))
    return httpx2.AsyncClient(transport=transport, base_url="http://clinic.test")


async def test_an_odd_path_of_a_page_leads_nowhere_outside(pages: httpx2.AsyncClient) -> None:
    answers = {path: await pages.get(path) for path in PAGES}

    assert {path: answer.status_code for path, answer in answers.items()} == PAGES
    assert {a.text for a in answers.values() if a.status_code == 200} == {
        "<title>The clinic</title>"
    }
    for answer in answers.values():
        shows_nothing_inside(answer)


async def test_many_spellings_of_one_page_are_kept_once(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("x")
    frontend = Frontend(tmp_path)
    sent = []

    async def send(message: object) -> None:
        sent.append(message)

    async def receive() -> dict[str, object]:
        return {"type": "http.request"}

    for times in range(50):
        path = "/" + "./" * times + "index.html"
        await frontend({"method": "GET", "path": path, "headers": []}, receive, send)

    assert len(sent) == 100
    assert frontend.kept == 1


TEXTS = {
    "thousands of rows": "Glucose: 142 mg/dL (70-99)\n" * 7000,
    "a line without end": "Glucose 142 mg/dL 70-99 " * 400,
    "a word without end": "9" * 200_000,
    "nothing but dots": ". " * 90_000,
}


@pytest.mark.parametrize("task", ["lab-results", "document-analysis"])
async def test_a_text_that_would_take_for_ever_is_not_begun(task: str, as_role: AsRole) -> None:
    async with as_role(Role.NURSE) as nurse:
        answers = {
            what: await nurse.post(f"/api/ai/tasks/{task}", json={"text": text})
            for what, text in TEXTS.items()
        }
        too_long = await nurse.post(f"/api/ai/tasks/{task}", json={"text": "x" * 200_001})
        none = await nurse.post(f"/api/ai/tasks/{task}", json={})
        unknown = await nurse.post("/api/ai/tasks/%00", json={"text": "x"})

    for answer in answers.values():
        assert answer.status_code in {200, 413}, answer.text[:200]
        assert '"rows":[{' not in answer.text
    assert answers["thousands of rows"].json()["status"] == "abstained"
    refused(too_long, 400, "ai-bad-input")
    refused(none, 400, "ai-bad-input")
    refused(unknown, 404, "ai-no-such-task")

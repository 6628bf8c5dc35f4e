"""What is sent again under the same key is answered again and not done again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from careflow.app.assemble import assemble
from careflow.app.idempotency import ANSWER_BYTES, Idempotency
from careflow.composition import Platform, open_platform
from careflow.database.documents import Query
from careflow.database.scope import organisation_scope
from careflow.identity.actor import Role
from tests.api.conftest import FAST_HASH, AsRole, machine_token, scratch_settings
from tests.mongo_server import database_url

PATIENTS = "/api/fhir/R4/Patient"
PATIENT: dict[str, Any] = {"resourceType": "Patient", "name": [{"family": "Okonkwo"}]}
KEY = {"Idempotency-Key": "first"}


async def patients_of(platform: Platform) -> int:
    query = Query("Patient", count=0, total=True)
    page = await platform.documents.find(query, organisation_scope(platform.organisation))
    return page.total or 0


async def test_a_create_sent_again_is_answered_again_and_stored_once(
    as_role: AsRole, platform: Platform
) -> None:
    async with as_role(Role.MACHINE) as client:
        first = await client.post(PATIENTS, json=PATIENT, headers=KEY)
        second = await client.post(PATIENTS, json=PATIENT, headers=KEY)

    assert (first.status_code, second.status_code) == (201, 201)
    assert second.content == first.content
    for name in ("location", "etag", "content-type", "cache-control", "content-length"):
        assert second.headers[name] == first.headers[name]
    assert second.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers
    assert await patients_of(platform) == 1


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", PATIENTS, PATIENT | {"active": True}),
        ("POST", PATIENTS, PATIENT | {"name": []}),
        ("POST", f"{PATIENTS}?_pretty=true", PATIENT),
        ("PUT", f"{PATIENTS}/one", PATIENT | {"id": "one"}),
        ("POST", "/api/ai/tasks/sentiment", {}),
    ],
)
async def test_the_same_key_with_another_request_is_refused_and_nothing_is_done(
    as_role: AsRole, platform: Platform, method: str, path: str, body: Any
) -> None:
    async with as_role(Role.MACHINE) as client:
        await client.post(PATIENTS, json=PATIENT, headers=KEY)
        second = await client.request(method, path, json=body, headers=KEY)

    assert second.status_code == 422
    assert "app-idempotency-key-reused" in second.text
    assert "fhir" in second.headers["content-type"] or "fhir" not in path
    assert await patients_of(platform) == 1


async def test_of_many_at_once_one_is_done(as_role: AsRole, platform: Platform) -> None:
    async with as_role(Role.MACHINE) as client:
        answers = await asyncio.gather(
            *(client.post(PATIENTS, json=PATIENT, headers=KEY) for _ in range(8))
        )

    statuses = {answer.status_code for answer in answers}
    assert 201 in statuses
    assert statuses <= {201, 409}
    assert all(
        "app-idempotency-in-progress" in answer.text
        for answer in answers
        if answer.status_code == 409
    )
    assert await patients_of(platform) == 1


async def test_a_key_is_its_senders_own(as_role: AsRole, platform: Platform) -> None:
    async with as_role(Role.RECEPTIONIST) as desk, as_role(Role.MACHINE) as program:
        await desk.post(PATIENTS, json=PATIENT, headers=KEY)
        answer = await program.post(PATIENTS, json=PATIENT | {"active": True}, headers=KEY)

    assert answer.status_code == 201
    assert await patients_of(platform) == 2


async def test_a_refusal_gives_the_key_back(as_role: AsRole, platform: Platform) -> None:
    async with as_role(Role.MACHINE) as client:
        refused = await client.post(PATIENTS, json=PATIENT | {"gender": 1}, headers=KEY)
        mended = await client.post(PATIENTS, json=PATIENT, headers=KEY)

    assert (refused.status_code // 100, mended.status_code) == (4, 201)


async def test_nobody_is_let_in_by_a_key(as_role: AsRole, platform: Platform) -> None:
    async with as_role(Role.MACHINE) as client, as_role(None) as nobody:
        await client.post(PATIENTS, json=PATIENT, headers=KEY)
        answer = await nobody.post(PATIENTS, json=PATIENT, headers=KEY)

    assert answer.status_code == 401


async def test_signing_in_takes_no_key(as_role: AsRole) -> None:
    async with as_role(None) as nobody:
        asked = {"email": "nurse@clinic.example", "password": "correct horse battery staple"}
        tokens = {
            (await nobody.post("/api/auth/login", json=asked, headers=KEY)).json()["access_token"]
            for _ in range(2)
        }

    assert len(tokens) == 2


@pytest.mark.parametrize("key", ["", "a b", "x" * 256, "caf\u00e9"])
async def test_a_key_that_is_none_is_refused(as_role: AsRole, platform: Platform, key: str) -> None:
    async with as_role(Role.MACHINE) as client:
        headers = [(b"Idempotency-Key", key.encode("latin-1"))]
        answer = await client.post(PATIENTS, json=PATIENT, headers=headers)

    assert answer.status_code == 400
    assert "app-idempotency-key-invalid" in answer.text
    assert await patients_of(platform) == 0


async def test_an_upload_is_taken_once_under_a_key(as_role: AsRole, platform: Platform) -> None:
    paper = b"%PDF-1.4\n" + b"x" * 2_000_000
    headers = KEY | {"Content-Type": "application/pdf"}
    async with as_role(Role.NURSE) as nurse:
        first = await nurse.post(
            "/api/documents?filename=report.pdf", content=paper, headers=headers
        )
        again = await nurse.post(
            "/api/documents?filename=report.pdf", content=paper, headers=headers
        )
        other = await nurse.post(
            "/api/documents?filename=report.pdf", content=paper + b"x", headers=headers
        )

    assert first.status_code in {200, 201, 202}, first.text
    assert again.content == first.content
    assert again.headers["idempotency-replayed"] == "true"
    assert other.status_code == 422


# --- over processes ------------------------------------------------------------------------


@pytest.fixture(params=["sqlite", "mongo"])
async def two(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[list[Platform]]:
    """Two platforms on one database."""
    settings = scratch_settings(tmp_path)
    if request.param == "mongo":
        settings = settings.model_copy(update={"database_url": database_url(tmp_path)})
    opened = [await open_platform(settings, password_cost=FAST_HASH) for _ in range(2)]
    yield opened
    for each in opened:
        await each.close()


async def test_a_key_holds_over_processes(two: list[Platform]) -> None:
    clients = [
        httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app=assemble(each)), base_url="http://clinic.test"
        )
        for each in two
    ]
    token = await machine_token(two[0], clients[0])
    headers = KEY | {"Authorization": f"Bearer {token}"}

    together = await asyncio.gather(
        *(client.post(PATIENTS, json=PATIENT, headers=headers) for client in clients * 3)
    )
    after = [await client.post(PATIENTS, json=PATIENT, headers=headers) for client in clients]

    assert {answer.status_code for answer in together} <= {201, 409}
    assert [answer.status_code for answer in after] == [201, 201]
    assert after[0].content == after[1].content
    assert await patients_of(two[0]) == 1
    for client in clients:
        await client.aclose()


# --- over time, and when a process dies ----------------------------------------------------


class Harbour:
    """The middleware before an application that does what it is told, at an hour of ours."""

    def __init__(self, platform: Platform) -> None:
        self.at = datetime(2026, 11, 24, 9, tzinfo=UTC)
        self.done = 0
        self.body = b"done"
        self.dies = False
        self.fails: Exception | None = None
        self.status = 200
        self.application = Idempotency(
            self.work,
            documents=platform.documents,
            organisation=platform.organisation,
            who=self.who,
            clock=lambda: self.at,
            mint=platform.mint,
        )
        self.operator = platform.operator

    async def who(self, headers: Any, method: str) -> Any:
        return self.operator

    async def work(self, scope: Any, receive: Any, send: Any) -> None:
        self.done += 1
        if self.dies:
            raise asyncio.CancelledError
        headers = [(b"location", b"/there"), (b"set-cookie", b"secret=1")]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": self.body})
        if self.fails is not None:
            raise self.fails

    async def ask(self, key: str = "first") -> httpx2.Response:
        transport = httpx2.ASGITransport(app=self.application, raise_app_exceptions=False)
        async with httpx2.AsyncClient(transport=transport, base_url="http://clinic.test") as client:
            return await client.post("/api/anything", headers={"Idempotency-Key": key})


async def test_a_key_is_free_again_after_a_day(platform: Platform) -> None:
    harbour = Harbour(platform)

    await harbour.ask()
    harbour.at += timedelta(hours=23)
    await harbour.ask()
    assert harbour.done == 1
    harbour.at += timedelta(hours=2)
    await harbour.ask()

    assert harbour.done == 2


async def test_an_old_answer_is_forgotten_when_another_key_is_used(tmp_path: Path) -> None:
    at = [datetime(2026, 11, 24, 9, tzinfo=UTC)]
    platform = await open_platform(scratch_settings(tmp_path), clock=lambda: at[0])
    harbour = Harbour(platform)
    await harbour.ask()
    at[0] += timedelta(hours=25)
    harbour.at = at[0]

    await harbour.ask("second")

    everything = organisation_scope(platform.organisation)
    page = await platform.documents.find(Query("idempotency"), everything)
    await platform.close()
    assert len(page.documents) == 1


async def test_what_died_on_the_way_is_not_run_again(platform: Platform) -> None:
    harbour = Harbour(platform)
    harbour.dies = True
    with pytest.raises(asyncio.CancelledError):
        await harbour.ask()

    soon = await harbour.ask()
    harbour.at += timedelta(hours=1)
    later = await harbour.ask()

    assert [soon.status_code, later.status_code] == [409, 409]
    assert soon.json()["code"] == "app-idempotency-in-progress"
    assert later.json()["code"] == "app-idempotency-outcome-unknown"
    assert harbour.done == 1


async def test_a_failure_is_answered_in_its_own_words_and_not_run_again(platform: Platform) -> None:
    harbour = Harbour(platform)
    harbour.status, harbour.body, harbour.fails = 500, b'{"code":"internal"}', RuntimeError()

    failed, again = await harbour.ask(), await harbour.ask()

    assert (failed.status_code, failed.content) == (500, b'{"code":"internal"}')
    assert again.json()["code"] == "app-idempotency-in-progress"
    assert harbour.done == 1


async def test_what_was_unavailable_is_done_when_it_is_asked_again(platform: Platform) -> None:
    harbour = Harbour(platform)
    harbour.status, harbour.body = 503, b'{"code":"database-write-failed"}'

    first = await harbour.ask()
    harbour.status, harbour.body = 200, b"done"
    second = await harbour.ask()

    assert [first.status_code, second.status_code] == [503, 200]
    assert harbour.done == 2


async def test_what_may_be_stored_is_not_done_again(platform: Platform) -> None:
    harbour = Harbour(platform)
    harbour.status, harbour.body = 503, b'{"code":"database-unconfirmed"}'

    first, second = await harbour.ask(), await harbour.ask()

    assert [first.status_code, second.status_code] == [503, 503]
    assert harbour.done == 1


async def test_of_a_long_answer_status_and_place_are_kept_and_no_cookie(platform: Platform) -> None:
    harbour = Harbour(platform)
    harbour.body = b"x" * (ANSWER_BYTES + 1)

    first, second = await harbour.ask(), await harbour.ask()

    assert len(first.content) == ANSWER_BYTES + 1
    assert (second.status_code, second.content) == (200, b"")
    assert second.headers["location"] == "/there"
    assert "set-cookie" in first.headers
    assert "set-cookie" not in second.headers

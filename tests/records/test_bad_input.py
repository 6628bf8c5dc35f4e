"""The wrong thing at every door of the record: a clear refusal, nothing stored, nothing leaked."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from careflow.fhir.resource import parse
from careflow.identity.actor import Actor
from careflow.records.rest import FhirApplication
from tests.records.front_door import (
    FrontDoor,
    SteadyClock,
    a_patient,
    bundle,
    counting_mint,
    entry,
    open_front_door,
    without_id,
)

CANARY = "Zzyzxcanary"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"Patient"',
        b"\xff\xfe\x00",
        b'{"resourceType":"Patient"',
        b'{"resourceType":"Patient","gender":NaN}',
        b'{"resourceType":"Patient","gender":"female","gender":"male"}',
        b'{"resourceType":"Patient","name":[]}',
        b'{"resourceType":"Patient","nmae":[{"family":"L"}]}',
        b'{"resourceType":"Patient","birthDate":"2021-02-30"}',
        b'{"resourceType":"Patient","active":"yes"}',
        b'{"resourceType":"Observation","status":"final","code":{"text":"x"}}',
        b'{"resourceType":"Nonsense"}',
        b'{"resourceType":"Patient","contained":[{"resourceType":"Nonsense"}]}',
        b'{"resourceType":"Patient","extension":' + b'[{"url":"x","extension":' * 70
        + b"[]" + b"}]" * 70 + b"}",
        b'{"resourceType":"Patient","name":' + b"[" * 5000 + b"]" * 5000 + b"}",
    ],
)  # fmt: skip
async def test_a_bad_body_is_refused_with_an_outcome_and_nothing_is_stored(
    door: FrontDoor, body: bytes
) -> None:
    answer = await door.ask("POST", "/Patient", body)

    assert answer.status_code in {400, 422}, answer.text
    outcome = answer.json()
    assert outcome["resourceType"] == "OperationOutcome"
    assert outcome["issue"][0]["severity"] in {"error", "fatal"}
    assert outcome["issue"][0]["diagnostics"]
    parse(answer.content)
    assert await door.count() == 0


async def test_a_refusal_names_the_place(door: FrontDoor) -> None:
    bad = without_id(a_patient()) | {"name": [{"family": "Lindqvist", "use": "sometimes"}]}

    answer = await door.ask("POST", "/Patient", bad)

    assert answer.json()["issue"][0]["expression"] == ["Patient.name[0].use"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/Nonsense", 404),
        ("GET", "/Nonsense/1", 404),
        ("POST", "/account", 404),
        ("GET", "/account/1", 404),
        ("GET", "/Patient/never-there", 404),
        ("GET", "/Patient/not valid", 400),
        ("GET", "/Patient/" + "x" * 65, 400),
        ("GET", "/Patient/mara/_history/x", 404),
        ("GET", "/Patient/mara/_history/99", 404),
        ("GET", "/Patient/mara/_history/" + "9" * 40, 404),
        ("GET", "/Patient/mara/nonsense", 404),
        ("GET", "/Patient/mara/_history/1/more", 404),
        ("PATCH", "/Patient/mara", 415),
        ("PUT", "/Patient", 405),
        ("DELETE", "/Patient", 405),
        ("DELETE", "/metadata", 405),
        ("GET", "/", 400),
        ("PUT", "/", 405),
        ("TRACE", "/Patient/mara", 405),
        ("GET", "/Patient?nonsense=1", 400),
        ("GET", "/Patient?birthdate=yesterday", 400),
        ("GET", "/Patient?family=%ff", 400),
        ("GET", "/Patient?_cursor=nonsense", 400),
        ("GET", "/Patient/_history?_cursor=nonsense", 400),
        ("GET", "/Patient/_history?_since=soon", 400),
        ("GET", "/Patient/_history?_at=soon", 400),
        ("GET", "/Patient?_format=xml", 406),
    ],
)
async def test_a_bad_address_is_refused(
    door: FrontDoor, method: str, path: str, status: int
) -> None:
    await door.put(a_patient())

    answer = await door.ask(method, path)

    assert answer.status_code == status, answer.text
    assert answer.json()["resourceType"] == "OperationOutcome"
    if status == 405:
        assert answer.headers["allow"]
    assert await door.count() == 1


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("application/fhir+json", 201),
        ("application/json; charset=UTF-8", 201),
        ("application/fhir+xml", 415),
        ("text/plain", 415),
        ("application/fhir+json; charset=latin-1", 415),
        ("", 415),
    ],
)
async def test_only_json_in_utf_8_is_taken(door: FrontDoor, content_type: str, status: int) -> None:
    answer = await door.ask(
        "POST", "/Patient", without_id(a_patient()), headers={"content-type": content_type}
    )

    assert answer.status_code == status


async def test_an_update_must_carry_the_id_of_its_address(door: FrontDoor) -> None:
    other = await door.ask("PUT", "/Patient/mara", a_patient("other"))
    none = await door.ask("PUT", "/Patient/mara", without_id(a_patient()))

    assert (other.status_code, none.status_code) == (400, 400)
    assert other.json()["issue"][0]["expression"] == ["Patient.id"]
    assert await door.count() == 0


async def test_a_tag_that_was_never_given_out_is_refused(door: FrontDoor) -> None:
    await door.put(a_patient())

    bad = await door.ask("PUT", "/Patient/mara", a_patient(), headers={"if-match": "newest"})
    absent = await door.ask("PUT", "/Patient/new", a_patient("new"), headers={"if-match": 'W/"1"'})

    assert (bad.status_code, absent.status_code) == (400, 412)
    assert await door.count() == 1


async def test_the_trail_cannot_be_written_through_the_record(door: FrontDoor) -> None:
    event = {
        "resourceType": "AuditEvent",
        "type": {"code": "rest"},
        "recorded": "2026-03-02T09:00:00Z",
        "agent": [{"requestor": True}],
        "source": {"observer": {"display": "x"}},
    }

    alone = await door.ask("POST", "/AuditEvent", event)
    bundled = await door.ask("POST", "", bundle("transaction", entry("POST", "AuditEvent", event)))

    assert (alone.status_code, bundled.status_code) == (405, 403)
    assert await door.count() == 0


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b'{"resourceType":"Bundle"}',
        b'{"resourceType":"Bundle","type":"nonsense"}',
        b'{"resourceType":"Bundle","type":"transaction","entry":{}}',
        b'{"resourceType":"Bundle","type":"transaction","extra":1}',
        b'{"resourceType":"Bundle","type":"transaction","type":"batch"}',
        b'{"resourceType":"Patient"}',
        b'{"resourceType":"Bundle","type":"transaction","entry":[{"request":'
        b'{"method":"SEND","url":"Patient"}}]}',
    ],
)
async def test_a_bad_envelope_is_refused(door: FrontDoor, body: bytes) -> None:
    answer = await door.ask("POST", "", body)

    assert answer.status_code in {400, 422}
    parse(answer.content, expected_type="OperationOutcome")


async def test_a_body_over_the_limit_is_refused_as_soon_as_it_is_over(tmp_path: Path) -> None:
    door = await open_front_door(tmp_path, resource_limit_bytes=1000, bundle_limit_bytes=2000)

    declared = await door.ask("POST", "/Patient", b" " * 1001)
    bundled = await door.ask("POST", "", b" " * 2001)

    assert (declared.status_code, bundled.status_code) == (413, 413)
    assert declared.json()["issue"][0]["code"] == "too-long"
    await door.close()


async def test_a_search_form_over_its_limit_is_refused(door: FrontDoor) -> None:
    answer = await door.ask(
        "POST",
        "/Patient/_search",
        b"family=" + b"x" * 300_000,
        headers={"content-type": "application/x-www-form-urlencoded"},
    )

    assert answer.status_code == 413


# --- over a real socket --------------------------------------------------------------------


@asynccontextmanager
async def served(door: FrontDoor) -> AsyncIterator[int]:
    """Serve the application on a free port of the loopback."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    port: int = listener.getsockname()[1]
    config = uvicorn.Config(door.application, log_level="error", access_log=False, lifespan="off")
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started:  # uvicorn offers no event to wait for.
        await asyncio.sleep(0.01)
    try:
        yield port
    finally:
        server.should_exit = True
        await running
        listener.close()


async def _status_of(port: int, head: bytes, chunks: int, chunk: bytes) -> tuple[int, int]:
    """Send a head and then up to so many chunks; return (status, chunks sent before the answer)."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    sent = 0
    writer.write(head)
    answer = asyncio.create_task(reader.readline())
    try:
        for sent in range(1, chunks + 1):  # noqa: B007 - the count is the result.
            if answer.done():
                break
            writer.write(chunk)
            await writer.drain()
            await asyncio.sleep(0)
    except ConnectionError:
        pass
    line = await asyncio.wait_for(answer, 10)
    writer.close()
    return int(line.split()[1]), sent


async def test_a_gigabyte_is_refused_before_it_is_sent(door: FrontDoor) -> None:
    head = (
        b"POST /api/fhir/R4/Patient HTTP/1.1\r\nHost: clinic.test\r\n"
        b"Authorization: Bearer clinician\r\nContent-Type: application/fhir+json\r\n"
        b"Content-Length: 1073741824\r\n\r\n"
    )

    async with served(door) as port:
        status, sent = await _status_of(port, head, 0, b"")

    assert (status, sent) == (413, 0)


async def test_an_endless_body_of_unknown_length_is_cut_off_at_the_limit(tmp_path: Path) -> None:
    door = await open_front_door(tmp_path, resource_limit_bytes=1_000_000)
    head = (
        b"POST /api/fhir/R4/Patient HTTP/1.1\r\nHost: clinic.test\r\n"
        b"Authorization: Bearer clinician\r\nContent-Type: application/fhir+json\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n"
    )
    chunk = b"10000\r\n" + b" " * 65536 + b"\r\n"

    async with served(door) as port:
        status, sent = await _status_of(port, head, 16_384, chunk)

    assert status == 413
    assert sent < 1000
    await door.close()


# --- nothing leaks -------------------------------------------------------------------------


def logged_by_us(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return every log record of ours whole, extras and tracebacks included (a client logs too)."""
    return [
        f"{record.__dict__} {record.getMessage()}"
        for record in caplog.records
        if record.name.startswith("careflow")
    ]


async def test_no_log_line_and_no_refusal_quotes_a_patient(
    door: FrontDoor, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    bad: list[tuple[str, str, Any]] = [
        ("POST", "/Patient", {"resourceType": "Patient", "gender": CANARY}),
        ("POST", "/Patient", {"resourceType": "Patient", "birthDate": CANARY}),
        ("POST", "/Patient", {"resourceType": "Patient", "name": CANARY}),
        ("POST", "/Patient", json.dumps({"resourceType": "Patient", CANARY: 1}).encode() + b"x"),
        ("POST", "", {"resourceType": "Bundle", "type": CANARY}),
        ("POST", "", bundle("transaction", entry(CANARY, "Patient", a_patient()))),
        ("GET", f"/Patient?birthdate={CANARY}", None),
        ("GET", f"/Patient/{CANARY}", None),
    ]

    answers = [await door.ask(method, path, content) for method, path, content in bad]

    assert all(400 <= answer.status_code < 500 for answer in answers)
    assert not [answer.text for answer in answers if CANARY in answer.text]
    assert not [text for text in logged_by_us(caplog) if CANARY in text]


async def test_a_store_that_is_closing_is_a_clear_answer(door: FrontDoor) -> None:
    await door.documents.close()

    answer = await door.ask("GET", "/Patient/mara")

    assert answer.status_code == 503
    assert answer.json()["issue"][0]["code"] == "transient"


async def test_a_fault_of_ours_says_nothing_but_the_requests_id(
    door: FrontDoor, caplog: pytest.LogCaptureFixture
) -> None:
    async def break_down(headers: object, method: str) -> Actor:
        raise RuntimeError(CANARY)

    clock = SteadyClock()
    application = FhirApplication(
        door.records,
        authenticate=break_down,
        trail=door.trail,
        clock=clock,
        mint=counting_mint("request"),
    )
    broken = replace(door, application=application)

    answer = await broken.ask("GET", "/Patient/mara")

    assert answer.status_code == 500
    assert answer.headers["x-request-id"] == "request-1"
    assert answer.json()["issue"][0]["code"] == "exception"
    assert "Traceback" not in answer.text
    (line,) = logged_by_us(caplog)
    assert "RuntimeError" in line
    assert "test_bad_input.py" in line
    assert CANARY not in answer.text + line

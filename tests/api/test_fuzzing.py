"""Requests that nobody would send: none is our fault, and nothing of a refused one is stored."""

from __future__ import annotations

import asyncio
import json
import tracemalloc
from collections import Counter
from dataclasses import dataclass
from random import Random
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from careflow.app.guards import Application
from careflow.composition import Platform
from careflow.database.scope import AccessScope
from careflow.identity.actor import Role
from tests.api.conftest import AsRole
from tests.api.fuzzing import BASE, IDS, KINDS, SOUND, Fuzzed, a_request

pytestmark = pytest.mark.usefixtures("quiet")

ROLES = (*[Role.MACHINE] * 6, Role.CLINICIAN, Role.NURSE, Role.RECEPTIONIST, Role.PATIENT)
HANGS_AFTER_S = 2.0
GROWTH_BYTES_MAX = 24 * 1024 * 1024


@dataclass
class Answered:
    status: int
    headers: dict[bytes, bytes]
    body: bytes


async def ask(application: Application, sent: Fuzzed, token: bytes) -> Answered:
    """Ask as a socket would, without a client's own corrections."""
    path, _, query = sent.target.partition("?")
    said: list[Any] = []
    bodies = [{"type": "http.request", "body": sent.body, "more_body": False}]

    async def receive() -> Any:
        return bodies.pop() if bodies else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        said.append(message)

    await application(
        {
            "type": "http",
            "method": sent.method,
            "scheme": "http",
            "path": unquote(path, errors="replace"),
            "raw_path": path.encode("ascii"),
            "query_string": query.encode("ascii"),
            "headers": [(b"host", b"clinic.test"), *sent.headers, (b"authorization", token)],
            "http_version": "1.1",
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 80),
        },
        receive,
        send,
    )
    body = b"".join(message.get("body", b"") for message in said[1:])
    return Answered(said[0]["status"], dict(said[0]["headers"]), body)


async def newest(platform: Platform) -> int:
    """Return the sequence of what the record stored last."""
    scope = AccessScope(platform.organisation, kinds=frozenset(KINDS))
    page = await platform.documents.history(scope, count=1)
    return page.documents[0].sequence if page.documents else 0


def is_explained(sent: Fuzzed, answer: Answered) -> bool:
    """Report whether a refusal is an OperationOutcome that says something."""
    if sent.method == "HEAD" or answer.status == 304:
        return answer.body == b""
    outcome = json.loads(answer.body)
    return outcome["resourceType"] == "OperationOutcome" and all(
        issue["diagnostics"] and issue["code"] for issue in outcome["issue"]
    )


class Attack:
    """One platform, asked over and over."""

    def __init__(self, platform: Platform, application: Application) -> None:
        self.platform, self.application = platform, application
        self.tokens: dict[Role, bytes] = {}
        self.fell: Counter[int] = Counter()

    async def fill(self) -> None:
        """Store what searches and conditions may find."""
        for kind, bodies in SOUND.items():
            for id in IDS[:3]:
                body = json.dumps(bodies[0] | {"id": id}).encode()
                headers = [(b"content-type", b"application/fhir+json")]
                sent = Fuzzed("PUT", f"{BASE}/{kind}/{id}", headers, body)
                answer = await ask(self.application, sent, self.tokens[Role.MACHINE])
                assert answer.status == 201, answer

    async def once(self, random: Random, *, patience_s: float) -> None:
        sent, role = a_request(random), random.choice(ROLES)
        before = await newest(self.platform)
        noted = await self.platform.audit_file.last()
        async with asyncio.timeout(patience_s):
            answer = await ask(self.application, sent, self.tokens[role])
        self.fell[answer.status] += 1
        assert answer.status < 500, (answer, str(sent))
        if answer.status == 403:
            assert await self.platform.audit_file.last() > noted, (answer, str(sent))
        if answer.status >= 400:
            assert is_explained(sent, answer), (answer, str(sent))
            assert await newest(self.platform) == before, (answer, str(sent))
        elif answer.body and sent.method != "HEAD":
            json.loads(answer.body)


@pytest.fixture
async def attack(platform: Platform, application: Application, as_role: AsRole) -> Attack:
    made = Attack(platform, application)
    for role in set(ROLES):
        async with as_role(role) as client:
            made.tokens[role] = client.headers["authorization"].encode()
    await made.fill()
    return made


FIXED = settings(
    max_examples=1000,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@FIXED
@given(random=st.randoms(use_true_random=False, note_method_calls=False))
async def test_no_request_is_our_fault_and_none_refused_is_stored(
    attack: Attack, random: Random
) -> None:
    await attack.once(Random(random.getrandbits(64)), patience_s=60)


@pytest.mark.sweep
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("start", range(5))
async def test_ten_thousand_requests_leave_nothing_behind(attack: Attack, start: int) -> None:
    for number in range(300):
        await attack.once(Random(f"warm {start} {number}"), patience_s=HANGS_AFTER_S)
    tracemalloc.start()
    first, _ = tracemalloc.get_traced_memory()

    for number in range(2000):
        await attack.once(Random(f"{start} {number}"), patience_s=4 * HANGS_AFTER_S)

    grown = tracemalloc.get_traced_memory()[0] - first
    tracemalloc.stop()
    assert grown < GROWTH_BYTES_MAX
    assert sum(attack.fell[status] for status in (200, 201)) > 100, attack.fell

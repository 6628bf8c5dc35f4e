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
from tests.api.accepting import Good, a_good_resource, a_query, decoded, same
from tests.api.conftest import AsRole
from tests.api.fuzzing import BASE, IDS, KINDS, SOUND, Fuzzed, a_request

pytestmark = pytest.mark.usefixtures("quiet")

ROLES = (*[Role.MACHINE] * 6, Role.CLINICIAN, Role.NURSE, Role.RECEPTIONIST, Role.PATIENT)
GOOD_SHARE = 0.4
BEFORE_ONE_IS_KNOWN = {"records-not-acceptable", "records-bad-query-string"}
"""Refusals of requests that are so wrong that nobody is asked who sends them."""
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


def stands_in_the_trail(sent: Fuzzed, answer: Answered) -> bool:
    """Report whether it was refused to somebody who may not, or who asked for a change."""
    if answer.status == 403:
        return True
    path = sent.target.partition("?")[0]
    last = unquote(path, errors="replace").rstrip("/").rpartition("/")[2]
    asks_only = last in {"_search", "metadata"} or "$" in last or "%" in path
    asks_only |= any(name == b"idempotency-key" for name, _ in sent.headers)  # a kept answer
    writes = sent.method in {"POST", "PUT", "PATCH", "DELETE"} and not asks_only
    return writes and answer.status >= 400 and code_of(answer) not in BEFORE_ONE_IS_KNOWN


def code_of(answer: Answered) -> str:
    code: str = json.loads(answer.body)["issue"][0]["details"]["coding"][0]["code"]
    return code


def ids_in(page: Answered) -> list[str]:
    """Return the ids of what a search found."""
    return [one["resource"]["id"] for one in json.loads(page.body).get("entry", ())]


def _with_id(body: bytes, place: str) -> bytes:
    """Return a body with the id that its address has, otherwise to the byte as it was."""
    head, brace, rest = body.partition(b"{")
    return head + brace + f'"id":"{place.partition("/")[2]}",'.encode() + rest


def _in_bundle(body: bytes, place: str) -> bytes:
    request = f'{{"method":"PUT","url":"{place}"}}'.encode()
    return (
        b'{"resourceType":"Bundle","type":"transaction","entry":[{"request":'
        + request
        + b',"resource":'
        + body
        + b"}]}"
    )


class Attack:
    """One platform, asked over and over."""

    def __init__(self, platform: Platform, application: Application) -> None:
        self.platform, self.application = platform, application
        self.tokens: dict[Role, bytes] = {}
        self.fell: Counter[int] = Counter()
        self.stored = 0

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
        """Send a request that is good, or one that may be anything."""
        if random.random() < GOOD_SHARE:
            async with asyncio.timeout(patience_s):
                await self.keep(random)
        else:
            await self.attack(random, patience_s=patience_s)

    async def keep(self, random: Random) -> None:
        """Store what is valid; see that it is kept, found, changed and taken away as it should."""
        good = a_good_resource(random)
        place, version = await self._store(random, good)
        await self._is_there(random, good, place, version)
        if random.random() < 0.3:
            again = await self.machine("PUT", place, _with_id(good.body, place), version)
            assert again.status == 200, (again, good.body)
            stale = await self.machine("PUT", place, _with_id(good.body, place), version)
            assert stale.status == 412, (stale, good.body)
            version = again.headers[b"etag"]
            await self._is_there(random, good, place, version)
        if random.random() < 0.3:
            gone = await self.machine("DELETE", place)
            assert gone.status in {200, 204}, gone
            assert (await self.machine("GET", place)).status == 410
            kind, _, id = place.partition("/")
            page = await self.machine("GET", f"{kind}?{a_query(random, good, id)}")
            assert ids_in(page) == [], (page, good.body)

    async def _store(self, random: Random, good: Good) -> tuple[str, bytes]:
        """Store it in one of the ways there are; return where it is and its entity tag."""
        self.stored += 1
        way, place = random.choice(["POST", "PUT", "Bundle"]), f"{good.kind}/good-{self.stored}"
        if way == "POST":
            answer = await self.machine("POST", good.kind, good.body)
            assert answer.status == 201, (answer, good.body)
            place = "/".join(answer.headers[b"location"].decode().split("/")[-4:-2])
        elif way == "PUT":
            answer = await self.machine("PUT", place, _with_id(good.body, place))
            assert answer.status == 201, (answer, good.body)
        else:
            sent = _in_bundle(_with_id(good.body, place), place)
            answer = await self.machine("POST", "", sent)
            assert answer.status == 200, (answer, good.body)
            [entry] = json.loads(answer.body)["entry"]
            assert entry["response"]["status"].startswith("201"), (answer, good.body)
            return place, entry["response"]["etag"].encode()
        return place, answer.headers[b"etag"]

    async def _is_there(self, random: Random, good: Good, place: str, version: bytes) -> None:
        read = await self.machine("GET", place)
        assert (read.status, read.headers[b"etag"]) == (200, version), (read, good.body)
        assert same(good.made, decoded(read.body)), (read.body, good.body)
        kind, _, id = place.partition("/")
        query = a_query(random, good, id)
        if random.random() < 0.3:
            form = b"application/x-www-form-urlencoded"
            page = await self.machine("POST", f"{kind}/_search", query.encode(), media=form)
        else:
            page = await self.machine("GET", f"{kind}?{query}")
        assert page.status == 200, (page, query)
        assert ids_in(page) == [id], (query, page, good.body)
        self.fell[page.status] += 1

    async def machine(
        self,
        method: str,
        target: str,
        body: bytes = b"",
        version: bytes | None = None,
        *,
        media: bytes = b"application/fhir+json",
    ) -> Answered:
        """Ask as a program that may do everything."""
        headers = [(b"content-type", media)] if body else []
        if version is not None:
            headers.append((b"if-match", version))
        sent = Fuzzed(method, f"{BASE}/{target}", headers, body)
        answer = await ask(self.application, sent, self.tokens[Role.MACHINE])
        self.fell[answer.status] += 1
        return answer

    async def attack(self, random: Random, *, patience_s: float) -> None:
        """Send anything: it is answered in time, explained, and nothing refused is stored."""
        sent, role = a_request(random), random.choice(ROLES)
        before = await newest(self.platform)
        noted = await self.platform.audit_file.last()
        async with asyncio.timeout(patience_s):
            answer = await ask(self.application, sent, self.tokens[role])
        self.fell[answer.status] += 1
        assert answer.status < 500, (answer, str(sent))
        if stands_in_the_trail(sent, answer):
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
    assert attack.stored > 600, attack.fell
    assert sum(attack.fell[status] for status in (200, 201)) > 2000, attack.fell

"""A steady load of bookings, reads, writes, uploads and AI tasks, and what became of each."""

from __future__ import annotations

import asyncio
import io
import itertools
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx2

from tools.shapes.clinic import PASSWORD, patient_of
from tools.shapes.standing import DOMAIN, Shape

_RETRIES_S = 40.0
_PAUSE_S = 0.1
_BROWSERS = itertools.cycle(f"10.0.0.{number}" for number in range(1, 51))
"""The proxy bounds what one address asks, and here believes who is said to ask."""
_IN_PROGRESS_S = 10.0
"""After which a first try is taken for one whose outcome nobody knows: its node died."""
_TRANSIENT = {502, 503, 504}
PATIENT = patient_of("d0")
_TASK = "/api/ai/tasks/symptom-analysis"
Json = dict[str, Any]


@dataclass
class Told:
    """What the shape acknowledged, and what it said instead.

    Attributes:
        untyped: Refusals that were no problem document with a code and a time to come back.
        longest_s: The longest that anything took, with its retries.
    """

    visits: dict[str, tuple[str, str]] = field(default_factory=dict)
    results: dict[str, int] = field(default_factory=dict)
    documents: dict[str, bytes] = field(default_factory=dict)
    jobs: list[str] = field(default_factory=list)
    reads: int = 0
    answered: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    untyped: list[str] = field(default_factory=list)
    longest_s: float = 0.0
    longest_retried_s: float = 0.0


class Load:
    """Clients of a shape. Each asks again what was not answered, with the same key.

    Args:
        starts: Free times, each booked once.
        rate: Requests a second, all clients together; the mix is fixed.
    """

    def __init__(self, shape: Shape, starts: list[tuple[str, str]], *, rate: float) -> None:
        self._shape, self._starts, self._rate = shape, iter(starts), rate
        self.told = Told()
        self._over = asyncio.Event()
        self._tokens: dict[str, str] = {}
        self._number = 0

    async def run(self, kinds: str = "bwrrbwrruwrrbwrrawrr") -> None:
        """Ask until :meth:`stop`; each letter is one request: book, write, read, upload, ai."""
        async with self.client() as client:
            await self._sign_in(client)
            asked: set[asyncio.Task[None]] = set()
            verbs = {
                "b": self._book, "w": self._write, "r": self._read,
                "u": self._upload, "a": self._ask,
            }  # fmt: skip
            began = time.monotonic()
            while not self._over.is_set():
                self._number += 1
                verb = verbs[kinds[self._number % len(kinds)]]
                asked.add(asyncio.create_task(verb(client, self._number)))
                asked = {task for task in asked if not task.done() or _failed(task)}
                await asyncio.sleep(max(0, began + self._number / self._rate - time.monotonic()))
            await asyncio.gather(*asked)

    def stop(self) -> None:
        """Ask nothing new."""
        self._over.set()

    def client(self) -> httpx2.AsyncClient:
        """Return a client that finds the shape's name on loopback."""
        return httpx2.AsyncClient(
            base_url=f"https://127.0.0.1:{self._shape.https_port}",
            headers={"Host": DOMAIN},
            verify=self._shape.trust,
            event_hooks={"request": [_name_the_server]},
            timeout=60,
            limits=httpx2.Limits(max_connections=60, keepalive_expiry=5),
        )

    async def _sign_in(self, client: httpx2.AsyncClient) -> None:
        for role in ("receptionist", "clinician"):
            body = {"email": f"{role}@clinic.example", "password": PASSWORD}
            answer = await client.post("/api/auth/login", json=body)
            answer.raise_for_status()
            self._tokens[role] = answer.json()["access_token"]

    def headers(self, role: str) -> dict[str, str]:
        """Return who asks."""
        return {"Authorization": f"Bearer {self._tokens[role]}"}

    async def _book(self, client: httpx2.AsyncClient, number: int) -> None:
        doctor, start = next(self._starts)
        body = {
            "type": "open", "place": "main", "practitioner": doctor,
            "start": start, "patient": patient_of(doctor),
        }  # fmt: skip
        headers = {**self.headers("receptionist"), "Idempotency-Key": f"book-{number}"}
        answer = await self._until_answered(
            lambda: client.post("/api/visits", json=body, headers=headers)
        )
        if answer.status_code == 201:
            self.told.visits[answer.json()["id"]] = (doctor, start)
        else:
            self._note_refusal("book", answer)

    async def _write(self, client: httpx2.AsyncClient, number: int) -> None:
        body = {
            "resourceType": "Observation", "id": f"o{number}", "status": "final",
            "code": {"text": "count"}, "subject": {"reference": f"Patient/{PATIENT}"},
            "valueInteger": number,
        }  # fmt: skip
        address = f"/api/fhir/R4/Observation/o{number}"
        answer = await self._until_answered(
            lambda: client.put(address, json=body, headers=self.headers("clinician"))
        )
        if answer.is_success:
            self.told.results[f"o{number}"] = number
        else:
            self._note_refusal("write", answer)

    async def _read(self, client: httpx2.AsyncClient, _: int) -> None:
        address = f"/api/fhir/R4/Patient/{PATIENT}"
        answer = await self._until_answered(
            lambda: client.get(address, headers=self.headers("clinician"))
        )
        if answer.is_success:
            self.told.reads += 1
        else:
            self._note_refusal("read", answer)

    async def _upload(self, client: httpx2.AsyncClient, number: int) -> None:
        content = _paper(number)
        headers = {**self.headers("receptionist"), "Idempotency-Key": f"upload-{number}"}
        answer = await self._until_answered(
            lambda: client.post(
                "/api/documents",
                params={"filename": f"paper-{number}.pdf"},
                content=content,
                headers=headers,
            )
        )
        if answer.is_success:
            self.told.documents[answer.json()["id"]] = content
        else:
            self._note_refusal("upload", answer)

    async def _ask(self, client: httpx2.AsyncClient, number: int) -> None:
        body = {"text": f"I have had a headache for {number} days.", "later": True}
        headers = {**self.headers("clinician"), "Idempotency-Key": f"ask-{number}"}
        answer = await self._until_answered(
            lambda: client.post(_TASK, json=body, params={"about": PATIENT}, headers=headers)
        )
        if answer.is_success:
            self.told.jobs.append(answer.json()["job"])
        else:
            self._note_refusal("ask", answer)

    async def _until_answered(self, ask: Callable[[], Any]) -> httpx2.Response:
        """Ask again while nobody answers or a part is away; the key keeps it from being twice."""
        began, tries = time.monotonic(), 0
        while True:
            tries += 1
            try:
                answer: httpx2.Response = await ask()
            except httpx2.TransportError as error:
                self.told.refused[type(error).__name__] += 1
            else:
                waits = _is_in_progress(answer) and time.monotonic() - began < _IN_PROGRESS_S
                if answer.status_code not in _TRANSIENT and not waits:
                    self.told.answered += 1
                    self._time(time.monotonic() - began, tries)
                    return answer
                self._note(answer)
            if time.monotonic() - began > _RETRIES_S:
                msg = f"something was not answered for long: {dict(self.told.refused)}"
                raise TimeoutError(msg)
            await asyncio.sleep(_PAUSE_S)

    def _time(self, took: float, tries: int) -> None:
        self.told.longest_s = max(self.told.longest_s, took)
        if tries > 1:
            self.told.longest_retried_s = max(self.told.longest_retried_s, took)

    def _note_refusal(self, verb: str, answer: httpx2.Response) -> None:
        """Note what asking again does not help against; a key whose outcome nobody knows is one."""
        code = _code(answer)
        self.told.refused[f"{verb} {answer.status_code} {code}"] += 1
        if not code:
            self.told.untyped.append(f"{verb} {answer.status_code} {answer.text[:200]}")

    def _note(self, answer: httpx2.Response) -> None:
        code = _code(answer)
        self.told.refused[code or f"status {answer.status_code}"] += 1
        if answer.status_code in _TRANSIENT and (not code or "retry-after" not in answer.headers):
            self.told.untyped.append(f"{answer.status_code} {answer.text[:200]}")


def _failed(task: asyncio.Task[None]) -> bool:
    return not task.cancelled() and task.exception() is not None


async def _name_the_server(request: httpx2.Request) -> None:
    """Ask for the shape's name, which no resolver knows, as one of many browsers."""
    request.extensions["sni_hostname"] = DOMAIN
    request.headers["X-Forwarded-For"] = next(_BROWSERS)


def _code(answer: httpx2.Response) -> str:
    try:
        said = answer.json()
    except ValueError:
        return ""
    if "code" in said:
        return str(said["code"])
    issues = said.get("issue", [])
    return str(issues[0].get("details", issues[0]).get("text", "outcome")) if issues else ""


def _is_in_progress(answer: httpx2.Response) -> bool:
    """Report whether the first try is still being answered."""
    return answer.status_code == 409 and _code(answer) == "app-idempotency-in-progress"


def _paper(number: int) -> bytes:
    from reportlab.pdfgen.canvas import Canvas

    made = io.BytesIO()
    canvas = Canvas(made, pagesize=(200, 100))
    canvas.drawString(10, 50, f"Paper {number}")
    canvas.save()
    return made.getvalue()

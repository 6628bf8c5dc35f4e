"""Over a real socket: bodies without end, senders that vanish, requests that are none."""

from __future__ import annotations

import asyncio
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest

from careflow.composition import open_platform
from tests.api.conftest import CANARY, FAST_HASH, PASSWORD, add_people, scratch_settings

GB = 1024 * 1024 * 1024
MB = 1024 * 1024
GROWTH_MAX = 96 * MB
"""The largest body that is taken whole is smaller; what is in flight comes on top."""
SENT_MAX = 128 * MB
ENVIRONMENT = {k: v for k, v in os.environ.items() if not k.startswith("CAREFLOW_")}  # noqa: TID251


@dataclass(frozen=True, slots=True)
class Server:
    """A served platform: where it listens, its process, its folder and someone's token."""

    port: int
    process: subprocess.Popen[bytes]
    folder: Path
    token: str

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def head(self, method: str, path: str, *more: str) -> bytes:
        """Return the head of a request."""
        lines = [
            f"{method} {path} HTTP/1.1",
            f"Host: 127.0.0.1:{self.port}",
            f"Authorization: Bearer {self.token}",
            *more,
        ]
        return "\r\n".join([*lines, "", ""]).encode()

    def connect(self) -> socket.socket:
        """Open a connection."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=30)

    def memory_bytes(self) -> int:
        """Return the most memory the process has held so far."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024

    def get(self, path: str) -> httpx2.Response:
        """Ask as the nurse."""
        return httpx2.get(self.address + path, headers={"Authorization": f"Bearer {self.token}"})

    def files(self) -> list[Path]:
        """Return every file of uploads, half ones included."""
        return [path for path in (self.folder / "data/files").rglob("*") if path.is_file()]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A platform served by its own command."""
    if not Path("/proc/self/status").exists():
        pytest.skip("memory is read from /proc, which this system does not have")
    folder = tmp_path_factory.mktemp("served")
    asyncio.run(fill(folder))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "careflow", "serve", "--port", str(port)],
            cwd=folder,
            env={**ENVIRONMENT, **settings_of(folder)},
            stdout=log,
            stderr=log,
        )
    try:
        yield Server(port, process, folder, signed_in(port, process))
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=30)
    written = (folder / "log").read_text()
    assert "Traceback" not in written
    assert CANARY not in written
    assert '"level": "error"' not in written


async def fill(folder: Path) -> None:
    """Make the database with one account per role."""
    platform = await open_platform(scratch_settings(folder), password_cost=FAST_HASH)
    await add_people(platform)
    await platform.close()


def settings_of(folder: Path) -> dict[str, str]:
    """Return the same settings as environment variables."""
    return {
        "CAREFLOW_DATABASE_URL": f"sqlite:///{folder}/data/careflow.db",
        "CAREFLOW_FILES_URL": f"file:///{folder}/data/files",
        "CAREFLOW_KEY_FILE": f"{folder}/keys/master.key",
        "CAREFLOW_CLINIC_ZONE": "America/New_York",
        "CAREFLOW_REQUIRE_SECOND_FACTOR": "false",
    }


def signed_in(port: int, process: subprocess.Popen[bytes]) -> str:
    """Return the nurse's token once the server answers."""
    body = {"email": "nurse@clinic.example", "password": PASSWORD}
    deadline = time.monotonic() + 60
    while True:
        try:
            answer = httpx2.post(f"http://127.0.0.1:{port}/api/auth/login", json=body)
        except httpx2.TransportError:
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.05)
        else:
            token: str = answer.json()["access_token"]
            return token


def pour(
    connection: socket.socket, *, chunked: bool, start: bytes = b"", size: int = GB
) -> tuple[int, bytes]:
    """Send up to ``size`` bytes of body; return how much went and what came back meanwhile."""
    piece = b"\0" * 256 * 1024
    framed = b"%x\r\n%s\r\n" % (len(piece), piece) if chunked else piece
    sent = 0
    try:
        if start:
            connection.sendall(b"%x\r\n%s\r\n" % (len(start), start) if chunked else start)
        while sent < size:
            if select.select([connection], [], [], 0)[0]:
                return sent, connection.recv(65536)
            connection.sendall(framed)
            sent += len(piece)
    except OSError:
        # Refused while we were talking; the answer may be waiting all the same.
        pass
    try:
        return sent, connection.recv(65536)
    except OSError:
        return sent, b""


ENDLESS = {
    "an upload": ("POST", "/api/documents?filename=a.pdf", "application/pdf", b"%PDF-1.7\n"),
    "a resource": ("POST", "/api/fhir/R4/Patient", "application/fhir+json", b"{"),
    "a bundle": ("POST", "/api/fhir/R4", "application/fhir+json", b"{"),
    "a FHIR search": (
        "POST",
        "/api/fhir/R4/Patient/_search",
        "application/x-www-form-urlencoded",
        b"name=",
    ),
    "a reason": ("POST", "/api/documents/x/discard", "application/json", b'{"reason": "'),
    "a sign-in": ("POST", "/api/auth/login", "application/json", b'{"email": "'),
    "a token request": (
        "POST",
        "/api/auth/token",
        "application/x-www-form-urlencoded",
        b"grant_type=",
    ),
}


@pytest.mark.parametrize("framing", ["chunked", "declared"])
@pytest.mark.parametrize("what", ENDLESS)
def test_a_body_of_a_gigabyte_is_refused_early_and_held_nowhere(
    what: str, framing: str, server: Server
) -> None:
    method, path, media_type, start = ENDLESS[what]
    length = "Transfer-Encoding: chunked" if framing == "chunked" else f"Content-Length: {GB}"
    before, files = server.memory_bytes(), server.files()

    with server.connect() as connection:
        connection.sendall(server.head(method, path, f"Content-Type: {media_type}", length))
        sent, answer = pour(connection, chunked=framing == "chunked", start=start)

    assert sent < SENT_MAX
    assert answer == b"" or answer.startswith(b"HTTP/1.1 413 ")
    assert server.memory_bytes() - before < GROWTH_MAX
    assert server.files() == files
    assert server.get("/api/documents").json() == {"documents": []}


def test_a_sender_that_vanishes_leaves_nothing_behind(server: Server) -> None:
    head = server.head("POST", "/api/documents?filename=a.pdf", f"Content-Length: {10 * MB}")
    for share in (0, 100, 5 * MB):
        with server.connect() as connection:
            connection.sendall(head + b"%PDF-1.7\n" + b"\0" * share)

    deadline = time.monotonic() + 20
    while server.files() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert server.files() == []
    assert server.get("/api/documents").json() == {"documents": []}


def test_a_sender_that_vanishes_from_other_addresses_is_no_fault_of_ours(server: Server) -> None:
    for path in (
        "/api/fhir/R4/Patient",
        "/api/fhir/R4",
        "/api/auth/login",
        "/api/documents/x/match",
    ):
        head = server.head(
            "POST", path, "Content-Type: application/fhir+json", "Content-Length: 100000"
        )
        with server.connect() as connection:
            connection.sendall(head + b'{"resourceType": "Patient"')

    assert server.get("/api/health/ready").status_code == 200


LOGIN = b"POST /api/auth/login HTTP/1.1\r\nHost: x\r\n"
CLINIC = b"GET /api/clinic HTTP/1.1\r\nHost: x\r\n"
NO_REQUESTS = {
    "noise": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 20,
    "no version": b"GET /api/clinic\r\n\r\n",
    "a head of 2 MB": CLINIC + b"X: " + b"a" * 2 * MB + b"\r\n\r\n",
    "an address of 2 MB": b"GET /" + b"a" * 2 * MB + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    "two lengths": LOGIN + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
    "a length of minus one": LOGIN + b"Content-Length: -1\r\n\r\n",
    "a length of letters": LOGIN + b"Content-Length: ten\r\n\r\n",
    "length and chunks at once": LOGIN + b"Content-Length: 4\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /api/auth/me HTTP/1.1\r\nHost: x\r\n\r\n",
    "a broken chunk": LOGIN + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n",
    "a zero in the address": b"GET /api/fhir/R4/Patient/\x00 HTTP/1.1\r\nHost: x\r\n\r\n",
    "bytes in the address": b"GET /api/fhir/R4/Patient/\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n",
    "a folded header": CLINIC + b"X: a\r\n b\r\n\r\n",
    "an absolute address": b"GET http://evil.example/api/clinic HTTP/1.1\r\nHost: x\r\n\r\n",
    "a proxy's request": b"CONNECT evil.example:443 HTTP/1.1\r\nHost: x\r\n\r\n",
    "an upgrade": CLINIC + b"Connection: Upgrade\r\n"
    b"Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: eHh4eHh4eHh4eHh4eHh4eA==\r\n\r\n",
}


@pytest.mark.parametrize("what", NO_REQUESTS)
def test_what_is_no_request_harms_nothing(what: str, server: Server) -> None:
    answer = b""
    with server.connect() as connection:
        connection.settimeout(3)
        try:
            connection.sendall(NO_REQUESTS[what])
            connection.shutdown(socket.SHUT_WR)
            while more := connection.recv(65536):
                answer += more
        except OSError:
            pass

    assert b"Traceback" not in answer
    assert not answer.startswith(b"HTTP/1.1 5")
    assert server.get("/api/health/ready").status_code == 200

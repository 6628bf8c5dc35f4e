"""A MongoDB for the tests: the server named by ``CAREFLOW_TEST_MONGODB_URL``, or a stand-in.

The stand-in, SecantusDB, speaks the real protocol over a real socket in a process of its own. It is
GPL-2.0: it lives in an environment of its own under ``.test-servers/``, is never imported, and is
no dependency of the project. What it cannot show is marked "real server only".
"""

from __future__ import annotations

import atexit
import ctypes
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from pymongo import MongoClient

NAMED = "CAREFLOW_TEST_MONGODB_URL"
HOME = Path(__file__).resolve().parent.parent / ".test-servers" / "secantus"
PROGRAM = HOME / "bin" / "secantusd-py"
INSTALLED = HOME / ".installed"
PATIENCE_S = 30.0

_used: set[str] = set()


def is_real() -> bool:
    """Report whether a server of the operator's choice is used, rather than the stand-in."""
    return NAMED in os.environ and not os.environ[NAMED].endswith("appName=stand-in")  # noqa: TID251


def real_server_only() -> None:
    """Skip by name what the stand-in cannot show."""
    if not is_real():
        pytest.skip(f"real server only: set {NAMED}")


@cache
def server_url() -> str:
    """Return the server's address, starting the stand-in if none is named; or skip by name."""
    named = os.environ.get(NAMED)  # noqa: TID251 - a name that belongs to tests.
    if named is None:
        named = _start()
        # Processes that a test starts find the same server.
        os.environ[NAMED] = named  # noqa: TID251
    return named


def database_url(folder: Path) -> str:
    """Return the address of a database that belongs to a test's folder; dropped at the end."""
    name = "careflow_test_" + blake2b(str(folder).encode(), digest_size=8).hexdigest()
    if name not in _used:
        _used.add(name)
        atexit.register(_drop, name)
    return database_named(name)


def database_named(name: str) -> str:
    """Return the address of a database of the server."""
    parts = urlsplit(server_url())
    return urlunsplit(parts._replace(path=f"/{name}"))


def end_abandoned() -> None:
    """Have the server end now what a killed process left open; by itself it does in a minute."""
    client: MongoClient[dict[str, Any]] = MongoClient(server_url())
    with client:
        client.admin.command("killAllSessions", [])


def _drop(name: str) -> None:
    if is_real():  # the stand-in's folder goes away with it
        client: MongoClient[dict[str, Any]] = MongoClient(server_url())
        with client:
            client.drop_database(name)


def _start() -> str:
    server = OwnServer(tempfile.mkdtemp(prefix="careflow-mongodb-"))
    server.start()
    atexit.register(server.remove)
    return server.url


class OwnServer:
    """A stand-in on a folder of its own, which may be killed and started again.

    Only one that syncs each commit keeps, as a real server does, what it acknowledged.
    """

    def __init__(self, folder: str | Path, *, syncs: bool = False) -> None:
        if not INSTALLED.is_file():
            pytest.skip(
                f"the MongoDB stand-in is not installed: make test does it (or set {NAMED})"
            )
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.folder = str(folder)
        self._syncing = ("--sync-on-commit",) if syncs else ()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The address, without a database."""
        return f"mongodb://127.0.0.1:{self.port}/?appName=stand-in"

    def start(self) -> None:
        """Start it, and return once it listens."""
        self._process = subprocess.Popen(
            [
                *(str(PROGRAM), "--host", "127.0.0.1", "--port", str(self.port)),
                *("--storage-path", self.folder, "--cache-size", "256M", "--log-level", "ERROR"),
                *("--enable-test-commands", *self._syncing),
            ],
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=_end_with_the_tests if sys.platform == "linux" else None,  # noqa: PLW1509 - no threads yet
        )
        until = time.monotonic() + PATIENCE_S
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                if self._process.poll() is not None or time.monotonic() > until:
                    pytest.skip("the MongoDB stand-in does not start here")
                time.sleep(0.05)
            else:
                return

    def kill(self) -> None:
        """Have it die as a process dies that is killed."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def remove(self) -> None:
        """Kill it and remove its folder."""
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


def _end_with_the_tests() -> None:
    """Have the kernel end the stand-in when the tests end, however they do."""
    set_parent_death_signal = 1
    ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGKILL)

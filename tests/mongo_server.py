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


def _drop(name: str) -> None:
    if is_real():  # the stand-in's folder goes away with it
        client: MongoClient[dict[str, Any]] = MongoClient(server_url())
        with client:
            client.drop_database(name)


def _start() -> str:
    if not INSTALLED.is_file():
        pytest.skip(f"the MongoDB stand-in is not installed: make test does it (or set {NAMED})")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = tempfile.mkdtemp(prefix="careflow-mongodb-")
    process = subprocess.Popen(
        [
            *(str(PROGRAM), "--host", "127.0.0.1", "--port", str(port)),
            *("--storage-path", folder, "--cache-size", "256M", "--log-level", "ERROR"),
            "--enable-test-commands",
        ],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=_end_with_the_tests if sys.platform == "linux" else None,  # noqa: PLW1509 - no threads yet
    )
    atexit.register(_stop, process, folder)
    until = time.monotonic() + PATIENCE_S
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if process.poll() is not None or time.monotonic() > until:
                pytest.skip("the MongoDB stand-in does not start here")
            time.sleep(0.05)
        else:
            return f"mongodb://127.0.0.1:{port}/?appName=stand-in"


def _end_with_the_tests() -> None:
    """Have the kernel end the stand-in when the tests end, however they do."""
    set_parent_death_signal = 1
    ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGKILL)


def _stop(process: subprocess.Popen[bytes], folder: str) -> None:
    process.kill()
    process.wait()
    shutil.rmtree(folder, ignore_errors=True)

"""``careflow serve`` as a process of its own on a free port, asked over real sockets."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest

from careflow import settings
from tests.mongo_server import database_url, end_abandoned

CLEAN = {name: value for name, value in os.environ.items() if not name.startswith("CAREFLOW_")}  # noqa: TID251
PATIENCE_S = 60


def settings_of(folder: Path, engine: str) -> dict[str, str]:
    """Return the settings of a clinic that lives in a folder, on a database adapter."""
    sqlite = f"sqlite:///{folder}/data/careflow.db"
    return {
        "CAREFLOW_DATABASE_URL": database_url(folder) if engine == "mongo" else sqlite,
        "CAREFLOW_FILES_URL": f"file:///{folder}/data/files",
        "CAREFLOW_KEY_FILE": f"{folder}/keys/master.key",
        "CAREFLOW_CLINIC_ZONE": "America/New_York",
    }


def loaded_settings(folder: Path, engine: str) -> settings.Settings:
    """Return the same settings, for a platform opened by the test."""
    return settings.load(settings_of(folder, engine), file=folder / "none.toml")


@dataclass
class Served:
    """A running server and a machine client of it."""

    folder: Path
    engine: str
    client_id: str
    client_secret: str
    process: subprocess.Popen[str]
    port: int
    token: str = ""

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def fhir(self) -> str:
        return f"{self.address}/api/fhir/R4"

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def kill(self) -> None:
        """Have the server die as a process dies that is killed."""
        self.process.kill()
        self.process.wait()
        if self.engine == "mongo":
            end_abandoned()

    def start_again(self) -> None:
        """Start it anew on the same data, and sign in."""
        self.port = free_port()
        self.process = _serve(self.folder, self.engine, self.port)
        self._sign_in()

    def _sign_in(self) -> None:
        _wait_for(self.address, self.process)
        form = {
            "grant_type": "client_credentials",
            "client_id": self.client_id,
            "client_secret": self.client_secret,
        }
        self.token = httpx2.post(f"{self.address}/api/auth/token", data=form).json()["access_token"]


@contextmanager
def served(folder: Path, engine: str = "sqlite", *scopes: str) -> Iterator[Served]:
    """Serve a new clinic until the block ends."""
    asked = [part for scope in scopes or ("system/*.cruds",) for part in ("--scope", scope)]
    made = subprocess.run(
        [*_CAREFLOW, "clients", "add", "test", *asked, "--json"],
        cwd=folder,
        env={**CLEAN, **settings_of(folder, engine)},
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    (client,) = json.loads(made.stdout)
    port = free_port()
    server = Served(
        *(folder, engine, client["client_id"], client["client_secret"]),
        *(_serve(folder, engine, port), port),
    )
    try:
        server._sign_in()
        yield server
    finally:
        if server.process.poll() is None:
            server.process.send_signal(signal.SIGINT)
        server.process.communicate(timeout=PATIENCE_S)


_CAREFLOW = [sys.executable, "-m", "careflow"]


def _serve(folder: Path, engine: str, port: int) -> subprocess.Popen[str]:
    with (folder / "server.log").open("a") as log:
        return subprocess.Popen(
            [*_CAREFLOW, "serve", "--port", str(port)],
            cwd=folder,
            env={**CLEAN, **settings_of(folder, engine)},
            stdout=log,
            stderr=log,
            text=True,
        )


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def _wait_for(address: str, process: subprocess.Popen[str]) -> None:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"{address}/api/health/ready", timeout=5) as answer:
                assert json.load(answer)["status"] == "ready"
                return
        except OSError:
            assert process.poll() is None, "the server ended by itself"
            time.sleep(0.05)
    pytest.fail("the server did not open")

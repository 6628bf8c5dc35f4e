"""A real Redis for the tests, on its own port and folder, which may be killed at any time."""

from __future__ import annotations

import ctypes
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

PATIENCE_S = 20.0


class RedisServer:
    """One server; only its own process is ever ended, by its id."""

    def __init__(self, folder: Path) -> None:
        if shutil.which("redis-server") is None:
            pytest.skip("redis-server is not installed: tools/system_packages.sh does it")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start it, and return once it answers."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._process = subprocess.Popen(
            [
                *("redis-server", "--port", str(self.port), "--bind", "127.0.0.1"),
                *("--dir", str(self.folder), "--appendonly", "yes", "--appendfsync", "always"),
                *("--save", "", "--daemonize", "no"),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=end_with_the_tests if sys.platform == "linux" else None,  # noqa: PLW1509 - short
        )
        until = time.monotonic() + PATIENCE_S
        while not self._answers():
            assert self._process.poll() is None, "redis-server ended"
            assert time.monotonic() < until, "redis-server does not answer"
            time.sleep(0.02)

    def empty(self) -> None:
        """Have it forget everything."""
        assert self._told(b"FLUSHALL") == b"+OK"

    def _answers(self) -> bool:
        try:
            return self._told(b"PING") == b"+PONG"
        except OSError:
            return False

    def _told(self, command: bytes) -> bytes:
        with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
            connection.sendall(command + b"\r\n")
            return connection.recv(64).strip()

    def kill(self, *, with_data: bool = False) -> None:
        """Have it die as a process dies that is killed, and lose its data too if so asked."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
        if with_data:
            shutil.rmtree(self.folder, ignore_errors=True)


def end_with_the_tests() -> None:
    """Have the kernel end a server when the tests end, however they do."""
    set_parent_death_signal = 1
    ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGKILL)

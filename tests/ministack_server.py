"""MiniStack in an environment of its own: AWS on this machine, for what is created and invoked."""

from __future__ import annotations

import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent / ".test-servers" / "ministack"
MISSING = "MiniStack is not installed: tools/test_servers.sh"
_PATIENCE_S = 60


def is_installed() -> bool:
    """Report whether it can be started."""
    return (HOME / "bin" / "ministack").exists()


@contextmanager
def ministack(folder: Path) -> Iterator[str]:
    """Yield the address of a fresh one that listens on this machine alone, and end it after."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [str(HOME / "bin" / "ministack")],
            cwd=folder,
            env={
                "PATH": os.pathsep.join([str(HOME / "bin"), os.defpath]),
                "HOME": str(folder),
                "TMPDIR": str(folder),
                # It listens on every interface unless it is told not to.
                "BIND_HOST": "127.0.0.1",
                "GATEWAY_PORT": str(port),
                "STATE_DIR": str(folder / "state"),
                "S3_DATA_DIR": str(folder / "s3"),
            },
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_for(address, process)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/_ministack/health", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    msg = "MiniStack did not start"
    raise RuntimeError(msg)

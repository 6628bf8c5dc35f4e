"""Servers under measurement: on one CPU, held to a memory limit, read from /proc."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
SERVER_CPU = 0


@dataclass(frozen=True, slots=True)
class Server:
    """A server under measurement."""

    pid: int
    port: int
    ready_s: float

    def cpu_s(self) -> float:
        """Return user and system time the process has used, in seconds."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def resident_mb(self) -> int:
        """Return the memory it occupies now."""
        found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{self.pid}/status").read_text())
        return 0 if found is None else int(found[1]) // 1024


def environment(folder: Path) -> dict[str, str]:
    """Return the environment of our own processes, with all data below a folder."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("CAREFLOW_")}  # noqa: TID251
    return kept | {
        "CAREFLOW_DATABASE_URL": f"sqlite:///{folder}/data/careflow.db",
        "CAREFLOW_FILES_URL": f"file://{folder}/data/files",
        "CAREFLOW_KEY_FILE": str(folder / "keys" / "master.key"),
        "CAREFLOW_CLINIC_ZONE": "America/New_York",
        "PYTHONPATH": str(HERE.parent),
    }


@contextmanager
def serving(variables: dict[str, str], limit: Path | None) -> Iterator[Server]:
    """Run our server, within a memory limit if there is one."""
    port = _free_port()
    command = [sys.executable, "-m", "careflow", "serve", "--port", str(port)]
    with _process(command, variables, port, "/api/health/ready", limit) as server:
        yield server


@contextmanager
def bare_server(variables: dict[str, str], body: Path) -> Iterator[Server]:
    """Run the yardstick: a raw ASGI application that answers one resource's bytes."""
    port = _free_port()
    variables = variables | {"CAREFLOW_TEST_YARDSTICK_BODY": str(body)}
    command = [sys.executable, "-m", "uvicorn", "benchmarks.yardstick:application"]
    command += ["--port", str(port), "--no-access-log", "--log-level", "error", "--lifespan", "off"]
    with _process(command, variables, port, "/", None) as server:
        yield server


@contextmanager
def memory_limit(megabytes: int) -> Iterator[Path | None]:
    """Make a control group with a memory limit; ``None`` where this machine does not allow it."""
    group = _own_group()
    try:
        if group is None:
            yield None
            return
        made = group / f"careflow-bench-{os.getpid()}"
        made.mkdir()
    except OSError:
        yield None
        return
    try:
        name = "memory.max" if (made / "memory.max").exists() else "memory.limit_in_bytes"
        (made / name).write_text(str(megabytes * 1024 * 1024))
        yield made
    finally:
        with suppress(OSError):
            made.rmdir()


def _own_group() -> Path | None:
    """Return the folder of the control group of memory that this process is in."""
    for line in Path("/proc/self/cgroup").read_text().splitlines():
        _, controllers, path = line.split(":", 2)
        if controllers == "memory":
            return Path("/sys/fs/cgroup/memory") / path.lstrip("/")
        if not controllers and (Path("/sys/fs/cgroup") / "cgroup.controllers").exists():
            return Path("/sys/fs/cgroup") / path.lstrip("/")
    return None


@contextmanager
def _process(
    command: list[str], variables: dict[str, str], port: int, path: str, limit: Path | None
) -> Iterator[Server]:
    began = time.perf_counter()
    started = [*pinned(SERVER_CPU), *command]
    if limit is not None:
        enter = f'echo $$ > "{limit}/cgroup.procs" && exec "$@"'
        started = ["sh", "-c", enter, "sh", *started]
    process = subprocess.Popen(started, env=variables, stderr=subprocess.DEVNULL)
    try:
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=1).read()
                break
            except OSError:
                if process.poll() is not None or time.perf_counter() - began > 60:
                    sys.exit("the server did not start")
                time.sleep(0.005)
        yield Server(process.pid, port, time.perf_counter() - began)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)


def pinned(cpu: int) -> list[str]:
    """Return the words that hold a command to one CPU, where there are several."""
    return ["taskset", "-c", str(cpu)] if (os.cpu_count() or 1) > 1 else []


def pin_client() -> None:
    """Hold this process, the client, to the other CPUs."""
    others = set(range(os.cpu_count() or 1)) - {SERVER_CPU}
    if others:
        os.sched_setaffinity(0, others)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port

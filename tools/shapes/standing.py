"""Stands a shape up: nodes rendered as hosts in one folder, a proxy before them."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from careflow.operations.host import rolling
from careflow.operations.host.description import Host
from careflow.operations.host.layout import COLOURS, Layout
from careflow.operations.host.tree import render, write_tree
from careflow.operations.host.units import API, SOCKET, WORKER
from tools.shapes.runner import Runner

DOMAIN = "clinic.example.org"
RELEASE = "a" * 12
ROOT = Path(__file__).resolve().parents[2]
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
_PATIENCE_S = 60


@dataclass
class Node:
    """One host of a shape."""

    folder: Path
    layout: Layout
    runner: Runner
    colour: str = COLOURS[0]

    @property
    def unit(self) -> str:
        """The API's unit that serves."""
        return f"{API}{self.colour}.service"

    def start(self) -> None:
        """Start the API and return when it is ready."""
        if not self.runner.start(self.unit):
            msg = f"{self.unit} did not start: {self.runner.last_line(self.unit)}"
            raise RuntimeError(msg)

    def roll(self, release: str) -> None:
        """Roll to a release as the host does."""
        self.colour = rolling.roll(rolling.Host(self.runner, self.layout), release)


@dataclass
class Shape:
    """A shape that stands."""

    name: str
    folder: Path
    nodes: list[Node]
    proxy: Runner
    https_port: int
    settings: Mapping[str, str]
    has_workers: bool = False
    extra: list[Runner] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Where browsers ask."""
        return f"https://{DOMAIN}:{self.https_port}"

    @property
    def trust(self) -> ssl.SSLContext:
        """What trusts the shape's certificate and nothing else."""
        return ssl.create_default_context(cafile=str(self.folder / "certificate.pem"))

    def cpu_s(self) -> float:
        """Return the processor time that API and workers took so far."""
        return sum(node.runner.cpu_s("careflow-") for node in self.nodes)

    def resident_mb(self) -> int:
        """Return the memory of API and workers, and of nothing else."""
        return sum(node.runner.resident_mb("careflow-") for node in self.nodes)

    def close(self) -> None:
        """End all of it."""
        for runner in [self.proxy, *(node.runner for node in self.nodes), *self.extra]:
            runner.close()


def stand_up(
    name: str,
    folder: Path,
    settings: Mapping[str, str],
    *,
    nodes: int = 1,
    workers: int = 0,
    more: dict[str, str] | None = None,
) -> Shape:
    """Render and start a shape; the clinic in it must be prepared.

    Args:
        name: What it is called.
        folder: Empty, and short enough for names of sockets.
        settings: The platform's settings, over the rendered ones; shared by all nodes.
        nodes: How many; more than one are balanced over.
        workers: Processes of Celery on the first node, over Redis on a socket.
        more: Variables for every service that are no settings, such as AWS's keys.
    """
    certificate(folder)
    made = [_node(folder / f"n{number}", settings, workers, more) for number in range(nodes)]
    port = free_port()
    balanced = Layout(
        proxy_state=str(folder / "proxy"),
        proxy_log=str(folder / "proxy"),
        proxy_pid=str(folder / "proxy" / "nginx.pid"),
        proxy_user="root",
        https_port=port,
        http_port=free_port(),
        api=made[0].layout.api,
        nodes=tuple(_upstream(node.layout.api) for node in made) if nodes > 1 else (),
    )
    shape = Shape(
        name, folder, made, _proxy(folder, balanced), port, settings, has_workers=workers > 0
    )
    try:
        for node in made:
            if workers and node is made[0]:
                node.runner.start("careflow-redis.service")
                _wait_for_file(Path(node.layout.redis))
                node.runner.start(f"{WORKER}{node.colour}.service")
            node.start()
        wait_until_ready(shape)
    except BaseException:
        shape.close()
        raise
    return shape


def _node(
    folder: Path, settings: Mapping[str, str], workers: int, more: dict[str, str] | None
) -> Node:
    layout = Layout(
        programs=str(folder / "opt"),
        state=str(folder / "state"),
        keys=str(folder / "keys"),
        config=str(folder / "etc/careflow"),
        secrets=str(folder / "secrets"),
        api=str(folder / "api.sock"),
        redis=str(folder / "redis/redis.sock"),
    )
    host = _host(folder, settings, workers)
    folder.mkdir(parents=True)
    write_tree(render(host, layout), folder)
    for place in ("state", "keys", "redis", "state-redis"):
        (folder / place).mkdir(mode=0o700)
    add_release(layout, RELEASE)
    (folder / "opt" / COLOURS[0]).symlink_to(f"releases/{RELEASE}")
    units = folder / "etc/systemd/system"
    runner = Runner(units, folder / "run", {"PYTHONPATH": str(ROOT / "src"), **(more or {})})
    runner.start(SOCKET)
    return Node(folder, layout, runner)


def _host(folder: Path, settings: Mapping[str, str], workers: int) -> Host:
    """Return the description: the database's address is a secret wherever it is MongoDB's."""
    told, secrets = dict(settings), {}
    url = told.get("CAREFLOW_DATABASE_URL", "")
    if url.startswith("mongodb"):
        file = folder.parent / "database-url"
        file.write_text(url)
        secrets["database-url"] = str(file)
        del told["CAREFLOW_DATABASE_URL"]
    return Host(
        domain=DOMAIN,
        certificate=str(folder.parent / "certificate.pem"),
        certificate_key=str(folder.parent / "key.pem"),
        settings=told,
        secrets=secrets,
        workers=workers,
        redis=workers > 0,
    )


def add_release(layout: Layout, release: str) -> None:
    """Lay a release down that runs this checkout."""
    place = Path(layout.programs) / "releases" / release
    (place / "bin").mkdir(parents=True)
    program = place / "bin" / "careflow"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m careflow "$@"\n')
    program.chmod(0o755)
    (place / "release.env").write_text(f"CAREFLOW_RELEASE={release}\n")


def _proxy(folder: Path, layout: Layout) -> Runner:
    (folder / "proxy").mkdir(exist_ok=True)
    described = replace(_host(folder / "n0", {}, 0), proxies=("127.0.0.0/8",))
    file = folder / "nginx.conf"
    file.write_text(render(described, layout)["etc/nginx/nginx.conf"].text)
    runner = Runner(folder, folder / "proxy-run")
    runner.command("nginx", [str(NGINX), "-c", str(file), "-g", "daemon off;"])
    return runner


def certificate(folder: Path) -> None:
    """Make a certificate for the shape's name."""
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
            *("-nodes", "-days", "30", "-subj", f"/CN={DOMAIN}"),
            *("-addext", f"subjectAltName=DNS:{DOMAIN}"),
            *("-keyout", str(folder / "key.pem"), "-out", str(folder / "certificate.pem")),
        ],
        check=True,
        capture_output=True,
    )


def _upstream(place: str) -> str:
    return f"unix:{place}" if place.startswith("/") else place


def free_port() -> int:
    """Return a port that nobody has."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def _wait_for_file(path: Path) -> None:
    until = time.monotonic() + _PATIENCE_S
    while not path.exists():
        if time.monotonic() > until:
            msg = f"{path.name} did not appear"
            raise RuntimeError(msg)
        time.sleep(0.02)


def wait_until_ready(shape: Shape) -> None:
    """Return once the proxy passes a request on."""
    until = time.monotonic() + _PATIENCE_S
    while not _is_ready(shape):
        if time.monotonic() > until:
            msg = f"the proxy of {shape.name} does not pass requests on"
            raise RuntimeError(msg)
        time.sleep(0.05)


def _is_ready(shape: Shape) -> bool:
    asked = f"GET /api/health/ready HTTP/1.1\r\nHost: {DOMAIN}\r\nConnection: close\r\n\r\n"
    try:
        with (
            socket.create_connection(("127.0.0.1", shape.https_port), timeout=5) as plain,
            shape.trust.wrap_socket(plain, server_hostname=DOMAIN) as connection,
        ):
            connection.sendall(asked.encode())
            return connection.recv(64).startswith(b"HTTP/1.1 200")
    except OSError:
        return False

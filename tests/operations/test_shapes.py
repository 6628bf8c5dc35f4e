"""Two shapes, stood up from what is rendered: nothing acknowledged is lost or stands twice."""

from __future__ import annotations

import asyncio
import shutil
import socket
import ssl
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from careflow.operations.host.rolling import RollFailedError
from tests.mongo_server import OwnServer
from tools.shapes import faults
from tools.shapes.clinic import prepare, settings_of
from tools.shapes.standing import DOMAIN, NGINX, RELEASE, Shape, add_release, stand_up
from tools.shapes.trying import under_load

RATE, BETWEEN_S = 8.0, 1.0
PATIENCE_S = 60.0


@pytest.fixture(autouse=True)
def _needs_nginx() -> None:
    if NGINX is None or shutil.which("openssl") is None:
        pytest.skip("nginx or openssl is not installed: tools/system_packages.sh does it")


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder whose name is short enough for sockets below it."""
    with tempfile.TemporaryDirectory(prefix="cf-") as made:
        yield Path(made)


@pytest.fixture
def embedded(folder: Path) -> Iterator[tuple[Shape, list[tuple[str, str]]]]:
    told = settings_of(folder)
    starts = asyncio.run(prepare(told))
    shape = stand_up("embedded", folder, told)
    yield shape, starts
    shape.close()


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1:DeprecationWarning")
def test_one_box_rolls_under_load_keeps_what_it_said_and_refuses_what_does_not_start(
    embedded: tuple[Shape, list[tuple[str, str]]],
) -> None:
    shape, starts = embedded
    befalls = {"roll": faults.roll_a_release}

    tried = asyncio.run(under_load(shape, starts, befalls, rate=RATE, between_s=BETWEEN_S))

    assert tried.wrong == []
    assert dict(tried.told.refused) == {}
    assert tried.told.visits
    assert tried.told.results

    _versions_of_tls(shape)
    _a_release_that_does_not_start_changes_nothing(shape)
    _what_stops_says_so_and_ends(shape)


def _versions_of_tls(shape: Shape) -> None:
    assert _spoken(shape, ssl.TLSVersion.TLSv1_3) == ("TLSv1.3", "h2")
    assert _spoken(shape, ssl.TLSVersion.TLSv1_2) == ("TLSv1.2", "h2")
    with pytest.raises(OSError, match=r"(?i)ssl|reset"):
        _spoken(shape, ssl.TLSVersion.TLSv1_1)
    answer = _asked(shape, "/api/health/live")
    assert b"HTTP/1.1 200" in answer
    assert b"Strict-Transport-Security: max-age=63072000" in answer
    assert b"server: nginx\r\n" in answer.lower()


def _a_release_that_does_not_start_changes_nothing(shape: Shape) -> None:
    node = shape.nodes[0]
    add_release(node.layout, "c" * 12)
    program = Path(node.layout.programs) / "releases" / ("c" * 12) / "bin" / "careflow"
    program.write_text("#!/bin/sh\necho it is broken\nexit 1\n")
    with pytest.raises(RollFailedError, match="it is broken"):
        node.roll("c" * 12)
    assert b'"release":"bbbbbbbbbbbb"' in _asked(shape, "/api/health/ready")
    node.roll(RELEASE)
    assert b'"release":"aaaaaaaaaaaa"' in _asked(shape, "/api/health/ready")


def _what_stops_says_so_and_ends(shape: Shape) -> None:
    """With nobody behind it the proxy says so, typed, and when to come back."""
    node = shape.nodes[0]
    node.runner.stop(node.unit)
    node.runner.stop("careflow-api.socket")
    Path(node.layout.api).unlink()
    answer = _asked(shape, "/api/health/ready")
    assert b"HTTP/1.1 503" in answer
    assert b"Retry-After: 2" in answer
    assert b'"code":"host-unavailable"' in answer


def _spoken(shape: Shape, version: ssl.TLSVersion) -> tuple[str | None, str | None]:
    trust = shape.trust
    trust.minimum_version = trust.maximum_version = version
    trust.set_ciphers("DEFAULT:@SECLEVEL=0")
    trust.set_alpn_protocols(["h2", "http/1.1"])
    with (
        socket.create_connection(("127.0.0.1", shape.https_port), timeout=PATIENCE_S) as plain,
        trust.wrap_socket(plain, server_hostname=DOMAIN) as connection,
    ):
        return connection.version(), connection.selected_alpn_protocol()


def _asked(shape: Shape, path: str) -> bytes:
    asked = f"GET {path} HTTP/1.1\r\nHost: {DOMAIN}\r\nConnection: close\r\n\r\n"
    with (
        socket.create_connection(("127.0.0.1", shape.https_port), timeout=PATIENCE_S) as plain,
        shape.trust.wrap_socket(plain, server_hostname=DOMAIN) as connection,
    ):
        connection.sendall(asked.encode())
        answer = b""
        while part := connection.recv(65536):
            answer += part
        return answer


def test_three_nodes_lose_one_and_nothing_that_they_said(folder: Path) -> None:
    (folder / "db").mkdir()
    server = OwnServer(folder / "db", syncs=True)
    server.start()
    try:
        told = settings_of(folder, server.url.replace("/?", "/clinic?"))
        starts = asyncio.run(prepare(told))
        shape = stand_up("high-availability", folder, told, nodes=3)
        try:
            befalls = {"kill a node": faults.kill_a_node(server)}
            tried = asyncio.run(under_load(shape, starts, befalls, rate=RATE, between_s=BETWEEN_S))
        finally:
            shape.close()
    finally:
        server.remove()

    assert tried.wrong == []
    assert tried.told.untyped == []
    assert tried.told.visits
    assert tried.told.results

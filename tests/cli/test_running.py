"""The commands a newcomer types, as processes of their own on a free port."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

ENVIRONMENT = {k: v for k, v in os.environ.items() if not k.startswith("CAREFLOW_")}  # noqa: TID251
CAREFLOW = [sys.executable, "-m", "careflow"]


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@contextmanager
def running(folder: Path, *arguments: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Run the demo in a folder until the block ends; yield its address and the process."""
    port = free_port()
    process = subprocess.Popen(
        [*CAREFLOW, "demo", "--port", str(port), "--data", "clinic", *arguments],
        cwd=folder,
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(address, process)
        yield address, process
    finally:
        ended = process.poll()
        process.send_signal(signal.SIGINT)
        # Shown with a failure: what the clinic said last, and whether it had ended by itself.
        print(ended, process.communicate(timeout=30)[1], file=sys.stderr)


def wait_for(address: str, process: subprocess.Popen[str]) -> None:
    """Return once the platform says it is ready."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{address}/api/health/ready", timeout=5) as answer:
                assert json.load(answer)["status"] == "ready"
                return
        except OSError:
            assert process.poll() is None, process.communicate()
            time.sleep(0.05)
    pytest.fail("the clinic did not open")


def greeted(process: subprocess.Popen[str]) -> str:
    """Return what the terminal shows up to its last line."""
    assert process.stdout is not None
    lines: list[str] = []
    while "Stop with Ctrl C" not in (line := process.stdout.readline()):
        lines.append(line)
    return "".join(lines)


def test_the_demo_prints_a_sign_in_per_role_and_a_machine_client_that_work(tmp_path: Path) -> None:
    with running(tmp_path) as (address, process):
        shown = greeted(process)
        people = re.findall(r"^ +(\w+) +(\S+@\S+) +(\S+)$", shown, re.MULTILINE)
        client_id, secret = re.findall(r"client_(?:id|secret) +(\S+)", shown)

        roles = set()
        for _, email, password in people:
            body = {"email": email, "password": password}
            answer = httpx2.post(f"{address}/api/auth/login", json=body)
            roles.add(answer.json()["account"]["role"])
        form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret}
        token = httpx2.post(f"{address}/api/auth/token", data=form).json()["access_token"]
        patients = httpx2.get(
            f"{address}/api/fhir/R4/Patient?_summary=count",
            headers={"Authorization": f"Bearer {token}"},
        ).json()

    assert address in shown
    assert roles == {"clinician", "nurse", "receptionist", "admin", "patient"}
    assert patients["total"] == 40


def test_what_was_done_survives_a_restart_and_reset_begins_afresh(tmp_path: Path) -> None:
    def named(address: str, process: subprocess.Popen[str]) -> tuple[str, dict[str, str]]:
        shown = greeted(process)
        client_id, secret = re.findall(r"client_(?:id|secret) +(\S+)", shown)
        form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret}
        token = httpx2.post(f"{address}/api/auth/token", data=form).json()["access_token"]
        return f"{address}/api/fhir/R4/Patient/ours", {"Authorization": f"Bearer {token}"}

    with running(tmp_path) as (address, process):
        url, headers = named(address, process)
        stored = httpx2.put(url, json={"resourceType": "Patient", "id": "ours"}, headers=headers)
    with running(tmp_path) as (address, process):
        url, headers = named(address, process)
        kept = httpx2.get(url, headers=headers)
    with running(tmp_path, "--reset") as (address, process):
        url, headers = named(address, process)
        gone = httpx2.get(url, headers=headers)

    assert (stored.status_code, kept.status_code, gone.status_code) == (201, 200, 404)
    assert not (tmp_path / "clinic" / "master.key").exists()


def test_help_and_settings_need_nothing(tmp_path: Path) -> None:
    helped = subprocess.run(  # noqa: PLW1510 - the exit code is what is asked.
        [*CAREFLOW, "--help"], cwd=tmp_path, env=ENVIRONMENT, capture_output=True, text=True
    )
    shown = subprocess.run(  # noqa: PLW1510
        [*CAREFLOW, "check-settings", "--json"],
        cwd=tmp_path,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
    )

    assert (helped.returncode, shown.returncode) == (0, 0)
    assert "demo" in helped.stdout
    assert {row["name"] for row in json.loads(shown.stdout)} >= {"CAREFLOW_DATABASE_URL"}
    assert list(tmp_path.iterdir()) == []

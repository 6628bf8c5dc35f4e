"""Programs of others work with a running server as they are."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.served import CLEAN, Served, served

HERE = Path(__file__).parent
HOME = HERE.parents[1] / ".test-servers" / "clients"
IN_ORDER = [f"N{number}" for number in range(7)]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    if not (HOME / ".installed").is_file():
        pytest.skip("the FHIR clients of others are not installed: make test does it")
    with served(tmp_path_factory.mktemp("clients")) as started:
        yield started


def run(server: Served, program: str) -> dict[str, Any]:
    """Run a program in the clients' own environment; return what it printed."""
    done = subprocess.run(
        [str(HOME / "bin" / "python"), str(HERE / program), server.fhir, server.token],
        env=CLEAN,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return said


def test_fhirclient_creates_reads_updates_searches_and_pages(server: Served) -> None:
    said = run(server, "with_fhirclient.py")

    assert said["version"] == "4.0.1"
    assert said["paged"] == IN_ORDER
    assert (said["read"], said["updated"]) == ("Fhirclient", "2")
    assert said["found"] == said["made"][:1]


def test_fhirpy_creates_reads_updates_deletes_searches_and_pages(server: Served) -> None:
    said = run(server, "with_fhirpy.py")

    assert said["paged"] == IN_ORDER
    assert (said["read"], said["updated"], said["counted"]) == ("Fhirpy", "2", 7)
    assert said["found"] == said["made"][:1]
    assert said["gone"]


def test_fhir_pyrate_reads_searches_and_pages(server: Served) -> None:
    said = run(server, "with_fhir_pyrate.py")

    assert said["paged"] == IN_ORDER
    assert said["born"] == ["1980-05-06"]
    assert (said["read"], said["counted"], said["flat"]) == ("Pyrate", 7, 7)

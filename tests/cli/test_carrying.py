"""Export, wipe, import from the command line, each killed on its way and run again."""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from careflow.composition import open_platform
from tests.api.conftest import scratch_settings
from tests.api.test_bad_commands import ENVIRONMENT, is_one_sentence, settings_of, started
from tests.records.exported import Held, held

RESULTS = 4000
PATIENCE_S = 60


@pytest.fixture
def clinic(tmp_path: Path) -> Path:
    """A clinic with more results than a moment exports."""
    lines = tmp_path / "results.ndjson"
    result = {"resourceType": "Observation", "status": "final", "code": {"text": "weight"}}
    with lines.open("w") as file:
        for number in range(RESULTS):
            file.write(json.dumps(result | {"id": f"o{number}", "valueInteger": number}) + "\n")
    code, _, said = started("import", str(lines), folder=tmp_path)
    assert (code, said) == (0, "")
    return tmp_path


def record_of(folder: Path) -> Held:
    async def read() -> Held:
        platform = await open_platform(scratch_settings(folder))
        try:
            return await held(platform.documents, organisation=platform.organisation)
        finally:
            await platform.close()

    return asyncio.run(read())


def kill_when(arrived: Callable[[], bool], folder: Path, *arguments: str) -> None:
    """Start a command and kill it as soon as something is there, or let it end before."""
    process = subprocess.Popen(
        [sys.executable, "-m", "careflow", *arguments],
        cwd=folder,
        env={**ENVIRONMENT, **settings_of(folder)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    until = time.monotonic() + PATIENCE_S
    while process.poll() is None and not arrived() and time.monotonic() < until:
        time.sleep(0.002)
    process.kill()
    process.wait()


def test_what_was_killed_goes_on_and_everything_comes_back_as_it_was(clinic: Path) -> None:
    before = record_of(clinic)
    copy, growing = clinic / "copy", clinic / "copy" / "Observation.ndjson.gz.partial"
    kill_when(
        lambda: growing.exists() and growing.stat().st_size > 0, clinic, "export", "--to", "copy"
    )

    exported = started("export", "--to", "copy", "--json", folder=clinic)
    shutil.rmtree(clinic / "data")
    data = clinic / "data" / "careflow.db-wal"
    kill_when(lambda: data.exists() and data.stat().st_size > 1_000_000, clinic, "import", "copy")
    again = started("import", "copy", "--json", folder=clinic)
    once_more = started("import", "copy", "--json", folder=clinic)

    assert exported[0] == again[0] == once_more[0] == 0
    said = json.loads(exported[1])
    assert (said["resources"], said["types"]) == (RESULTS, {"Observation": RESULTS})
    assert "History is not included" in said["history"]
    counted = [json.loads(shown) for _, shown, _ in (again, once_more)]
    assert counted[0]["created"] + counted[0]["unchanged"] == RESULTS
    assert (counted[1]["created"], counted[1]["unchanged"]) == (0, RESULTS)
    assert record_of(clinic) == before
    assert not list(copy.glob("*.partial"))


def test_what_is_said_and_what_is_refused(clinic: Path) -> None:
    (clinic / "full").mkdir()
    (clinic / "full" / "letter.txt").write_text("mine")

    code, shown, said = started("export", "--to", "copy", folder=clinic)
    into_full = started("export", "--to", "full", folder=clinic)
    onto_a_file = started("export", "--to", "results.ndjson", folder=clinic)
    (clinic / "copy" / "Observation.ndjson.gz").write_bytes(b"cut")
    damaged = started("import", "copy", folder=clinic)
    (clinic / "copy" / "manifest.json").rename(clinic / "copy" / "manifest.json.partial")
    unfinished = started("import", "copy", folder=clinic)

    assert (code, said) == (0, "")
    assert f"Exported {RESULTS:,} resources of 1 types and 0 papers to copy" in shown
    assert "History is not included" in shown
    assert "Not in it either: accounts" in shown
    for refused in (into_full, onto_a_file, unfinished):
        assert refused[:2] == (2, "")
        assert is_one_sentence(refused[2]), refused[2]
    assert damaged[0] == 1
    assert "Observation.ndjson.gz, entry 0" in damaged[2]
    assert [path.name for path in (clinic / "full").iterdir()] == ["letter.txt"]

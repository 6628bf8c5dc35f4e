"""What was acknowledged survives a killed process, and processes may share a database."""

from __future__ import annotations

import asyncio
import random
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from careflow.database.conditions import SeriesIn, SortKey, TermIn
from careflow.database.documents import Documents, Query
from careflow.database.scope import organisation_scope

ROOT = Path(__file__).parents[2]
ALL = organisation_scope("harbour")

OpenAgain = Callable[[], Awaitable[Documents]]


async def start(engine: str, folder: Path, name: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.contracts.committing", engine, str(folder), name),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )


async def acknowledged(process: asyncio.subprocess.Process, most: int) -> list[str]:
    """Read so many acknowledgements, kill the process, and take what else it had said."""
    assert process.stdout is not None
    lines = [await process.stdout.readline() for _ in range(most)]
    process.kill()
    lines += (await process.stdout.read()).splitlines()
    await process.wait()
    # The very last line may be cut by the kill; a cut line was still an acknowledgement of some
    # commit, but no longer says of which.
    return [text for line in lines if (text := line.decode().strip()).count("-") == 1][:-1]


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_every_acknowledged_commit_is_found_after_a_kill(
    engine: str, tmp_path: Path, open_again: OpenAgain, seed: int
) -> None:
    await kill_and_look(engine, tmp_path, open_again, seed)


@pytest.mark.sweep
@pytest.mark.parametrize("seed", range(10, 30))
async def test_every_acknowledged_commit_is_found_after_twenty_kills(
    engine: str, tmp_path: Path, open_again: OpenAgain, seed: int
) -> None:
    await kill_and_look(engine, tmp_path, open_again, seed)


async def kill_and_look(engine: str, tmp_path: Path, open_again: OpenAgain, seed: int) -> None:
    process = await start(engine, tmp_path, "one")
    said = await acknowledged(process, random.Random(seed).randrange(20, 400))

    documents = await open_again()
    found = [await documents.read("Observation", id, ALL) for id in said]
    indexed = await documents.find(Query("Observation", (TermIn("by", ("one",)),), count=0), ALL)
    newest = Query("Observation", (SeriesIn(("one",)),), (SortKey("_series"),), 100_000)
    series = [document.id for document in (await documents.find(newest, ALL)).documents]
    audit = [
        entry.body.decode() for entry in await documents.stream("audit", "harbour", count=10**6)
    ]
    await documents.close()

    assert [document and document.body for document in found] == [id.encode() * 40 for id in said]
    assert set(said) <= set(series)
    assert set(series) == set(audit)
    assert indexed.total == len(series)


async def test_two_processes_write_one_database_and_a_third_watches(
    engine: str, tmp_path: Path, open_again: OpenAgain
) -> None:
    documents = await open_again()
    watcher = documents.watch(frozenset({"Observation"}), "harbour")
    processes = [await start(engine, tmp_path, name) for name in ("one", "two")]
    said = [await acknowledged(process, 60) for process in processes]
    seen = []
    async with asyncio.timeout(100):
        async for document in watcher:
            seen.append(document)
            if {*said[0], *said[1]} <= {each.id for each in seen}:
                break
    audit = await documents.stream("audit", "harbour", count=10**6)
    await documents.close()

    sequences = [document.sequence for document in seen]
    assert sequences == sorted(set(sequences))
    instants = [document.stored_at for document in seen]
    assert instants == sorted(instants)
    assert {*said[0], *said[1]} <= {entry.body.decode() for entry in audit}

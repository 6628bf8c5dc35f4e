"""A process that is killed loses no entry of a read whose answer could have left."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from careflow.clock import now
from tests.contracts.engines import AUDIT_FILES
from tests.mongo_server import server_url

NOTING = """
import asyncio, sys
from pathlib import Path
from careflow.clock import now
from tests.contracts.engines import AUDIT_FILES

async def read_on(file, reader):
    for number in range(1_000_000):
        await file.append([b"%d:%d" % (reader, number)])
        print(f"{reader}:{number}", flush=True)

async def main():
    file = await AUDIT_FILES[sys.argv[1]](Path(sys.argv[2]), "harbour", now)
    await asyncio.gather(*(read_on(file, reader) for reader in range(8)))

asyncio.run(main())
"""


@pytest.mark.parametrize("engine", sorted(AUDIT_FILES))
async def test_a_killed_process_loses_no_acknowledged_entry(tmp_path: Path, engine: str) -> None:
    if engine == "mongo":
        server_url()  # started here, so that the process finds it
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", NOTING, engine, str(tmp_path)),
        cwd=Path(__file__).resolve().parents[2],
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    acknowledged = [await process.stdout.readline() for _ in range(300)]
    process.kill()
    acknowledged += (await process.stdout.read()).splitlines(keepends=True)
    await process.wait()

    file = await AUDIT_FILES[engine](tmp_path, "harbour", now)
    kept: set[bytes] = set()
    while page := await file.read(after=len(kept)):
        kept |= {entry.body for entry in page}
    await file.close()

    whole = {line.strip() for line in acknowledged if line.endswith(b"\n")}
    assert len(whole) >= 300
    assert whole <= kept

"""A process that is killed loses no entry of a read whose answer could have left."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from careflow.clock import now
from careflow.database.sqlite.audit_file import open_audit_file
from tests.audit.conftest import KEY

NOTING = """
import asyncio, sys
from pathlib import Path
from careflow.clock import now
from careflow.database.sqlite.audit_file import open_audit_file

async def read_on(file, reader):
    for number in range(1_000_000):
        await file.append([b"%d:%d" % (reader, number)])
        print(f"{reader}:{number}", flush=True)

async def main():
    file = await open_audit_file(Path(sys.argv[1]), key=bytes(32), clock=now)
    await asyncio.gather(*(read_on(file, reader) for reader in range(8)))

asyncio.run(main())
"""


async def test_a_killed_process_loses_no_acknowledged_entry(tmp_path: Path) -> None:
    path = tmp_path / "audit.db"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", NOTING, str(path), stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    acknowledged = [await process.stdout.readline() for _ in range(300)]
    process.kill()
    acknowledged += (await process.stdout.read()).splitlines(keepends=True)
    await process.wait()

    file = await open_audit_file(path, key=KEY, clock=now)
    kept: set[bytes] = set()
    while page := await file.read(after=len(kept)):
        kept |= {entry.body for entry in page}
    await file.close()

    whole = {line.strip() for line in acknowledged if line.endswith(b"\n")}
    assert len(whole) >= 300
    assert whole <= kept

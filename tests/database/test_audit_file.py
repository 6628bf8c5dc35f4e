"""The audit file keeps what it acknowledged, in order, and shares its syncs."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from careflow.audit.file import AuditFile
from careflow.database.sqlite import ClosedError, SqliteAuditFile, WrongKeyError, open_audit_file
from tests.contracts.engines import KEY, SetClock

ROOT = Path(__file__).parents[2]


async def opened(path: Path, clock: SetClock) -> SqliteAuditFile:
    file = await open_audit_file(path, key=KEY, clock=clock)
    as_port: AuditFile = file
    assert as_port is file
    return file


async def test_lines_come_back_in_order_with_positions_from_one(
    path: Path, clock: SetClock
) -> None:
    file = await opened(path, clock)
    assert (await file.last(), await file.read()) == (0, [])

    await file.append([b"a", b"b"])
    await file.append([])
    clock.move(seconds=-9)
    await file.append([b"c"])

    lines = await file.read()
    assert [(line.position, line.body) for line in lines] == [(1, b"a"), (2, b"b"), (3, b"c")]
    assert lines[2].stored_at == lines[0].stored_at
    assert [line.body for line in await file.read(after=1, count=1)] == [b"b"]
    assert await file.last() == 3
    await file.close()


async def test_callers_that_wait_together_share_a_sync(path: Path, clock: SetClock) -> None:
    file = await opened(path, clock)

    await asyncio.gather(*(file.append([b"%d" % n]) for n in range(100)))

    assert file.writer.transactions <= 3
    assert [line.body for line in await file.read()] == [b"%d" % n for n in range(100)]
    await file.close()


async def test_lines_survive_closing_and_positions_go_on(path: Path, clock: SetClock) -> None:
    file = await opened(path, clock)
    waiting = [asyncio.ensure_future(file.append([b"a"])) for _ in range(20)]
    await asyncio.sleep(0)
    await file.close()
    await asyncio.gather(*waiting)

    again = await opened(path, clock)
    await again.append([b"b"])

    assert await again.last() == 21
    await again.close()
    with pytest.raises(ClosedError):
        await again.append([b"c"])
    with pytest.raises(ClosedError):
        await again.read()


async def test_another_key_is_refused(path: Path, clock: SetClock) -> None:
    file = await opened(path, clock)
    await file.append([b"a"])
    await file.close()

    with pytest.raises(WrongKeyError):
        await open_audit_file(path, key=bytes(32), clock=clock)


APPENDING = """
import asyncio, sys
from pathlib import Path
from careflow.clock import now
from careflow.database.sqlite import open_audit_file
from tests.contracts.engines import KEY

async def main():
    file = await open_audit_file(Path(sys.argv[1]), key=KEY, clock=now)
    n = 0
    while True:
        await asyncio.gather(*(file.append([b"%d" % (n + k)]) for k in range(5)))
        n += 5
        print(n, flush=True)

asyncio.run(main())
"""


async def test_every_acknowledged_line_is_found_after_a_kill(path: Path, clock: SetClock) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", APPENDING, str(path)), cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    said = [int(await process.stdout.readline()) for _ in range(37)][-1]
    process.kill()
    await process.wait()
    await process.stdout.read()

    file = await opened(path, clock)
    bodies = [line.body for line in await file.read(count=10**6)]

    assert bodies[:said] == [b"%d" % n for n in range(said)]
    await file.close()

"""The audit file on MongoDB keeps what it acknowledged, once and in order, over processes."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from pymongo import AsyncMongoClient

from careflow.audit.file import AuditFile
from careflow.database.failures import ClosedError
from careflow.database.mongo import MongoAuditFile, open_audit_file
from tests.contracts.engines import KEY, SetClock


async def opened(url: str, clock: SetClock, organisation: str = "harbour") -> MongoAuditFile:
    file = await open_audit_file(url, key=KEY, organisation=organisation, clock=clock)
    as_port: AuditFile = file
    assert as_port is file
    return file


async def test_lines_come_back_in_order_with_positions_from_one(url: str, clock: SetClock) -> None:
    file = await opened(url, clock)
    assert (await file.last(), await file.read()) == (0, [])

    await file.append([b"a", b"b" * 500])
    await file.append([])
    clock.move(seconds=-9)
    await file.append([b"c"])

    lines = await file.read()
    assert [line.position for line in lines] == [1, 2, 3]
    assert [line.body for line in lines] == [b"a", b"b" * 500, b"c"]
    assert lines[2].stored_at == lines[0].stored_at
    assert [line.body for line in await file.read(after=1, count=1)] == [b"b" * 500]
    assert [line.position for line in await file.read(after=2)] == [3]
    assert await file.read(after=3) == []
    assert await file.last() == 3
    await file.close()


async def test_processes_that_write_together_keep_every_line_once(
    url: str, clock: SetClock
) -> None:
    files = [await opened(url, clock) for _ in range(4)]

    async def write(n: int, file: MongoAuditFile) -> None:
        for m in range(15):
            await file.append([b"%d-%d" % (n, m)])

    await asyncio.gather(*(write(n, file) for n, file in enumerate(files)))
    lines = await files[0].read()
    for file in files:
        await file.close()

    assert [line.position for line in lines] == list(range(1, 61))
    assert len({line.body for line in lines}) == 60
    for n in range(4):
        own = [line.body for line in lines if line.body.startswith(b"%d-" % n)]
        assert own == [b"%d-%d" % (n, m) for m in range(15)]


async def test_lines_whose_answer_was_lost_are_kept_once(url: str, clock: SetClock) -> None:
    file = await opened(url, clock)
    client: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(url)
    await client.admin.command(
        {
            "configureFailPoint": "failCommand",
            "mode": {"times": 1},
            "data": {"failCommands": ["insert"], "closeConnection": True},
        }
    )

    await file.append([b"a"])
    await file.append([b"b"])

    assert [line.body for line in await file.read()] == [b"a", b"b"]
    await client.close()
    await file.close()


async def test_each_organisation_has_its_own_file(url: str, clock: SetClock) -> None:
    ours, theirs = await opened(url, clock), await opened(url, clock, "hillside")
    await ours.append([b"ours"])
    await theirs.append([b"theirs"])

    assert [line.body for line in await ours.read()] == [b"ours"]
    assert [(line.position, line.body) for line in await theirs.read()] == [(1, b"theirs")]
    await ours.close()
    await theirs.close()


async def test_lines_survive_closing_and_positions_go_on(url: str, clock: SetClock) -> None:
    file = await opened(url, clock)
    waiting = [asyncio.ensure_future(file.append([b"a"])) for _ in range(20)]
    await asyncio.sleep(0)
    await file.close()
    await asyncio.gather(*waiting)

    again = await opened(url, clock)
    await again.append([b"b"])

    assert await again.last() == 21
    await again.close()
    with pytest.raises(ClosedError):
        await again.append([b"c"])
    with pytest.raises(ClosedError):
        await again.read()

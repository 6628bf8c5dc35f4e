"""Watchers of this process hear of a commit at once; only other processes are polled for."""

from __future__ import annotations

import asyncio

import pytest

from careflow.database.documents import Put
from careflow.database.sqlite import SqliteDocuments


async def test_a_watcher_does_not_wait_for_the_next_poll(
    documents: SqliteDocuments, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("careflow.database.sqlite.documents.POLL_S", 1000.0)
    watcher = documents.watch(frozenset({"Patient"}), "harbour")
    waiting = asyncio.ensure_future(anext(watcher))
    await asyncio.sleep(0.01)

    await documents.commit([Put("Patient", "p1", b"{}", "harbour")])

    async with asyncio.timeout(60):
        assert (await waiting).id == "p1"

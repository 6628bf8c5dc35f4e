"""Watchers hear every change once and in commit order, whoever makes it, however late they ask."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing

import pytest

from careflow.database.documents import Delete, Document, Documents, Put

OpenAgain = Callable[[], Awaitable[Documents]]
PATIENTS = frozenset({"Patient"})
PATIENCE_S = 60


def put(id: str, kind: str = "Patient", organisation: str = "harbour", **rest: bool) -> Put:
    return Put(kind, id, b"{}", organisation, **rest)  # type: ignore[arg-type]


async def heard(watcher: AsyncIterator[Document], count: int) -> list[Document]:
    async with asyncio.timeout(PATIENCE_S):
        return [await anext(watcher) for _ in range(count)]


@pytest.fixture
async def nodes(open_again: OpenAgain) -> AsyncIterator[list[Documents]]:
    """Three openings of one database, as three nodes have it."""
    opened = [await open_again() for _ in range(3)]
    yield opened
    for each in opened:
        await each.close()


async def test_a_watcher_of_one_node_hears_what_others_commit_in_their_order(
    nodes: list[Documents],
) -> None:
    watcher = nodes[0].watch(PATIENTS, "harbour", after=0)

    async def write(node: Documents, name: str) -> None:
        for number in range(15):
            await node.commit([put(f"{name}{number}"), put(f"{name}{number}", "Basic")])

    await asyncio.gather(*(write(node, name) for node, name in zip(nodes, "abc", strict=True)))
    seen = await heard(watcher, 45)

    sequences = [each.sequence for each in seen]
    assert sequences == sorted(set(sequences))
    for name in "abc":
        own = [each.id for each in seen if each.id.startswith(name)]
        assert own == [f"{name}{number}" for number in range(15)]


async def test_a_waiting_watcher_hears_of_another_nodes_commit(nodes: list[Documents]) -> None:
    watcher = nodes[0].watch(PATIENTS, "harbour")
    await nodes[0].commit([put("before-anyone-else")])
    (first,) = await heard(watcher, 1)
    waiting = asyncio.ensure_future(anext(watcher))
    await asyncio.sleep(0)

    await nodes[1].commit([put("elsewhere")])

    async with asyncio.timeout(PATIENCE_S):
        second = await waiting
    assert [first.id, second.id] == ["before-anyone-else", "elsewhere"]


async def test_only_its_organisation_and_kinds_are_heard(nodes: list[Documents]) -> None:
    watcher = nodes[0].watch(frozenset({"Patient", "Task"}), "harbour", after=0)
    await nodes[1].commit(
        [put("theirs", organisation="uplands"), put("other", "Basic"), put("task", "Task")]
    )
    await nodes[1].commit([put("other", "Basic"), put("theirs", organisation="uplands")])
    await nodes[1].commit([put("ours")])

    assert [each.id for each in await heard(watcher, 2)] == ["task", "ours"]


async def test_versions_and_deletions_are_heard_and_what_kept_no_history_is_heard_last(
    nodes: list[Documents],
) -> None:
    watcher = nodes[0].watch(PATIENTS, "harbour", after=0)
    await nodes[1].commit([put("p"), put("p"), put("counter", keep_history=False)])
    await nodes[2].commit([put("counter", keep_history=False), Delete("Patient", "p", "harbour")])

    seen = [(each.id, each.version, each.deleted) for each in await heard(watcher, 4)]

    assert seen == [("p", 1, False), ("p", 2, False), ("counter", 2, False), ("p", 3, True)]


async def test_a_watcher_goes_on_in_another_process_where_it_was(open_again: OpenAgain) -> None:
    first = await open_again()
    for number in range(6):
        await first.commit([put(f"p{number}")])
    seen = await heard(first.watch(PATIENTS, "harbour", after=0), 4)
    await first.close()
    between = await open_again()
    await between.commit([put("between")])
    await between.close()

    again = await open_again()
    rest = await heard(again.watch(PATIENTS, "harbour", after=seen[-1].sequence), 3)
    await again.close()

    assert [each.id for each in rest] == ["p4", "p5", "between"]


async def test_a_watcher_who_does_not_ask_holds_up_neither_writers_nor_other_watchers(
    nodes: list[Documents],
) -> None:
    slow = nodes[0].watch(PATIENTS, "harbour", after=0)
    await nodes[0].commit([put("first")])
    await heard(slow, 1)
    quick = nodes[0].watch(PATIENTS, "harbour")

    async with asyncio.timeout(PATIENCE_S):
        for number in range(450):
            await nodes[number % 2].commit([put(f"p{number}")])
    for watcher in (quick, slow):
        assert [each.id for each in await heard(watcher, 450)] == [f"p{n}" for n in range(450)]


async def test_watchers_that_are_closed_or_cancelled_leave_nothing_behind(
    nodes: list[Documents],
) -> None:
    async with aclosing(nodes[0].watch(PATIENTS, "harbour")) as watcher:  # type: ignore[type-var]
        await nodes[0].commit([put("a")])
        await heard(watcher, 1)
    waiting = asyncio.ensure_future(anext(nodes[0].watch(PATIENTS, "harbour")))
    await asyncio.sleep(0.01)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting

    await nodes[0].commit([put("b")])
    still = nodes[0].watch(PATIENTS, "harbour", after=0)
    assert [each.id for each in await heard(still, 2)] == ["a", "b"]


async def test_closing_one_node_ends_its_watchers_and_no_others(nodes: list[Documents]) -> None:
    ending, going_on = (node.watch(PATIENTS, "harbour", after=0) for node in nodes[:2])
    await nodes[2].commit([put("a")])
    await heard(ending, 1)
    waiting = asyncio.ensure_future(anext(ending, None))
    await asyncio.sleep(0.01)

    await nodes[0].close()
    await nodes[2].commit([put("b")])

    async with asyncio.timeout(PATIENCE_S):
        assert await waiting is None
    assert [each.id for each in await heard(going_on, 2)] == ["a", "b"]

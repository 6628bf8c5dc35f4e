"""A run that someone waits for: its steps, a count, and an answer that is whole or none."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace
from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.routing import Route

from careflow.ai.asking import TASKS, given_of
from careflow.ai.call import Call
from careflow.ai.following import Begun, Ended, Following, Written
from careflow.ai.governor.memory import Memory
from careflow.ai.model import ModelReply, Tokens
from careflow.ai.progress import Progress
from careflow.app.guards import Guards
from tests.ai.test_prompted import Line, line  # noqa: F401 - a fixture
from tests.harbour import NOW, Clinic
from tests.standins.serving import serving

REPORT = "Sodium 139 mmol/L 136 - 145\nPotassium 6.9 mmol/L 3.5 - 5.1\n"
PATH = "/api/ai/tasks/document-analysis"
EVENTS = {"accept": "text/event-stream"}


def events_of(text: str) -> list[tuple[str, Any]]:
    found = []
    for block in filter(None, text.split("\n\n")):
        name, data = block.split("\n")
        found.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return found


async def test_a_run_is_told_as_it_goes_and_its_answer_last(clinic: Clinic) -> None:
    answer = await clinic.ask("POST", PATH, by="nia", json={"text": REPORT}, headers=EVENTS)
    plain = await clinic.ask("POST", PATH, by="nia", json={"text": REPORT})

    events = events_of(answer.text)
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert [data["step"] for name, data in events if name == "step"] == ["gathering", "asking"]
    assert events[-1] == ("answer", plain.json())


async def test_what_cannot_be_asked_is_refused_before_anything_is_told(clinic: Clinic) -> None:
    bad = await clinic.ask("POST", PATH, by="nia", json={}, headers=EVENTS)
    denied = await clinic.ask("POST", PATH, by="fin", json={"text": REPORT}, headers=EVENTS)

    assert (bad.status_code, denied.status_code) == (400, 403)


async def test_the_trail_knows_of_a_followed_run(clinic: Clinic) -> None:
    await clinic.ask("POST", PATH, by="nia", json={"text": REPORT}, headers=EVENTS)

    [entry] = await clinic.trail_of("ai:document-analysis:run")
    assert entry.reason == "ok; taken out: nothing; findings: 0"


async def test_a_slow_reader_is_told_the_newest_count_and_no_more() -> None:
    following = Following()

    async def run() -> str:
        await following.step("writing")
        for count in range(1, 10_001):
            await following.written(count)
        return "whole"

    told = [news async for news in following.told(run())]

    assert told == [Begun("writing", None), Written(10_000), Ended("whole")]


async def test_whoever_hangs_up_stops_the_run() -> None:
    following, stopped = Following(), asyncio.Event()

    async def run() -> None:
        await following.step("asking")
        try:
            await asyncio.Event().wait()
        finally:
            stopped.set()

    told = following.told(run())
    assert await anext(told) == Begun("asking", None)
    await told.aclose()

    assert stopped.is_set()


async def test_an_error_of_the_run_is_the_readers() -> None:
    async def run() -> None:
        raise LookupError

    with pytest.raises(LookupError):
        [news async for news in Following().told(run())]


async def test_who_asked_first_may_go_away_and_who_asked_the_same_is_still_answered(
    clinic: Clinic,
) -> None:
    memory = Memory(clinic.documents, master_key=bytes(32), clock=lambda: NOW)
    call = Call("harbour", "nora", "medical-coding", "synthetic")
    asked: list[int] = []

    async def ask() -> ModelReply:
        asked.append(len(asked))
        if len(asked) == 1:
            await asyncio.Event().wait()
        return ModelReply("{}", "done", Tokens(), "a-model")

    first = asyncio.ensure_future(memory.once("a-question", call, ask))
    while not asked:
        await asyncio.sleep(0)
    second = asyncio.ensure_future(memory.once("a-question", call, ask))
    await asyncio.sleep(0)
    first.cancel()

    assert (await second).text == "{}"
    assert first.cancelled()
    assert asked == [0, 1]


# --- over a socket --------------------------------------------------------------------------


async def test_a_reader_that_hangs_up_stops_the_run_through_every_layer() -> None:
    begun, stopped = threading.Event(), threading.Event()

    async def run() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            stopped.set()

    async def endpoint(request: Request) -> StreamingResponse:
        following = Following()
        await following.step("asking")

        async def events() -> AsyncGenerator[str, None]:
            async with aclosing(following.told(run())) as told:
                async for news in told:
                    yield f"data: {news}\n\n"

        return StreamingResponse(events(), media_type="text/event-stream")

    app = Starlette(routes=[Route("/", endpoint, methods=["POST"])])
    with serving(Guards(app, mint=lambda: "r-1")) as address:
        async with (
            httpx2.AsyncClient() as client,
            client.stream("POST", address, content=b"{}") as answer,
        ):
            assert "asking" in await anext(answer.aiter_text())

        assert await asyncio.to_thread(stopped.wait, 20)
    assert begun.is_set()


class Kept:
    """Keeps what it hears."""

    follows_writing = True

    def __init__(self) -> None:
        self.heard: list[object] = []

    async def step(self, step: str, *, engine: str | None = None) -> None:
        self.heard.append((step, engine))

    async def written(self, characters: int) -> None:
        self.heard.append(characters)


async def test_a_model_that_writes_is_counted_and_the_answer_is_the_same(line: Line) -> None:  # noqa: F811
    name = "text-classification"
    task, kept = TASKS[name], Kept()
    given = given_of(task, {"text": "Please refill my tablets."})
    call = await line.gateway.call(task, organisation="harbour", actor="nora")
    followed: Progress = kept
    engine = line.gateway.engines[0].name

    told = await line.gateway.answer(task, given, replace(call, progress=followed))
    untold = await line.gateway.answer(task, given, call)

    steps = [one for one in kept.heard if isinstance(one, tuple)]
    counts = [one for one in kept.heard if isinstance(one, int)]
    assert [step for step, _ in steps] == ["gathering", "privacy", "asking", "writing", "checking"]
    assert {of for _, of in steps} == {None, engine}
    assert counts == sorted(counts)
    assert counts[-1] > 10
    assert told.output == untold.output

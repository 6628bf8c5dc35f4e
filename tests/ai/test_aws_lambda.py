"""The function at AWS Lambda: what is sent, what is sent again, and every way in which it fails."""

from __future__ import annotations

import asyncio
import json
import logging
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from careflow import clock
from careflow.ai.asking import TASKS, given_of
from careflow.ai.call import Call
from careflow.ai.engines.aws_lambda import PAYLOAD_BYTES_MAX, Budgets, LambdaEngine, region_of
from careflow.ai.engines.local import METHODS, LocalEngine
from careflow.ai.gateway import NEXT_ENGINE
from careflow.ai.model import (
    AnswerUnusableError,
    ModelRefusedError,
    ModelUnreachableError,
    RateLimitedError,
)
from careflow.ai.reading.plain_text import page_of_text
from careflow.ai.task import Given, GivenFile, NoEngineError, Passage, TooLargeToSendError
from careflow.errors import CareFlowError
from tests.ai.samples import SAMPLES
from tests.standins.lambda_runtime import FUNCTION, LambdaStandin, keys_of_nobody, lambda_standin

TASK = TASKS["entities"]
SAID = "No fever. Takes lisinopril 10 mg."
GIVEN = given_of(TASK, {"text": SAID})
CALL = Call("harbour", "nora", "entities", "synthetic")
Made = Callable[..., LambdaEngine]
EMPTY = '{"form":1,"ended":"ok","output":{"entities":[]},"model":"m","prompt":"p"}'


@pytest.fixture(scope="module")
def one_function(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LambdaStandin]:
    standin = LambdaStandin(log=tmp_path_factory.mktemp("function") / "log")
    with lambda_standin(standin):
        yield standin


@pytest.fixture
def function(one_function: LambdaStandin) -> LambdaStandin:
    one_function.script.clear()
    one_function.events.clear()
    return one_function


@pytest.fixture
async def made(
    function: LambdaStandin, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[Made, list[float]]]:
    """Makes engines; pauses are noted and not waited for."""
    keys_of_nobody(monkeypatch)
    pauses: list[float] = []
    engines: list[LambdaEngine] = []

    async def pause(seconds: float) -> None:
        pauses.append(seconds)

    def make(**more: object) -> LambdaEngine:
        asked = {"region": "us-east-1", "endpoint_url": function.address, "sleep": pause, **more}
        name = str(asked.pop("name", FUNCTION))
        engines.append(LambdaEngine(name, tasks=METHODS, clock=clock.now, **asked))  # type: ignore[arg-type]
        return engines[-1]

    yield make, pauses
    for engine in engines:
        await engine.close()
    # What a test gave up on may still be on its way, and would take the next one's script.
    for thread in threading.enumerate():
        if thread.name.startswith("lambda"):
            await asyncio.to_thread(thread.join, 60)


@pytest.fixture
def engine(made: tuple[Made, list[float]]) -> LambdaEngine:
    return made[0]()


# --- what it answers -----------------------------------------------------------------------


@pytest.mark.parametrize("name", METHODS)
async def test_every_local_method_answers_there_as_it_does_here(
    engine: LambdaEngine, name: str
) -> None:
    given = given_of(TASKS[name], SAMPLES[name])
    pages = None if given.text is None else [page_of_text(given.text)]
    call = replace(CALL, task=name)

    there = await engine.answer(TASKS[name], given, call)
    here = await LocalEngine().answer(TASKS[name], replace(given, pages=pages), call)

    made_by = replace(here.made_by, engine="lambda")
    assert there == replace(here, made_by=made_by)


async def test_the_function_is_started_once_and_stays_warm(
    engine: LambdaEngine, function: LambdaStandin
) -> None:
    await engine.answer(TASK, GIVEN, CALL)
    starts = function.starts

    for _ in range(3):
        await engine.answer(TASK, GIVEN, CALL)

    assert function.starts == starts


async def test_several_tasks_at_once_get_each_its_own_answer(engine: LambdaEngine) -> None:
    texts = [f"Takes aspirin {number} mg." for number in range(10, 22)]

    answers = await asyncio.gather(
        *(engine.answer(TASK, given_of(TASK, {"text": one}), CALL) for one in texts)
    )

    for text, answer in zip(texts, answers, strict=True):
        assert all(text[slice(*one.span)] == one.text for one in answer.output.entities)
        assert str(text.split()[2]) in str(answer.output)


async def test_the_same_task_is_the_same_bytes(
    engine: LambdaEngine, function: LambdaStandin
) -> None:
    for _ in range(2):
        await engine.answer(TASK, GIVEN, CALL)

    assert len(set(function.events)) == 1
    assert set(json.loads(function.events[0])) == {
        *("form", "task", "version", "text", "results", "asked", "record")
    }


async def test_neither_who_asks_nor_a_file_is_sent(
    engine: LambdaEngine, function: LambdaStandin
) -> None:
    given = replace(GIVEN, file=GivenFile(b"scanned words", "text/plain", "report-of-elena.txt"))

    await engine.answer(TASK, given, replace(CALL, patient="p-1234567"))

    assert SAID in function.wire
    for word in ("harbour", "nora", "p-1234567", "elena", "scanned"):
        assert word not in function.wire


# --- what it does not take -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("radiology-report", GIVEN),
        ("lab-results", Given(file=GivenFile(b"%PDF", "application/pdf", "k"))),
        ("lab-results", Given(pages=[page_of_text(SAID)])),
    ],
    ids=["no method", "a file", "pages"],
)
async def test_what_it_has_no_method_for_is_not_sent(
    engine: LambdaEngine, function: LambdaStandin, name: str, given: Given
) -> None:
    with pytest.raises(NoEngineError):
        await engine.answer(TASKS[name], given, CALL)

    assert function.events == []


async def test_more_than_an_invocation_takes_is_not_sent(
    engine: LambdaEngine, function: LambdaStandin
) -> None:
    record = [Passage("Observation/1", "x" * PAYLOAD_BYTES_MAX)]

    with pytest.raises(TooLargeToSendError, match="send less at once"):
        await engine.answer(TASK, replace(GIVEN, record=record), CALL)

    assert function.events == []


async def test_a_machine_without_keys_is_told_so(
    function: LambdaStandin, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    engine = LambdaEngine(
        FUNCTION,
        tasks=METHODS,
        clock=clock.now,
        region="us-east-1",
        endpoint_url=function.address,
    )

    with pytest.raises(ModelRefusedError, match="NoCredentials"):
        await engine.answer(TASK, GIVEN, CALL)

    await engine.close()
    assert function.events == []


# --- what goes wrong -----------------------------------------------------------------------

FAULTS: dict[str, type[CareFlowError]] = {
    "403": ModelRefusedError,
    "404": ModelRefusedError,
    "413": TooLargeToSendError,
    "409": ModelUnreachableError,
    "500": ModelUnreachableError,
    "proxy": ModelUnreachableError,
    "cut": ModelUnreachableError,
    "dies": ModelUnreachableError,
    "time-out": ModelUnreachableError,
    "text:": AnswerUnusableError,
    "text:nonsense": AnswerUnusableError,
    "text:null": AnswerUnusableError,
    "text:[1]": AnswerUnusableError,
    "text:" + "[" * 5000: AnswerUnusableError,
    "text:" + EMPTY.replace('"entities":[]', '"diseases":[]'): AnswerUnusableError,
    "text:" + EMPTY.replace("[]", '[{"text":"x","type":"drug","span":[0,99]}]'): (
        AnswerUnusableError
    ),
    "text:" + EMPTY.replace('"model":"m"', '"model":""'): AnswerUnusableError,
    "text:"
    + EMPTY.replace('"prompt"', '"sources":[{"input":"text","start":9,"end":2}],"prompt"'): (
        AnswerUnusableError
    ),
    'text:{"form":1,"ended":"abstained"}': AnswerUnusableError,
    'text:{"form":1,"ended":"no-method"}': ModelRefusedError,
    'text:{"form":1,"ended":"unreadable"}': ModelRefusedError,
    'text:{"form":2,"ended":"other-form"}': ModelRefusedError,
}


@pytest.mark.parametrize("step", FAULTS, ids=lambda step: step[:60])
async def test_whatever_goes_wrong_there_is_a_fact_after_which_the_next_engine_is_asked(
    engine: LambdaEngine, function: LambdaStandin, step: str
) -> None:
    function.script.append(step)

    with pytest.raises(FAULTS[step]) as raised:
        await engine.answer(TASK, GIVEN, CALL)

    assert isinstance(raised.value, NEXT_ENGINE)
    assert len(function.events) == 1, "what may have been begun was sent again"
    assert "lisinopril" not in raised.value.message


async def test_after_a_death_the_next_task_finds_a_new_function(
    engine: LambdaEngine, function: LambdaStandin
) -> None:
    function.script.append("dies")
    with pytest.raises(ModelUnreachableError):
        await engine.answer(TASK, GIVEN, CALL)
    starts = function.starts

    answer = await engine.answer(TASK, GIVEN, CALL)

    assert answer.output.entities
    assert function.starts == starts + 1


async def test_what_never_answers_is_given_up(
    made: tuple[Made, list[float]], function: LambdaStandin
) -> None:
    engine = made[0](budgets=Budgets(answer=0.2, cold=0.1))
    function.script.append("slow")

    with pytest.raises(ModelUnreachableError):
        await engine.answer(TASK, GIVEN, CALL)

    assert len(function.events) == 1


async def test_a_calls_own_deadline_comes_before_the_budget(
    made: tuple[Made, list[float]], function: LambdaStandin
) -> None:
    engine = made[0](budgets=Budgets(answer=3, cold=0))
    function.script.append("slow")
    soon = replace(CALL, deadline=clock.now() + timedelta(seconds=0.3))

    with pytest.raises(ModelUnreachableError):
        await engine.answer(TASK, GIVEN, soon)
    with pytest.raises(ModelUnreachableError):
        await engine.answer(TASK, GIVEN, replace(CALL, deadline=clock.now()))

    assert len(function.events) <= 1, "what is of no use any more was sent"


# --- what is sent again --------------------------------------------------------------------


async def test_what_was_turned_away_is_sent_again_after_the_pause_asked_for(
    made: tuple[Made, list[float]], function: LambdaStandin
) -> None:
    make, pauses = made
    function.script.extend(["429 in 7", "429"])

    answer = await make().answer(TASK, GIVEN, CALL)

    assert answer.output.entities
    assert len(set(function.events)) == 1
    assert len(function.events) == 3
    assert pauses[0] >= 7 > pauses[1]


async def test_who_is_always_turned_away_is_told_of_the_quota(
    made: tuple[Made, list[float]], function: LambdaStandin
) -> None:
    make, pauses = made
    function.script.extend(["429"] * 9)

    with pytest.raises(RateLimitedError):
        await make().answer(TASK, GIVEN, CALL)

    assert len(pauses) == 3
    assert len(function.events) == 4


async def test_a_pause_beyond_the_deadline_is_not_begun(
    made: tuple[Made, list[float]], function: LambdaStandin
) -> None:
    make, pauses = made
    function.script.append("429 in 900")

    with pytest.raises(RateLimitedError) as raised:
        await make().answer(TASK, GIVEN, CALL)

    assert pauses == []
    assert raised.value.retry_after == timedelta(seconds=900)


async def test_where_nobody_listens_nothing_was_begun_and_it_is_tried_again(
    made: tuple[Made, list[float]],
) -> None:
    make, pauses = made

    with pytest.raises(ModelUnreachableError):
        await make(endpoint_url="http://127.0.0.1:9").answer(TASK, GIVEN, CALL)

    assert len(pauses) == 3


# --- what is kept --------------------------------------------------------------------------


async def test_no_log_of_either_side_holds_a_word_of_it(
    engine: LambdaEngine, function: LambdaStandin, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "careflow")
    function.script.extend(["", "time-out", "text:Takes lisinopril"])

    await engine.answer(TASK, GIVEN, CALL)
    for _ in range(2):
        with pytest.raises(CareFlowError):
            await engine.answer(TASK, GIVEN, CALL)

    assert function.log is not None
    for words in (caplog.text, function.log.read_text("utf-8")):
        assert "lisinopril" not in words
    told = [vars(one) for one in caplog.records]
    assert "lisinopril" not in str(told)


@pytest.mark.parametrize(
    ("name", "region"),
    [
        ("careflow-tasks", None),
        ("careflow-tasks:live", None),
        ("arn:aws:lambda:eu-west-1:123456789012:function:careflow-tasks", "eu-west-1"),
    ],
)
def test_the_region_is_the_arns(name: str, region: str | None) -> None:
    assert region_of(name) == region

from __future__ import annotations

import logging

import msgspec
import pytest

from careflow.ai.asking import given_of, task_named
from careflow.ai.engines.local import LocalEngine
from careflow.ai.gateway import Gateway
from careflow.ai.runs import STREAM, Runs
from careflow.database.documents import Query
from tests.harbour import EVERYTHING, ORGANISATION, Clinic, InProcessReader

CANARY = "CANARYTEST"
TEXT = f"{CANARY}  139  mmol/L  136 - 145\nPotassium  4.1  mmol/L  3.5 - 5.1"


async def test_s13_the_trail_names_task_engine_model_and_prompt(clinic: Clinic) -> None:
    await clinic.ask("POST", "/api/ai/tasks/lab-results", by="ada", json={"text": TEXT})

    [entry] = await clinic.trail_of("ai:lab-results:run")
    assert entry.subjects == (
        "ai-engine/local",
        "ai-model/careflow-lab-reader/1",
        "ai-prompt/lab-rows/1",
    )
    assert entry.reason == "ok; taken out: nothing; findings: 0"
    assert entry.actor == "a-1"


async def test_s13_an_abstention_is_in_the_trail_with_its_code(clinic: Clinic) -> None:
    await clinic.ask("POST", "/api/ai/tasks/lab-results", by="ada", json={"text": "Nothing here"})

    [entry] = await clinic.trail_of("ai:lab-results:run")
    assert entry.reason == "abstained: ai-abstained"


async def test_s14_no_word_of_a_run_is_kept_in_trail_runs_jobs_or_logs(
    clinic: Clinic, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    runs = Runs(clinic.documents, ORGANISATION)
    gateway = Gateway((LocalEngine(),), InProcessReader(), runs=runs)
    task = task_named("lab-results")

    await clinic.ask("POST", "/api/ai/tasks/lab-results", by="ada", json={"text": TEXT})
    call = await gateway.call(task, organisation=ORGANISATION, actor="a-1")
    answer = await gateway.answer(task, given_of(task, {"text": TEXT}), call)

    assert CANARY in repr(answer)
    trail = await clinic.trail_of("ai:lab-results:run")
    kept = await clinic.documents.stream(STREAM, ORGANISATION)
    jobs = await clinic.documents.find(Query("job", count=100), EVERYTHING)
    assert kept
    told = [repr(trail), *(one.body.decode() for one in kept), caplog.text]
    told += [msgspec.json.encode(one.body.decode()).decode() for one in jobs.documents]
    assert not [text for text in told if CANARY in text]

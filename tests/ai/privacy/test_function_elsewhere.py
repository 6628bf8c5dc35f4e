"""Tables elsewhere stand behind the same border as a model: what is sent to a function."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from careflow.ai.answers import Outcome, outcome_of
from careflow.ai.asking import TASKS, given_of
from careflow.ai.engines.local import METHODS
from careflow.ai.task import GivenFile
from careflow.composition import Platform, open_platform
from careflow.database.scope import organisation_scope
from careflow.database.work import Work
from careflow.identity.actor import Actor, Role
from careflow.settings import SettingsError
from tests.ai.privacy.test_opt_out import TAG
from tests.api.conftest import FAST_HASH, scratch_settings
from tests.harbour import a_patient, named
from tests.standins.lambda_runtime import FUNCTION, LambdaStandin, keys_of_nobody, lambda_standin

POLICY = """
[[allow]]
engine = "lambda"
data = "identifiable"
attested_by = "Dr Ada Okafor"
attested_on = 2026-11-01
agreement = "BAA of 2026-10-30"
attested_text = "1"
"""
NOTE = (
    "Elena Fisher (MRN 8096792, born 1968-03-14) was seen by Dr. Lindqvist on 2026-03-05.\n"
    "No fever. Takes lisinopril 10 mg daily for hypertension. Chest pain since 2026-03-04.\n"
    "Call Elena at (207) 555-0101."
)
REPORT = (
    "Tideline Laboratory\nPatient: Fisher, Elena    MRN: 8096792    DOB: 14-Mar-1968\n"
    "Collected: 05-Mar-2026 08:15\n\n"
    "Test          Result   Units    Reference Range\n"
    "Sodium        139      mmol/L   136 - 145\n"
    "Creatinine    1.42     mg/dL    0.70 - 1.30\n"
)
SECRET = (
    "Elena",
    "Fisher",
    "8096792",
    "1968-03-14",
    "14-Mar-1968",
    "Lindqvist",
    "555-0101",
    "2026-03-05",
    "05-Mar-2026",
)
ADA = Actor("a-1", "Ada", Role.CLINICIAN, "clinic", "s")


@pytest.fixture(scope="module")
def one_function() -> Iterator[LambdaStandin]:
    standin = LambdaStandin()
    with lambda_standin(standin):
        yield standin


@pytest.fixture
def function(one_function: LambdaStandin, monkeypatch: pytest.MonkeyPatch) -> LambdaStandin:
    keys_of_nobody(monkeypatch)
    one_function.script.clear()
    one_function.events.clear()
    return one_function


@asynccontextmanager
async def opened(folder: Path, engines: str, address: str, policy: str) -> AsyncIterator[Platform]:
    (folder / "policy.toml").write_text(policy, encoding="utf-8")
    settings = scratch_settings(
        folder,
        ai_engines=engines,
        lambda_function=FUNCTION,
        lambda_region="us-east-1",
        lambda_endpoint_url=address,
        ai_policy=folder / "policy.toml",
    )
    platform = await open_platform(settings, password_cost=FAST_HASH)
    scope = organisation_scope(platform.organisation)
    elena = a_patient("p1", name=named("Fisher", "Elena"), birthDate="1968-03-14")
    async with Work(platform.documents) as work:
        for one in (elena, a_patient("p2", **TAG)):
            await platform.records.update(work, one, actor=platform.operator, scope=scope)
    yield platform
    await platform.close()


@pytest.fixture
async def clinic(tmp_path: Path, function: LambdaStandin) -> AsyncIterator[Platform]:
    """A clinic of real people whose only engine is the function."""
    async with opened(tmp_path, "lambda", function.address, POLICY) as platform:
        yield platform


async def ask(
    platform: Platform, name: str, data: dict[str, Any], patient: str | None = "p1"
) -> Outcome:
    task = TASKS[name]
    given = await platform.histories.gathered(task, given_of(task, data), ADA)
    call = await platform.gateway.call(
        task, organisation=platform.organisation, actor=ADA.id, patient=patient
    )
    return await outcome_of(platform.gateway, task, given, call)


INPUTS: dict[str, dict[str, Any]] = {
    "lab-results": {"text": REPORT},
    "document-analysis": {"text": REPORT},
    "drug-interactions": {
        "medications": ["warfarin", "ibuprofen"],
        "allergies": ["aspirin"],
    },
    "symptom-analysis": {"text": NOTE, "age": 58, "vitals": {"heart_rate": 132}},
    "medical-coding": {"text": NOTE},
    "text-classification": {"text": f"I need a new appointment. {NOTE}"},
    "sentiment": {"text": "Thank you for the kind care. Elena Fisher, MRN 8096792"},
    "entities": {"text": NOTE},
    "patient-chat": {
        "messages": [
            {"role": "patient", "text": "I am Elena Fisher, MRN 8096792: when is my next visit?"}
        ],
        "patient": "p1",
    },
    "health-tutor": {"term": "hypertension"},
    "appointment-summary": {
        "dialogue": "Doctor: What brings you here, Elena Fisher?\n"
        "Patient: A cough for three days, no fever. I take lisinopril 10 mg daily.\n"
        "Doctor: Your lungs are clear. Come back in two weeks."
    },
}


def test_every_method_is_tried() -> None:
    assert set(METHODS) <= set(INPUTS)


@pytest.mark.parametrize("name", sorted(METHODS))
async def test_what_is_sent_holds_no_identifier_and_what_comes_back_is_in_place(
    clinic: Platform, function: LambdaStandin, name: str
) -> None:
    outcome = await ask(clinic, name, INPUTS[name])

    assert outcome.status == "ok", outcome.reason
    assert outcome.engine == "lambda"
    assert len(function.events) == 1
    assert [one for one in SECRET if one in function.wire] == []
    assert "-BKQ" not in json.dumps(outcome.output)
    text = INPUTS[name].get("text", "")
    for span, words in _spans(outcome.output):
        assert text[slice(*span)] == words
    rows = (outcome.output or {}).get("rows", [])
    for row, source in zip(rows, outcome.sources if rows else [], strict=True):
        assert row["test"] in text[source["start"] : source["end"]]


def _spans(value: Any) -> Iterator[tuple[tuple[int, int], str]]:
    if isinstance(value, dict):
        words = value.get("text", value.get("phrase"))
        if "span" in value and isinstance(words, str):
            yield tuple(value["span"]), words
        for one in value.values():
            yield from _spans(one)
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from _spans(one)


async def test_a_report_is_read_there_as_it_is_here_but_for_its_record_number(
    tmp_path: Path, clinic: Platform, function: LambdaStandin
) -> None:
    there = await ask(clinic, "lab-results", {"text": REPORT})
    (tmp_path / "here").mkdir()
    async with opened(tmp_path / "here", "local", function.address, POLICY) as platform:
        here = await ask(platform, "lab-results", {"text": REPORT})

    assert there.output is not None
    assert here.output is not None
    head = {**here.output["report"]}
    assert head.pop("record_number") == "8096792", "a code in brackets is no number there"
    assert there.output == {**here.output, "report": head}
    assert there.sources == here.sources


# --- who is not sent -----------------------------------------------------------------------


async def test_who_has_opted_out_is_not_sent(clinic: Platform, function: LambdaStandin) -> None:
    outcome = await ask(clinic, "entities", {"text": NOTE}, patient="p2")

    assert (outcome.status, function.events) == ("blocked", [])
    assert "opted out" in str(outcome.reason)


async def test_nobody_is_sent_before_the_operator_attested(
    tmp_path: Path, function: LambdaStandin
) -> None:
    async with opened(tmp_path, "lambda", function.address, "") as platform:
        outcome = await ask(platform, "entities", {"text": NOTE})

    assert (outcome.status, function.events) == ("blocked", [])
    assert "no row allows lambda" in str(outcome.reason)


async def test_pages_of_a_file_stay_here_and_the_next_engine_reads_them(
    tmp_path: Path, function: LambdaStandin
) -> None:
    file = GivenFile(REPORT.encode(), "text/plain", "k1")
    async with opened(tmp_path, "lambda,local", function.address, POLICY) as platform:
        task = TASKS["lab-results"]
        given = given_of(task, {"file": "k1"})
        call = await platform.gateway.call(
            task, organisation=platform.organisation, actor=ADA.id, patient="p1"
        )
        answer = await platform.gateway.answer(task, replace(given, file=file), call)

    assert answer.made_by.engine == "local"
    assert [row.value for row in answer.output.rows] == ["139", "1.42"]
    assert function.events == []


async def test_when_the_function_dies_this_machine_answers(
    tmp_path: Path, function: LambdaStandin
) -> None:
    function.script.append("dies")
    async with opened(tmp_path, "lambda,local", function.address, POLICY) as platform:
        outcome = await ask(platform, "entities", {"text": NOTE})

    assert (outcome.status, outcome.engine) == ("ok", "local")


async def test_when_the_function_dies_and_nobody_else_can_there_is_no_answer(
    clinic: Platform, function: LambdaStandin
) -> None:
    function.script.append("dies")

    outcome = await ask(clinic, "entities", {"text": NOTE})

    assert (outcome.status, outcome.output) == ("abstained", None)


async def test_what_the_function_calls_routine_is_raised_by_the_rules_of_this_machine(
    clinic: Platform, function: LambdaStandin
) -> None:
    calm = {"level": "routine", "advice": "Wait."}
    said = {"form": 1, "ended": "ok", "output": calm, "model": "m", "prompt": "p"}
    function.script.append("text:" + json.dumps(said))

    outcome = await ask(
        clinic, "symptom-analysis", {"text": "Crushing chest pain, I cannot breathe"}
    )

    assert (outcome.output or {})["level"] == "emergency"


async def test_an_engine_without_its_function_stops_the_start(tmp_path: Path) -> None:
    settings = scratch_settings(tmp_path, ai_engines="lambda")

    with pytest.raises(SettingsError, match="CAREFLOW_LAMBDA_FUNCTION"):
        await open_platform(settings, password_cost=FAST_HASH)

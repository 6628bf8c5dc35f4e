"""``careflow ai`` on a function: every task ends in an answer or a reason, never in a failure."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from careflow.ai.asking import TASKS
from careflow.ai.engines.local import METHODS
from careflow.cli.command import careflow
from careflow.cli.failures import run_command
from tests.ai.samples import SAMPLES
from tests.standins.lambda_runtime import FUNCTION, LambdaStandin, keys_of_nobody, lambda_standin

NO_SAMPLE = {
    "image-analysis": {"file": "scan.png"},
    "audio-transcription": {"file": "scan.png"},
    "video-analysis": {"file": "scan.png"},
    "prediction": {"model": "risk", "features": {"age": 61}},
}


@pytest.fixture(scope="module")
def one_function() -> Iterator[LambdaStandin]:
    standin = LambdaStandin()
    with lambda_standin(standin):
        yield standin


@pytest.fixture
def function(
    one_function: LambdaStandin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> LambdaStandin:
    """A function, and settings of the command line that name it."""
    keys_of_nobody(monkeypatch)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CAREFLOW_CLINIC_ZONE", "America/New_York")
    monkeypatch.setenv("CAREFLOW_LAMBDA_FUNCTION", FUNCTION)
    monkeypatch.setenv("CAREFLOW_LAMBDA_REGION", "us-east-1")
    monkeypatch.setenv("CAREFLOW_LAMBDA_ENDPOINT_URL", one_function.address)
    one_function.script.clear()
    one_function.events.clear()
    return one_function


def run(task: str, *inputs: object, data: str = "synthetic") -> list[dict[str, object]]:
    """Run a task on the function alone; return the lines that came out."""
    lines = [json.dumps({"id": number, "input": one}) for number, one in enumerate(inputs)]
    Path("in.jsonl").write_text("\n".join(lines), encoding="utf-8")
    words = ["ai", "run", task, "--input", "in.jsonl", "--output", "out.jsonl"]
    assert run_command(careflow, [*words, "--engine", "lambda", "--data", data]) == 0
    return [json.loads(line) for line in Path("out.jsonl").read_text("utf-8").splitlines()]


@pytest.mark.parametrize("name", METHODS)
def test_what_the_function_has_a_method_for_is_answered(function: LambdaStandin, name: str) -> None:
    (line,) = run(name, SAMPLES[name])

    assert (line["status"], line["engine"]) == ("ok", "lambda"), line


def test_what_it_has_no_method_for_ends_in_a_reason(function: LambdaStandin) -> None:
    Image.new("RGB", (64, 64)).save("scan.png")

    for name in TASKS.keys() - METHODS.keys():
        (line,) = run(name, {**SAMPLES, **NO_SAMPLE}[name])
        assert line["status"] in {"abstained", "blocked"}, (name, line)

    assert function.events == []


def test_a_real_patients_data_are_blocked_without_a_row(function: LambdaStandin) -> None:
    (line,) = run("entities", SAMPLES["entities"], data="identifiable")

    assert line["status"] == "blocked"
    assert function.events == []


def test_a_batch_goes_on_past_what_goes_wrong(function: LambdaStandin) -> None:
    function.script.extend(["", "dies", "text:rubbish", "404"])

    lines = run("entities", *[SAMPLES["entities"]] * 5)

    assert [one["status"] for one in lines] == ["ok", "abstained", "abstained", "abstained", "ok"]


def test_engines_tell_what_the_function_serves_and_why_it_does_not(
    function: LambdaStandin, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command(careflow, ["ai", "engines"]) == 0
    assert "lambda: CAREFLOW_AI_ENGINES does not name it" in capsys.readouterr().out

    monkeypatch.setenv("CAREFLOW_AI_ENGINES", "lambda,local")
    assert run_command(careflow, ["ai", "engines"]) == 0
    printed = capsys.readouterr().out
    served = next(line for line in printed.splitlines() if line.startswith("lambda: "))
    assert set(served.removeprefix("lambda: ").split(", ")) == set(METHODS)

    monkeypatch.delenv("CAREFLOW_LAMBDA_FUNCTION")
    assert run_command(careflow, ["ai", "engines"]) != 0
    assert "set CAREFLOW_LAMBDA_FUNCTION" in "".join(capsys.readouterr())
    assert function.events == []

"""What every AI engine must do, whatever it is made of."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from careflow import clock
from careflow.ai.call import Call
from careflow.ai.engine import Engine
from careflow.ai.engines.aws_lambda import LambdaEngine
from careflow.ai.engines.local import METHODS, LocalEngine
from careflow.ai.lab_report import LabReport
from careflow.ai.reading.plain_text import page_of_text
from careflow.ai.task import (
    AbstainedError,
    Given,
    GivenResult,
    NoEngineError,
    PaperInput,
    Task,
)
from careflow.ai.tasks.document_analysis import DOCUMENT_ANALYSIS
from careflow.ai.tasks.lab_results import LAB_RESULTS
from tests.standins.lambda_runtime import LambdaStandin, keys_of_nobody, lambda_standin

TEXT = (
    "Test          Result   Units    Reference Range\n"
    "Sodium        139      mmol/L   136 - 145\n"
    "Potassium     smudged  mmol/L   3.5 - 5.1\n"
    "Creatinine    1.42     mg/dL    0.70 - 1.30\n"
)
CALL = Call("harbour", "nora", "lab-results", "synthetic")
GIVEN = Given(text=TEXT, pages=[page_of_text(TEXT)])
UNKNOWN: Task[LabReport] = Task("fortune-telling", "Tell fortunes", "1", PaperInput, LabReport)


@pytest.fixture(params=["local", "lambda"])
async def engine(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Engine]:
    """Each engine in turn."""
    if request.param == "local":
        yield LocalEngine()
        return
    keys_of_nobody(monkeypatch)
    function: LambdaStandin = request.getfixturevalue("function")
    made = LambdaEngine(
        function.function,
        tasks=METHODS,
        clock=clock.now,
        region="us-east-1",
        endpoint_url=function.address,
    )
    yield made
    await made.close()


@pytest.fixture(scope="module")
def function() -> Iterator[LambdaStandin]:
    """A function that stays warm from test to test."""
    standin = LambdaStandin()
    with lambda_standin(standin):
        yield standin


def test_it_says_which_tasks_it_serves_and_why_not_the_others(engine: Engine) -> None:
    served, refused = engine.serving(LAB_RESULTS.name), engine.serving(UNKNOWN.name)

    assert (served.engine, served.available, served.reason) == (engine.name, True, None)
    assert not refused.available
    assert refused.reason


async def test_a_task_it_does_not_serve_is_refused_rather_than_filled(engine: Engine) -> None:
    with pytest.raises(NoEngineError):
        await engine.answer(UNKNOWN, GIVEN, CALL)


async def test_its_answer_says_what_made_it_and_where_it_was_found(engine: Engine) -> None:
    answer = await engine.answer(LAB_RESULTS, GIVEN, CALL)

    assert answer.made_by.engine == engine.name
    assert answer.made_by.model
    assert answer.made_by.prompt
    for row, source in zip(answer.output.rows, answer.sources, strict=True):
        assert row.test in TEXT[source.start : source.end]


async def test_the_same_input_gets_the_same_answer(engine: Engine) -> None:
    assert await engine.answer(LAB_RESULTS, GIVEN, CALL) == await engine.answer(
        LAB_RESULTS, GIVEN, CALL
    )


async def test_what_is_not_legible_gets_no_number(engine: Engine) -> None:
    report = (await engine.answer(LAB_RESULTS, GIVEN, CALL)).output

    numbers = {row.test: row.number for row in report.rows}
    assert (numbers["Sodium"], numbers["Creatinine"]) == (139.0, 1.42)
    assert numbers.get("Potassium") is None


@pytest.mark.parametrize(
    "given",
    [
        Given(text="", pages=[page_of_text("")]),
        Given(text="I feel well.", pages=[page_of_text("I feel well.")]),
        Given(results=()),
    ],
    ids=["nothing", "off topic", "no results"],
)
async def test_it_abstains_from_what_holds_no_result(engine: Engine, given: Given) -> None:
    with pytest.raises(AbstainedError):
        await engine.answer(LAB_RESULTS, given, CALL)


async def test_results_without_a_range_get_no_flag_of_its_own_making(engine: Engine) -> None:
    given = Given(results=[GivenResult("Sodium", "139", "mmol/L")])

    (row,) = (await engine.answer(LAB_RESULTS, given, CALL)).output.rows

    assert row.flag is None


async def test_every_span_of_an_analysis_is_the_text_itself(engine: Engine) -> None:
    analysis = (await engine.answer(DOCUMENT_ANALYSIS, GIVEN, CALL)).output

    assert analysis.kind == "lab-report"
    assert all(TEXT[span.start : span.end] == span.text for span in analysis.spans)
